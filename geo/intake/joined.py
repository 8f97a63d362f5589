"""A plan with a user's zones in it, for as long as the user looks at it."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import schema
from geo.intake.frame import UPLOAD
from geo.plan import Plan


def with_zones(plan: Plan, zones: gpd.GeoDataFrame) -> Plan:
    """
    Add a user's zones to a plan, marked as theirs.

    Parameters
    ----------
    plan
        The plan, which stays as it is.
    zones
        Zones as `geo.intake.frame.zones_of` gives them, EPSG:4326.

    Returns
    -------
    joined
        A plan with the zones of `plan` first, under their row numbers, then
        the user's, with the columns of both; an id that is taken already gets
        a number.
    """
    taken = set(plan.zones["id"])
    named = zones.assign(id=[_free(str(zone), taken) for zone in zones["id"]])
    columns = list(dict.fromkeys([*schema.COLUMNS, UPLOAD, *plan.zones, *zones]))
    columns.remove("geometry")
    parts = [frame.reindex(columns=columns) for frame in (plan.zones, named)]
    table = pd.concat([part.astype(object) for part in parts], ignore_index=True)
    table = table.where(table.notna(), None)
    for column in schema.NUMBERS:
        table[column] = table[column].astype(np.float64)
    shapes = np.concatenate([plan.zones.geometry.to_numpy(), zones.geometry.to_numpy()])
    return replace(plan, zones=gpd.GeoDataFrame(table, geometry=shapes, crs=4326))


def _free(zone: str, taken: set[str]) -> str:
    """Give an id that no other zone has, and take it."""
    free, n = zone, 2
    while free in taken:
        free, n = f"{zone} ({n})", n + 1
    taken.add(free)
    return free
