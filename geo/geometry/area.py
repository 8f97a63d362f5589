"""Areas on the WGS 84 ellipsoid, for many polygons at once."""

from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.language.messages import text

GEOD: Final = Geod(ellps="WGS84")
M2_PER_KM2: Final = 1e6

_LONG_DEG: Final = 0.1
"""An edge that spans more is cut along its geodesic; the series needs it short."""

_BATCH: Final = 512
"""Rings handled at once, so that their edges fit in the processor's cache."""

_HEIGHT: Final = tuple(
    (1 - GEOD.es) / 2 * (1 + 1 / (2 * k + 1)) * GEOD.es**k for k in range(8)
)
"""Snyder's equation 3-12 as a series in the square of the sine, to the last digit."""

_POLYGON: Final = 3
_COLLECTIONS: Final = 4

Floats = NDArray[np.float64]
Shape: TypeAlias = Any
"""A shapely geometry; shapely says only at run time of which type."""

Geometries: TypeAlias = NDArray[Any]
"""Shapes and None, one a row."""


def areas_m2(geometries: ArrayLike) -> Floats:
    """
    Measure polygons on the WGS 84 ellipsoid.

    Edges are geodesics. Each adds the area between itself and the equator of
    the authalic (equal-area) latitude, taken as a trapezoid, and what the
    geodesic bulges out of that trapezoid, to third order in its length. Agrees
    with `pyproj.Geod.geometry_area_perimeter` to 1e-8 at a fraction of its
    cost.

    Parameters
    ----------
    geometries
        Shapely geometries in longitude and latitude, degrees (EPSG:4326). Rings
        may run either way; none may go round a pole.

    Returns
    -------
    areas_m2
        Area of each geometry in square metres: holes do not count, parts of a
        multipolygon add up; 0 for points, lines, empty geometries and None.

    References
    ----------
    Snyder (1987), Map projections: a working manual, equation 3-12 for the
    authalic latitude. Karney (2013), Algorithms for geodesics, J. Geodesy 87,
    for what is approximated.

    Examples
    --------
    >>> square = shapely.box(120, 36, 121, 37)
    >>> [round(area / 1e6) for area in areas_m2([square, None])]
    [9942, 0]
    """
    whole = np.atleast_1d(np.asarray(geometries, dtype=object))
    polygons, owner = _polygons(whole)
    holed = shapely.get_num_interior_rings(polygons) > 0
    rings, of = shapely.get_rings(polygons[holed], return_index=True)
    outlines = _ring_areas(polygons[~holed])
    ring_areas = _ring_areas(rings)
    # the first ring of a polygon is its outline, the others are holes
    ring_areas[1:][of[1:] == of[:-1]] *= -1
    owners = np.append(owner[~holed], owner[holed][of])
    sums = np.bincount(owners, np.append(outlines, ring_areas), len(whole))
    return sums.astype(np.float64)


def drawn_area_km2(zones: gpd.GeoDataFrame) -> "pd.Series[float]":
    """
    Measure the drawn area of each zone.

    Areas are geodesic: they follow the WGS 84 ellipsoid, so they hold at any
    latitude and do not depend on the CRS in which `zones` arrives.

    Parameters
    ----------
    zones
        Polygons or multipolygons in any CRS. Holes do not count as area.

    Returns
    -------
    drawn_area_km2
        Area of each zone in square kilometres, indexed as `zones`;
        missing where a zone has no geometry.

    Raises
    ------
    PlanError
        If `zones` has no CRS.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(120, 36, 121, 37)], crs=4326)
    >>> drawn_area_km2(zones).round(3).tolist()
    [9941.629]
    >>> drawn_area_km2(zones.to_crs(4549)).round(3).tolist()
    [9941.629]
    """
    geometries = in_degrees(zones)
    drawn = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    areas = np.where(drawn, areas_m2(geometries) / M2_PER_KM2, np.nan)
    return pd.Series(areas, index=zones.index, name="drawn_area_km2")


def in_degrees(zones: gpd.GeoDataFrame) -> Geometries:
    """
    Give the geometries of zones in longitude and latitude.

    Parameters
    ----------
    zones
        Zones in any CRS.

    Returns
    -------
    geometries
        In EPSG:4326, in the order of `zones`.

    Raises
    ------
    PlanError
        If `zones` has no CRS.
    """
    if zones.crs is None:
        raise PlanError([_no_crs()])
    return np.asarray(zones.geometry.to_crs(4326).array)


def union(geometries: ArrayLike) -> BaseGeometry:
    """
    Merge what polygons cover, so that overlaps count once.

    Parameters
    ----------
    geometries
        Shapely geometries in any one CRS. Invalid ones are mended first;
        None, empty ones, points and lines are left out.

    Returns
    -------
    union
        Polygon or multipolygon in the CRS of `geometries`; an empty
        geometry collection where nothing is covered.

    Examples
    --------
    >>> union([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1), None]).area
    3.0
    """
    return merge(mended(geometries))


def merge(geometries: Geometries) -> BaseGeometry:
    """
    Merge what valid polygons cover: `union` without looking for invalid ones.

    Parameters
    ----------
    geometries
        Valid shapely geometries in any one CRS, or None.

    Returns
    -------
    union
        As from `union`.
    """
    return shapely.disjoint_subset_union_all(_polygons(geometries)[0])


