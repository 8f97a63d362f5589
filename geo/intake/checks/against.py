"""An upload held against the plan: shifted datums, declared areas, frames."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely
from pyproj import Geod

from beltmap.geo.geometry.anywhere import Areas
from beltmap.geo.geometry.area import Shape
from beltmap.geo.geometry.datum import DATUMS, from_wgs84
from beltmap.geo.intake.checks.crs import DATUMS as NAMES
from beltmap.geo.intake.columns.guesses import AREA
from beltmap.geo.intake.context import Anchor, Context
from beltmap.geo.intake.notices import Json, Notice, notice
from beltmap.geo.intake.rows import Rows
from beltmap.geo.schema import MOST, QUALIFIER

AREA_RATIO: Final = 1.1
"""Declared and drawn area may differ by a tenth before it is worth a word."""

CLOSE_M: Final = 150.0
LEAST_SHIFT_M: Final = 250.0
INSIDE: Final = 0.5
_GEOD: Final = Geod(ellps="WGS84")


def datum_shift(rows: Rows, context: Context) -> Notice | None:
    """
    Find out whether known places lie where GCJ-02 or BD-09 would put them.

    Parameters
    ----------
    rows
        Rows in what is taken for WGS 84.
    context
        The plan with its known places.

    Returns
    -------
    shift
        The question whether the file is in that datum; None if no place of
        the plan is named in the file, or most lie where they should.
    """
    votes: list[str] = []
    moved: list[tuple[float, str]] = []
    for row, anchor in _known_places(rows, context):
        point = shapely.point_on_surface(rows.geometries[row])
        shift_m = _distance_m((point.x, point.y), (anchor.lon, anchor.lat))
        datum = _datum(point, anchor, shift_m)
        votes.append(datum)
        if datum:
            moved.append((shift_m, anchor.names[0]))
    likely = max(set(votes), key=votes.count) if votes else ""
    if not likely or votes.count(likely) * 2 <= len(votes):
        return None
    name = next(name for name, datum in NAMES.items() if datum == likely)
    places = [place for _, place in moved]
    return notice(
        "E_DATUM_SHIFT", datum=name, shift_m=round(moved[0][0]), places=places
    )


def areas_differ(
    rows: Rows,
    columns: Mapping[str, list[Json]],
    areas_m2: Areas,
) -> list[Notice]:
    """Find zones whose declared and drawn areas are not the same figure."""
    notices = []
    for row, declared in enumerate(columns[AREA]):
        drawn = float(areas_m2[row]) / 1e6
        if declared and drawn > 0:
            low, high = _bounds(columns, row, declared)
            if not low / AREA_RATIO <= drawn <= high * AREA_RATIO:
                figures = {"declared_km2": declared, "drawn_km2": float(f"{drawn:.4g}")}
                notices.append(notice("W_AREA_DIFFERS", rows.place(row), **figures))
    return notices


def _bounds(
    columns: Mapping[str, list[Json]], row: int, declared: float
) -> tuple[float, float]:
    """Say between which areas a zone may lie that declares so much, km²."""
    qualifier = columns[QUALIFIER][row] if QUALIFIER in columns else None
    if qualifier in {"at least", "more than"}:
        return declared, np.inf
    if qualifier == "at most":
        return 0.0, declared
    most = columns[MOST][row] if MOST in columns else None
    return declared, most or declared


def outside_frame(
    rows: Rows, columns: Mapping[str, list[Json]], context: Context
) -> list[Notice]:
    """Find zones of which half or more lies outside what they are part of."""
    frames = {name: shapely.from_wkt(words) for name, words in context.frames}
    for row, kind in enumerate(columns["kind"]):
        if kind in context.framing and rows.geometries[row] is not None:
            frames[str(columns["id"][row])] = rows.geometries[row]
    notices = []
    for row, parent in enumerate(columns["part_of"]):
        shape = rows.geometries[row]
        frame = frames.get(parent) if isinstance(parent, str) else None
        if frame is None or shape is None or shape.is_empty:
            continue
        whole = shape.area or 1.0
        inside = (
            shapely.intersection(shape, frame).area / whole
            if shape.area
            else float(shapely.intersects(shape, frame))
        )
        if inside < INSIDE:
            percent = round(100 * inside)
            place = rows.place(row)
            notices.append(
                notice("W_OUTSIDE_FRAME", place, frame=parent, percent=percent)
            )
    return notices


def _known_places(rows: Rows, context: Context) -> list[tuple[int, Anchor]]:
    """Pair rows and places of the plan that have a name in common."""
    by_name = {name.casefold(): a for a in context.anchors for name in a.names}
    pairs = []
    for row in range(len(rows)):
        shape = rows.geometries[row]
        if shape is None or shape.is_empty or not by_name:
            continue
        words = [values[row] for values in rows.columns.values()] + [rows.ids[row]]
        named = [
            by_name[word.strip().casefold()]
            for word in words
            if isinstance(word, str) and word.strip().casefold() in by_name
        ]
        pairs += [(row, named[0])] if named else []
    return pairs


def _datum(point: Shape, anchor: Anchor, shift_m: float) -> str:
    if shift_m < LEAST_SHIFT_M:
        return ""
    place = np.array([[anchor.lon, anchor.lat]])
    for datum in DATUMS:
        lon, lat = from_wgs84(place, datum=datum)[0]
        if _distance_m((point.x, point.y), (lon, lat)) < CLOSE_M:
            return datum
    return ""


def _distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(_GEOD.inv(*a, *b)[2])
