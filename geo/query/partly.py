"""A file that has a part of a plan, beside that part of the plan."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd

from beltmap.geo import schema

if TYPE_CHECKING:
    import pandas as pd

_ALWAYS: Final = frozenset({"id", "drawn_area_km2"})


@dataclass(frozen=True, eq=False)
class Part:
    """
    What a file and a plan both speak of.

    Parameters
    ----------
    before
        The plan's zones that the file has as well.
    after
        The file's zones; what the file does not say of them is as in the plan.
    left
        How many zones of the plan the file does not have.
    """

    before: gpd.GeoDataFrame
    after: gpd.GeoDataFrame
    left: int


def part_of_plan(
    zones: gpd.GeoDataFrame, given: gpd.GeoDataFrame, said: Collection[str]
) -> Part:
    """
    Find which part of a plan a file has.

    Parameters
    ----------
    zones
        The plan's zones.
    given
        The file's zones, with `geo.schema.COLUMNS`.
    said
        Columns that the file has; others say nothing about it.
    """
    ids = set(given["id"])
    before = zones[zones["id"].isin(ids)]
    after = given.copy()
    known = before.set_index("id")
    for column in schema.COLUMNS:
        if column not in said and column not in _ALWAYS:
            plan: pd.Series[Any] = after["id"].map(known[column])
            own = after[column].astype(object)
            after[column] = plan.astype(object).where(
                after["id"].isin(known.index), own
            )
    return Part(before, after, len(zones) - len(before))
