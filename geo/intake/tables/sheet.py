"""A sheet as it comes: cells, and what lies over them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, refuse

Cells: TypeAlias = list[Json]

_SPARE_LINES: Final = 100
"""Lines of a sheet that may be no rows of its table: titles, notes, heads."""


@dataclass(frozen=True)
class Block:
    """
    A rectangle of cells; all numbers from one, both ends within.

    Parameters
    ----------
    top, bottom
        Rows.
    left, right
        Columns.
    """

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """
    The lines of a sheet that are not blank.

    Parameters
    ----------
    lines
        Number of each line in the file, from one, and its cells.
    merged
        Cells that were made one.
    hidden_rows, hidden_columns
        Numbers of what is not shown.
    unsaved
        Row and column of each formula that has no value saved with it.
    """

    lines: list[tuple[int, Cells]]
    merged: tuple[Block, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    unsaved: frozenset[tuple[int, int]] = frozenset()


def blank(cell: Json) -> bool:
    """Tell whether nothing is written in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def filled(
    lines: Iterable[Sequence[Json]], *, limits: Limits
) -> Iterator[tuple[int, Cells]]:
    """
    Give the lines that are not blank, with their numbers.

    Raises
    ------
    RefusedError
        Where there are more than a table may have.
    """
    kept = cells = 0
    for number, line in enumerate(lines, start=1):
        if all(map(blank, line)):
            continue
        kept, cells = kept + 1, cells + len(line)
        if kept > limits.rows + _SPARE_LINES:
            raise refuse("E_TOO_MANY_ROWS", limit=limits.rows)
        if cells > limits.cells + _SPARE_LINES * limits.columns:
            raise refuse("E_TOO_MANY_CELLS", found=cells, limit=limits.cells)
        yield number, list(line)


def cell_name(row: int, column: int) -> str:
    """
    Name a cell as a spreadsheet does.

    Examples
    --------
    >>> cell_name(3, 1), cell_name(10, 28)
    ('A3', 'AB10')
    """
    letters = ""
    while column:
        column, left = divmod(column - 1, 26)
        letters = chr(ord("A") + left) + letters
    return f"{letters}{row}"


def spread(sheet: Sheet, *, limits: Limits) -> tuple[Sheet, list[int]]:
    """
    Give the value of merged cells to every row that they span.

    Parameters
    ----------
    sheet
        The sheet, which stays as it is.
    limits
        How many cells may be filled.

    Returns
    -------
    sheet
        With the value in the leftmost column of each merged block.
    rows
        Rows that were given one.

    Raises
    ------
    RefusedError
        If the merged blocks are too large to be meant.
    """
    places = {number: at for at, (number, _) in enumerate(sheet.lines)}
    last = sheet.lines[-1][0] if sheet.lines else 0
    lines = list(sheet.lines)
    given: set[int] = set()
    steps = 0
    for block in sheet.merged:
        if block.bottom == block.top or block.top not in places:
            continue
        top = lines[places[block.top]][1]
        value = top[block.left - 1] if block.left <= len(top) else None
        steps += min(block.bottom, last) - block.top
        if steps > limits.cells:
            raise refuse("E_TOO_MANY_CELLS", found=steps, limit=limits.cells)
        for number in range(block.top + 1, min(block.bottom, last) + 1):
            at = places.get(number)
            if at is None or blank(value):
                continue
            cells = [*lines[at][1]]
            cells += [None] * (block.left - len(cells))
            if blank(cells[block.left - 1]):
                cells[block.left - 1] = value
                lines[at] = (number, cells)
                given.add(number)
    whole = Sheet(
        lines, sheet.merged, sheet.hidden_rows, sheet.hidden_columns, sheet.unsaved
    )
    return whole, sorted(given)
