"""Polygons as GeoJSON text, many at once."""

from itertools import pairwise
from typing import Any, Final

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

POLYGON: Final = 3
MULTIPOLYGON: Final = 6
"""Types of geometry, as shapely numbers them."""


def write_polygons(geometries: NDArray[np.object_], *, decimals: int) -> list[bytes]:
    """
    Write polygons and multipolygons as GeoJSON geometries.

    All coordinates are written in one go, and the text is then cut into rings:
    a call a geometry would take several times as long.

    Parameters
    ----------
    geometries
        Polygons and multipolygons, none empty or missing; heights are left out.
    decimals
        Decimals of a coordinate that are kept.

    Returns
    -------
    texts
        One a geometry; exterior rings run counter-clockwise, holes clockwise
        (RFC 7946, section 3.1.6).

    Examples
    --------
    >>> write_polygons(np.array([shapely.box(0, 0, 0.25, 1)]), decimals=7)[0].decode()
    '{"type":"Polygon","coordinates":[[[0.25,0.0],[0.25,1.0],[0.0,1.0],[0.0,0.0],[0.25,0.0]]]}'
    """
    if not len(geometries):
        return []
    parts, owner = geometries, np.arange(len(geometries))
    several = shapely.get_type_id(geometries) == MULTIPOLYGON
    if several.any():
        parts, owner = shapely.get_parts(geometries, return_index=True)
    # a polygon without holes has the coordinates of its one ring
    rings, part = parts, np.arange(len(parts))
    if shapely.get_num_interior_rings(parts).any():
        rings, part = shapely.get_rings(parts, return_index=True)
    # a hole follows the outline of its polygon
    outer = np.diff(part, prepend=-1) != 0
    texts = _ring_texts(rings, outer, decimals)
    polygons = _join(b"]],[[", texts, np.flatnonzero(outer))
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    whole = _join(b"]]],[[[", polygons, first)
    return [
        b'{"type":"MultiPolygon","coordinates":[[[[%b]]]]}' % text
        if multi
        else b'{"type":"Polygon","coordinates":[[[%b]]]}' % text
        for multi, text in zip(several.tolist(), whole, strict=True)
    ]


def _ring_texts(
    rings: NDArray[np.object_], outer: NDArray[np.bool_], decimals: int
) -> list[bytes]:
    """Write the coordinates of each ring, from the first number to the last."""
    sizes = shapely.get_num_coordinates(rings)
    ends = np.cumsum(sizes)
    xy = np.round(shapely.get_coordinates(rings), decimals)
    xy = xy[_order(xy, sizes, outer)]
    # flat numbers are written far quicker than pairs: the brackets come after
    text = bytearray(orjson.dumps(xy.ravel(), option=orjson.OPT_SERIALIZE_NUMPY)[1:-1])
    letters = np.frombuffer(text, np.uint8)
    commas = np.flatnonzero(letters == ord(","))
    letters[commas[1::2]] = ord(";")
    letters[commas[2 * ends[:-1] - 1]] = ord("\n")
    return bytes(text).replace(b";", b"],[").split(b"\n")


def _order(
    xy: NDArray[np.float64], sizes: NDArray[np.integer[Any]], outer: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Order vertices so that each ring runs the way it should."""
    ends = np.cumsum(sizes)
    starts = ends - sizes
    # from each ring's first vertex: small rings keep their sign, and the step
    # from one ring to the next, between two zeros, adds nothing
    x, y = (xy - np.repeat(xy[starts], sizes, axis=0)).T
    turn = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0)
    wrong = (np.add.reduceat(turn, starts) > 0) != outer
    place = np.arange(len(xy))
    backwards = np.repeat(starts + ends - 1, sizes) - place
    return np.where(np.repeat(wrong, sizes), backwards, place)


def _join(between: bytes, texts: list[bytes], first: NDArray[np.intp]) -> list[bytes]:
    """Join runs of texts, each from its first to the next run's first."""
    places = [*first.tolist(), len(texts)]
    return [between.join(texts[start:stop]) for start, stop in pairwise(places)]
