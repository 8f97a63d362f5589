"""
GCJ-02 and BD-09, the displaced datums of Chinese web maps.

No authority publishes either. The formulas are the ones that independent
implementations have agreed on since 2013 and that github.com/Artoria2e5/PRCoords
gathers with their history: GCJ-02 adds a sum of waves, in metres, turned into
degrees on the Krasovsky ellipsoid of 1940; BD-09 then shifts and shakes GCJ-02
once more, in polar coordinates. What Amap's and Baidu's own services answer
differs from them by up to about 0.7 m, noise that the services add.

The inverse has no formula. It is found by putting back what a first guess
misses, which gains three digits a step, until nothing above 0.01 mm is left.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Lonlat: TypeAlias = npt.NDArray[np.float64]
"""Longitude and latitude in degrees, one row a point, two columns."""

DATUMS: Final = ("gcj02", "bd09")

_AXIS_M: Final = 6378245.0
_ECCENTRICITY2: Final = 0.00669342162296594323
_ORIGIN: Final = (105.0, 35.0)
_LIMITS: Final = ((72.004, 0.8293), (137.8347, 55.8271))
_SHIFT: Final = (0.0065, 0.006)
_STEPS: Final = 20
_CLOSE_DEG: Final = 1e-10


def from_wgs84(lonlat: Lonlat, *, datum: str) -> Lonlat:
    """
    Move points from WGS 84 to the datum of a Chinese web map.

    Parameters
    ----------
    lonlat
        WGS 84 longitude and latitude in degrees, shape (n, 2).
    datum
        ``"gcj02"`` (Amap, Tencent) or ``"bd09"`` (Baidu).

    Returns
    -------
    moved
        Longitude and latitude in that datum, shape (n, 2). Points outside the
        rectangle around China in which the maps are displaced stay in GCJ-02
        where they are.

    Examples
    --------
    >>> from_wgs84(np.array([[120.4084, 36.0770]]), datum="gcj02").round(4).tolist()
    [[120.4135, 36.0773]]
    """
    points = np.asarray(lonlat, np.float64).reshape(-1, 2)
    moved = np.where(_inside(points)[:, None], points + _waves(points), points)
    return moved if datum == "gcj02" else _shake(moved)


def to_wgs84(lonlat: Lonlat, *, datum: str) -> Lonlat:
    """
    Move points from the datum of a Chinese web map to WGS 84.

    Parameters
    ----------
    lonlat
        Longitude and latitude in that datum, in degrees, shape (n, 2).
    datum
        ``"gcj02"`` (Amap, Tencent) or ``"bd09"`` (Baidu).

    Returns
    -------
    wgs84
        Longitude and latitude that `from_wgs84` takes back to `lonlat` within
        0.1 mm, shape (n, 2).

    Examples
    --------
    >>> there = from_wgs84(np.array([[121.5, 38.87]]), datum="bd09")
    >>> to_wgs84(there, datum="bd09").round(9).tolist()
    [[121.5, 38.87]]
    """
    points = np.asarray(lonlat, np.float64).reshape(-1, 2)
    if datum == "bd09":
        points = _solve(_shake, points, points - _SHIFT)
    return _solve(lambda guess: from_wgs84(guess, datum="gcj02"), points, points)


def _solve(
    forward: Callable[[Lonlat], Lonlat], wanted: Lonlat, first: Lonlat
) -> Lonlat:
    """Find what `forward` turns into `wanted`."""
    guess = first
    for _ in range(_STEPS):
        missed = wanted - forward(guess)
        guess = guess + missed
        if not (np.abs(missed) > _CLOSE_DEG).any():
            break
    return guess


def _inside(lonlat: Lonlat) -> npt.NDArray[np.bool_]:
    least, most = _LIMITS
    return np.asarray(((lonlat >= least) & (lonlat <= most)).all(axis=1))


def _waves(lonlat: Lonlat) -> Lonlat:
    """Sum the waves of GCJ-02, in degrees."""
    x, y = (lonlat - _ORIGIN).T
    ripple = 20 * _wave(x, 1 / 6) + 20 * _wave(x, 1 / 2)
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east_m += (ripple + 20 * _wave(x, 1) + 40 * _wave(x, 3)) / 1.5
    east_m += (150 * _wave(x, 12) + 300 * _wave(x, 30)) / 1.5
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y
    north_m += 0.2 * np.sqrt(np.abs(x))
    north_m += (ripple + 20 * _wave(y, 1) + 40 * _wave(y, 3)) / 1.5
    north_m += (160 * _wave(y, 12) + 320 * _wave(y, 30)) / 1.5
    latitude = np.radians(lonlat[:, 1])
    bent = 1 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    a_degree_east_m = np.radians(_AXIS_M * np.cos(latitude) / np.sqrt(bent))
    a_degree_north_m = np.radians(_AXIS_M * (1 - _ECCENTRICITY2) / bent**1.5)
    return np.column_stack([east_m / a_degree_east_m, north_m / a_degree_north_m])


def _wave(degrees: npt.NDArray[np.float64], half_length: float) -> Any:  # noqa: ANN401 - an array
    return np.sin(degrees * np.pi / half_length)


def _shake(lonlat: Lonlat) -> Lonlat:
    """Go from GCJ-02 to BD-09."""
    x, y = lonlat.T
    radius = np.hypot(x, y) + 0.00002 * np.sin(np.radians(y) * 3000)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(np.radians(x) * 3000)
    return np.asarray(
        np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + _SHIFT
    )
