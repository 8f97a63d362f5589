"""Headers of tables: one word a column, wherever the table is laid out."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from beltmap.geo.language.messages import text

if TYPE_CHECKING:
    import pandas as pd

MEASURED: Final = ("declared", "drawn", "difference", "overlap")
"""Columns of areas, whose header names their unit where no column does."""


def header(column: str, *, unit: str | None = None) -> str:
    """
    Say the header of a column.

    Parameters
    ----------
    column
        Its code.
    unit
        Unit of the table's areas, to be named in the header of one.

    Returns
    -------
    header
        In the spoken language; the code itself where the catalogue has none.

    Examples
    --------
    >>> header("drawn"), header("drawn", unit="ha"), header("zone", unit="ha")
    ('Drawn', 'Drawn (ha)', 'Zone')
    """
    try:
        said = text(f"report.{column}")
    except KeyError:
        return column
    if unit is None or column not in MEASURED:
        return said
    return text("report.in_unit", column=said, unit=text(f"unit.name.{unit}"))


def headed(
    table: "pd.DataFrame", columns: Iterable[str], *, unit: str | None = None
) -> "pd.DataFrame":
    """
    Choose columns and head them in words, for reading and downloading.

    Parameters
    ----------
    table
        Any table of `geo.report`, whose columns are called by their codes.
    columns
        Codes of the columns wanted; those that it lacks are left out.
    unit
        As in `header`.

    Returns
    -------
    table
        The columns in this order, headed in words.
    """
    kept = [name for name in columns if name in table]
    return table[kept].rename(columns={name: header(name, unit=unit) for name in kept})
