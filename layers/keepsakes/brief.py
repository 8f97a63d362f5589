"""A brief on one sheet of paper: map, legend, areas, ledger, sources."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from babel.dates import format_date

from beltmap.geo.audit.explanations import unplaced_words
from beltmap.geo.charter.force import charter, chartered
from beltmap.geo.claims.quantities import fixed
from beltmap.geo.claims.shown import area_unit, in_area_unit
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.export.crs import Crs, choose_crs, crs_label, project
from beltmap.geo.export.picture.around import QUIET, Around
from beltmap.geo.export.picture.image import render
from beltmap.geo.export.picture.panel import (
    FRAME,
    INK,
    METRES_PER_INCH,
    PanelStyle,
    chinese_font,
    draw_panel,
)
from beltmap.geo.export.picture.pdf import tell_of_itself
from beltmap.geo.export.picture.sheet import SMALL, Heading, Sheet, lines_of
from beltmap.geo.language.labels import code_label
from beltmap.geo.language.messages import own, speaking, spoken, text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.areas import ledger_table
from beltmap.geo.report.findings import findings
from beltmap.geo.report.headers import header
from beltmap.geo.report.origin import (
    data_version,
    filter_words,
    program_version,
)
from beltmap.layers.keepsakes.marginalia import (
    MARGIN,
    MOST_PANELS,
    SIDE,
    write_margin,
)
from beltmap.layers.keepsakes.numbers import (
    key_line,
    key_sheets,
    write_beside,
    write_key,
)
from beltmap.layers.keepsakes.seen import Imprint, Seen
from beltmap.layers.payload.ground import named_places, possible_lines
from beltmap.layers.views.comments import remarked_within

PAPERS: Final = {"a4": (11.69, 8.27), "a3": (16.54, 11.69)}
"""Width and height of a landscape sheet in inches."""

KINDS: Final = {
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "png": "image/png",
}
"""Media type of each format."""

TITLE: Final = 16
LEAST_TITLE: Final = 10
"""Points of the title's letters, as many as a long one leaves."""

BOLD: Final = 1.12
"""How much wider bold letters are."""

REST: Final = 1.6 * SMALL / 72
"""Inches of the mark that a text was cut."""

CHOSEN: Final = 0.7
HEAD: Final = 0.86
FOOT: Final = 2.75
"""Inches of the choice, of the title's end, and of the tables under the map on A4."""

STEPS: Final = (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10)
"""Scales of maps, in powers of ten: readers measure with a ruler."""

LARGEST_SCALE: Final = 5_000
GROUND: Final = 0.12
LEAST_PANEL: Final = 0.6
"""Ground around the zones, and width of a panel, as shares: names need room."""

ROW: Final = 1.13
"""Height of a row of the ledger, in lines."""

DOUBTS: Final = ("counted_twice", "counted_twice_unknown", "sources_disagree")
"""Rules of the audit that say how much land it may be, and who says otherwise."""

MOST_DOUBTS: Final = 5
"""Lines of them under the title."""


@dataclass(frozen=True, eq=False)
class Order:
    """
    What is asked of a sheet.

    Parameters
    ----------
    on, paper
        As `write_brief` takes them.
    imprint
        What the sheet says of itself.
    remarks
        Comments, a line each.
    key
        Takes the names that have no room on the map, nor beside it.
    """

    on: date
    paper: str
    remarks: Sequence[str]
    imprint: Imprint
    key: list[str]


@chartered
def write_brief(
    selection: Selection,
    *,
    kind: str,
    on: date,
    paper: str = "a4",
    seen: Seen | None = None,
) -> bytes:
    """
    Print a choice of zones on one sheet.

    Where names have no room on its map, numbers stand there, with a key beside it
    or, where that is too long, on further sheets.

    Parameters
    ----------
    selection
        The chosen zones.
    kind
        One of `KINDS`; all but "png" are vectors.
    on
        Day of making, for the reader.
    paper
        One of `PAPERS`.
    seen
        What the reader sees: all in the spoken language if left out.

    Returns
    -------
    content
        The same bytes for the same plan, choice and day.

    Raises
    ------
    PlanError
        If Chinese is wanted and no font with its characters is installed.
    """
    language = spoken() if seen is None else seen.language or spoken()
    with speaking(language):
        lack = missing_font(language)
        if lack is not None:
            raise PlanError([lack])
        size = PAPERS[paper]
        printed = seen is not None and seen.comments

        # small print of A4 is read on A3 from as far again
        enlarge = size[1] / PAPERS["a4"][1]
        width, height = (inches / enlarge for inches in size)
        said = [one.line for one in remarked_within(selection)] if printed else []
        headings: list[Heading] = []
        key: list[str] = []
        order = Order(on, paper, said, seen.imprint if seen else Imprint(), key)

        def compose(figure: Any, page: int) -> None:  # noqa: ANN401 - matplotlib's
            sheet = Sheet(figure, width, height, enlarge, headings, page)
            if page:
                write_key(sheet, key, page - 1)
                return
            headings.clear()
            key.clear()
            _compose(sheet, selection, order)

        made = render(compose, kind=kind, size=size)
        # what has no room on the map is known once that is drawn
        if further := key_sheets(key, width=width, height=height):
            made = render(compose, kind=kind, size=size, sheets=1 + further)
        if kind != "pdf":
            return made
        marks = [(one.words, one.page, one.top * size[1] * 72) for one in headings]
        return tell_of_itself(
            made,
            title=_title(selection.zones, order.imprint),
            language=language,
            marks=marks,
        )


