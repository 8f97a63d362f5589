"""A brief on one sheet of paper: map, legend, areas, ledger, sources."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.claims.quantities import fixed
from geo.colours import KIND_COLOURS
from geo.commands.reporting import basis_words, verdict_words
from geo.errors import Fault, PlanError
from geo.export.crs import choose_crs, crs_label, project
from geo.export.image import render
from geo.export.panel import INK, Around, area_look, chinese_font, draw_panel
from geo.language.labels import code_label
from geo.language.messages import own, speaking, spoken, text
from geo.ledger import area_ledger
from geo.plan import SHIPPED, Plan
from geo.query import Mask
from geo.summary import survey, totals
from layers.basemap import read_labels
from layers.ledger import zone_labels
from layers.palette import DASHES
from layers.sheet import Sheet, lines_of
from layers.totals import ALL, total_tiles
from layers.wording import Chosen, filter_words, made_words, source_words

PAPERS: Final = {"a4": (11.69, 8.27), "a3": (16.54, 11.69)}
"""Width and height of a lying sheet in inches."""

KINDS: Final = ("pdf", "svg", "png")
MARGIN: Final = 0.4
SIDE: Final = 2.55
"""Inches of the margin, and of the column beside the map."""

HEAD: Final = 0.82
FOOT: Final = 2.55
"""Inches of the title above the map, and of the tables under it on A4."""

MOST_PANELS: Final = 3
BORDERS: Final[Mapping[str, Any]] = {
    "described": "-",
    "schematic": (0, (4, 2.5)),
    "nominal": (0, (1, 1.6)),
}


def write_brief(  # noqa: PLR0913 - each an option of its own
    plan: Plan,
    mask: Mask,
    *,
    kind: str,
    on: date,
    paper: str = "a4",
    chosen: Chosen | None = None,
) -> bytes:
    """
    Print a choice of zones on one sheet.

    Parameters
    ----------
    plan
        The plan.
    mask
        Which of its zones are chosen.
    kind
        One of `KINDS`; all but "png" are vectors.
    on
        Day of making, for the reader.
    paper
        One of `PAPERS`.
    chosen
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
    chosen = chosen or Chosen()
    with speaking(chosen.language or spoken()):
        if spoken() == "zh" and chinese_font() is None:
            raise PlanError([_no_font()])
        size = PAPERS[paper]

        def compose(figure: Any) -> None:  # noqa: ANN401 - matplotlib's
            sheet = Sheet(figure, *size)
            _head(sheet, plan, chosen, on=on)
            _map(sheet, plan, plan.zones[mask])
            _side(sheet, plan, mask)
            _ledger(sheet, plan, plan.zones[mask])

        return render(compose, kind=kind, size=size)


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
        known = ", ".join(f".{kind}" for kind in KINDS)
        what = text("brief.format", suffix=path.suffix)
        mend = text("fault.use_one_of", known=known)
        raise PlanError([Fault("E_BRIEF_FORMAT", str(path), what, mend)])
    return suffix


def _head(sheet: Sheet, plan: Plan, chosen: Chosen, *, on: date) -> None:
    sheet.write(MARGIN, 0.32, text("brief.title"), fontsize=14, fontweight="bold")
    said = text("chosen", filters=filter_words(plan, chosen.filters))
    width = sheet.width - 2 * MARGIN
    sheet.lines(MARGIN, 0.6, said, width=width * 0.6, most=0.75)
    right = sheet.width - MARGIN
    sheet.write(right, 0.36, made_words(plan, on=on), ha="right", fontsize=7)


def _map(sheet: Sheet, plan: Plan, zones: gpd.GeoDataFrame) -> None:
    """Draw a panel a city, those with the most zones where there are many."""
    drawn = zones[zones.geometry.notna()]
    left, top = MARGIN, HEAD + 0.22
    width = sheet.width - 2 * MARGIN - SIDE - 0.25
    height = sheet.height - top - _foot(sheet) - 0.3
    if drawn.empty:
        sheet.write(left, top, text("brief.nothing"), fontsize=9)
        return
    counts = drawn["city"].fillna("").value_counts(sort=False)
    kept = counts.nlargest(MOST_PANELS).index
    counts = counts[counts.index.isin(kept)]
    weights = counts**0.25 / (counts**0.25).sum()
    room = width - 0.12 * (len(counts) - 1)
    around = _around(plan)
    for city, weight in weights.items():
        box = [left / sheet.width, 1 - (top + height) / sheet.height]
        size = [room * weight / sheet.width, height / sheet.height]
        axes = sheet.figure.add_axes([*box, *size])
        local = drawn[drawn["city"].fillna("") == city]
        crs = choose_crs("gk", local)
        draw_panel(
            axes, code_label("city", str(city)), project(local, crs), crs, around=around
        )
        left += room * weight + 0.12


def _foot(sheet: Sheet) -> float:
    """Give the ledger more room on a larger sheet."""
    return FOOT * sheet.height / PAPERS["a4"][1]


def _around(plan: Plan) -> Around:
    """Gather roads, districts and waters, and the places of the plan."""
    basemap = SHIPPED / "basemap"
    labels = read_labels(basemap / "labels.csv")
    places = plan.places[plan.places["role"] != "zone"][labels.columns]
    named = pd.concat([labels, places], ignore_index=True)
    return Around(gpd.read_file(basemap / "roads.geojson"), named)


