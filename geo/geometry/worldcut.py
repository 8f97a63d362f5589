"""Geometries that reach over the antimeridian, cut there."""

from typing import Any, Final

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

WHOLE_TURN: Final = 360
"""Degrees of longitude around the world."""


def inside_world(geometries: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """
    Cut what reaches over 180° in two, as RFC 7946 asks (section 3.1.9).

    Parameters
    ----------
    geometries
        In longitude and latitude, degrees; longitudes may run on past 180.

    Returns
    -------
    geometries
        The same with longitudes from -180 to 180; a new array if any was cut.
    """
    bounds = shapely.bounds(geometries)
    over = (bounds[:, 0] < -WHOLE_TURN / 2) | (bounds[:, 2] > WHOLE_TURN / 2)
    if not over.any():
        return geometries
    cut = geometries.copy()
    for row in np.flatnonzero(over):
        cut[row] = shapely.union_all(
            [_window(geometries[row], west) for west in (-540, -180, 180)]
        )
    return cut


def _window(geometry: BaseGeometry, west: float) -> BaseGeometry:
    """Cut one turn out of a geometry and put it where longitudes are usual."""
    part = shapely.clip_by_rect(geometry, west, -90, west + WHOLE_TURN, 90)
    return affinity.translate(part, xoff=-WHOLE_TURN / 2 - west)
