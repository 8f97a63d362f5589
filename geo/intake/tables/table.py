"""The rows below a head, as rows with geometries."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from beltmap.geo.intake.checks.aside import is_aside
from beltmap.geo.intake.checks.crs import extents, fits_degrees
from beltmap.geo.intake.columns.coordinates import Coordinates, shape_of
from beltmap.geo.intake.columns.figures import unit_named
from beltmap.geo.intake.columns.names import renames, unique
from beltmap.geo.intake.columns.shapecells import srid
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import (
    Notice,
    RefusedError,
    Severity,
    notice,
    refuse,
)
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.rows import Collector, Rows
from beltmap.geo.intake.tables.head import WITHIN, Head, find_heads, head_at, words_of
from beltmap.geo.intake.tables.sheet import Cells, Sheet, blank, cell_name, spread

_SHOWN: Final = 6
"""First cells of a row that a question shows."""

_UNIT_WORDS: Final = ("单位:", "单位：", "unit:", "units:", "计量单位:")


def open_tables(
    sheet: Sheet, *, limits: Limits, answers: Answers
) -> dict[str, Callable[[], Rows]]:
    """
    Find the tables of a sheet.

    Parameters
    ----------
    sheet
        The sheet.
    limits
        How large a table may be.
    answers
        Names that a person gave for columns, and the rows of the head.

    Returns
    -------
    tables
        What reads each table, by where it is; by an empty text where there is
        only one, or none whose coordinates are found.
    """
    heads = find_heads(sheet, answers.columns)
    if answers.head is not None and len(heads) < 2:  # noqa: PLR2004 - several tables
        first, last = head_rows(answers.head)
        told = head_at(sheet, first, last, answers.columns)
        return {"": partial(_read, sheet, told, limits)}
    if len(heads) < 2:  # noqa: PLR2004 - several tables
        return {"": partial(_read, sheet, heads[0] if heads else None, limits)}
    return {head.place: partial(_read, sheet, head, limits) for head in heads}


def head_rows(answer: str) -> tuple[int, int]:
    """
    Read which rows are the head, as a person says it.

    Raises
    ------
    RefusedError
        If that is neither a number nor two.

    Examples
    --------
    >>> head_rows("3"), head_rows("3-4")
    ((3, 3), (3, 4))
    """
    first, _, last = answer.replace("–", "-").partition("-")
    ends = [part.strip() for part in (first, last or first)]
    if not all(part.isdecimal() and len(part) < 8 for part in ends):  # noqa: PLR2004
        raise refuse("E_UNKNOWN_ANSWER", about="head", found=answer, known="3, 3-4")
    low, high = map(int, ends)
    return min(low, high), max(low, high)


def _read(sheet: Sheet, head: Head | None, limits: Limits) -> Rows:
    """Read one table."""
    if head is None:
        raise refuse("E_CSV_NO_COORDINATES", found=_likeliest(sheet))
    whole, spanned = spread(sheet, limits=limits)
    width = max(len(cells) for _, cells in whole.lines)
    shapes = head.coordinates.columns if head.coordinates.kind == "shape" else ()
    every = [
        at
        for at in range(head.left, min(width, head.right))
        if head.name(at) or _holds_any(whole, head, at)
    ]
    kept = [at for at in every if at not in shapes]
    given = [head.name(at) for at in kept if at < len(head.names)]
    made = unique(_placed(given, kept))
    collector = Collector(limits, "row")
    collector.notices += renames(given, made)
    beyond = [at for at in kept if at >= len(head.names)]
    made += [f"column_{at + 1}" for at in beyond]
    names = list(zip(kept, made, strict=True))
    collector.names = dict.fromkeys(name for _, name in names)
    reading = _Reading(whole, head, collector, names, every)
    reading.rows()
    collector.notices += [*reading.notes(), *_about_sheet(whole, head, spanned, kept)]
    return replace(
        _with_crs(collector.rows(), head, reading.stated), unit=_unit(sheet, head)
    )


class _Reading:
    """The rows of one table on their way into a collector."""

    def __init__(
        self,
        sheet: Sheet,
        head: Head,
        collector: Collector,
        names: list[tuple[int, str]],
        columns: list[int],
    ) -> None:
        self.sheet, self.head, self.collector = sheet, head, collector
        self.names, self.columns = names, columns
        self.blank: list[int] = []
        self.ragged: list[int] = []
        self.unsaved: list[str] = []
        self.stated: set[str | None] = set()

    def rows(self) -> None:
        """Read every row below the head."""
        started = False
        for number, cells in self.sheet.lines:
            if not self.head.last < number <= self.head.until:
                continue
            if not any(at < len(cells) and not blank(cells[at]) for at in self.columns):
                if self._unsaved(number):
                    self._row(number, cells)
                continue
            if (not started and self._counts(cells)) or self._repeats(cells):
                self._aside(number, cells)
                continue
            started = True
            self._row(number, cells)

    def notes(self) -> Iterator[Notice]:
        """Say what there is to say of several rows."""
        yield from _about_rows(self.blank, self.ragged)
        if self.unsaved:
            yield notice("W_FORMULA_UNSAVED", cells=self.unsaved, n=len(self.unsaved))

    def _row(self, number: int, cells: Cells) -> None:
        self.collector.count = number - 1
        place = self.collector.begin()
        record = {
            name: cells[at] if at < len(cells) else None
            for at, name in self.names
            if at < len(cells) or (number, at + 1) in self.sheet.unsaved
        }
        where, unsaved = self.head.coordinates, self._unsaved(number)
        self.unsaved += unsaved
        needed = [cell_name(number, at + 1) for at in where.columns]
        try:
            missing = [name for name in needed if name in unsaved]
            if missing and not is_aside(record):
                raise refuse("E_FORMULA_UNSAVED", place, found=missing)
            shape = shape_of(cells, where, place, self.collector.tell)
        except RefusedError as error:
            if not is_aside(record):
                self.collector.refuse(error)
                return
            shape = None
        over = cells[len(self.head.names) : self.head.right]
        if not all(map(blank, over)):
            self.ragged.append(number)
        if shape is None and not is_aside(record):
            self.blank.append(number)
        self.stated.add(srid(cells[where.columns[0]]) if shape else None)
        self.collector.add(record, shape)

    def _unsaved(self, number: int) -> list[str]:
        return [
            cell_name(number, at + 1)
            for at in self.columns
            if (number, at + 1) in self.sheet.unsaved
        ]

    def _aside(self, number: int, cells: Cells) -> None:
        words = [words_of(cell) for cell in cells if not blank(cell)]
        place = {"row": number}
        said = " | ".join(words[:_SHOWN])
        self.collector.notices.append(notice("W_ROW_ASIDE", place, found=said))

    def _counts(self, cells: Cells) -> bool:
        """Tell whether a row only numbers the columns."""
        words = [words_of(cell).strip("()（）") for cell in cells if not blank(cell)]
        most = len(self.head.coordinates.columns) + 1
        return len(words) >= max(most, 3) and words in (
            [str(n) for n in range(1, len(words) + 1)],
            [chr(ord("A") + n) for n in range(min(len(words), 26))],
        )

    def _repeats(self, cells: Cells) -> bool:
        """Tell whether a row says the head once more, as on the next printed page."""
        places = [at for at in self.head.coordinates.columns if at < len(cells)]
        words = [words_of(cells[at]) for at in places]
        own = [self.head.names[at] for at in places]
        return bool(places) and all(
            word and name.endswith(word) for word, name in zip(words, own, strict=True)
        )


def _holds_any(sheet: Sheet, head: Head, column: int) -> bool:
    return any(
        column < len(cells) and not blank(cells[column])
        for number, cells in sheet.lines
        if head.last < number <= head.until
    )


def _placed(names: list[str], places: list[int]) -> list[str]:
    """Call a column without a name after its place in the sheet."""
    taken = set(names)
    made = []
    for name, at in zip(names, places, strict=False):
        free = name or f"column_{at + 1}"
        while not name and free in taken:
            free += "_"
        made.append(free)
    return made


def _likeliest(sheet: Sheet) -> list[str]:
    """Give the row that looks most like a head, for an error to show."""
    near = [cells for _, cells in sheet.lines[:WITHIN]]

    def wordy(cells: Cells) -> int:
        return sum(isinstance(cell, str) and not blank(cell) for cell in cells)

    best = max(near, key=wordy, default=[])
    return [words_of(cell) for cell in best]


def _unit(sheet: Sheet, head: Head) -> str:
    """Read the unit of areas that a note above the head states."""
    found = {
        unit
        for number, cells in sheet.lines[:WITHIN]
        if number < head.first
        for cell in cells
        for unit in _units_in(words_of(cell))
    }
    return found.pop() if len(found) == 1 else ""


def _units_in(words: str) -> Iterator[str]:
    for mark in _UNIT_WORDS:
        _, found, rest = words.casefold().partition(mark)
        if found:
            for mark_between in "、,，;；/()（）":
                rest = rest.replace(mark_between, " ")
            yield from filter(None, map(unit_named, rest.split()))


def _about_sheet(
    sheet: Sheet, head: Head, spanned: list[int], columns: list[int]
) -> Iterator[Notice]:
    """Say what the reader of a sheet might not see."""
    if head.first > 1 or head.last > 1:
        rows = (
            str(head.first) if head.first == head.last else f"{head.first}–{head.last}"
        )
        yield notice("W_HEADER_ROW", row=rows)
    unit = _unit(sheet, head)
    if unit:
        yield notice("W_AREA_NOTE", unit=unit)
    rows_within = [n for n in spanned if head.last < n <= head.until]
    if rows_within:
        yield notice("W_MERGED_CELLS", {"rows": rows_within}, n=len(rows_within))
    hidden = [
        number
        for number, _ in sheet.lines
        if number in sheet.hidden_rows and head.last < number <= head.until
    ]
    names = [head.name(at) for at in columns if at + 1 in sheet.hidden_columns]
    if hidden or names:
        place = {"rows": hidden} if hidden else {}
        yield notice("W_HIDDEN", place, rows=len(hidden), columns=names or ["–"])
    if head.others:
        yield _which_head(sheet, head)


def _which_head(sheet: Sheet, head: Head) -> Notice:
    """Ask which rows are the head, the guess first."""
    choices = [(head.first, head.last), *head.others]
    options = [f"{a}-{b}" if a != b else str(a) for a, b in choices]
    near = [
        (number, cells)
        for number, cells in sheet.lines
        if number <= head.last + 1 and number >= choices[-1][0] - 1
    ]
    shown = [
        " | ".join([str(number), *(words_of(cell) for cell in cells[:_SHOWN])])
        for number, cells in near
    ]
    return notice("Q_HEAD", options=options, rows=shown, guess=options[0])


def _with_crs(rows: Rows, head: Head, stated: set[str | None]) -> Rows:
    """State the CRS: as the table says, else degrees are taken for WGS 84."""
    said = stated - {None}
    where: Coordinates = head.coordinates
    crs = where.datum or (next(iter(said)) if len(said) == 1 else None)
    bounds = extents(rows.geometries)
    if crs is None and not said and (not len(bounds) or fits_degrees(bounds).any()):
        assumed = notice("W_CRS_ASSUMED")
        return replace(rows, crs="OGC:CRS84", notices=(*rows.notices, assumed))
    turned = bounds[:, [1, 0, 3, 2]]
    if crs is None and fits_degrees(turned).all():
        crs = "OGC:CRS84"
    return replace(rows, crs=crs)


def _about_rows(blank_rows: list[int], ragged: list[int]) -> Iterator[Notice]:
    if blank_rows:
        warn = Severity.WARN
        n = len(blank_rows)
        yield notice("W_NULL_GEOMETRY", {"rows": blank_rows}, severity=warn, n=n)
    if ragged:
        yield notice("W_CSV_RAGGED", {"rows": ragged}, n=len(ragged))
