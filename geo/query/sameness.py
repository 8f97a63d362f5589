"""What is the same in two versions: values row by row, shapes row by row."""

import math
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Geod

from beltmap.geo.geometry.area import areas_m2

Mask: TypeAlias = npt.NDArray[np.bool_]
Numbers: TypeAlias = npt.NDArray[np.float64]
Shapes: TypeAlias = npt.NDArray[np.object_]

ROUNDED: Final = 2e-7
"""Degrees by which formats may round a coordinate."""

CLOSE: Final = 1e-9
"""Part of a number by which formats may round it."""

_GEOD: Final = Geod(ellps="WGS84")


def same_values(before: "pd.Series[Any]", after: "pd.Series[Any]") -> Mask:
    """
    Tell, row by row, which values are the same.

    Parameters
    ----------
    before, after
        Two columns of equal length, paired by position. Numbers that differ by
        rounding are the same, and so are all ways to have no value.

    Returns
    -------
    same
        Boolean array of their length.
    """
    if all(pd.api.types.is_numeric_dtype(one.dtype) for one in (before, after)):
        old, new = (one.to_numpy(float, na_value=np.nan) for one in (before, after))
        close: Mask = np.isclose(old, new, rtol=CLOSE, atol=0, equal_nan=True)
        return close
    old, new = (one.astype(object).to_numpy() for one in (before, after))
    try:
        same = np.asarray(old == new, bool)
    except (TypeError, ValueError):
        # a cell holds a whole array, or a value that is not known
        same = np.array([one is two for one, two in zip(old, new, strict=True)], bool)
    for row in np.flatnonzero(~same):
        same[row] = _same(plain(old[row]), plain(new[row]))
    return same


def same_shapes(before: Shapes, after: Shapes) -> Mask:
    """
    Tell, row by row, which shapes are the same but for rounding and order.

    Parameters
    ----------
    before, after
        Arrays of shapes in EPSG:4326, paired by position; None for none, which is
        the same as an empty one.

    Returns
    -------
    same
        Boolean array of their length.
    """
    old_gone, new_gone = gone(before), gone(after)
    same = old_gone & new_gone
    same |= shapely.equals_exact(before, after, tolerance=ROUNDED)
    rest = ~same & ~old_gone & ~new_gone
    same[rest] = shapely.equals_exact(
        _in_order(before[rest]), _in_order(after[rest]), tolerance=ROUNDED
    )
    return same


def gone(shapes: Shapes) -> Mask:
    """Tell which shapes are none, or empty."""
    missing: Mask = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    return missing


def areas_km2(shapes: Shapes) -> list[float | None]:
    """Measure each shape in EPSG:4326, in square kilometres; None for no shape."""
    areas = np.full(len(shapes), np.nan)
    there = ~gone(shapes)
    areas[there] = areas_m2(shapes[there]) / 1e6
    return _or_none(areas)


def moved_m(before: Shapes, after: Shapes) -> list[float | None]:
    """Measure how far each shape's centre has moved, metres; None without both."""
    metres = np.full(len(before), np.nan)
    both = ~gone(before) & ~gone(after)
    old, new = (
        shapely.get_coordinates(shapely.centroid(one[both])) for one in (before, after)
    )
    metres[both] = _GEOD.inv(old[:, 0], old[:, 1], new[:, 0], new[:, 1])[2]
    return _or_none(metres)


def plain(value: object) -> object:
    """Give a cell as Python has it; missing is None."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return value or None
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=CLOSE)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    # of an array and anything else, each element would be compared
    return type(one) is type(other) and one == other


def _in_order(shapes: Shapes) -> Shapes:
    """Give shapes in the order that all writers share, one part without its frame."""
    # some formats make every polygon a multipolygon, of one part then
    single = shapely.get_num_geometries(shapes) == 1
    parts = np.where(single, shapely.get_geometry(shapes, 0), shapes)
    ordered: Shapes = shapely.normalize(parts)
    return ordered


def _or_none(numbers: Numbers) -> list[float | None]:
    return [None if math.isnan(one) else one for one in numbers.tolist()]
