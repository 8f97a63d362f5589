"""Tables of text in CSV files, read strictly."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from geo.errors import Fault
from geo.language.messages import text

Row: TypeAlias = dict[str, str]
"""Cells of one row by column, without the blanks around them."""


@dataclass(frozen=True)
class Table:
    """
    Rows of a file and what is wrong with them.

    Parameters
    ----------
    name
        Name of the file, without its folder.
    rows
        Line in the file, counted from 1, and cells of each readable row.
    faults
        Everything that keeps the file from being used.
    """

    name: str
    rows: tuple[tuple[int, Row], ...]
    faults: tuple[Fault, ...]


def read_table(path: Path, *, columns: Sequence[str]) -> Table:
    """
    Read a CSV file that has exactly the columns named.

    Parameters
    ----------
    path
        UTF-8 file, with or without a byte order mark, header in line 1.
    columns
        Names of the columns, in their order.

    Returns
    -------
    table
        Rows and faults; a missing or unreadable file has no rows.
    """
    name = path.name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            lines = [(reader.line_num, cells) for cells in reader if cells]
    except OSError:
        return Table(name, (), (_missing(name),))
    except (UnicodeDecodeError, csv.Error) as error:
        return Table(name, (), (_unreadable(name, error),))
    if header != list(columns):
        return Table(name, (), (_wrong_columns(name, header, columns),))
    faults = [
        _wrong_length(row_of(name, line), len(cells), len(columns))
        for line, cells in lines
        if len(cells) != len(columns)
    ]
    rows = [
        (line, dict(zip(columns, map(str.strip, cells), strict=True)))
        for line, cells in lines
        if len(cells) == len(columns)
    ]
    return Table(name, tuple(rows), tuple(faults))


def row_of(name: str, line: int, key: str = "") -> str:
    """
    Say where a row is.

    Parameters
    ----------
    name
        Name of the file.
    line
        Line in it, counted from 1.
    key
        The row's id, where it has one.

    Returns
    -------
    where
        As a reader looks for it.

    Examples
    --------
    >>> row_of("claims.csv", 12, "qd-belt.width")
    'claims.csv, line 12 (qd-belt.width)'
    """
    place = "where.row_key" if key else "where.row"
    return text(place, name=name, line=line, key=key)


def _missing(name: str) -> Fault:
    return Fault(
        "E_FILE_MISSING",
        name,
        text("fault.file_missing"),
        text("fault.file_missing.table"),
    )


def _unreadable(name: str, error: Exception) -> Fault:
    return Fault(
        "E_TABLE_SYNTAX",
        name,
        text("fault.table_syntax", error=error),
        text("fault.table_syntax.mend"),
    )


def _wrong_columns(name: str, found: Sequence[str], columns: Sequence[str]) -> Fault:
    return Fault(
        "E_TABLE_COLUMNS",
        row_of(name, 1),
        text("fault.table_columns", found=",".join(found) or text("list.none")),
        text("fault.table_columns.mend", known=",".join(columns)),
    )


def _wrong_length(where: str, found: int, expected: int) -> Fault:
    return Fault(
        "E_TABLE_ROW",
        where,
        text("fault.table_row", found=found, expected=expected),
        text("fault.table_row.mend"),
    )