def mended(geometries: ArrayLike) -> Geometries:
    """
    Make invalid geometries valid; the others stay as they are.

    Parameters
    ----------
    geometries
        Shapely geometries in any one CRS, or None.

    Returns
    -------
    mended
        Geometries in the same order; a mended polygon may have other parts.
    """
    whole = np.atleast_1d(np.asarray(geometries, dtype=object))
    bad = ~(shapely.is_valid(whole) | shapely.is_missing(whole))
    if bad.any():
        whole = whole.copy()
        whole[bad] = shapely.make_valid(whole[bad])
    return whole


def _polygons(geometries: Geometries) -> tuple[Geometries, NDArray[np.intp]]:
    """Take geometries apart into polygons, each with the row it came from."""
    owner = np.arange(len(geometries))
    kinds = shapely.get_type_id(geometries)
    while (kinds >= _COLLECTIONS).any():
        geometries, of = shapely.get_parts(geometries, return_index=True)
        owner, kinds = owner[of], shapely.get_type_id(geometries)
    keep = (kinds == _POLYGON) & ~shapely.is_empty(geometries)
    return geometries[keep], owner[keep]


def _ring_areas(rings: Geometries) -> Floats:
    """Measure each ring in square metres, whichever way it runs."""
    batches = [
        _batch_areas(rings[first : first + _BATCH])
        for first in range(0, len(rings), _BATCH)
    ]
    return np.concatenate([np.zeros(0), *batches])


def _batch_areas(rings: Geometries) -> Floats:
    """Sum the edges of each ring."""
    lon, lat = shapely.get_coordinates(rings).T.copy()
    sizes = shapely.get_num_coordinates(rings)
    ends = np.cumsum(sizes) - 1
    starts = ends + 1 - sizes
    # heights count from each ring's first vertex: no cancellation on small rings
    base = np.repeat(_height(_sin_deg(lat[starts])), sizes)[:-1]
    edges = _swept(lon, lat, base)
    far = _far_edges(rings, lon, lat)
    if len(far):
        chord = lon[far], lat[far], lon[far + 1], lat[far + 1]
        edges[far] = _swept_far(*chord, base=base[far])
    # the step from one ring to the next is no edge
    edges[ends[:-1]] = 0
    return np.abs(np.add.reduceat(edges, starts)) * GEOD.a**2


def _far_edges(rings: Geometries, lon: Floats, lat: Floats) -> NDArray[np.intp]:
    """Find the edges too long for the series, by the vertex that they start at."""
    bounds = shapely.bounds(rings)
    wide = (bounds[:, 2:] - bounds[:, :2]).max(axis=1) > _LONG_DEG
    candidates = np.flatnonzero(np.repeat(wide, shapely.get_num_coordinates(rings)))
    candidates = candidates[candidates < len(lon) - 1]
    turn = np.abs(lon[candidates + 1] - lon[candidates])
    climb = np.abs(lat[candidates + 1] - lat[candidates])
    return candidates[np.maximum(turn, climb) > _LONG_DEG]


def _swept(lon: Floats, lat: Floats, base: Floats) -> Floats:
    """
    Measure between each edge of a chain and its base height, in a² units.

    The second term is the bulge of the geodesic over the chord, third order in
    the edge: what remains is of fifth order.
    """
    sine = _sin_deg(lat)
    height = _height(sine)
    turn = np.diff(lon) * (np.pi / 180)
    rise = np.diff(height)
    mean_sine = (sine[1:] + sine[:-1]) / 2
    square = mean_sine * mean_sine
    # the square of a parallel's radius, in a² units
    radius2 = (1 - square) / (1 - GEOD.es * square)
    bulge = mean_sine * (radius2 * turn * turn + 3 * rise * rise / radius2) / 12
    return -turn * ((height[1:] + height[:-1]) / 2 - base + bulge)


def _swept_far(
    lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats, *, base: Floats
) -> Floats:
    """Measure as `_swept` edges that must be cut into short pieces first."""
    course, _, length = GEOD.inv(lon1, lat1, lon2, lat2)
    span = np.maximum(np.abs(lon2 - lon1), np.abs(lat2 - lat1))
    pieces = np.ceil(span / _LONG_DEG).astype(int)
    last = np.cumsum(pieces + 1) - 1
    edge = np.repeat(np.arange(len(pieces)), pieces + 1)
    share = (np.arange(len(edge)) - (last - pieces)[edge]) / pieces[edge]
    lon, lat, _ = GEOD.fwd(lon1[edge], lat1[edge], course[edge], length[edge] * share)
    swept = np.zeros(len(edge))
    swept[:-1] = _swept(np.unwrap(lon, period=360), lat, base[edge[:-1]])
    swept[last] = 0
    return np.add.reduceat(swept, last - pieces)


def _sin_deg(angle: Floats) -> Floats:
    return np.sin(angle * (np.pi / 180))


def _height(sine: Floats) -> Floats:
    """Give the height of a parallel on the equal-area cylinder, in a units."""
    square = sine * sine
    height = _HEIGHT[-1] * square
    for factor in _HEIGHT[-2:0:-1]:
        height += factor
        height *= square
    height += _HEIGHT[0]
    height *= sine
    return height


def _no_crs() -> Fault:
    return fault("E_CRS_MISSING.zones.measure", text("where.zones"))
