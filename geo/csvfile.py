"""Tables of text in CSV files, read strictly."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from beltmap.geo.errors import Fault, fault, no_access
from beltmap.geo.language.messages import text

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")

CHARTER_FILE: Final = "plan.toml"
"""What a plan says of itself, in its folder."""

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


def read_table(
    path: Path,
    *,
    columns: Sequence[str],
    optional: Collection[str] = (),
    may_lack: bool = False,
) -> Table:
    """
    Read a CSV file that has exactly the columns named.

    Parameters
    ----------
    path
        UTF-8 file, with or without a byte order mark, header in line 1.
    columns
        Names of the columns, in their order.
    optional
        Those that a file may leave out, as older ones do; their cells are empty.
    may_lack
        Whether a plan that has a `CHARTER_FILE` may do without the file.

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
    except FileNotFoundError:
        lacks = may_lack and path.with_name(CHARTER_FILE).exists()
        return Table(name, (), () if lacks else (_missing(name),))
    except OSError as error:
        return Table(name, (), (no_access(name, error),))
    except (UnicodeDecodeError, csv.Error) as error:
        return Table(name, (), (_unreadable(name, error),))
    given = [name for name in columns if name in header or name not in optional]
    if header != given:
        return Table(name, (), (_wrong_columns(name, header, columns),))
    faults = [
        _wrong_length(row_of(name, line), len(cells), len(given))
        for line, cells in lines
        if len(cells) != len(given)
    ]
    empty = dict.fromkeys(columns, "")
    rows = [
        (line, empty | dict(zip(given, map(str.strip, cells), strict=True)))
        for line, cells in lines
        if len(cells) == len(given)
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
    return fault("E_FILE_MISSING.table", name)


def _unreadable(name: str, error: Exception) -> Fault:
    return fault("E_TABLE_SYNTAX", name, error=error)


def _wrong_columns(name: str, found: Sequence[str], columns: Sequence[str]) -> Fault:
    return fault(
        "E_TABLE_COLUMNS",
        row_of(name, 1),
        found=",".join(found) or text("list.none"),
        known=",".join(columns),
    )


def _wrong_length(where: str, found: int, expected: int) -> Fault:
    return fault("E_TABLE_ROW", where, found=found, expected=expected)


def is_formula(words: str) -> bool:
    """
    Tell whether a spreadsheet would run a text.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("1+1")
    (True, False)
    """
    return words.startswith(_FORMULA_STARTS)


def inert(words: str) -> str:
    """
    Write a text so that no spreadsheet runs it: with an apostrophe before it.

    Examples
    --------
    >>> inert("=1+1"), inert("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{words}" if is_formula(words) else words
