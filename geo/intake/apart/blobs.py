"""Geometries as they pass between processes: well-known binary, looked over first."""

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from beltmap.geo.geometry.area import Geometries
from beltmap.geo.intake.apart.cells import demand

if TYPE_CHECKING:
    from beltmap.geo.zones.packed import PackedArray

DEEPEST: Final = 32
"""Collections in collections; GEOS falls over thousands of them."""

MOST_VERTICES: Final = 200_000
MOST_SHAPES: Final = 8_192
"""Vertices and geometries of a piece, but for a geometry that alone has more."""

MOST_LOOSE: Final = 10_000
"""Geometries that are kept as shapes in any case."""

_SIZES: Final = "<i8"
_HIGH: Final = 0x80000000
_POINT, _LINE, _POLYGON, _MOST = 1, 2, 3, 7
_POINT_HEAD, _POINT_SIZE = struct.pack("<BI", 1, _POINT), 21
_RING_HEAD, _RING_SIZE = struct.pack("<BII", 1, _POLYGON, 1), 13
_HEAD_SIZE: Final = len(_RING_HEAD) + 4
"""Bytes that tell of a ring how long it is; a point has more."""


def to_blobs(geometries: Geometries) -> Iterator[bytes]:
    """
    Write geometries one after the other, in pieces of some megabytes.

    Parameters
    ----------
    geometries
        Shapely geometries and None.

    Returns
    -------
    pieces
        Two by two: the bytes of each, -1 for None; and extended well-known binary,
        little-endian.
    """
    vertices = np.cumsum(shapely.get_num_coordinates(geometries))
    start = 0
    while start < len(geometries):
        done = vertices[start - 1] if start else 0
        end = int(np.searchsorted(vertices, done + MOST_VERTICES, "right"))
        end = min(max(end, start + 1), start + MOST_SHAPES)
        some = shapely.to_wkb(geometries[start:end], byte_order=1, flavor="extended")
        sizes = [-1 if blob is None else len(blob) for blob in some.tolist()]
        yield np.array(sizes, _SIZES).tobytes()
        yield b"".join(blob for blob in some.tolist() if blob is not None)
        start = end


