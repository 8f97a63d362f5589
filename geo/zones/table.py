"""The table of zones: the words that are written by hand, checked."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from beltmap.geo import schema
from beltmap.geo.charter.force import charter
from beltmap.geo.csvfile import Row, read_table, row_of
from beltmap.geo.errors import Fault, PlanError, fault, unknown_value

ZONES_FILE: Final = "zones.csv"

WRITTEN: Final = (
    "id",
    "name_en",
    "name_zh",
    "city",
    "kind",
    "status",
    "patterns",
    "focus_zh",
    "boundary",
)
"""Columns of the table; the claims give all others."""

_NEEDED: Final = ("id", "name_en", "city")
_CLOSED: Final = ("kind", "status", "boundary")


def read_zone_table(folder: Path) -> dict[str, Row]:
    """
    Read the hand-written words of each zone and check them.

    Parameters
    ----------
    folder
        Folder of the plan, with ``zones.csv``.

    Returns
    -------
    rows
        Cells by column `WRITTEN`, by the zone's id, in the order of the file.

    Raises
    ------
    PlanError
        With every fault of the file, each with its line: missing file or
        columns, an empty name, a word that the schema does not know, an id
        given twice.
    """
    if not (folder / ZONES_FILE).exists():
        columns = ", ".join(WRITTEN)
        raise PlanError([fault("E_FILE_MISSING.zones", ZONES_FILE, columns=columns)])
    table = read_table(folder / ZONES_FILE, columns=WRITTEN)
    times = Counter(row["id"] for _, row in table.rows)
    faults = list(table.faults)
    for line, row in table.rows:
        where = row_of(table.name, line, row["id"])
        faults += _row_faults(row, where)
        if times[row["id"]] > 1:
            faults.append(fault("E_DUPLICATE_ID.zone", where))
    if faults:
        raise PlanError(faults)
    return {row["id"]: row for _, row in table.rows}


def _row_faults(row: Row, where: str) -> Iterator[Fault]:
    """Find empty cells and words that the schema does not know."""
    for column in _NEEDED:
        if not row[column]:
            yield fault("E_EMPTY_CELL", where, column=column)
    closed = charter().closed | schema.CLOSED
    words = [(column, row[column], closed[column]) for column in _CLOSED]
    if row["patterns"] and charter().patterns:
        patterns = row["patterns"].split(schema.SEPARATOR)
        words += [("patterns", pattern, charter().patterns) for pattern in patterns]
    for column, word, known in words:
        if word not in known:
            yield unknown_value(where, column, word, known)
