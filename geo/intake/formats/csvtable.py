"""Comma-separated text in any usual dress."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Notice, RefusedError, notice, refuse
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.raw.encoding import decode
from beltmap.geo.intake.rows import Rows
from beltmap.geo.intake.tables.head import WITHIN, find_heads, holds
from beltmap.geo.intake.tables.sheet import Sheet, filled
from beltmap.geo.intake.tables.table import open_tables

DELIMITERS: Final = (",", ";", "\t", "|", "，")


def open_csv_tables(
    data: bytes, *, limits: Limits, answers: Answers
) -> Mapping[str, Callable[[], Rows]]:
    """
    Find the tables in comma-separated text.

    Parameters
    ----------
    data
        The whole file; commas, semicolons, tabs or bars between the cells.
    limits
        How large it may be.
    answers
        What a person said of its encoding, its head and its columns.

    Returns
    -------
    tables
        What reads each table, by where it is: one row a record, all values
        text as given, numbered as a spreadsheet does.

    Raises
    ------
    RefusedError
        If it is binary.
    """
    words, encoding, notices = decode(data, chosen=answers.encoding)
    zero = words.find("\x00")
    if zero >= 0:
        line = words.count("\n", 0, zero) + 1
        raise refuse("E_CSV_BINARY", {"line": line}, found="NUL")
    csv.field_size_limit(limits.text_characters)
    delimiter = _delimiter(words, answers.columns)
    records = _Records(words, delimiter, limits)
    sheet = Sheet(list(filled(records, limits=limits)))
    tables = open_tables(sheet, limits=limits, answers=answers)
    said = (*notices, *records.notices)
    return {
        name: partial(_with_notices, read, encoding, said)
        for name, read in tables.items()
    }


class _Records:
    """
    Records of a text, in which every quotation mark closes.

    Parameters
    ----------
    words
        The text.
    delimiter
        Character between two cells.
    limits
        How long a cell may be.
    """

    def __init__(self, words: str, delimiter: str, limits: Limits) -> None:
        self.lines = list(io.StringIO(words, newline=""))
        self.delimiter = delimiter
        self.limits = limits
        self.notices: list[Notice] = []

    def __iter__(self) -> Iterator[list[str]]:
        reader = csv.reader(self.lines, delimiter=self.delimiter, strict=True)
        while True:
            begin = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self._refused(begin, error) from None
            if reader.line_num > begin:
                self._look(begin, reader.line_num, len(cells))
            yield cells

    def _refused(self, line: int, error: csv.Error) -> RefusedError:
        if "field limit" in str(error):
            limit = self.limits.text_characters
            return refuse("E_CSV_SYNTAX", {"line": line}, limit=limit)
        return refuse("E_CSV_QUOTE", {"line": line})

    def _look(self, begin: int, end: int, width: int) -> None:
        """Say of a record of several lines where each could be one of its own."""
        lines = self.lines[begin - 1 : end]
        if width > 1 and all(one.count(self.delimiter) >= width - 1 for one in lines):
            said = notice("W_CSV_LINES", {"line": begin}, n=len(lines))
            self.notices.append(said)


def _with_notices(
    read: Callable[[], Rows], encoding: str, notices: tuple[Notice, ...]
) -> Rows:
    rows = read()
    return replace(rows, encoding=encoding, notices=(*notices, *rows.notices))


def _delimiter(words: str, columns: Mapping[str, str]) -> str:
    """Choose the delimiter under which the first lines make most sense."""
    head = words[:20_000].splitlines()[:WITHIN]
    best, score = ",", (-1, -1)
    for delimiter in DELIMITERS:
        try:
            lines = list(csv.reader(head, delimiter=delimiter))
        except csv.Error:
            continue
        sheet = Sheet([(n, line) for n, line in enumerate(lines, start=1) if any(line)])
        heads = find_heads(sheet, columns)
        read = any(
            holds(cells, one.coordinates)
            for one in heads
            for number, cells in sheet.lines
            if number > one.last
        )
        width = max((len(line) for line in lines), default=0)
        if (len(heads[:1]) + read, width) > score:
            best, score = delimiter, (len(heads[:1]) + read, width)
    return best