def from_blobs(
    pieces: list[bytes], size: int, *, packed: bool = False
) -> "Geometries | PackedArray":
    """
    Read what `to_blobs` wrote, from a writer that is not trusted.

    Parameters
    ----------
    pieces
        As `to_blobs` gives them, the first last; they are let go.
    size
        Number of geometries.
    packed
        Whether to keep many as they came, which takes a third; none may be empty.

    Returns
    -------
    geometries
        Shapely geometries and None: longitude and latitude in range, all
        finite, polygons valid.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if packed and size > MOST_LOOSE:
        return _packed(pieces, size)
    return _loose(pieces, size)


def _loose(pieces: list[bytes], size: int) -> Geometries:
    geometries: Geometries = np.empty(size, object)
    at = 0
    while pieces:
        some = _read(_parted(pieces.pop(), pieces.pop() if pieces else b""))
        demand(at + len(some) <= size, "lengths")
        geometries[at : at + len(some)] = some
        at += len(some)
    demand(at == size, "lengths")
    return geometries


def _packed(pieces: list[bytes], size: int) -> "PackedArray":
    """Keep well-known binary, once it has been looked over."""
    import pyarrow as pa

    from beltmap.geo.zones.packed import PackedArray

    chunks, bounds = [], [np.empty((0, 4))]
    while pieces:
        sizes, blobs = pieces.pop(), pieces.pop() if pieces else b""
        shapes = _read(_parted(sizes, blobs))
        demand(not shapely.is_empty(shapes).any(), "an empty shape")
        # while they are there: who asks later would have to make them again
        bounds.append(shapely.bounds(shapes))
        lengths = np.frombuffer(sizes, _SIZES)
        ends = np.cumsum(np.append(0, np.maximum(lengths, 0)), dtype=np.int64)
        there = pa.array(lengths >= 0).buffers()[1]
        buffers = [there, pa.py_buffer(ends), pa.py_buffer(blobs)]
        chunks.append(pa.Array.from_buffers(pa.large_binary(), len(lengths), buffers))
    wkb = pa.chunked_array(chunks, pa.large_binary())
    whole = PackedArray(wkb, 4326, np.concatenate(bounds))
    demand(len(whole) == size, "lengths")
    return whole


def _parted(sizes: bytes, blobs: bytes) -> list[bytes | None]:
    """Take geometries apart, each one from end to end."""
    parts: list[bytes | None] = []
    lengths = np.frombuffer(sizes, _SIZES)
    at = 0
    for size in lengths.tolist():
        parts.append(None if size < 0 else blobs[at : at + size])
        at += max(size, 0)
    demand(at == len(blobs), "cut")
    try:
        odd = np.flatnonzero(~_usual(lengths, blobs)).tolist()
        demand(all(_whole(parts[one]) for one in odd), "no well-known binary")
    except struct.error as error:
        raise ValueError("no well-known binary") from error
    return parts


def _usual(lengths: NDArray[np.int64], blobs: bytes) -> NDArray[np.bool_]:
    """Tell which are plainly whole: nothing, a point, or a polygon of one ring."""
    usual = lengths < 0
    starts = np.cumsum(np.append(0, np.maximum(lengths[:-1], 0)))
    long = np.flatnonzero(lengths >= _HEAD_SIZE)
    if not len(long):
        return usual
    every = np.frombuffer(blobs, np.uint8)
    heads = every[starts[long, None] + np.arange(_HEAD_SIZE)]
    length = lengths[long]
    point = _begin(heads, _POINT_HEAD) & (length == _POINT_SIZE)
    places = np.ascontiguousarray(heads[:, len(_RING_HEAD) :]).view("<u4")[:, 0]
    ring = _begin(heads, _RING_HEAD) & (length == _RING_SIZE + 16 * places.astype(int))
    usual[long] = point | ring
    return usual


def _begin(heads: NDArray[np.uint8], head: bytes) -> NDArray[np.bool_]:
    same = heads[:, : len(head)] == np.frombuffer(head, np.uint8)
    return np.asarray(same.all(axis=1))


def _read(parts: list[bytes | None]) -> Geometries:
    try:
        geometries: Geometries = np.empty(len(parts), dtype=object)
        with np.errstate(invalid="ignore"):
            geometries[:] = shapely.from_wkb(np.array(parts, dtype=object))
            # of a large shape, there would be two at once
            parts.clear()
            _check(geometries)
    except shapely.errors.GEOSException as error:
        raise ValueError("no well-known binary") from error
    return geometries


def _check(geometries: Geometries) -> None:
    """Demand polygons that are valid, and positions on the globe."""
    polygons = shapely.get_dimensions(geometries) == 2  # noqa: PLR2004 - areas
    polygons &= shapely.get_type_id(geometries) != _MOST
    if not shapely.is_valid(geometries[polygons]).all():
        raise ValueError("an invalid polygon")
    places = shapely.get_coordinates(geometries)
    # a comparison with NaN is false
    if not (np.abs(places, out=places) <= (180, 90)).all():
        raise ValueError("not on the globe")


def _whole(blob: bytes | None) -> bool:
    """Tell whether it is one geometry from end to end."""
    return blob is None or _end(blob, 0, DEEPEST) == len(blob)


def _end(blob: bytes, at: int, depth: int) -> int:
    """Find where a geometry ends that begins at a byte."""
    order, kind = struct.unpack_from("<BI", blob, at)
    size = 24 if kind & _HIGH else 16
    kind &= ~_HIGH
    if order != 1 or not _POINT <= kind <= _MOST or not depth:
        raise ValueError("no well-known binary")
    at += 5
    if kind == _POINT:
        return at + size
    (count,) = struct.unpack_from("<I", blob, at)
    at += 4
    if kind == _LINE:
        return int(at + count * size)
    for _ in range(count):
        if kind == _POLYGON:
            (points,) = struct.unpack_from("<I", blob, at)
            at += 4 + points * size
        else:
            at = _end(blob, at, depth - 1)
    return at
