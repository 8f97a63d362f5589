"""Remarks of readers on a zone, a claim or a place, open or settled."""

import csv
import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from beltmap.geo.csvfile import Row, read_table, row_of
from beltmap.geo.errors import Fault, PlanError, fault, unknown_value

COMMENTS_FILE: Final = "comments.csv"
COMMENT_COLUMNS: Final = (
    "id",
    "about",
    "lon",
    "lat",
    "author",
    "time",
    "text",
    "state",
)
"""
Columns of the comments.

What a comment is ``about`` is the id of a zone or a claim; without one it is about
the place at ``lon`` and ``lat``. The ``time`` is written as ISO 8601 has it, the
``state`` is one of `STATES`.
"""

STATES: Final = ("open", "settled")

_NEEDED: Final = ("id", "author", "time", "text", "state")
_LIMITS: Final = {"lon": 180.0, "lat": 90.0}


def read_comments(folder: Path) -> pd.DataFrame:
    """
    Read the comments of a plan and check them.

    Parameters
    ----------
    folder
        Folder of the plan, perhaps with ``comments.csv``; a plan needs none.

    Returns
    -------
    comments
        One row a comment, columns `COMMENT_COLUMNS`: ``lon`` and ``lat`` are
        degrees, all others text or None. Empty without the file.

    Raises
    ------
    PlanError
        With every fault of the file, each with its line.
    """
    if not (folder / COMMENTS_FILE).exists():
        return no_comments()
    table = read_table(folder / COMMENTS_FILE, columns=COMMENT_COLUMNS)
    faults = list(table.faults)
    seen: set[str] = set()
    for line, row in table.rows:
        where = row_of(table.name, line, row["id"])
        faults += _row_faults(row, where)
        if row["id"] in seen:
            faults.append(fault("E_DUPLICATE_ID.comment", where))
        seen.add(row["id"])
    if faults:
        raise PlanError(faults)
    return _frame([row for _, row in table.rows])


def with_comment(folder: Path, **given: str) -> dict[str, bytes]:
    """
    Write a table of comments with one more.

    Parameters
    ----------
    folder
        Folder of the plan.
    **given
        Cells of the comment by column; it gets an id that is free, and is open.

    Returns
    -------
    files
        Content of ``comments.csv``, by its name.

    Raises
    ------
    PlanError
        With every fault of the comment.
    """
    rows = _rows(folder)
    taken = {row["id"] for row in rows}
    free = next(one for n in count(len(rows) + 1) if (one := f"c{n}") not in taken)
    row = dict.fromkeys(COMMENT_COLUMNS, "") | {"id": free, "state": STATES[0]} | given
    faults = list(_row_faults(row, COMMENTS_FILE))
    if faults:
        raise PlanError(faults)
    return _table([*rows, row])


def with_settled(folder: Path, comment: str) -> dict[str, bytes]:
    """
    Write a table of comments, of which one is settled.

    Raises
    ------
    PlanError
        If there is no such comment.
    """
    rows = _rows(folder)
    ids = [row["id"] for row in rows]
    if comment not in ids:
        raise PlanError([unknown_value(COMMENTS_FILE, "id", comment, ids)])
    return _table(
        [row | {"state": STATES[1]} if row["id"] == comment else row for row in rows]
    )


def _rows(folder: Path) -> list[Row]:
    if not (folder / COMMENTS_FILE).exists():
        return []
    # what is wrong with it is said before anything is written
    read_comments(folder)
    table = read_table(folder / COMMENTS_FILE, columns=COMMENT_COLUMNS)
    return [row for _, row in table.rows]


def _table(rows: list[Row]) -> dict[str, bytes]:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COMMENT_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return {COMMENTS_FILE: out.getvalue().encode()}


def no_comments() -> pd.DataFrame:
    """Give the table of a plan on which nobody remarked anything."""
    return _frame([])


def _frame(rows: list[Row]) -> pd.DataFrame:
    cells = [{name: cell or None for name, cell in row.items()} for row in rows]
    frame = pd.DataFrame(cells, columns=list(COMMENT_COLUMNS), dtype=object)
    return frame.astype(dict.fromkeys(_LIMITS, np.float64))


def _row_faults(row: Row, where: str) -> Iterator[Fault]:
    for column in _NEEDED:
        if not row[column]:
            yield fault("E_EMPTY_CELL", where, column=column)
    if row["state"] and row["state"] not in STATES:
        yield unknown_value(
            where, "state", row["state"], STATES, code="E_UNKNOWN_VALUE"
        )
    for column, most in _LIMITS.items():
        if row[column] and not _within(row[column], most):
            found = {"column": column, "value": row[column]}
            yield fault("E_NUMBER", where, **found, least=-most, most=most)
    if bool(row["lon"]) != bool(row["lat"]) or not (row["about"] or row["lon"]):
        yield fault("E_COMMENT_ABOUT", where)


def _within(cell: str, most: float) -> bool:
    """Tell whether a cell is a number of degrees; no NaN."""
    try:
        return -most <= float(cell) <= most
    except ValueError:
        return False
