"""Where the tables of a sheet begin: heads of one to four rows, wherever they stand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from beltmap.geo.intake.columns.coordinates import (
    Coordinates,
    find_coordinates,
    plain,
    shape_of,
)
from beltmap.geo.intake.notices import Json, RefusedError
from beltmap.geo.intake.tables.sheet import Cells, Sheet, blank, cell_name

WITHIN: Final = 60
"""Lines of a sheet among which the first head is looked for."""

MOST_ROWS: Final = 4
"""Rows that a head may have."""

_TRIED: Final = 8
"""Rows below a head of which one must hold coordinates."""

_LONG: Final = 40
"""Characters beyond which a text is no heading."""

_NOTE: Final = re.compile(r"[:：。；;]\s*\S|^[(（].*[)）]$")
_DIGITS: Final = re.compile(r"[-+(（]?\d+(\.\d+)?[)）.]?")
_UNITS: Final = frozenset(
    ["°", "度", "度分秒", "m", "米", "deg", "degree", "degrees", "(°)", "(度)", "(m)"]
)


@dataclass(frozen=True)
class Head:
    """
    The rows with the names of the columns.

    Parameters
    ----------
    first, last
        Their numbers in the file, from one.
    names
        Name of each column, the words of its rows joined from top to bottom.
    coordinates
        Which columns hold the coordinates.
    until
        Last row of the table.
    others
        Other rows that might be the head, where it is not certain.
    left, right
        First column of the table, from zero, and the one after its last.
    """

    first: int
    last: int
    names: list[str]
    coordinates: Coordinates
    until: int
    others: tuple[tuple[int, int], ...] = ()
    left: int = 0
    right: int = 1 << 20

    def name(self, column: int) -> str:
        """Name of a column, from zero; empty if it has none."""
        return self.names[column] if column < len(self.names) else ""

    @property
    def place(self) -> str:
        """Where the table is, as a spreadsheet says it."""
        used = [at for at, name in enumerate(self.names, start=1) if name] or [1]
        ends = cell_name(self.first, used[0]), cell_name(self.until, used[-1])
        return ":".join(ends)


def find_heads(sheet: Sheet, columns: Mapping[str, str]) -> list[Head]:
    """
    Find the head of each table with coordinates.

    Parameters
    ----------
    sheet
        The sheet.
    columns
        Names that a person gave for ``lon``, ``lat`` or ``wkt``.

    Returns
    -------
    heads
        From top to bottom, then from left to right; none where no table has
        coordinates.
    """
    looking = _Looking(sheet, columns)
    first = looking.first()
    if first is None:
        return []
    heads = [first, *looking.below(first)]
    ends = [looking.before(head) for head in heads[1:]] + [_last(sheet)]
    whole = [replace(head, until=end) for head, end in zip(heads, ends, strict=True)]
    beside = [part for head in whole for part in looking.beside(head)]
    return [looking.doubted(head) for head in beside]


def is_located(sheet: Sheet, columns: Mapping[str, str]) -> bool:
    """Tell whether a sheet has a table of which a row holds coordinates."""
    return any(
        holds(cells, head.coordinates)
        for head in find_heads(sheet, columns)
        for number, cells in sheet.lines
        if head.last < number <= head.until
    )


def head_at(
    sheet: Sheet, first: int, last: int, columns: Mapping[str, str]
) -> Head | None:
    """
    Take the rows for the head that a person names.

    Parameters
    ----------
    sheet
        The sheet.
    first, last
        Numbers of the rows.
    columns
        As for `find_heads`.

    Returns
    -------
    head
        None if they name no columns with coordinates.
    """
    looking = _Looking(sheet, columns)
    rows = [at for at, (number, _) in enumerate(sheet.lines) if first <= number <= last]
    if not rows:
        return None
    names = looking.joined(rows[0], rows[-1])
    where = find_coordinates(names, wanted=columns)
    return None if where is None else Head(first, last, names, where, _last(sheet))


def words_of(cell: Json) -> str:
    """Give a cell as the name of a column."""
    return "" if cell is None else re.sub(r"\s*[\r\n]+\s*", "", str(cell)).strip()


def _last(sheet: Sheet) -> int:
    return sheet.lines[-1][0] if sheet.lines else 0


class _Looking:
    """Looks for heads in one sheet; rows are places in its lines, from zero."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, str]) -> None:
        self.sheet = sheet
        self.columns = columns
        self.numbers = [number for number, _ in sheet.lines]
        self.width = max((len(cells) for _, cells in sheet.lines), default=0)
        self.over = {
            (row, column): block
            for block in sheet.merged
            if block.right - block.left < 1_000  # noqa: PLR2004 - no heading is wider
            for row in range(block.top, min(block.bottom, block.top + MOST_ROWS) + 1)
            for column in range(block.left, block.right + 1)
        }

    def first(self) -> Head | None:
        """Find the first head below which a row holds coordinates, else the first."""
        likely = None
        for last in range(min(WITHIN, len(self.numbers))):
            head = self._ending(last)
            if head is not None and self._holds(head):
                return self._widened(head)
            likely = likely or head
        return likely

    def below(self, head: Head) -> Iterator[Head]:
        """Find the heads of further tables below one."""
        start = self.numbers.index(head.last) + 1
        after_gap = False
        for at in range(start, len(self.numbers)):
            number, cells = self.sheet.lines[at]
            gap = at > start and number > self.numbers[at - 1] + 1
            few = sum(not blank(cell) for cell in cells) <= 2  # noqa: PLR2004 - a title
            after_gap = gap or few or (after_gap and not self._numeric(cells))
            if not after_gap or few or self._numeric(cells):
                continue
            found = self._ending(at)
            if found is None or found.last <= head.last or not self._holds(found):
                continue
            found = self._widened(found)
            if found.names != head.names:
                yield found
                head = found

    def before(self, head: Head) -> int:
        """Find the last row of the table above one, whose titles are none of it."""
        at = self.numbers.index(head.first) - 1
        while at > 0 and sum(not blank(cell) for cell in self.sheet.lines[at][1]) == 1:
            at -= 1
        return self.numbers[at]

    def beside(self, head: Head) -> list[Head]:
        """Part a head where several tables stand side by side."""
        names, start = head.names, 0
        parts: list[Head] = []
        for at in range(len(names) + 1):
            if at < len(names) and names[at]:
                continue
            piece = names[start:at]
            where = find_coordinates(piece, wanted=self.columns) if any(piece) else None
            if where is not None:
                moved = replace(
                    where, columns=tuple(one + start for one in where.columns)
                )
                own = ["" if not start <= n < at else w for n, w in enumerate(names)]
                parts.append(
                    replace(head, names=own, coordinates=moved, left=start, right=at)
                )
            start = at + 1
        return parts if len(parts) > 1 else [head]

    def doubted(self, head: Head) -> Head:
        """Name other rows that might be the head, where names are missing."""
        top = self.numbers.index(head.first)
        bottom = self.numbers.index(head.last)
        nameless = [
            at
            for at, name in enumerate(head.names)
            if not name and head.left <= at < head.right and self._used(at, bottom + 1)
        ]
        others = []
        for start in range(top - 1, max(top - MOST_ROWS, -1), -1):
            names = self.joined(start, bottom)
            if nameless and any(at < len(names) and names[at] for at in nameless):
                others.append((self.numbers[start], head.last))
        return replace(head, others=tuple(others))

    def joined(self, top: int, bottom: int) -> list[str]:
        """Join the words of each column from top to bottom."""
        rows = [self._row(at) for at in range(top, bottom + 1)]
        width = max(map(len, rows), default=0)
        rows = [row + [""] * (width - len(row)) for row in rows]
        merged = any(
            (self.numbers[at], column) in self.over
            for at in range(top, bottom + 1)
            for column in range(1, width + 1)
        )
        if not merged:
            rows = [
                _carried(row, rows[n + 1 :]) for n, row in enumerate(rows[:-1])
            ] + rows[-1:]
        names = [
            "/".join(dict.fromkeys(row[at] for row in rows if row[at]))
            for at in range(width)
        ]
        while self.sheet.merged and names and not names[-1]:
            names.pop()
        return names

    def _row(self, at: int) -> list[str]:
        """Give the words of a row, merged cells in every column that they span."""
        number, cells = self.sheet.lines[at]
        words = [words_of(cell) for cell in cells]
        if self.sheet.merged:
            words += [""] * (self.width - len(words))
        for column in range(1, len(words) + 1):
            block = self.over.get((number, column))
            if block is not None and not words[column - 1]:
                top = dict(self.sheet.lines[max(0, at - MOST_ROWS) : at + 1])
                source = top.get(block.top, [])
                if block.left <= len(source):
                    words[column - 1] = words_of(source[block.left - 1])
        return words

    def _ending(self, last: int) -> Head | None:
        """Find the smallest head that ends in a row."""
        if self._numeric(self.sheet.lines[last][1]) and last:
            return None
        for first in range(last, max(last - MOST_ROWS, -1), -1):
            names = self.joined(first, last)
            where = find_coordinates(names, wanted=self.columns)
            if where is not None and max(map(len, names)) <= _LONG * MOST_ROWS:
                return self._head(first, last, names, where)
        return None

    def _head(self, first: int, last: int, names: list[str], at: Coordinates) -> Head:
        return Head(self.numbers[first], self.numbers[last], names, at, 0)

    def _holds(self, head: Head) -> bool:
        """Tell whether one of the rows below has coordinates in their columns."""
        start = self.numbers.index(head.last) + 1
        below = self.sheet.lines[start : start + _TRIED]
        return any(holds(cells, head.coordinates) for _, cells in below)

    def _widened(self, head: Head) -> Head:
        """Add the rows above and below that belong to the head."""
        top, bottom = self.numbers.index(head.first), self.numbers.index(head.last)
        while bottom - top + 1 < MOST_ROWS and self._of_units(bottom + 1, head):
            bottom += 1
        while top and bottom - top + 1 < MOST_ROWS and self._groups(top - 1, bottom):
            top -= 1
        names = self.joined(top, bottom)
        where = find_coordinates(names, wanted=self.columns)
        return head if where is None else self._head(top, bottom, names, where)

    def _of_units(self, at: int, head: Head) -> bool:
        """Tell whether a row below a head says units, or the names once more."""
        if at >= len(self.numbers) or self._numeric(self.sheet.lines[at][1]):
            return False
        row = self._row(at)
        said = [row[c] for c in head.coordinates.columns if c < len(row) and row[c]]
        again = find_coordinates(row, wanted={})
        units = bool(said) and all(plain(word) in _UNITS for word in said)
        return units or (
            again is not None and again.columns == head.coordinates.columns
        )

    def _groups(self, at: int, bottom: int) -> bool:
        """Tell whether a row above a head names groups of its columns."""
        number, cells = self.sheet.lines[at]
        given = [(n, words_of(cell)) for n, cell in enumerate(cells) if not blank(cell)]
        if self._numeric(cells) or any(
            len(words) > _LONG or _NOTE.search(words) for _, words in given
        ):
            return False
        names = self.joined(at + 1, bottom)
        used = [n for n, name in enumerate(names) if name]
        row = self._row(at)
        named = [n for n, words in enumerate(row) if words]
        block = self.over.get((number, given[0][0] + 1)) if given else None
        if len(given) == 1:
            # a title stands at the left, or over everything
            over_all = block is not None and block.right - block.left + 1 >= len(used)
            return given[0][0] > used[0] and not over_all if used else False
        fills = [n for n in named if n >= len(names) or not names[n]]
        groups = any(
            self.over[number, n + 1].right > self.over[number, n + 1].left
            for n, _ in given
            if (number, n + 1) in self.over
        )
        return bool(fills) or groups or len(named) >= len(used)

    def _numeric(self, cells: Sequence[Json]) -> bool:
        """Tell whether a row has numbers in it, as no head has."""
        return any(
            isinstance(cell, int | float)
            or (isinstance(cell, str) and bool(_DIGITS.fullmatch(cell.strip())))
            for cell in cells
        )

    def _used(self, column: int, start: int) -> bool:
        """Tell whether anything is written in a column near the head."""
        return any(
            column < len(cells) and not blank(cells[column])
            for _, cells in self.sheet.lines[start : start + _TRIED]
        )


def holds(cells: Cells, where: Coordinates) -> bool:
    """Tell whether a row has coordinates that can be read."""
    try:
        return shape_of(cells, where, {}, lambda _: None) is not None
    except RefusedError:
        return False


def _carried(row: list[str], below: list[list[str]]) -> list[str]:
    """Give the name of a group to its columns, where cells are not merged."""
    made, group = [], ""
    for at, words in enumerate(row):
        under = any(line[at] for line in below)
        group = words if words and under else (group if under and not words else "")
        made.append(words or group)
    return made
