"""Claims and sources in the form in which files without tables carry them."""

from typing import Any

import pandas as pd

from beltmap.geo.export.extract import Extract


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
        ``claims`` and ``sources``, and ``comments`` if there are any: a dict a row,
        without missing values.
    """
    records = {
        "claims": _records(extract.claims),
        "sources": _records(extract.sources),
    }
    if len(extract.comments):
        records["comments"] = _records(extract.comments)
    return records


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(k): v for k, v in row.items() if not pd.isna(v)}
        for row in table.astype(object).to_dict("records")
    ]
