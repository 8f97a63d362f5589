"""The margin of a brief: legend, totals, certainty, comments, sources."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import geopandas as gpd

from beltmap.geo.charter.force import charter
from beltmap.geo.export.picture.around import LINES, PLACES, QUIET
from beltmap.geo.export.picture.panel import INK, area_look
from beltmap.geo.export.picture.sheet import Sheet, lines_of
from beltmap.geo.language.labels import code_label
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.areas import zone_labels
from beltmap.geo.report.origin import source_words
from beltmap.geo.report.remarks import bare_in_words
from beltmap.layers.palette import DASHES
from beltmap.layers.views.totals import own_counted, total_tiles

MARGIN: Final = 0.4
SIDE: Final = 2.6
"""Inches of the sheet's edge, and of the column beside the map."""

MOST_PANELS: Final = 3
"""Cities that have a map of their own."""

BORDERS: Final[Mapping[str, Any]] = {
    "described": "-",
    "drawn": "-",
    "schematic": (0, (4, 2.5)),
    "nominal": (0, (1, 1.6)),
    "place unknown": (0, (5, 2, 1, 2)),
}


def write_margin(
    sheet: Sheet,
    selection: Selection,
    marked: set[str],
    *,
    within: tuple[float, float],
    remarks: Sequence[str],
) -> float:
    """
    Write legend, totals, certainty, comments and sources beside the map.

    Parameters
    ----------
    sheet
        The sheet.
    selection
        The chosen zones.
    marked
        Roles of the places and lines that the map shows.
    within
        Where the margin begins and ends, inches from the top of the sheet.
    remarks
        Comments, a line each.

    Returns
    -------
    end
        Where it ends.
    """
    zones = selection.zones
    (y, bottom), x = within, sheet.width - MARGIN - SIDE
    y = _legend(sheet, x, y, zones, marked)
    y = sheet.heading(x, y + 0.06, text("brief.figures"), width=SIDE)
    for tile in total_tiles(selection.summary):
        sheet.write(x, y, tile.label)
        value = tile.value + (text("brief.unit", unit=tile.unit) if tile.unit else "")
        sheet.write(x + SIDE, y, value, ha="right", fontweight="bold")
        y += sheet.step
    y = sheet.heading(x, y + 0.06, text("brief.certainty"), width=SIDE)
    y = sheet.lines(x, y, text("offline.certainty"), width=SIDE, most=bottom)
    notes = [own_counted(selection), bare_in_words(selection.plan), *_notes(zones)]
    for note in filter(None, notes):
        y = sheet.lines(x, y + 0.03, note, width=SIDE, most=bottom)
    if remarks:
        y = sheet.heading(x, y + 0.06, text("comment.titled"), width=SIDE)
        # the sources keep a third of what is left
        most = bottom - (bottom - y) / 3
        y = _listed(sheet, (x, y), remarks, more="brief.more_comments", bottom=most)
    y = sheet.heading(x, y + 0.06, text("brief.sources"), width=SIDE)
    cited = source_words(selection)
    return _listed(sheet, (x, y), cited, more="brief.more_sources", bottom=bottom)


def _listed(
    sheet: Sheet,
    at: tuple[float, float],
    said: Sequence[str],
    *,
    more: str,
    bottom: float,
) -> float:
    """Write as many of several texts as there is room for; count the others."""
    x, y = at
    for place, words in enumerate(said):
        ends = y + len(lines_of(words, width=SIDE)) * sheet.step
        spare = 0.0 if place == len(said) - 1 else sheet.step
        if ends + spare > bottom:
            sheet.write(x, y, text(more, n=len(said) - place))
            return y + sheet.step
        y = sheet.lines(x, y, words, width=SIDE, most=bottom) + 0.012
    return y


def _notes(zones: gpd.GeoDataFrame) -> Iterator[str]:
    """Say what is not on the map."""
    lost = zones[zones.geometry.array.isna()]
    if len(lost):
        names = in_a_row(zone_labels(lost))
        yield text("brief.unlocated", names=names)
    cities = zones["city"].dropna().value_counts()
    if len(cities) > MOST_PANELS:
        others = (code_label("city", city) for city in cities.index[MOST_PANELS:])
        yield text("brief.other_cities", cities=in_a_row(others))


def _legend(
    sheet: Sheet, x: float, y: float, zones: gpd.GeoDataFrame, marked: set[str]
) -> float:
    """Show kinds, boundaries and marks as they are drawn; give where that ends."""
    kinds = [kind for kind in charter().by_kind if (zones["kind"] == kind).any()]
    borders = [name for name in DASHES if (zones["boundary"] == name).any()]
    half, row = SIDE / 2, 0.16
    top = sheet.heading(x, y, text("brief.kinds"), width=half - 0.12)
    sheet.heading(x + half, y, text("brief.boundaries"), width=half)
    for place, kind in enumerate(kinds):
        look = {**area_look(kind), "linewidth": 1.1}
        sheet.box(x, top + place * row, (0.3, 0.12), **look)
        sheet.write(x + 0.38, top + place * row, code_label("kind", kind))
    strokes = [(BORDERS[name], INK, text(f"boundary.{name}")) for name in borders]
    strokes += [
        (dash, QUIET, text(f"map.role_{role}"))
        for role, dash in LINES.items()
        if role in marked
    ]
    for place, (dash, colour, said) in enumerate(strokes):
        level = top + place * row
        look = {"color": colour, "linewidth": 1.2, "linestyle": dash}
        sheet.line([x + half, x + half + 0.3], [level + 0.06] * 2, **look)
        sheet.write(x + half + 0.38, level, said)
    y = top + max(len(kinds), len(strokes)) * row
    marks = [role for role, (_, _, mark) in PLACES.items() if mark and role in marked]
    if not marks:
        return y
    y = sheet.heading(x, y + 0.06, text("brief.marks"), width=SIDE)
    for place, role in enumerate(marks):
        left, level = x + place % 2 * half, y + place // 2 * row
        look = {"color": QUIET, "marker": PLACES[role][2], "markersize": 4}
        sheet.line([left + 0.15], [level + 0.06], **look)
        sheet.write(left + 0.38, level, text(f"brief.mark.{role}"))
    return y + (len(marks) + 1) // 2 * row
