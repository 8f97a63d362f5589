"""Areas of shapes that may run anywhere on the globe."""

from typing import Any, Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from beltmap.geo.geometry.area import areas_m2

Areas: TypeAlias = NDArray[np.float64]
"""One area a row, square metres; 0 where nothing is drawn."""

_NEAR_POLE_DEG: Final = 89.9
_AXIS_M: Final = 6378137.0
_ECCENTRICITY: Final = 0.0818191908426215


def measured_m2(geometries: ArrayLike) -> Areas:
    """
    Measure polygons on the WGS 84 ellipsoid, also where they touch a pole.

    Parameters
    ----------
    geometries
        Shapely geometries and None in longitude and latitude, degrees.

    Returns
    -------
    areas_m2
        As `geo.geometry.area.areas_m2`; at a pole with edges straight on a map of
        longitude and latitude, and 0 where an area cannot be told.

    Examples
    --------
    >>> cap = shapely.box(-180, 80, 180, 90)
    >>> [round(area / 1e9) for area in measured_m2([None, cap])]
    [0, 3909]
    """
    whole = np.atleast_1d(np.asarray(geometries, dtype=object))
    with np.errstate(all="ignore"):
        bounds = shapely.bounds(whole)
        polar = np.abs(bounds[:, [1, 3]]).max(axis=1) > _NEAR_POLE_DEG
        areas = areas_m2(_without(whole, polar))
        if polar.any():
            areas[polar] = shapely.area(shapely.transform(whole[polar], _equal_area))
        return np.abs(np.nan_to_num(areas, posinf=0.0, neginf=0.0))


def _without(geometries: NDArray[Any], mask: NDArray[Any]) -> NDArray[Any]:
    """Leave some geometries out."""
    kept = geometries.copy()
    kept[mask] = None
    return kept


def _equal_area(lon_lat: NDArray[np.float64]) -> NDArray[Any]:
    """Project on a cylinder of equal area (Snyder 1987, equation 3-12), metres."""
    sine = np.sin(np.radians(np.clip(lon_lat[:, 1], -90, 90)))
    e = _ECCENTRICITY
    q = sine / (1 - (e * sine) ** 2) + np.arctanh(e * sine) / e
    east, north = _AXIS_M * np.radians(lon_lat[:, 0]), _AXIS_M * (1 - e * e) * q / 2
    return np.column_stack([east, north])
