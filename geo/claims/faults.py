"""What can be wrong with a row of the claims."""

import math
import re
from collections.abc import Collection, Iterator
from typing import Final

from geo.errors import Fault
from geo.language.messages import text
from geo.schema import SEPARATOR
from geo.tables import Row, Table, row_of
from geo.units import UNITS

QUALIFIERS: Final = (
    "exact",
    "at least",
    "more than",
    "about",
    "nearly",
    "above",
    "range",
)
YEAR_BASES: Final = ("stated", "stated elsewhere", "inferred", "not stated")
METHODS: Final = ("stated", "published elsewhere", "inferred", "computed")
STANCES: Final = ("measured", "goal")

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
            mend = text("fault.empty_cell.mend")
            yield Fault(
                "E_EMPTY_CELL", where, text("fault.empty_cell", column=column), mend
            )
    for column, allowed in CLOSED.items():
        if row[column] and row[column] not in allowed:
            yield _unknown(where, column, row[column], allowed)
    if row["source"] and row["source"] not in sources:
        yield _unknown(where, "source", row["source"], sources)
    if row["attribute"] == "sectors":
        for code in row["text"].split(SEPARATOR):
            if code not in sectors:
                yield _unknown(where, "sector", code, sectors)
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
                yield Fault(
                    "E_UNKNOWN_CLAIM",
                    row_of(table.name, line, row["id"]),
                    text("fault.unknown_claim", column=column, value=row[column]),
                    text("fault.unknown_claim.mend"),
                )


def _id_faults(row: Row, where: str) -> Iterator[Fault]:
    stem = f"{row['subject']}.{row['attribute']}"
    if row["id"] != stem and not row["id"].startswith(f"{stem}."):
        what = text("fault.claim_id")
        mend = text("fault.claim_id.mend", stem=stem)
        yield Fault("E_CLAIM_ID", where, what, mend)


def _value_faults(row: Row, where: str) -> Iterator[Fault]:
    """Find numbers that are none, and values that do not go together."""
    for column in ("value", "value_max"):
        if row[column] and not _is_number(row[column]):
            what = text("fault.value", column=column, value=row[column])
            mend = text("fault.not_a_number.mend")
            yield Fault("E_NOT_A_NUMBER", where, what, mend)
    if bool(row["value"]) == bool(row["text"]):
        what = text("fault.claim_both") if row["value"] else text("fault.claim_neither")
        mend = text("fault.claim_one.mend")
        yield Fault("E_CLAIM_VALUE", where, what, mend)
    for column in ("qualifier", "unit"):
        if bool(row["value"]) != bool(row[column]):
            what = text(
                "fault.claim_value",
                column=column,
                value=row[column],
                number=row["value"],
            )
            mend = text("fault.claim_value.mend", column=column)
            yield Fault("E_CLAIM_VALUE", where, what, mend)
    if (row["qualifier"] == "range") != _is_range(row):
        what = text(
            "fault.claim_range",
            qualifier=row["qualifier"],
            value=row["value"],
            value_max=row["value_max"],
        )
        mend = text("fault.claim_range.mend")
        yield Fault("E_CLAIM_RANGE", where, what, mend)


def _year_faults(row: Row, where: str) -> Iterator[Fault]:
    if row["year"] and not re.fullmatch(r"[12]\d{3}", row["year"]):
        what = text("fault.year", year=row["year"])
        mend = text("fault.year.mend")
        yield Fault("E_NOT_A_YEAR", where, what, mend)
    if bool(row["year"]) == (row["year_basis"] in {"", "not stated"}):
        what = text("fault.year_basis", year_basis=row["year_basis"], year=row["year"])
        mend = text("fault.year_basis.mend")
        yield Fault("E_YEAR_BASIS", where, what, mend)


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


def _unknown(where: str, column: str, found: str, allowed: Collection[str]) -> Fault:
    return Fault(
        f"E_UNKNOWN_{column.upper()}",
        where,
        text("fault.unknown_value", column=column, value=found),
        text("fault.use_one_of", known=", ".join(allowed)),
    )
