"""Geometries as they pass between processes: well-known binary, looked over first."""

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from beltmap.geo.geometry.area import Geometries

DEEPEST: Final = 32
"""Collections in collections; GEOS falls over thousands of them."""

_HIGH: Final = 0x80000000
_POINT, _LINE, _POLYGON, _MOST = 1, 2, 3, 7


def to_blobs(geometries: Geometries) -> tuple[list[int], bytes]:
    """
    Write geometries one after the other.

    Parameters
    ----------
    geometries
        Shapely geometries and None.

    Returns
    -------
    sizes
        Bytes of each, -1 for None.
    blobs
        Extended well-known binary, little-endian.
    """
    blobs = shapely.to_wkb(geometries, byte_order=1, flavor="extended").tolist()
    sizes = [-1 if blob is None else len(blob) for blob in blobs]
    return sizes, b"".join(blob for blob in blobs if blob is not None)


def from_blobs(sizes: Sequence[int], blobs: bytes) -> Geometries:
    """
    Read what `to_blobs` wrote, from a writer that is not trusted.

    Parameters
    ----------
    sizes, blobs
        As `to_blobs` gives them.

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
    pieces: list[bytes | None] = []
    at = 0
    for size in sizes:
        pieces.append(None if size < 0 else blobs[at : at + size])
        at += max(size, 0)
    if at != len(blobs):
        raise ValueError("cut")
    try:
        if any(_end(one, 0, DEEPEST) != len(one) for one in pieces if one is not None):
            raise ValueError("no well-known binary")
        geometries = np.empty(len(pieces), dtype=object)
        with np.errstate(invalid="ignore"):
            geometries[:] = shapely.from_wkb(np.array(pieces, dtype=object))
            _check(geometries)
    except (struct.error, shapely.errors.GEOSException) as error:
        raise ValueError("no well-known binary") from error
    return geometries


def _check(geometries: Geometries) -> None:
    """Demand polygons that are valid, and positions on the globe."""
    polygons = shapely.get_dimensions(geometries) == 2  # noqa: PLR2004 - areas
    polygons &= shapely.get_type_id(geometries) != _MOST
    if not shapely.is_valid(geometries[polygons]).all():
        raise ValueError("an invalid polygon")
    # a comparison with NaN is false
    if not (np.abs(shapely.get_coordinates(geometries)) <= (180, 90)).all():
        raise ValueError("not on the globe")


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
