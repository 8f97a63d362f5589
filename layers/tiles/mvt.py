"""Vector tiles as MapLibre, OpenLayers and QGIS read them (MVT 2.1)."""

import struct
from collections.abc import Iterator, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from beltmap.geo.geometry.geojson import Box
from beltmap.layers.payload.mercator import WORLD, world_x, world_y

EXTENT: Final = 4096
"""Units along the side of a tile."""

MARGIN: Final = 64
"""Units around a tile that are drawn as well, so that outlines meet."""

MOST: Final = 4000
"""Features of a tile; of more, the largest."""

DEEPEST: Final = 22
_MOVE, _LINE, _CLOSE = 1, 2, 7
_TYPES: Final = {"Point": 1, "LineString": 2, "Polygon": 3}
_RING: Final = 3
"""Points of the smallest ring, its end left out."""


def tile_box(z: int, x: int, y: int) -> Box:
    """
    Give west, south, east and north of a tile with its margin, in degrees.

    Examples
    --------
    >>> [round(float(edge), 1) for edge in tile_box(1, 1, 0)]
    [-2.8, -2.8, 180.0, 85.1]
    """
    size, more = 1 / 2**z, MARGIN / EXTENT / 2**z
    west, east = (x * size - more) * 360 - 180, ((x + 1) * size + more) * 360 - 180
    north, south = (
        float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * at)))))
        for at in (y * size - more, (y + 1) * size + more)
    )
    return max(west, -180), max(south, -85.06), min(east, 180), min(north, 85.06)


def write_tile(frame: gpd.GeoDataFrame, *, name: str, z: int, x: int, y: int) -> bytes:
    """
    Write the features of a tile.

    Parameters
    ----------
    frame
        Features around the tile, EPSG:4326, none without a geometry.
    name
        Of the layer.
    z, x, y
        Zoom, column and row.

    Returns
    -------
    tile
        One layer; no bytes where there is nothing in the tile.
    """
    shapes = _within(np.asarray(frame.geometry.array, dtype=object), z=z, x=x, y=y)
    made = ((row, _geometry(shape)) for row, shape in enumerate(shapes))
    drawn = [(row, *one) for row, one in made if one is not None]
    if not drawn:
        return b""
    columns = [c for c in frame.columns if c != frame.geometry.name]
    values: dict[bytes, int] = {}
    features = []
    table = frame[columns].astype(object).to_numpy()
    missing = frame[columns].isna().to_numpy()
    for row, kind, commands in drawn:
        tags: list[int] = []
        for column in np.flatnonzero(~missing[row]).tolist():
            value = _value(table[row, column])
            tags += [column, values.setdefault(value, len(values))]
        body = _field(2, _packed(tags)) + _number(3, kind)
        features.append(_field(2, body + _field(4, _packed(commands))))
    layer = b"".join(
        (
            _number(15, 2),
            _field(1, name.encode()),
            *features,
            *(_field(3, column.encode()) for column in columns),
            *(_field(4, value) for value in values),
            _number(5, EXTENT),
        )
    )
    return _field(3, layer)


def _within(
    shapes: NDArray[np.object_], *, z: int, x: int, y: int
) -> NDArray[np.object_]:
    """Bring geometries into the units of a tile, cut off at its margin."""
    scale = EXTENT * 2**z / WORLD

    def placed(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        across = world_x(lonlat[:, 0]) * scale - x * EXTENT
        down = world_y(lonlat[:, 1]) * scale - y * EXTENT
        return np.column_stack([across, down])

    local = shapely.simplify(shapely.transform(shapes, placed), 0.5)
    cut = shapely.clip_by_rect(
        local, -MARGIN, -MARGIN, EXTENT + MARGIN, EXTENT + MARGIN
    )
    return np.asarray(shapely.orient_polygons(cut), dtype=object)


def _geometry(shape: BaseGeometry) -> tuple[int, list[int]] | None:
    """Write a geometry as its type and commands; None where nothing is left of it."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in _TYPES]
    if not parts:
        return None
    kind = max(_TYPES[part.geom_type] for part in parts)
    pen, commands = np.zeros(2, np.int64), []
    if kind == _TYPES["Point"]:
        points = np.rint(shapely.get_coordinates(parts)).astype(np.int64)
        return kind, _drawn(_MOVE, points, pen)
    for line, closes in _lines([p for p in parts if _TYPES[p.geom_type] == kind]):
        commands += [*_drawn(_MOVE, line[:1], pen), *_drawn(_LINE, line[1:], line[0])]
        commands += [_CLOSE | 1 << 3] if closes else []
        pen = line[-1]
    return (kind, commands) if commands else None


def _lines(
    parts: Sequence[BaseGeometry],
) -> Iterator[tuple[NDArray[np.int64], bool]]:
    """Give the lines and rings of geometries in whole units, without what vanishes."""
    for part in parts:
        closes = part.geom_type == "Polygon"
        lines = shapely.get_rings(part) if closes else [part]
        for number, line in enumerate(lines):
            points = np.rint(shapely.get_coordinates(line)).astype(np.int64)
            moved = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
            points = points[moved][: -1 if closes else None]
            if closes and (len(points) < _RING or not _area(points)):
                if number == 0:
                    # with its outline gone, its holes are as well
                    break
                continue
            if len(points) > 1:
                yield points, closes


def _area(points: NDArray[np.int64]) -> int:
    """Give twice the area of a ring."""
    after = np.roll(points, -1, axis=0)
    return int((points[:, 0] * after[:, 1] - after[:, 0] * points[:, 1]).sum())


def _drawn(
    command: int, points: NDArray[np.int64], pen: NDArray[np.int64]
) -> list[int]:
    """Write a command and its points, each as the way from the one before."""
    steps = (points - np.vstack([pen, points[:-1]])).ravel()
    zigzag = (steps << 1) ^ (steps >> 63)
    return [command | len(points) << 3, *zigzag.tolist()]


def _value(value: Any) -> bytes:  # noqa: ANN401 - whatever a table holds
    """Write a value with its type."""
    if isinstance(value, int | float | np.number):
        return b"\x19" + struct.pack("<d", float(value))
    return _field(1, str(value).encode("utf-8", "replace"))


def _packed(numbers: Sequence[int]) -> bytes:
    return b"".join(map(_varint, numbers))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 127:  # noqa: PLR2004 - seven bits a byte
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
