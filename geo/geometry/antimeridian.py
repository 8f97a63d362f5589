"""
Shapes across the meridian of 180 degrees, cut there as RFC 7946 asks (3.1.9).

The package antimeridian was tried: of a circle of 20,000 corners it lost a third
of the area, in 170 times as long, and it moves ordinary corners by rounding.
"""

from functools import partial
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from beltmap.geo.geometry.area import Geometries, Shape

Ring = NDArray[np.float64]

_HALF: Final = 180.0
_TURN: Final = 360.0
_POLE: Final = 90.0
_MOST: Final = 3 * _TURN
"""A shape that runs round the globe more often is left as it is."""


def cut_at_180(geometries: Geometries) -> tuple[Geometries, dict[int, str]]:
    """
    Cut polygons and lines that jump from one side of the map to the other.

    Parameters
    ----------
    geometries
        Shapely geometries and None in longitude and latitude, degrees.

    Returns
    -------
    geometries
        The same, those that cross the meridian in two or more parts. A ring
        round a pole is closed along the pole.
    crossing
        Code of a notice by row, for the rows that were cut.

    Examples
    --------
    >>> ring = [(179, 0), (-179, 0), (-179, 1), (179, 1), (179, 0)]
    >>> cut, crossing = cut_at_180(np.array([shapely.Polygon(ring)], dtype=object))
    >>> len(cut[0].geoms), crossing
    (2, {0: 'W_ANTIMERIDIAN'})
    """
    result = geometries.copy()
    crossing: dict[int, str] = {}
    bounds = shapely.bounds(geometries)
    for row in np.flatnonzero(bounds[:, 2] - bounds[:, 0] > _HALF):
        parts, codes = [], set()
        for part in shapely.get_parts(geometries[row]).tolist():
            made, code = _cut(part)
            parts += made
            codes.add(code)
        if codes - {""}:
            crossing[int(row)] = max(codes)
            result[row] = _together(parts)
    return result, crossing


def inside_world(geometries: Geometries) -> Geometries:
    """
    Cut what runs on past 180 degrees.

    Parameters
    ----------
    geometries
        Shapely geometries and None in longitude and latitude, degrees.

    Returns
    -------
    geometries
        The same with longitudes from -180 to 180; a new array if any was cut.

    Examples
    --------
    >>> over = np.array([shapely.box(179, 0, 181, 1)], dtype=object)
    >>> inside_world(over)[0].bounds
    (-180.0, 0.0, 180.0, 1.0)
    """
    bounds = shapely.bounds(geometries)
    over = (bounds[:, 0] < -_HALF) | (bounds[:, 2] > _HALF)
    if not over.any():
        return geometries
    cut = geometries.copy()
    for row in np.flatnonzero(over):
        parts = shapely.get_parts(geometries[row]).tolist()
        cut[row] = _together([piece for part in parts for piece in _windows(part)])
    return cut


def _cut(part: Shape) -> tuple[list[Shape], str]:
    if part.geom_type == "LineString":
        line = _unwrapped(shapely.get_coordinates(part))
        if _jumps(shapely.get_coordinates(part)) and np.ptp(line[:, 0]) <= _MOST:
            return _windows(shapely.LineString(line)), "W_ANTIMERIDIAN"
    if part.geom_type != "Polygon":
        return [part], ""
    rings = [shapely.get_coordinates(ring) for ring in [part.exterior, *part.interiors]]
    if not any(_jumps(ring) for ring in rings):
        return [part], ""
    shell, *holes = (_unwrapped(ring) for ring in rings)
    if np.ptp(shell[:, 0]) > _MOST:
        return [part], "W_ANTIMERIDIAN"
    code = "W_ANTIMERIDIAN"
    if abs(shell[-1, 0] - shell[0, 0]) > _HALF:
        code = "W_ENCLOSES_POLE"
        pole = np.copysign(_POLE, shell[:, 1].mean())
        ends = [[shell[-1, 0], pole], [shell[0, 0], pole], shell[0].tolist()]
        shell = np.vstack([shell, ends])
    whole: Shape = shapely.Polygon(shell)
    whole = whole if whole.is_valid else shapely.make_valid(whole, method="structure")
    for hole in holes:
        for turn in (-_TURN, 0, _TURN):
            gap = shapely.Polygon(hole + np.array([turn, 0]))
            if gap.is_valid:
                whole = whole.difference(gap)
    return _windows(whole), code


def _jumps(ring: Ring) -> bool:
    return bool((np.abs(np.diff(ring[:, 0])) > _HALF).any())


def _unwrapped(ring: Ring) -> Ring:
    """Let longitudes run on past 180 instead of jumping back."""
    steps = np.diff(ring[:, 0])
    turns = np.where(steps > _HALF, -_TURN, np.where(steps < -_HALF, _TURN, 0))
    return np.column_stack([ring[:, 0] + np.append(0, np.cumsum(turns)), ring[:, 1]])


def _windows(shape: Shape) -> list[Shape]:
    """Cut an unwrapped shape into the turns of the globe that it passes."""
    west, _, east, _ = shape.bounds
    parts: list[Shape] = []
    first, last = (int(np.floor((x + _HALF) / _TURN)) for x in (west, east))
    for turn in range(first, last + 1):
        left = turn * _TURN - _HALF
        piece = shape.intersection(shapely.box(left, -_POLE, left + _TURN, _POLE))
        moved = shapely.transform(piece, partial(_shifted, by=-turn * _TURN))
        parts += [
            part
            for part in shapely.get_parts(moved).tolist()
            if shapely.get_dimensions(part) == shapely.get_dimensions(shape)
        ]
    return parts


def _shifted(lon_lat: Ring, *, by: float) -> Ring:
    return np.asarray(lon_lat + np.array([by, 0.0]))


def _together(parts: list[Shape]) -> Shape:
    kinds = {part.geom_type for part in parts}
    if kinds == {"Polygon"}:
        whole = shapely.MultiPolygon(parts)
        return whole if whole.is_valid else shapely.union_all(parts)
    if kinds == {"LineString"}:
        return shapely.MultiLineString(parts)
    return shapely.GeometryCollection(parts)
