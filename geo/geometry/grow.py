"""Shapes grown on land until their area is the one stated."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.enums import TransformDirection
from shapely.geometry.base import BaseGeometry

from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry.area import M2_PER_KM2, Floats, areas_m2
from beltmap.geo.language.messages import text

DECIMALS: Final = 7
"""Decimals of a grown coordinate, as in the files: about a centimetre."""

TOLERANCE: Final = 1e-6
"""Relative difference allowed between the area asked for and the rounded shape."""

_FARTHEST_M: Final = 500_000.0
"""A local projection is not stretched further than this."""

_NUDGES: Final = 400
_NUDGE: Final = 1e-7
"""Change of the distance that is tried at a time: well below a coordinate's step."""

_SEGMENTS: Final = 16
"""Corners of a quarter circle."""

Projection: TypeAlias = Callable[[Floats], Floats]


def grow(seed: BaseGeometry, *, area_km2: float, land: BaseGeometry) -> BaseGeometry:
    """
    Grow a seed on land until it covers an area.

    The shape holds all land within one distance of the seed, see `reach_m`.
    Rounding it to seven decimals shifts its area a little; the distance is
    then nudged by millimetres at most until the rounded shape is right.

    Parameters
    ----------
    seed
        Point or line on land, longitude and latitude in degrees (EPSG:4326).
    area_km2
        Area wanted, in square kilometres on the WGS 84 ellipsoid.
    land
        Polygons in EPSG:4326 that the shape must not leave.

    Returns
    -------
    shape
        Polygon or multipolygon in EPSG:4326 with seven decimals, its area
        within `TOLERANCE` of `area_km2`. A shape so small or thin that the
        rounding of its corners weighs more comes as near as that allows: a
        centimetre along its outline.

    Raises
    ------
    PlanError
        If `area_km2` is not positive, the seed is not on land, or there is not
        that much land within 500 km.

    Examples
    --------
    >>> shape = grow(shapely.Point(0, 0), area_km2=0.5, land=shapely.box(-1, -1, 1, 1))
    >>> round(float(areas_m2([shape])[0]) / 1e6, 6)
    0.5
    """
    distance_m = reach_m(seed, area_km2=area_km2, land=land)
    best, error = seed, np.inf
    for nudge in range(_NUDGES):
        # outwards in turn: 0, +1, -1, +2, -2 ...
        step = (nudge + 1) // 2 * (1 if nudge % 2 else -1)
        near = distance_m * (1 + step * _NUDGE)
        shape = spread(seed, distance_m=near, land=land)
        shape = _rounded(shape)
        off = abs(_area_km2(shape) / area_km2 - 1)
        if off < error:
            best, error = shape, off
        if error <= TOLERANCE / 2:
            break
    return best


def reach_m(seed: BaseGeometry, *, area_km2: float, land: BaseGeometry) -> float:
    """
    Find how far from a seed land must be taken to make up an area.

    Parameters
    ----------
    seed, area_km2, land
        As for `grow`.

    Returns
    -------
    reach_m
        Distance in metres; for a line, the half-width of the strip. The area
        of `spread` at that distance is within 1e-9 of `area_km2`.

    Raises
    ------
    PlanError
        As for `grow`.
    """
    from scipy.optimize import brentq

    faults = _request_faults(seed, area_km2, land)
    if faults:
        raise PlanError(faults)

    def excess(distance_m: float) -> float:
        shape = spread(seed, distance_m=distance_m, land=land)
        return _area_km2(shape) / area_km2 - 1

    far = 1000.0 * np.sqrt(area_km2)
    while excess(far) < 0:
        if far >= _FARTHEST_M:
            raise PlanError([_too_little(area_km2)])
        far = min(2 * far, _FARTHEST_M)
    return float(brentq(excess, 0, far, xtol=1e-9, rtol=1e-12))


def spread(
    seed: BaseGeometry, *, distance_m: float, land: BaseGeometry
) -> BaseGeometry:
    """
    Take all land within a distance of a seed.

    Distances are measured in a Lambert azimuthal equal-area projection centred
    on the seed: true to 4e-6 within 30 km of its middle.

    Parameters
    ----------
    seed
        Point or line in EPSG:4326.
    distance_m
        Distance in metres; a circle is drawn with 64 corners.
    land
        Polygons in EPSG:4326.

    Returns
    -------
    shape
        Polygon or multipolygon in EPSG:4326, empty where there is no land.
    """
    there, back = _projection(seed.centroid.x, seed.centroid.y)
    around = shapely.transform(seed, there).buffer(distance_m, quad_segs=_SEGMENTS)
    return shapely.transform(around, back).intersection(land)


@lru_cache(maxsize=16)
def _projection(lon: float, lat: float) -> tuple[Projection, Projection]:
    """Make the way from degrees to metres round a place, and the way back."""
    local = f"+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m"
    pair = Transformer.from_crs("EPSG:4326", local, always_xy=True)

    def there(xy: Floats) -> Floats:
        return np.column_stack(pair.transform(xy[:, 0], xy[:, 1]))

    def back(xy: Floats) -> Floats:
        inverse = TransformDirection.INVERSE
        return np.column_stack(pair.transform(xy[:, 0], xy[:, 1], direction=inverse))

    return there, back


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    """Round the corners, and forget the grid: what meets the shape is not rounded."""
    return shapely.set_precision(shapely.set_precision(shape, 10.0**-DECIMALS), 0)


def _area_km2(shape: BaseGeometry) -> float:
    return float(areas_m2(np.array([shape]))[0]) / M2_PER_KM2


def _request_faults(
    seed: BaseGeometry, area_km2: float, land: BaseGeometry
) -> list[Fault]:
    """Find what is wrong with a request before any growing."""
    faults = []
    if not (np.isfinite(area_km2) and area_km2 > 0):
        faults.append(
            fault("E_AREA_NOT_POSITIVE", text("where.area"), area_km2=area_km2)
        )
    elif area_km2 > _area_km2(land):
        faults.append(_too_little(area_km2))
    if seed.is_empty or not land.covers(seed):
        faults.append(
            fault(
                "E_SEED_OFF_LAND",
                text("where.seed")
                if seed.is_empty
                else text("where.seed_at", at=seed.centroid.wkt),
            )
        )
    return faults


def _too_little(area_km2: float) -> Fault:
    return fault("E_TOO_LITTLE_LAND", text("where.area"), area_km2=area_km2)
