"""What can be wrong with a row of the claims."""

import math
import re
from collections.abc import Collection, Iterator
from typing import Final

from beltmap.geo.csvfile import Row, Table, row_of
from beltmap.geo.errors import Fault, fault, unknown_value
from beltmap.geo.schema import SEPARATOR
from beltmap.geo.units import UNITS

QUALIFIERS: Final = (
    "exact",
    "at least",
    "more than",
    "about",
    "nearly",
    "at most",
    "above",
    "range",
)
YEAR_BASES: Final = ("stated", "stated elsewhere", "inferred", "not stated")
METHODS: Final = ("stated", "published elsewhere", "inferred", "computed", "drawn")
STANCES: Final = ("measured", "goal", "committed")

CLOSED: Final = {
    "qualifier": QUALIFIERS,
    "unit": tuple(UNITS),
    "year_basis": YEAR_BASES,
    "method": METHODS,
    "stance": STANCES,
}
"""Columns whose value, where there is one, comes from a closed list."""

LINKS: Final = ("share_of", "summand_of", "each_of")
"""Columns that name another claim."""

NEEDED: Final = ("id", "subject", "attribute", "source", "method")

NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


def claim_faults(
    row: Row, where: str, *, sources: Collection[str], sectors: Collection[str]
) -> Iterator[Fault]:
    """
    Find what is wrong with one claim on its own.

    Parameters
    ----------
    row
        Cells of the claim by column.
    where
        File and line, for the faults.
    sources
        Ids of the sources.
    sectors
        Codes of the sector vocabulary.

    Yields
    ------
    fault
        Each thing that is wrong.
    """
    for column in NEEDED:
        if not row[column]:
            yield fault("E_EMPTY_CELL", where, column=column)
    for column, allowed in CLOSED.items():
        if row[column] and row[column] not in allowed:
            yield unknown_value(where, column, row[column], allowed)
    if row["source"] and row["source"] not in sources:
        yield unknown_value(where, "source", row["source"], sources)
    if row["attribute"] == "sectors":
        for code in row["text"].split(SEPARATOR):
            if code not in sectors:
                yield unknown_value(where, "sector", code, sectors)
        yield from _basis_faults(row, where)
    yield from _id_faults(row, where)
    yield from _value_faults(row, where)
    yield from _year_faults(row, where)


def link_faults(table: Table) -> Iterator[Fault]:
    """
    Find claims that are tied to a claim that no one makes.

    Parameters
    ----------
    table
        All claims.

    Yields
    ------
    fault
        Each link to an unknown claim, to a claim without a figure, or to the
        claim itself.
    """
    figures = {row["id"] for _, row in table.rows if row["value"]}
    for line, row in table.rows:
        for column in LINKS:
            if row[column] and row[column] not in figures - {row["id"]}:
                yield fault(
                    "E_UNKNOWN_CLAIM",
                    row_of(table.name, line, row["id"]),
                    column=column,
                    value=row[column],
                )


def _id_faults(row: Row, where: str) -> Iterator[Fault]:
    stem = f"{row['subject']}.{row['attribute']}"
    if row["id"] != stem and not row["id"].startswith(f"{stem}."):
        yield fault("E_CLAIM_ID", where, stem=stem)


def _basis_faults(row: Row, where: str) -> Iterator[Fault]:
    """Find sectors of which the words are named for some codes, but not for all."""
    codes = [item.partition("=")[0] for item in row["rests_on"].split(SEPARATOR)]
    if row["rests_on"] and codes != row["text"].split(SEPARATOR):
        yield fault("E_RESTS_ON", where, rests_on=row["rests_on"], sectors=row["text"])


def _value_faults(row: Row, where: str) -> Iterator[Fault]:
    """Find numbers that are none, and values that do not go together."""
    for column in ("value", "value_max"):
        if row[column] and not _is_number(row[column]):
            yield fault("E_NOT_A_NUMBER", where, column=column, value=row[column])
    if bool(row["value"]) == bool(row["text"]):
        count = "both" if row["value"] else "neither"
        yield fault(f"E_CLAIM_VALUE.{count}", where)
    for column in ("qualifier", "unit"):
        if bool(row["value"]) != bool(row[column]):
            found = {"value": row[column], "number": row["value"]}
            yield fault("E_CLAIM_VALUE.column", where, column=column, **found)
    if (row["qualifier"] == "range") != _is_range(row):
        found = {name: row[name] for name in ("qualifier", "value", "value_max")}
        yield fault("E_CLAIM_RANGE", where, **found)


def _year_faults(row: Row, where: str) -> Iterator[Fault]:
    if row["year"] and not re.fullmatch(r"[12]\d{3}", row["year"]):
        yield fault("E_NOT_A_YEAR", where, year=row["year"])
    if bool(row["year"]) == (row["year_basis"] in {"", "not stated"}):
        found = {"year_basis": row["year_basis"], "year": row["year"]}
        yield fault("E_YEAR_BASIS", where, **found)


def _is_number(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell)) and math.isfinite(float(cell))


def _is_range(row: Row) -> bool:
    """Tell whether a second, larger value is given; not for broken numbers."""
    value, value_max = row["value"], row["value_max"]
    if not value_max:
        return False
    if not (_is_number(value) and _is_number(value_max)):
        return row["qualifier"] == "range"
    return float(value_max) > float(value) or row["qualifier"] != "range"
