"""What a person should know about a layer that is drawn all the same."""

import json
from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from beltmap.geo.geometry.anywhere import Areas, measured_m2
from beltmap.geo.geometry.area import Geometries
from beltmap.geo.intake.notices import Json, Notice, notice
from beltmap.geo.intake.rows import ABSENT, Rows
from beltmap.geo.language.hidden import excerpt

NULL_ISLAND_DEG: Final = 1e-6
SLIVER_M: Final = 0.01
OVERLAP_M2: Final = 1.0
MOST_PAIRS: Final = 200_000
LISTED: Final = 50
_METRES_A_DEGREE: Final = 111_195.0
_CHUNK: Final = 500
_KINDS: Final = ("point", "line", "polygon")


def check_layer(rows: Rows, areas_m2: Areas) -> list[Notice]:
    """
    Look a layer over, as a careful colleague would.

    Parameters
    ----------
    rows
        Rows in longitude and latitude, degrees; polygons valid.
    areas_m2
        Drawn area of each row; 0 where nothing is drawn.

    Returns
    -------
    notices
        Nothing to draw, mixed kinds, empty geometries, null island, zero
        length, slivers, the same shape twice, overlaps, ids given twice.
    """
    return [
        *_drawing(rows),
        *_shapes(rows, areas_m2),
        *_twice(rows),
        *_overlaps(rows),
        *_ids(rows.ids),
    ]


def drawn(geometries: Geometries) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Tell of each geometry whether there is anything to draw."""
    return np.asarray(shapely.get_num_coordinates(geometries) > 0)


def _drawing(rows: Rows) -> Iterator[Notice]:
    if not len(rows):
        if not rows.refused:
            yield notice("W_NO_ROWS")
        return
    something = drawn(rows.geometries)
    empty = ~something & ~shapely.is_missing(rows.geometries)
    if empty.any():
        yield notice("W_EMPTY_GEOMETRY", _places(rows, empty), n=int(empty.sum()))
    if not something.any():
        yield notice("W_NOTHING_TO_DRAW", n=len(rows))
    dimensions = shapely.get_dimensions(rows.geometries[something])
    kinds = {
        kind: int((dimensions == size).sum())
        for size, kind in enumerate(_KINDS)
        if (dimensions == size).any()
    }
    if len(kinds) > 1:
        points, lines, polygons = (kinds.get(kind, 0) for kind in _KINDS)
        yield notice("W_MIXED_GEOMETRY", point=points, line=lines, polygon=polygons)


def _shapes(rows: Rows, areas_m2: Areas) -> Iterator[Notice]:
    """Find shapes that are hardly there, or hardly meant."""
    some = np.flatnonzero(drawn(rows.geometries))
    shapes = rows.geometries[some]
    bounds = np.abs(shapely.bounds(shapes))
    for row in some[(bounds < NULL_ISLAND_DEG).all(axis=1)]:
        yield notice("W_NULL_ISLAND", rows.place(row))
    lengths = shapely.length(shapes)
    dimensions = shapely.get_dimensions(shapes)
    for row in some[(dimensions == 1) & (lengths == 0)]:
        yield notice("W_ZERO_LENGTH", rows.place(row))
    areas = areas_m2[some]
    width_m = 2 * areas / np.maximum(lengths * _METRES_A_DEGREE, 1e-300)
    for place in np.flatnonzero((dimensions == 2) & (width_m < SLIVER_M)):  # noqa: PLR2004 - polygons
        area = float(f"{areas[place]:.3g}")
        yield notice("W_SLIVER", rows.place(some[place]), area_m2=area)


def _twice(rows: Rows) -> Iterator[Notice]:
    """Find shapes that are drawn more than once."""
    some = np.flatnonzero(drawn(rows.geometries))
    seen: dict[bytes, int] = {}
    pairs = []
    forms = shapely.to_wkb(shapely.normalize(shapely.force_2d(rows.geometries[some])))
    for row, form in zip(some.tolist(), forms.tolist(), strict=True):
        first = seen.setdefault(form, row)
        if first != row:
            pairs.append(f"{rows.numbers[first]} = {rows.numbers[row]}")
    if pairs:
        yield notice("W_DUPLICATE_GEOMETRY", n=len(pairs), pairs=pairs[:LISTED])


def _overlaps(rows: Rows) -> Iterator[Notice]:
    """Find polygons that share land without one being inside the other."""
    polygons = shapely.get_dimensions(rows.geometries) == 2  # noqa: PLR2004 - polygons
    some = np.flatnonzero(polygons & drawn(rows.geometries))
    shapes = rows.geometries[some]
    tree = shapely.STRtree(shapes)
    tried, pairs = 0, []
    for start in range(0, len(shapes), _CHUNK):
        left, right = tree.query(shapes[start : start + _CHUNK])
        left = left + start
        left, right = left[left < right], right[left < right]
        tried += len(left)
        if tried > MOST_PAIRS:
            yield notice("W_OVERLAP_UNCHECKED", n=tried)
            break
        cross = shapely.overlaps(shapes[left], shapes[right])
        pairs += list(zip(left[cross].tolist(), right[cross].tolist(), strict=True))
    if not pairs:
        return
    left, right = np.array(pairs).T
    shared = measured_m2(shapely.intersection(shapes[left], shapes[right]))
    real = shared > OVERLAP_M2
    if real.any():
        numbers = [
            f"{rows.numbers[some[a]]} & {rows.numbers[some[b]]}"
            for a, b in zip(left[real][:LISTED], right[real][:LISTED], strict=True)
        ]
        area = float(f"{shared[real].sum() / 1e6:.6g}")
        yield notice("W_OVERLAP", n=int(real.sum()), area_km2=area, pairs=numbers)


def _ids(ids: list[Json]) -> Iterator[Notice]:
    """Find ids that do not tell features apart."""
    given = [identity for identity in ids if identity is not ABSENT]
    kinds = {_kind(identity) for identity in given}
    if len(kinds) > 1 or 0 < len(given) < len(ids):
        shown = [json.dumps(identity, ensure_ascii=False) for identity in given[:20]]
        yield notice("W_MIXED_IDS", ids=shown, missing=len(ids) - len(given))
    seen: dict[str, int] = {}
    for identity in given:
        key = json.dumps(identity)
        seen[key] = seen.get(key, 0) + 1
    twice = [key for key, n in seen.items() if n > 1]
    if twice:
        shown = [excerpt(json.loads(key)) for key in twice[:20]]
        yield notice("W_DUPLICATE_ID", ids=shown, n=len(twice))


def _kind(identity: Json) -> str:
    if isinstance(identity, str):
        return "text"
    return "whole" if float(identity).is_integer() else "fraction"


def _places(
    rows: Rows, mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> dict[str, Json]:
    return {f"{rows.word}s": [int(rows.numbers[row]) for row in np.flatnonzero(mask)]}
