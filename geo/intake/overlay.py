"""A plan with a user's zones in it, for as long as the user looks at it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from geopandas.array import GeometryArray

from beltmap.geo import schema
from beltmap.geo.intake.zones import UPLOAD
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.plan.plan import Plan
from beltmap.geo.query.matches import Mask
from beltmap.geo.zones.packed import PackedArray

HALF: Final = 0.5
LONGEST: Final = 200
"""Characters of a value of a user's own column that are shown."""


def with_zones(plan: Plan, zones: gpd.GeoDataFrame) -> Plan:
    """
    Add a user's zones to a plan, marked as theirs.

    Parameters
    ----------
    plan
        The plan, which stays as it is.
    zones
        Zones as `geo.intake.reading.Outcome` has them, EPSG:4326.

    Returns
    -------
    joined
        A plan with the zones of `plan` first, under their row numbers, then
        the user's, with the columns of both; an id that is taken already gets
        a number.
    """
    taken = set(plan.zones["id"])
    named = zones
    if not taken.isdisjoint(zones["id"]) or not zones["id"].is_unique:
        named = zones.assign(id=[_free(str(zone), taken) for zone in zones["id"]])
    columns = list(dict.fromkeys([*schema.COLUMNS, UPLOAD, *plan.zones, *zones]))
    columns.remove("geometry")
    texts = [column for column in columns if column not in schema.NUMBERS]
    first, size = len(plan.zones), len(plan.zones) + len(zones)
    parts = ((plan.zones, slice(first)), (named, slice(first, size)))
    # filled in place: of many zones, each copy costs more than their file
    cells = np.full((len(texts), size), None, object)
    for row, column in zip(cells, texts, strict=True):
        for part, place in parts:
            if column in part:
                values = part[column].to_numpy(object)
                row[place] = np.where(pd.isna(values), None, values)
    table = pd.DataFrame(cells.T, columns=texts, dtype=object, copy=False)
    for column in schema.NUMBERS:
        numbers = [part[column].to_numpy(np.float64) for part, _ in parts]
        table.insert(columns.index(column), column, np.concatenate(numbers))
    shapes = [plan.zones.geometry.array, zones.geometry.array]
    packed = any(isinstance(one, PackedArray) for one in shapes)
    kind = PackedArray if packed else GeometryArray
    table["geometry"] = kind._concat_same_type(shapes)  # noqa: SLF001 - pandas' own way
    return replace(plan, zones=gpd.GeoDataFrame(table, geometry="geometry", copy=False))


def put_together(files: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Put the zones of several files, or layers, under each other; at least one."""
    if len(files) == 1:
        return files[0]
    plain = [
        frame.astype(dict.fromkeys(frame.columns.drop("geometry"), object))
        for frame in files
    ]
    zones = gpd.GeoDataFrame(
        pd.concat(plain, ignore_index=True), geometry="geometry", crs=4326
    )
    return zones.astype(dict.fromkeys(schema.NUMBERS, float))


def is_mine(zones: gpd.GeoDataFrame) -> Mask:
    """
    Tell which zones are a user's own.

    Parameters
    ----------
    zones
        Zones of a plan, as `with_zones` gives them, or without a user's.

    Returns
    -------
    mine
        One truth value a zone.
    """
    if UPLOAD not in zones:
        return np.zeros(len(zones), bool)
    mine: Mask = zones[UPLOAD].notna().to_numpy(bool)
    return mine


def is_version(plan: Plan, zones: gpd.GeoDataFrame) -> bool:
    """
    Tell whether zones are another version of a plan rather than more zones.

    Parameters
    ----------
    plan
        The plan.
    zones
        Zones as `geo.intake.reading.Outcome` has them.

    Returns
    -------
    version
        Whether at least half of the zones have ids of the plan.
    """
    return len(zones) > 0 and bool(zones["id"].isin(plan.zones["id"]).mean() >= HALF)


def own_columns(zones: gpd.GeoDataFrame) -> list[str]:
    """
    List the columns that a plan does not have: those of the users' files.

    Parameters
    ----------
    zones
        Zones of a plan, as `with_zones` gives them.

    Returns
    -------
    columns
        In the order of the files.
    """
    known = {*schema.COLUMNS, *schema.QUALIFIED, UPLOAD, zones.geometry.name}
    return [str(column) for column in zones.columns if column not in known]


def shown_columns(plan: Plan) -> dict[str, str]:
    """
    Say which columns that a plan does not have its readers see.

    Parameters
    ----------
    plan
        The plan, perhaps with a user's zones.

    Returns
    -------
    labels
        What each is called, by column: those that the plan chooses, in its order,
        else all of its own; then those of users' files.
    """
    names = own_columns(plan.zones)
    chosen = plan.charter.columns
    if chosen is None:
        return {name: excerpt(name) for name in names}
    ours = [name for name in names if _of_users(plan.zones, name)]
    return {name: chosen[name].say() for name in chosen if name in names} | {
        name: excerpt(name) for name in ours if name not in chosen
    }


def _of_users(zones: gpd.GeoDataFrame, name: str) -> bool:
    """Tell whether a zone of a user's file has a value in a column."""
    if UPLOAD not in zones:
        return False
    return bool((zones[UPLOAD].notna() & zones[name].notna()).any())


def own_value(value: object) -> str | None:
    r"""
    Show a value of a column that a plan does not have.

    Examples
    --------
    >>> own_value(7), own_value(float("nan")), own_value("a\u202eb")
    ('7', None, 'a‹U+202E›b')
    """
    missing = value is None or value is pd.NA or value != value  # noqa: PLR0124 - not a number
    return None if missing else excerpt(value, limit=LONGEST)


def _free(zone: str, taken: set[str]) -> str:
    """Give an id that no other zone has, and take it."""
    free, n = zone, 2
    while free in taken:
        free, n = f"{zone} ({n})", n + 1
    taken.add(free)
    return free
