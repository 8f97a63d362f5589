"""The key to the numbers that stand on a printed map where names have no room."""

from collections.abc import Iterator, Sequence
from typing import Final

from beltmap.geo.export.picture.sheet import Sheet, lines_of
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.layers.keepsakes.marginalia import MARGIN, SIDE

COLUMNS: Final = 4
"""Of a sheet of the key."""

GAP: Final = 0.2
NUMBER: Final = 0.34
"""Inches between columns, and before a name for its number."""

HEAD: Final = 0.31
"""Inches of the heading."""

TOP: Final = MARGIN + 0.35
"""Inches above the first entry of a sheet."""


def write_beside(
    sheet: Sheet, key: Sequence[str], *, within: tuple[float, float]
) -> bool:
    """Write a key beside the map, if it has room there; tell whether it has."""
    if not key:
        return False
    (y, bottom), x = within, sheet.width - MARGIN - SIDE
    entries = [lines_of(name, width=SIDE - NUMBER) for name in key]
    if y + HEAD + sum(map(len, entries)) * sheet.step > bottom:
        return False
    y = sheet.heading(x, y + 0.06, text("brief.key"), width=SIDE)
    for number, lines in enumerate(entries, start=1):
        _entry(sheet, (x, y), number, lines)
        y += len(lines) * sheet.step
    return True


def key_line(key: Sequence[str]) -> str:
    """Write a key in a row; nothing for no names."""
    numbered = [f"{number} {name}" for number, name in enumerate(key, start=1)]
    return text("brief.key.line", names=in_a_row(numbered)) if numbered else ""


def key_sheets(key: Sequence[str], *, width: float, height: float) -> int:
    """
    Count the sheets that a key needs.

    Parameters
    ----------
    key
        Names in the order of their numbers, from 1.
    width, height
        Of a sheet, in inches.

    Returns
    -------
    sheets
        None for no names.
    """
    return max((page for page, *_ in _placed(key, width, height)), default=-1) + 1


def write_key(sheet: Sheet, key: Sequence[str], page: int) -> None:
    """Write a sheet of the key, the first of which has the number 0."""
    wide = sheet.width - 2 * MARGIN
    sheet.heading(MARGIN, MARGIN, text("brief.key"), width=wide)
    for place, x, y, number, lines in _placed(key, sheet.width, sheet.height):
        if place == page:
            _entry(sheet, (x, y), number, lines)


def _entry(
    sheet: Sheet, at: tuple[float, float], number: int, lines: Sequence[str]
) -> None:
    x, y = at
    bold = {"ha": "right", "fontweight": "bold"}
    sheet.write(x + NUMBER - 0.08, y, str(number), **bold)
    sheet.write(x + NUMBER, y, "\n".join(lines))


def _placed(
    key: Sequence[str], width: float, height: float
) -> Iterator[tuple[int, float, float, int, list[str]]]:
    """Lay the entries into columns and sheets: sheet, left, top, number, lines."""
    step = Sheet(None, width, height).step
    column = (width - 2 * MARGIN - GAP * (COLUMNS - 1)) / COLUMNS
    at, y = 0, TOP
    for number, name in enumerate(key, start=1):
        lines = lines_of(name, width=column - NUMBER)
        if y + len(lines) * step > height - MARGIN:
            at, y = at + 1, TOP
        page, place = divmod(at, COLUMNS)
        yield page, MARGIN + place * (column + GAP), y, number, lines
        y += len(lines) * step + 0.03
