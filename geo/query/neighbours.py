"""What lies around a zone, as drawn: in what, on what, how far away."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from beltmap.geo.query.summary import placeless

INSIDE: Final = 0.999
"""Share of a zone from which on it is drawn inside another one."""

ORDER: Final = ("inside", "across", "around", "beside")
"""How zones lie to one, those first that a reader looks for first."""

ASKED: Final = 16
"""Zones whose outlines are measured at first, those of the nearest boxes."""

_EARTH: Final = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class Neighbour:
    """
    A zone beside another one.

    Parameters
    ----------
    row
        Its row in the plan.
    how
        "inside" where the other is drawn in it, "around" where it is drawn in the
        other, "across" where they share land, "beside" else.
    distance_m
        Shortest way between the outlines on the WGS 84 ellipsoid; 0 where they meet.
    """

    row: int
    how: str
    distance_m: float


def neighbours(zones: gpd.GeoDataFrame, row: int, *, most: int = 3) -> list[Neighbour]:
    """
    Find the zones nearest to one.

    Parameters
    ----------
    zones
        Zones of a plan, polygons in EPSG:4326 or no geometry.
    row
        Which of them.
    most
        Zones to find.

    Returns
    -------
    neighbours
        The nearest first; none for a zone that is not drawn or whose place is
        unknown, and none of those.
    """
    geometries = zones.geometry.to_numpy()
    placed = zones.geometry.notna().to_numpy(bool) & ~placeless(zones)
    here = geometries[row]
    if not placed[row]:
        return []
    others = np.flatnonzero(placed)
    others = others[others != row]
    apart = _boxes_apart(here, geometries[others])
    order = np.argsort(apart, kind="stable")
    asked, found = ASKED, list[Neighbour]()
    while True:
        nearest = others[order[:asked]]
        ways = shapely.shortest_line(here, geometries[nearest])
        metres = [_EARTH.geometry_length(way) for way in ways]
        found = [
            Neighbour(int(at), _how(here, geometries[at], far), far)
            for at, far in zip(nearest, metres, strict=True)
        ]
        found.sort(key=lambda one: (ORDER.index(one.how), one.distance_m))
        enough = len(found) >= most and asked < len(order)
        # no box that was left out may be nearer than what was found
        if asked >= len(order) or (
            enough and apart[order[asked]] > found[most - 1].distance_m
        ):
            return found[:most]
        asked *= 2


def _how(here: BaseGeometry, other: BaseGeometry, far_m: float) -> str:
    if far_m > 0 or not shapely.intersects(here, other):
        return "beside"
    shared = shapely.intersection(here, other).area
    if shared >= INSIDE * here.area and other.area > here.area:
        return "inside"
    if shared >= INSIDE * other.area:
        return "around"
    return "across" if shared > 0 else "beside"


def _boxes_apart(
    here: BaseGeometry, others: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Bound from below how many metres boxes lie apart, roughly."""
    west, south, east, north = shapely.bounds(here)
    boxes = shapely.bounds(others).reshape(-1, 4).T
    across = np.maximum(0, np.maximum(boxes[0] - east, west - boxes[2]))
    up = np.maximum(0, np.maximum(boxes[1] - north, south - boxes[3]))
    furthest = np.maximum(np.abs(boxes[[1, 3]]).max(axis=0), max(-south, north))
    narrow = np.cos(np.radians(np.minimum(furthest, 90)))
    # a degree is 110.5 km long at least
    return np.asarray(110_500 * np.hypot(across * narrow, up), np.float64)
