"""Web Mercator in whole units of the world, as the map's scripts count them."""

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

WORLD: Final = 2**30
"""Units around the equator: 3.7 cm each. The scripts use the same number."""

TILE_PX: Final = 512
"""Side of a tile in pixels."""

FURTHEST_LAT: Final = 85.0511287798
_PIXELS: Final = 256
"""Width of the world at zoom 0, by Leaflet's convention."""

Box = tuple[int, int, int, int]
"""West, north, east and south in world units; y grows to the south."""


def world_x(lon: ArrayLike) -> NDArray[np.float64]:
    """Place longitudes in degrees from west to east, in world units."""
    return np.asarray((np.asarray(lon, np.float64) / 360 + 0.5) * WORLD)


def world_y(lat: ArrayLike) -> NDArray[np.float64]:
    """
    Place latitudes in degrees (EPSG:4326) from north to south, in world units.

    Latitudes beyond the map are brought to its edge.

    Examples
    --------
    >>> world_y([85.06, 0, -90]).round().tolist()
    [0.0, 536870912.0, 1073741824.0]
    """
    clipped = np.clip(np.asarray(lat, np.float64), -FURTHEST_LAT, FURTHEST_LAT)
    sine = np.sin(np.radians(clipped))
    return np.asarray((0.5 - np.arctanh(sine) / (2 * np.pi)) * WORLD)


def boxes_of(bounds: NDArray[np.float64]) -> NDArray[np.int32]:
    """
    Turn bounds into boxes of world units.

    Parameters
    ----------
    bounds
        Shape ``(n, 4)``: west, south, east, north in degrees (EPSG:4326),
        none missing.

    Returns
    -------
    boxes
        Shape ``(n, 4)``: west, north, east, south, rounded outwards.
    """
    boxes = np.empty(bounds.shape)
    boxes[:, 0], boxes[:, 2] = world_x(bounds[:, 0]), world_x(bounds[:, 2])
    boxes[:, 1], boxes[:, 3] = world_y(bounds[:, 3]), world_y(bounds[:, 1])
    np.floor(boxes[:, :2], out=boxes[:, :2])
    np.ceil(boxes[:, 2:], out=boxes[:, 2:])
    return boxes.astype(np.int32)


def px_per_unit(zoom: int) -> float:
    """Say how many pixels of a zoom one world unit is wide."""
    return _PIXELS * 2.0**zoom / WORLD


def deg_per_px(zoom: int) -> float:
    """Say how many degrees of longitude a pixel of a zoom is wide."""
    return 360 / (_PIXELS * 2.0**zoom)


def tiles_across(zoom: int) -> int:
    """Count the tiles in a row of the world; at least one."""
    return max(1, int(_PIXELS * 2.0**zoom / TILE_PX))


def tile_box(zoom: int, x: int, y: int, *, margin_px: int = 0) -> Box:
    """
    Give the box of a tile.

    Parameters
    ----------
    zoom, x, y
        Zoom of Leaflet; column from the west and row from the north.
    margin_px
        Pixels added on every side.

    Returns
    -------
    box
        In world units.

    Examples
    --------
    >>> tile_box(1, 0, 0) == (0, 0, WORLD, WORLD)
    True
    """
    side = TILE_PX / px_per_unit(zoom)
    more = margin_px / px_per_unit(zoom)
    return (
        int(x * side - more),
        int(y * side - more),
        int((x + 1) * side + more),
        int((y + 1) * side + more),
    )


def lon_of(x: ArrayLike) -> NDArray[np.float64]:
    """Give the longitude in degrees of world units: the inverse of `world_x`."""
    return np.asarray((np.asarray(x, np.float64) / WORLD - 0.5) * 360)


def lat_of(y: ArrayLike) -> NDArray[np.float64]:
    """
    Give the latitude in degrees of world units: the inverse of `world_y`.

    Examples
    --------
    >>> lat_of(world_y([36.1, -60])).round(6).tolist()
    [36.1, -60.0]
    """
    from_middle = np.pi * (1 - 2 * np.asarray(y, np.float64) / WORLD)
    return np.asarray(np.degrees(np.arctan(np.sinh(from_middle))))


def along_curve(boxes: NDArray[np.int32]) -> NDArray[np.intp]:
    """
    Order boxes along a curve that keeps neighbours together (Morton's).

    Parameters
    ----------
    boxes
        Shape ``(n, 4)`` in world units.

    Returns
    -------
    order
        Places of the boxes along the curve.
    """
    x = _spread((boxes[:, 0].astype(np.int64) + boxes[:, 2]) // 2)
    y = _spread((boxes[:, 1].astype(np.int64) + boxes[:, 3]) // 2)
    return np.argsort(x | (y << np.uint64(1)), kind="stable")


def _spread(values: NDArray[np.int64]) -> NDArray[Any]:
    """Put a zero between any two bits of numbers below 2^31."""
    spread = np.maximum(values, 0).astype(np.uint64)
    for shift, keep in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        spread = (spread | (spread << np.uint64(shift))) & np.uint64(keep)
    return spread
