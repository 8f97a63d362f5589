"""The embedded basemap as payloads: land, roads and names."""

from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo.geometry.geojson import Box
from beltmap.geo.ground.ground import LABEL_COLUMNS
from beltmap.geo.plan.places import LINE_COLUMNS, leaders
from beltmap.geo.plan.plan import Plan
from beltmap.layers.basemap.basemaps import EMBEDDED, Basemap
from beltmap.layers.payload.encode import encode

DECIMALS: Final = 5
"""Of a degree: 1.1 m, finer than any line of the basemap."""


def shapes_payload(parts: NDArray[Any]) -> bytes:
    """
    Write land or roads as a payload without attributes.

    Parameters
    ----------
    parts
        Polygons or lines in EPSG:4326.

    Returns
    -------
    payload
        One row a part, so that a view reads only the parts it shows.
    """
    return encode(parts, {}, meta={}, decimals=DECIMALS)


def places_payload(places: gpd.GeoDataFrame) -> bytes:
    """
    Write named places as a payload.

    Parameters
    ----------
    places
        Points in EPSG:4326 with ``name_en``, ``name_zh`` and ``role``.

    Returns
    -------
    payload
        One point a place, with its names and role.
    """
    columns = {name: places[name] for name in LABEL_COLUMNS}
    points = np.asarray(places.geometry.array, dtype=object)
    return encode(points, columns, meta={}, decimals=DECIMALS, coded=["role"])


def possible_lines(plan: Plan) -> gpd.GeoDataFrame:
    """Give the rival axes of a plan and the leaders to possible places."""
    lines = leaders(plan.zones, plan.places) if len(plan.places) else None
    found = [each for each in (plan.rival_axes, lines) if each is not None]
    if not found:
        return gpd.GeoDataFrame(
            {name: [] for name in LINE_COLUMNS}, geometry=[], crs=4326
        )
    joined: gpd.GeoDataFrame = pd.concat(found, ignore_index=True)
    return joined


def named_places(plan: Plan) -> gpd.GeoDataFrame:
    """
    Gather all named points that are no zones.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    places
        Labels of its basemap, places of context and rival candidates: points
        in EPSG:4326 with ``name_en``, ``name_zh`` and ``role``.
    """
    around = plan.places[plan.places["role"] != "zone"]
    own = around[[*LABEL_COLUMNS, "geometry"]]
    if plan.ground is None:
        return own
    named: gpd.GeoDataFrame = pd.concat([plan.ground.labels, own], ignore_index=True)
    return named


def basemap_payloads(plan: Plan, *, within: Box | None = None) -> dict[str, bytes]:
    """
    Write the embedded basemap of a plan.

    Parameters
    ----------
    plan
        The plan.
    within
        Box in degrees to which land, water and roads are cut; all, if left out.

    Returns
    -------
    payloads
        By name, as `layers.map.map.plan_map` wants their addresses; land, water
        and roads are left out where there are none. Among the places are lines of
        the role ``axis``, where a zone might run instead, and ``leader``, from
        a zone of unknown place to where it might be.
    """
    around = [named_places(plan), possible_lines(plan)[[*LABEL_COLUMNS, "geometry"]]]
    named: gpd.GeoDataFrame = pd.concat(around, ignore_index=True)
    places = {"places": places_payload(named)}
    if plan.ground is None:
        return places
    ground = plan.ground
    shapes = {"land": ground.land, "water": ground.water, "roads": ground.roads}
    if within is not None:
        shapes = {name: _cut(parts, within) for name, parts in shapes.items()}
    drawn = {
        name: shapes_payload(parts) for name, parts in shapes.items() if len(parts)
    }
    return drawn | places


def _cut(parts: NDArray[Any], box: Box) -> NDArray[Any]:
    """Cut shapes to a box; what lies outside is left out."""
    cut = shapely.clip_by_rect(parts, *box)
    return np.asarray(cut[~shapely.is_empty(cut)])


def embedded(plan: Plan, *, within: Box | None = None) -> Basemap:
    """Give the basemap that needs no network, with whose it is under this plan."""
    if plan.ground is None:
        return replace(EMBEDDED, credits=(), extents=())
    boxes = plan.ground.extents
    if within is not None:
        boxes = boxes.clip(within)
    found = np.column_stack([boxes.bounds.to_numpy(), boxes["scale"].to_numpy()])
    extents = tuple(map(tuple, found.tolist()))
    own = tuple((owner, None) for owner in plan.ground.credits)
    others = EMBEDDED.credits if plan.ground.with_shipped else ()
    return replace(EMBEDDED, credits=(*own, *others), extents=extents)