def kind_of(path: Path) -> str:
    """
    Tell the format of a brief from the name of its file.

    Raises
    ------
    PlanError
        If the name ends in none of `KINDS`.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in KINDS:
        known = [f".{kind}" for kind in KINDS]
        values = {"suffix": path.suffix, "known": known}
        raise PlanError([fault("E_BRIEF_FORMAT", path, **values)])
    return suffix


def _compose(sheet: Sheet, selection: Selection, order: Order) -> None:
    plan, zones = selection.plan, selection.zones
    edge = MARGIN - 0.16
    size = (sheet.width - 2 * edge, sheet.height - 2 * edge)
    sheet.box(edge, edge, size, fill=False, edgecolor=INK, linewidth=1.0)
    local = _by_city(zones[~zones.geometry.array.isna()])
    head = _head(sheet, selection, order)
    height = sheet.height - head - _foot(sheet, zones) - 0.72
    place = head + 0.3, height
    scale, marked = _map(sheet, plan, local, place=place, key=order.key)
    end = _block(sheet, plan, scale, order)
    within = HEAD + 0.1, end - 0.08
    free = write_margin(sheet, selection, marked, within=within, remarks=order.remarks)
    if write_beside(sheet, order.key, within=(free, within[1])) or _write_above(
        sheet, order.key, after=_chosen(selection)
    ):
        order.key.clear()
    _ledger(sheet, selection)
    low = sheet.height - MARGIN
    numbered = text("brief.numbered") if order.key else ""
    notes = (numbered, unplaced_words(selection.unplaced), plan.names_note())
    below = "  ·  ".join(filter(None, notes))
    sheet.write(MARGIN, low, below, color=QUIET)


def _title(zones: gpd.GeoDataFrame, imprint: Imprint) -> str:
    """Give the sheet's own title, or the plan's and the cities that are drawn."""
    if imprint.title:
        return imprint.title
    cities = _most_zones(zones[~zones.geometry.array.isna()])
    named = in_a_row(code_label("city", city) for city in cities if city)
    title = charter().title.say()
    return text("brief.title", title=title, cities=named) if named else title


def _head(sheet: Sheet, selection: Selection, order: Order) -> float:
    """Write title, choice and what is not certain; give where that ends."""
    width = sheet.width - 2 * MARGIN
    title, points = _fitting(_title(selection.zones, order.imprint), width)
    sheet.write(MARGIN, 0.34, title, fontsize=points, fontweight="bold")
    sheet.lines(MARGIN, CHOSEN, _chosen(selection), width=width, most=HEAD)
    sheet.rule(MARGIN, HEAD, width=width, color=INK, linewidth=1.2)
    doubts = _doubts(selection)
    if not doubts:
        return HEAD
    y, words = HEAD + 0.07, text("brief.doubts", said=" · ".join(doubts))
    most = y + MOST_DOUBTS * sheet.step
    return sheet.lines(MARGIN, y, words, width=_wide(sheet), most=most)


def _chosen(selection: Selection) -> str:
    return text("chosen", filters=filter_words(selection))


def _write_above(sheet: Sheet, key: Sequence[str], *, after: str) -> bool:
    """Write a key at the end of the line of the choice, if it has room there."""
    said, width = key_line(key), sheet.width - 2 * MARGIN
    if not said or len(lines_of(f"{after}   {said}", width=width)) > 1:
        return False
    sheet.write(sheet.width - MARGIN, CHOSEN, said, ha="right")
    return True


def _map(
    sheet: Sheet,
    plan: Plan,
    local: Mapping[str, tuple[gpd.GeoDataFrame, Crs]],
    *,
    place: tuple[float, float],
    key: list[str],
) -> tuple[float | None, set[str]]:
    """Draw a panel a city, all at one scale; give it, and the roles of places."""
    left, (top, height) = MARGIN, place
    if not local:
        sheet.write(left, top, text("brief.nothing"), fontsize=9)
        return None, set()
    room = _wide(sheet) - 0.14 * (len(local) - 1)
    widths = [max(_extent(zones)[0], 1.0) for zones, _ in local.values()]
    widths = [max(width, LEAST_PANEL * max(widths)) for width in widths]
    inches = [room * width / sum(widths) for width in widths]
    scale = max(
        _scale(zones, width * sheet.enlarge, height * sheet.enlarge)
        for (zones, _), width in zip(local.values(), inches, strict=True)
    )
    style = PanelStyle(
        ground=plan.ground,
        around=_around(plan),
        both_names=False,
        enlarge=sheet.enlarge,
        scale=scale,
        key=key,
    )
    marked: set[str] = set()
    for (city, (here, crs)), width in zip(local.items(), inches, strict=True):
        corner = sheet.at(left, top + height)
        axes = sheet.figure.add_axes(
            [*corner, width / sheet.width, height / sheet.height]
        )
        marked |= draw_panel(axes, code_label("city", city), here, crs, style=style)
        left += width + 0.14
    credit = _credits(plan, local)
    y = top + height + 0.05
    sheet.lines(MARGIN, y, credit, width=_wide(sheet), most=y + 2.1 * sheet.step)
    return scale, marked


def _wide(sheet: Sheet) -> float:
    """Give the width that the column at the side leaves."""
    return sheet.width - 2 * MARGIN - SIDE - 0.3


def _by_city(drawn: gpd.GeoDataFrame) -> dict[str, tuple[gpd.GeoDataFrame, Crs]]:
    """Project the zones of the cities that have the most, each to its own grid."""
    found = {}
    for city in _most_zones(drawn):
        here = drawn[drawn["city"].fillna("") == city]
        crs = choose_crs("gk", here)
        found[city] = (project(here, crs), crs)
    return found


def _most_zones(drawn: gpd.GeoDataFrame) -> list[str]:
    """Name the cities that have the most zones, as they come."""
    counts = drawn["city"].fillna("").value_counts(sort=False)
    kept = counts.index.isin(counts.nlargest(MOST_PANELS).index)
    return [str(city) for city in counts[kept].index]


def _extent(zones: gpd.GeoDataFrame) -> tuple[float, float]:
    """Measure how far zones reach, with the ground around them, in metres."""
    west, south, east, north = zones.total_bounds
    around = 1 + 2 * GROUND
    return float(east - west) * around, float(north - south) * around


def _scale(zones: gpd.GeoDataFrame, width: float, height: float) -> float:
    """Choose the round scale at which zones fit into so many inches of paper."""
    wide, high = _extent(zones)
    needed = max(wide / width, high / height, LARGEST_SCALE * METRES_PER_INCH)
    rough = needed / METRES_PER_INCH
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * 0.999)


def _block(sheet: Sheet, plan: Plan, scale: float | None, order: Order) -> float:
    """Write scale, day and versions into the corner; give where that begins."""
    program = program_version()
    own, imprint, paper = charter(), order.imprint, order.paper
    rows = {
        "author": imprint.author or own.author.say(),
        "number": imprint.number or own.map_number,
        "approval": imprint.approval or own.map_approval,
        "dated": own.date,
        "version": own.version,
        "licence": own.licence.say(),
        "scale": scale and text("brief.to_one", n=_grouped(scale), paper=paper.upper()),
        "day": format_date(order.on, "long", locale=spoken()),
        "data": f"{data_version(plan)} · beltmap {program or ''}".strip(),
    }
    rows = {name: said for name, said in rows.items() if said}
    line, x = 0.165, sheet.width - MARGIN - SIDE
    top = sheet.height - MARGIN - line * len(rows)
    sheet.box(x, top, (SIDE, line * len(rows)), fill=False, edgecolor=FRAME)
    for row, (name, said) in enumerate(rows.items()):
        y = top + row * line
        if row:
            sheet.rule(x, y, width=SIDE)
        sheet.write(x + 0.08, y + 0.035, text(f"brief.block.{name}"), color=QUIET)
        cut = _cut(str(said), SIDE - 1.0)
        sheet.write(x + 0.95, y + 0.035, cut, fontweight="bold")
    return top


def _grouped(scale: float) -> str:
    """Set thousands apart as maps do, in every language."""
    return f"{scale:,.0f}".replace(",", " ")


def _foot(sheet: Sheet, zones: gpd.GeoDataFrame) -> float:
    """Give the ledger what it needs, and not more than its part of the sheet."""
    needed = MARGIN + 0.4 + (len(zones) + 1) * sheet.step * ROW
    return min(FOOT * sheet.height / PAPERS["a4"][1], needed)


def _around(plan: Plan) -> Around:
    """Gather roads, districts and waters, and the places of the plan."""
    lines = () if plan.ground is None else plan.ground.roads
    roads = gpd.GeoDataFrame(geometry=list(lines), crs=4326)
    return Around(roads, named_places(plan), possible_lines(plan))


def _doubts(selection: Selection) -> list[str]:
    """Say the range of the land, and in what sources disagree, of what is chosen."""
    chosen = set(selection.zones["id"])
    return [
        finding.say()
        for finding in findings(selection.plan)
        if finding.rule in DOUBTS and chosen & set(finding.zones)
    ]


def _credits(plan: Plan, local: Mapping[str, tuple[gpd.GeoDataFrame, Crs]]) -> str:
    systems = dict.fromkeys(crs_label(crs.code) for _, crs in local.values())
    said = text("brief.credits", crs=in_a_row(systems))
    ground = "" if plan.ground is None else plan.ground.credit
    return f"{ground} {said}".strip()


def _ledger(sheet: Sheet, selection: Selection) -> None:
    """Write what each zone declares and what is drawn, as many as there is room for."""
    zones = selection.zones
    top = sheet.height - _foot(sheet, zones) - 0.1
    width = _wide(sheet)
    y = sheet.heading(MARGIN, top, in_area_unit(text("brief.ledger")), width=width)
    line = sheet.step * ROW
    room = int((sheet.height - MARGIN - y) / line) - 1
    shown = len(zones) if len(zones) <= room else room - 1
    shares = (0.0, 0.305, 0.38, 0.4, 0.6, 0.685)
    heads = ("zone", "declared", "drawn", "basis", "verdict", "source")
    for share, name in zip(shares, heads, strict=True):
        head = header(name)
        right = "right" if name in {"declared", "drawn"} else "left"
        sheet.write(MARGIN + share * width, y, head, ha=right, fontweight="bold")
    for row in ledger_table(selection, most=shown, unit=area_unit()).to_dict("records"):
        y += line
        sheet.rule(MARGIN, y - 0.02, width=width)
        cells = (
            row["zone"],
            _number(row["declared"]),
            _number(row["drawn"]),
            row["basis"],
            row["verdict"],
            _cited(row["source"], row["place"]),
        )
        for share, name, words in zip(shares, heads, cells, strict=True):
            right = "right" if name in {"declared", "drawn"} else "left"
            most = {"zone": 0.25, "source": 0.31}.get(name, 0.195) * width
            sheet.write(MARGIN + share * width, y, _cut(words or "", most), ha=right)
    if shown < len(zones):
        y += line
        sheet.write(MARGIN, y, text("brief.more", n=len(zones) - shown))


def _cited(title: str, place: str) -> str:
    """Cite a source and the place in it, if one is known."""
    return text("source.place", title=title, place=place) if place else title


def _cut(words: str, width: float) -> str:
    """Cut a text to one line of so many inches."""
    first, *more = lines_of(words, width=width)
    return f"{lines_of(words, width=width - REST)[0]} …" if more else first


def _fitting(title: str, width: float) -> tuple[str, int]:
    """Make a title as small as its line needs, and cut what is longer still."""
    for points in range(TITLE, LEAST_TITLE, -1):
        if len(lines_of(title, width=width * SMALL / (points * BOLD))) == 1:
            return title, points
    return _cut(title, width * SMALL / (LEAST_TITLE * BOLD)), LEAST_TITLE


def _number(km2: float) -> str:
    return "" if pd.isna(km2) else fixed(km2, 2)


def missing_font(language: str) -> Fault | None:
    """
    Tell whether a brief can be printed in a language.

    Parameters
    ----------
    language
        Code of a language in `geo.language.messages.LANGUAGES`.

    Returns
    -------
    fault
        Which package has the font that is missing; None where none is.
    """
    if language != "zh" or chinese_font() is not None:
        return None
    return fault("E_NO_CHINESE_FONT", own("font"))
