"""The compact payload: all zones of a layer as columns of bytes, and back."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from beltmap.layers.payload.columns import decode_column, encode_column, smallest
from beltmap.layers.payload.outline import Outline, put_together, take_apart
from beltmap.layers.payload.steps import from_steps, to_steps

MAGIC: Final = b"BMAP"
ALIGNMENT: Final = 8
"""Arrays start at multiples of this, so that the browser can view them in place."""


def encode(
    geometries: NDArray[np.object_],
    columns: Mapping[str, Any],
    *,
    meta: Mapping[str, Any],
    decimals: int = 6,
    coded: Collection[str] = (),
) -> bytes:
    """
    Write geometries and their attributes as one compact payload.

    Coordinates become whole steps of 10^-`decimals` degrees, each stored as
    the difference from the one before; attributes become numbers, dictionary
    codes or one run of text. Exterior rings are wound counter-clockwise and
    holes clockwise, so that a browser may fill many zones in one path.

    Parameters
    ----------
    geometries
        Points, lines, polygons or multi-parts in EPSG:4326; missing and empty
        ones keep their row.
    columns
        Attributes by name, each as long as `geometries`.
    meta
        Anything that JSON can hold, for the reader of the payload.
    decimals
        Decimals of a degree that are kept: 6 is 0.11 m, 7 is the most.
    coded
        Text columns that must become codes, however many values they have.

    Returns
    -------
    payload
        Magic, length of the header, header in JSON, typed little-endian arrays.

    Raises
    ------
    PlanError
        If a coordinate is not finite or outside the world, or a geometry is
        a collection.

    Examples
    --------
    Write one point and read it back:

    >>> import shapely
    >>> payload = encode(shapely.points([[120.4, 36.1]]), {"id": ["a"]}, meta={})
    >>> decode(payload)[0]
    array([<POINT (120.4 36.1)>], dtype=object)
    """
    outline = take_apart(geometries, decimals=decimals)
    return encode_outline(outline, columns, meta=meta, decimals=decimals, coded=coded)


def encode_outline(
    outline: Outline,
    columns: Mapping[str, Any],
    *,
    meta: Mapping[str, Any],
    decimals: int,
    coded: Collection[str] = (),
) -> bytes:
    """Write geometries that are taken apart already; else as `encode`."""
    steps, leaps = to_steps(outline.points)
    arrays = {
        "shape": outline.shape,
        "rings": smallest(outline.rings),
        "sizes": smallest(outline.sizes),
        "outer": np.packbits(outline.outer),
        "steps": steps,
        "leaps": leaps,
    }
    described: dict[str, dict[str, Any]] = {}
    for name, values in columns.items():
        described[name], blobs = encode_column(values, coded=name in coded)
        arrays |= {f"{name}:{part}": blob for part, blob in blobs.items()}
    head = {
        "rows": len(outline.shape),
        "decimals": decimals,
        "columns": described,
        "meta": dict(meta),
    }
    return assemble(head, arrays)


def decode(
    payload: bytes,
) -> tuple[NDArray[np.object_], dict[str, list[Any]], dict[str, Any]]:
    """
    Read a payload back.

    Parameters
    ----------
    payload
        What `encode` wrote.

    Returns
    -------
    geometries, columns, meta
        As they were given to `encode`: coordinates rounded to its decimals,
        polygons wound counter-clockwise, missing values as None.

    Raises
    ------
    ValueError
        If `payload` does not begin as one.
    """
    if payload[: len(MAGIC)] != MAGIC:
        raise ValueError("not a payload")
    length = int(np.frombuffer(payload, "<u4", 1, len(MAGIC))[0])
    first = len(MAGIC) + 4
    head = orjson.loads(payload[first : first + length])
    arrays = {
        name: np.frombuffer(payload, dtype, count, first + length + offset)
        for name, (dtype, offset, count) in head["arrays"].items()
    }
    points = from_steps(arrays["steps"], arrays["leaps"])
    sizes = arrays["sizes"]
    outer = np.unpackbits(arrays["outer"], count=len(sizes)).astype(bool)
    outline = Outline(arrays["shape"], arrays["rings"], sizes, outer, points)
    columns = {
        name: decode_column(column, arrays, name)
        for name, column in head["columns"].items()
    }
    return put_together(outline, decimals=head["decimals"]), columns, head["meta"]


def assemble(head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Lay out header and arrays, and say in the header where each array is."""
    places: dict[str, tuple[str, int, int]] = {}
    blobs: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, offset, array.size)
        blob = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        gap = -len(blob) % ALIGNMENT
        blobs += [blob, bytes(gap)]
        offset += len(blob) + gap
    text = orjson.dumps({**head, "arrays": places}, option=orjson.OPT_SERIALIZE_NUMPY)
    text += b" " * (-(len(MAGIC) + 4 + len(text)) % ALIGNMENT)
    return b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *blobs])
