"""The table of zones as a reader sees it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from beltmap.geo.charter.force import chartered
from beltmap.geo.claims.shown import in_area_unit, per_km2
from beltmap.geo.intake.columns.names import unique
from beltmap.geo.intake.overlay import is_mine, own_value, shown_columns
from beltmap.geo.language.hidden import reveal, reveal_each
from beltmap.geo.language.labels import code_label, sector_labels
from beltmap.geo.language.messages import other, own, text
from beltmap.geo.plan.selection import Selection

MOST_ROWS = 1000
"""Rows that the table shows; the download has them all."""

MOST_OWN = 20
"""Columns of users' own that the table shows; the download has them all."""


@chartered
def zone_table(selection: Selection) -> pd.DataFrame:
    """
    Lay out the chosen zones for reading.

    Parameters
    ----------
    selection
        The chosen zones.

    Returns
    -------
    table
        One row a zone, at most `MOST_ROWS`, indexed by the zone's row number
        in the plan; headers and codes in words, areas in the unit of the plan;
        then the first columns that users' files have beyond those of a plan.
    """
    plan = selection.plan
    chosen = selection.first(MOST_ROWS)
    columns = {
        "name": reveal_each(chosen[own("name")]),
        **_whose(chosen, mine=bool(is_mine(plan.zones).any())),
        "city": _each(chosen["city"], partial(code_label, "city")),
        "kind": _each(chosen["kind"], partial(code_label, "kind")),
        "status": _each(chosen["status"], partial(code_label, "status")),
        "declared": chosen["declared_area_km2"] * per_km2(),
        "drawn": chosen["drawn_area_km2"] * per_km2(),
        "boundary": _each(chosen["boundary"], partial(code_label, "boundary")),
        "sectors": _each(chosen["sectors"], partial(sector_labels, plan.sectors)),
        "name_other": reveal_each(chosen[other("name")]),
        "source": _each(chosen["source"].fillna(""), plan.cite),
    }
    headers = {name: text(f"table.{name}") for name in columns}
    headers |= {name: in_area_unit(headers[name]) for name in ("declared", "drawn")}
    table = pd.DataFrame(columns, index=chosen.index).rename(columns=headers)
    labels = shown_columns(plan)
    names = list(labels)[:MOST_OWN]
    given = (labels[name] for name in names)
    heads = unique([*table.columns, *given])[len(columns) :]
    for head, name in zip(heads, names, strict=True):
        values = [own_value(value) for value in chosen[name]]
        table[head] = pd.Series(values, index=table.index, dtype=object)
    return table


def _whose(chosen: gpd.GeoDataFrame, *, mine: bool) -> dict[str, list[str]]:
    """Say which zones are the reader's own, where any of the plan's are not."""
    words = (text("table.upload.plan"), text("table.upload.mine"))
    return {"upload": [words[int(one)] for one in is_mine(chosen)]} if mine else {}


def _each(codes: "pd.Series[Any]", say: Callable[[Any], str]) -> list[str]:
    """Say codes in words, each distinct one once."""
    words = {code: reveal(say(code)) for code in codes.unique()}
    return [words[code] for code in codes]
