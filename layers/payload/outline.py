"""Geometries taken apart into rings of whole steps, and put together again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from beltmap.geo.errors import PlanError, fault
from beltmap.geo.language.messages import text

Integers = NDArray[np.integer[Any]]

NOTHING: Final = 255
"""Shape of a missing geometry; others carry the type number of shapely."""

RING: Final = 2
POLYGON: Final = 3
COLLECTION: Final = 7
LON_MOST: Final = 180
LAT_MOST: Final = 90
TOP: Final = 2**31 - 1


@dataclass(frozen=True)
class Outline:
    """
    Geometries taken apart into rings.

    Parameters
    ----------
    shape
        Type of each geometry, as shapely numbers it; `NOTHING` where missing.
    rings
        Number of rings (or lines, or points) of each geometry.
    sizes
        Number of vertices of each ring, without the closing one.
    outer
        Whether a ring begins a part; otherwise it is a hole of the part before.
    points
        Vertices, shape ``(n, 2)``, longitude and latitude as whole multiples
        of the smallest step.
    """

    shape: NDArray[np.uint8]
    rings: Integers
    sizes: Integers
    outer: NDArray[np.bool_]
    points: NDArray[np.int32]


def take_apart(geometries: NDArray[np.object_], *, decimals: int) -> Outline:
    """
    Take geometries apart into rings of whole steps.

    Parameters
    ----------
    geometries
        In EPSG:4326.
    decimals
        Decimals of a degree that are kept.

    Returns
    -------
    outline
        Polygons wound counter-clockwise, their holes clockwise.

    Raises
    ------
    PlanError
        See `layers.payload.encode.encode`.
    """
    given = np.asarray(geometries, dtype=object)
    kinds = shapely.get_type_id(given)
    drawn = np.flatnonzero(~(shapely.is_missing(given) | shapely.is_empty(given)))
    parts, owner = parts_of(given[drawn])
    rings, part = rings_of(parts)
    outer = np.diff(part, prepend=-1) != 0
    closed = shapely.get_type_id(parts)[part] == POLYGON
    turned = np.flatnonzero(closed & (shapely.is_ccw(rings) != outer))
    rings[turned] = shapely.reverse(rings[turned])
    sizes = shapely.get_num_coordinates(rings)
    xy = shapely.get_coordinates(rings)
    # of one long outline, each copy is as large as all that is kept of it
    del rings
    refuse_bad(kinds, xy, decimals=decimals)
    xy *= 10**decimals
    steps = np.rint(xy, out=xy).astype(np.int32)
    del xy
    return Outline(
        shape=np.where(kinds < 0, NOTHING, kinds).astype(np.uint8),
        rings=np.bincount(drawn[owner[part]], minlength=len(given)),
        sizes=sizes - closed,
        outer=outer,
        points=drop(steps, np.cumsum(sizes)[closed] - 1),
    )


def with_points(outline: Outline, points: NDArray[np.int32]) -> Outline:
    """Add single points, shape ``(n, 2)`` in whole steps, behind all others."""
    ones = np.ones(len(points), np.uint8)
    return Outline(
        shape=np.append(outline.shape, 0 * ones),
        rings=np.append(outline.rings, ones),
        sizes=np.append(outline.sizes, ones),
        outer=np.append(outline.outer, ones.astype(bool)),
        points=np.concatenate([outline.points, points]),
    )


def drop(points: NDArray[np.int32], rows: Integers) -> NDArray[np.int32]:
    """Leave out some points, looking at each pair as one number: half the work."""
    keep = np.ones(len(points), dtype=bool)
    keep[rows] = False
    return points.view(np.int64).ravel()[keep].view(np.int32).reshape(-1, 2)


def parts_of(
    geometries: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """List the parts of multi-parts, and single geometries as they are."""
    if (shapely.get_type_id(geometries) <= POLYGON).all():
        return geometries, np.arange(len(geometries))
    return shapely.get_parts(geometries, return_index=True)


def rings_of(
    parts: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """List the rings of polygons, and lines and points as they are."""
    area = shapely.get_type_id(parts) == POLYGON
    rings, part = shapely.get_rings(parts[area], return_index=True)
    if area.all():
        return rings, part
    rings = np.concatenate([rings, parts[~area]])
    part = np.concatenate([np.flatnonzero(area)[part], np.flatnonzero(~area)])
    order = np.argsort(part, kind="stable")
    return rings[order], part[order]


def refuse_bad(
    kinds: NDArray[np.int32], xy: NDArray[np.float64], *, decimals: int
) -> None:
    """Raise one `PlanError` for all that cannot be drawn."""
    faults = []
    if collections := int((kinds == COLLECTION).sum()):
        faults.append(
            fault(
                "E_COLLECTION",
                text("where.payload_row", row=int(np.argmax(kinds == COLLECTION))),
                collections=collections,
            )
        )
    # a comparison with NaN is false, so that bad values cannot slip through
    furthest = [
        max(-xy[:, axis].min(initial=0), xy[:, axis].max(initial=0)) for axis in (0, 1)
    ]
    if not (furthest[0] <= LON_MOST and furthest[1] <= LAT_MOST):
        wrong = ~(np.abs(xy) <= [LON_MOST, LAT_MOST]).all(axis=1)
        lon, lat = xy[np.argmax(wrong)].tolist()
        faults.append(
            fault(
                "E_COORDINATES",
                text("where.lonlat", lon=lon, lat=lat),
                wrong=int(wrong.sum()),
            )
        )
    if LON_MOST * 10**decimals > TOP:
        faults.append(fault("E_DECIMALS", "payload", decimals=decimals))
    if faults:
        raise PlanError(faults)


def put_together(outline: Outline, *, decimals: int) -> NDArray[np.object_]:
    """Build geometries from their rings: the inverse of `take_apart`."""
    geometries = np.full(len(outline.shape), None, dtype=object)
    row = np.repeat(np.arange(len(outline.rings)), outline.rings)
    xy = outline.points / 10**decimals
    vertex = np.repeat(np.arange(len(outline.sizes)), outline.sizes)
    part = np.cumsum(outline.outer) - 1
    for kind in np.unique(outline.shape[outline.shape != NOTHING]).tolist():
        chosen = outline.shape == kind
        geometries[chosen] = EMPTY[kind]
        mine = chosen[row]
        if not mine.any():
            continue
        pieces = build_parts(kind, xy, vertex, np.flatnonzero(mine), part)
        of_part = row[mine & outline.outer]
        if kind > POLYGON:
            geometries[np.unique(of_part)] = JOIN[kind](
                pieces, indices=np.unique(of_part, return_inverse=True)[1]
            )
        else:
            geometries[of_part] = pieces
    return geometries


EMPTY: Final[dict[int, shapely.Geometry]] = {
    kind: shapely.from_wkt(f"{name} EMPTY")
    for kind, name in {
        0: "POINT",
        1: "LINESTRING",
        2: "LINEARRING",
        3: "POLYGON",
        4: "MULTIPOINT",
        5: "MULTILINESTRING",
        6: "MULTIPOLYGON",
    }.items()
}
JOIN: Final[dict[int, Callable[..., NDArray[np.object_]]]] = {
    4: shapely.multipoints,
    5: shapely.multilinestrings,
    6: shapely.multipolygons,
}


def build_parts(
    kind: int,
    xy: NDArray[np.float64],
    vertex: NDArray[np.intp],
    rings: NDArray[np.intp],
    part: NDArray[np.intp],
) -> NDArray[np.object_]:
    """Build the single parts of all geometries of one type."""
    taken = np.isin(vertex, rings)
    index = np.unique(vertex[taken], return_inverse=True)[1]
    if kind in (0, 4):
        return np.asarray(shapely.points(xy[taken]))
    if kind in (1, 5):
        return np.asarray(shapely.linestrings(xy[taken], indices=index))
    loops = np.asarray(shapely.linearrings(xy[taken], indices=index))
    if kind == RING:
        return loops
    whole = np.unique(part[rings], return_inverse=True)[1]
    return np.asarray(shapely.polygons(loops, indices=whole))