def _side(sheet: Sheet, plan: Plan, mask: Mask) -> None:
    """Write legend, totals, sources and certainty beside the map."""
    zones = plan.zones[mask]
    x, y, bottom = sheet.width - MARGIN - SIDE, HEAD + 0.05, sheet.height - MARGIN
    y = _legend(sheet, x, y, zones)
    y = sheet.heading(x, y + 0.1, text("brief.figures"))
    found = totals(plan.zones, mask, land=survey(plan.zones))
    for name, tile in zip(ALL, total_tiles(found), strict=True):
        sheet.write(x, y, text(f"total.{name}"))
        value = " ".join(filter(None, (tile.value, tile.unit)))
        sheet.write(x + SIDE, y, value, ha="right", fontweight="bold")
        y += sheet.step * 1.05
    y = sheet.heading(x, y + 0.12, text("brief.certainty"))
    y = sheet.lines(x, y, text("offline.certainty"), width=SIDE, most=bottom)
    for note in _notes(zones):
        y = sheet.lines(x, y + 0.03, note, width=SIDE, most=bottom)
    y = sheet.heading(x, y + 0.12, text("brief.sources"))
    for citation in (*source_words(plan, zones), _credits(zones)):
        y = sheet.lines(x, y, citation, width=SIDE, most=bottom)


def _notes(zones: gpd.GeoDataFrame) -> Iterator[str]:
    """Say what is not on the map."""
    lost = zones[zones.geometry.isna()]
    if len(lost):
        names = text("list.comma").join(zone_labels(lost))
        yield text("brief.unlocated", names=names)
    cities = zones["city"].dropna().value_counts()
    if len(cities) > MOST_PANELS:
        others = (code_label("city", city) for city in cities.index[MOST_PANELS:])
        yield text("brief.other_cities", cities=text("list.comma").join(others))


def _credits(zones: gpd.GeoDataFrame) -> str:
    groups = zones.groupby(zones["city"].fillna(""), sort=False)
    systems = dict.fromkeys(crs_label(choose_crs("gk", z).code) for _, z in groups)
    return text("brief.credits", crs=text("list.comma").join(systems))


def _legend(sheet: Sheet, x: float, y: float, zones: gpd.GeoDataFrame) -> float:
    """Show kinds and boundaries as they are drawn; give where the legend ends."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    kinds = [kind for kind in KIND_COLOURS if (zones["kind"] == kind).any()]
    borders = [name for name in DASHES if (zones["boundary"] == name).any()]
    rows = max(len(kinds), len(borders))
    for column, heading in enumerate(("brief.kinds", "brief.boundaries")):
        sheet.heading(x + column * SIDE / 2, y, text(heading))
    y += 0.22
    scale: dict[str, Any] = {"transform": sheet.figure.dpi_scale_trans}
    for row, kind in enumerate(kinds):
        sample = Rectangle(
            (x, sheet.height - y - row * 0.19 - 0.13), 0.3, 0.13, **scale
        )
        sample.set(**area_look(kind), linewidth=1.2)
        sheet.figure.add_artist(sample)
        sheet.write(x + 0.38, y + row * 0.19, text(f"kind.{kind}"), fontsize=7)
    start = x + SIDE / 2
    for row, name in enumerate(borders):
        level = sheet.height - y - row * 0.19 - 0.065
        line = Line2D([start, start + 0.3], [level] * 2, **scale)
        line.set(color=INK, linewidth=1.2, linestyle=BORDERS[name])
        sheet.figure.add_artist(line)
        words = text(f"boundary.{name}")
        sheet.write(start + 0.38, y + row * 0.19, words, fontsize=7)
    y += rows * 0.19
    return sheet.lines(x, y + 0.02, text("brief.anchors"), width=SIDE, most=99)


def _ledger(sheet: Sheet, plan: Plan, zones: gpd.GeoDataFrame) -> None:
    """Write what each zone declares and what is drawn, as many as there is room for."""
    top = sheet.height - _foot(sheet) - 0.12
    width = sheet.width - 2 * MARGIN - SIDE - 0.25
    y = sheet.heading(MARGIN, top, text("brief.ledger"))
    room = int((sheet.height - MARGIN - y) / (sheet.step * 1.06)) - 1
    shown = zones if len(zones) <= room else zones.head(room - 1)
    ledger = area_ledger(shown, plan.claims)
    shares = (0.0, 0.36, 0.44, 0.455, 0.57, 0.655)
    heads = ("zone", "declared", "drawn", "basis", "verdict", "source")
    for share, name in zip(shares, heads, strict=True):
        head = text(f"report.{name}")
        right = "right" if name in {"declared", "drawn"} else "left"
        sheet.write(MARGIN + share * width, y, head, ha=right, fontweight="bold")
    for label, row in zip(zone_labels(shown), ledger.to_dict("records"), strict=True):
        y += sheet.step * 1.06
        cells = (
            label,
            _number(row["declared"]),
            _number(row["drawn"]),
            basis_words(row["basis"]),
            verdict_words(row["verdict"]),
            plan.cite(f"{row['source']}, {row['place'] or ''}".rstrip(", ")),
        )
        for share, name, words in zip(shares, heads, cells, strict=True):
            right = "right" if name in {"declared", "drawn"} else "left"
            most = {"zone": 0.31, "source": 0.345}.get(name, 0.2) * width
            sheet.write(MARGIN + share * width, y, _cut(words, most), ha=right)
    if len(shown) < len(zones):
        y += sheet.step * 1.06
        sheet.write(MARGIN, y, text("brief.more", n=len(zones) - len(shown)))


def _cut(words: str, width: float) -> str:
    """Cut a text to one line of so many inches."""
    first, *more = lines_of(words, width=width)
    return f"{first} …" if more else first


def _number(km2: float) -> str:
    return "" if pd.isna(km2) else fixed(km2, 2)


def _no_font() -> Fault:
    mend = text("brief.font.mend")
    return Fault("E_NO_CHINESE_FONT", own("font"), text("brief.font"), mend)
