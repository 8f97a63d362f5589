"""Geometries as Arrow lays them out: coordinates in columns, offsets between them."""

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from beltmap.geo.geometry.area import Geometries
from beltmap.geo.intake.notices import Json

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

KINDS: Final = {
    "point": "Point",
    "linestring": "LineString",
    "polygon": "Polygon",
    "multipoint": "MultiPoint",
    "multilinestring": "MultiLineString",
    "multipolygon": "MultiPolygon",
}
"""Encodings of GeoArrow, and what GeoJSON calls them."""

_DEPTHS: Final = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2}
_DEPTHS_OF_MANY: Final = {"MultiLineString": 2, "MultiPolygon": 3}
_AXES: Final = ("x", "y", "z")


def shapes_of_arrow(column: "pa.ChunkedArray", encoding: str) -> list[Json]:
    """
    Read a column of geometries.

    Parameters
    ----------
    column
        Lists of lists of positions, which are structures (x, y, z) or lists of
        two numbers or three.
    encoding
        A key of `KINDS`.

    Returns
    -------
    shapes
        Shapely geometries, and None where there is none. GeoJSON geometries
        instead where one of them cannot be built, so that it can be named.

    Raises
    ------
    ValueError
        If the column is laid out otherwise.
    """
    kind = KINDS[encoding]
    depth = (_DEPTHS | _DEPTHS_OF_MANY)[kind]
    whole = column.combine_chunks()
    present = np.asarray(whole.is_valid())
    values, offsets = whole.drop_null(), []
    for _ in range(depth):
        if not hasattr(values, "offsets"):
            raise ValueError(encoding)
        edges = np.asarray(values.offsets, dtype=np.int64)
        values = values.values.slice(edges[0], edges[-1] - edges[0])
        offsets.append(edges - edges[0])
    positions = _positions(values)
    found: list[Json] = [None] * len(whole)
    made: Iterable[Json]
    try:
        made = _made(kind, positions, offsets[::-1])
    except (shapely.errors.GEOSException, ValueError, IndexError):
        made = [_member(kind, positions, offsets, n) for n in range(int(present.sum()))]
    for place, shape in zip(np.flatnonzero(present), made, strict=True):
        found[place] = shape
    return found


def _positions(values: "pa.Array") -> NDArray[np.float64]:
    """Put coordinates side by side; measures are left out."""
    kind = values.type
    names = [kind.field(n).name for n in range(kind.num_fields)]
    if set(names) >= {"x", "y"}:
        axes = [values.field(axis) for axis in _AXES if axis in names]
        return np.column_stack([_numbers(axis) for axis in axes])
    size = getattr(kind, "list_size", 0)
    if size < 2:  # noqa: PLR2004 - x, y
        raise ValueError(str(kind))
    flat = _numbers(values.flatten()).reshape(-1, size)
    return flat[:, :2] if names == ["xym"] else flat[:, :3]


def _numbers(values: "pa.Array") -> NDArray[np.float64]:
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)


def _made(
    kind: str, positions: NDArray[np.float64], offsets: list[NDArray[np.int64]]
) -> Geometries:
    if kind == "Point":
        points = np.array(shapely.points(positions), dtype=object)
        points[np.isnan(positions).all(axis=1)] = shapely.Point()
        return points
    made = shapely.from_ragged_array(
        shapely.GeometryType[kind.upper()], positions, tuple(offsets)
    )
    return np.asarray(made)


def _member(
    kind: str,
    positions: NDArray[np.float64],
    offsets: list[NDArray[np.int64]],
    row: int,
) -> dict[str, Json]:
    """Write one geometry as GeoJSON has it, whatever is wrong with it."""

    def part(level: int, at: int) -> Json:
        if level == len(offsets):
            return positions[at].tolist()
        edges = offsets[level]
        return [part(level + 1, n) for n in range(edges[at], edges[at + 1])]

    return {"type": kind, "coordinates": part(0, row)}
