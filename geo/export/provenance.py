"""Claims and sources in the form in which files without tables carry them."""

from typing import Any

import pandas as pd

from geo.claims.table import CLAIM_COLUMNS, SOURCE_COLUMNS
from geo.export.extract import Extract


def as_records(extract: Extract) -> dict[str, list[dict[str, Any]]]:
    """
    Write claims and sources as lists of what they say.

    Parameters
    ----------
    extract
        What is written.

    Returns
    -------
    records
        ``claims`` and ``sources``: a dict a row, without missing values.
    """
    return {
        "claims": _records(extract.claims),
        "sources": _records(extract.sources),
    }


def from_records(records: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Read claims and sources from the lists that `as_records` wrote.

    Parameters
    ----------
    records
        Members of a GeoJSON file, or the metadata of a GeoParquet file.

    Returns
    -------
    claims, sources
        Tables as `geo.claims.table.read_claims` and `read_sources` give them.
    """
    claims = pd.DataFrame(records["claims"], columns=list(CLAIM_COLUMNS))
    sources = pd.DataFrame(records["sources"], columns=list(SOURCE_COLUMNS))
    numbers = claims[["value", "value_max"]].astype(float)
    texts = claims.astype(object).where(claims.notna(), None)
    years = claims["year"].astype("Int64")
    sources = sources.astype(object).where(sources.notna(), None)
    return texts.assign(**numbers, year=years), sources


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(k): v for k, v in row.items() if not pd.isna(v)}
        for row in table.astype(object).to_dict("records")
    ]
