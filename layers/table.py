"""The table of zones as a reader sees it."""

import numpy as np
import pandas as pd

from geo.messages import other, own, text
from geo.plan import Plan
from geo.query import Mask
from layers.card import city_label, code_label, sector_labels

MOST_ROWS = 1000
"""Rows that the table shows; the download has them all."""


def zone_table(plan: Plan, mask: Mask) -> pd.DataFrame:
    """
    Lay out the chosen zones for reading.

    Parameters
    ----------
    plan
        The plan.
    mask
        Which of its zones are chosen.

    Returns
    -------
    table
        One row a zone, at most `MOST_ROWS`, indexed by the zone's row number
        in the plan; headers and codes in words, areas in square kilometres.
    """
    chosen = plan.zones.take(np.flatnonzero(mask)[:MOST_ROWS])
    columns = {
        "name": chosen[own("name")],
        "name_other": chosen[other("name")],
        "city": [city_label(city) for city in chosen["city"]],
        "kind": [code_label("kind", code) for code in chosen["kind"]],
        "status": [code_label("status", code) for code in chosen["status"]],
        "declared": chosen["declared_area_km2"],
        "drawn": chosen["drawn_area_km2"],
        "boundary": [code_label("boundary", code) for code in chosen["boundary"]],
        "sectors": [sector_labels(plan.sectors, codes) for codes in chosen["sectors"]],
        "source": [plan.cite(source) for source in chosen["source"].fillna("")],
    }
    headers = {name: text(f"table.{name}") for name in columns}
    return pd.DataFrame(columns, index=chosen.index).rename(columns=headers)
