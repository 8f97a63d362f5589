"""The table of zones: the words that are written by hand, checked."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from geo import schema
from geo.errors import Fault, PlanError
from geo.language.messages import text
from geo.tables import Row, read_table, row_of

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
    table = read_table(folder / ZONES_FILE, columns=WRITTEN)
    times = Counter(row["id"] for _, row in table.rows)
    faults = list(table.faults)
    for line, row in table.rows:
        where = row_of(table.name, line, row["id"])
        faults += _row_faults(row, where)
        if times[row["id"]] > 1:
            faults.append(
                Fault(
                    "E_DUPLICATE_ID",
                    where,
                    text("fault.duplicate_zone"),
                    text("fault.duplicate_zone.mend"),
                )
            )
    if faults:
        raise PlanError(faults)
    return {row["id"]: row for _, row in table.rows}


def _row_faults(row: Row, where: str) -> Iterator[Fault]:
    """Find empty cells and words that the schema does not know."""
    for column in _NEEDED:
        if not row[column]:
            yield Fault(
                "E_EMPTY_CELL",
                where,
                text("fault.no_column", column=column),
                text("fault.no_column.mend"),
            )
    words = [(column, row[column], schema.CLOSED[column]) for column in _CLOSED]
    if row["patterns"]:
        patterns = row["patterns"].split(schema.SEPARATOR)
        words += [("patterns", pattern, schema.PATTERNS) for pattern in patterns]
    for column, word, known in words:
        if word not in known:
            yield Fault(
                f"E_UNKNOWN_{column.upper()}",
                where,
                text("fault.unknown_value", column=column, value=word),
                text("fault.use_one_of", known=", ".join(known)),
            )
