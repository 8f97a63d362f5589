"""The table of zones as a reader sees it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from geo.language.labels import code_label, sector_labels
from geo.language.messages import other, own, text
from geo.plan import Plan
from geo.query import Mask

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
        "city": _each(chosen["city"], partial(code_label, "city")),
        "kind": _each(chosen["kind"], partial(code_label, "kind")),
        "status": _each(chosen["status"], partial(code_label, "status")),
        "declared": chosen["declared_area_km2"],
        "drawn": chosen["drawn_area_km2"],
        "boundary": _each(chosen["boundary"], partial(code_label, "boundary")),
        "sectors": _each(chosen["sectors"], partial(sector_labels, plan.sectors)),
        "name_other": chosen[other("name")],
        "source": _each(chosen["source"].fillna(""), plan.cite),
    }
    headers = {name: text(f"table.{name}") for name in columns}
    return pd.DataFrame(columns, index=chosen.index).rename(columns=headers)


def _each(codes: "pd.Series[Any]", say: Callable[[Any], str]) -> list[str]:
    """Say codes in words, each distinct one once."""
    words = {code: say(code) for code in codes.unique()}
    return [words[code] for code in codes]
