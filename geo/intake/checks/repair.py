"""Geometries put right, each change told with the area before and after."""

import re
from dataclasses import replace
from typing import Any, Final

import numpy as np
import shapely

from beltmap.geo.geometry.antimeridian import cut_at_180
from beltmap.geo.geometry.anywhere import measured_m2
from beltmap.geo.geometry.area import Geometries, Shape
from beltmap.geo.intake.checks.crs import ROUNDED, fits_degrees
from beltmap.geo.intake.notices import Json, Notice, notice
from beltmap.geo.intake.rows import Rows

_REASON: Final = re.compile(r"(?P<reason>[^\[]+)(?:\[(?P<at>[^\]]+)\])?")
_POLYGON: Final = 3
_SHOWN: Final = 80


def repair(rows: Rows) -> Rows:
    """
    Take out what lies nowhere, and mend what is not valid.

    Parameters
    ----------
    rows
        Rows in longitude and latitude, degrees.

    Returns
    -------
    rows
        Rows out of range are refused. Rings and lines across the meridian of
        180 degrees are cut there; polygons are made valid, and one of which
        nothing is left becomes a row without geometry. Heights stay, all of a
        shape or none.
    """
    inside = _refuse_outside(_unrounded(rows))
    geometries, crossing = cut_at_180(inside.geometries)
    notices: list[Notice] = [
        notice(code, inside.place(row)) for row, code in crossing.items()
    ]
    broken = ~shapely.is_valid(geometries) & ~shapely.is_missing(geometries)
    for row in np.flatnonzero(broken):
        mended, said = _mend(geometries[row], inside.place(row))
        geometries[row] = mended
        notices += said
    geometries, lost = _whole_heights(inside.geometries, geometries)
    if lost:
        notices.append(notice("W_HEIGHTS_LEFT_OUT", n=lost))
    return replace(inside, geometries=geometries, notices=(*inside.notices, *notices))


def without_measures(rows: Rows) -> Rows:
    """
    Take the measures (M) out of positions, which no map and no plan has.

    Parameters
    ----------
    rows
        Rows in the coordinates of the file.

    Returns
    -------
    rows
        Longitude, latitude and height at most.
    """
    measured = shapely.has_m(rows.geometries)
    if not measured.any():
        return rows
    geometries = rows.geometries.copy()
    high = measured & shapely.has_z(geometries)
    plain = shapely.to_wkb(geometries[high], output_dimension=3)
    geometries[high] = shapely.from_wkb(plain)
    geometries[measured & ~high] = shapely.force_2d(geometries[measured & ~high])
    said = notice("W_EXTRA_ORDINATES", n=int(measured.sum()))
    return replace(rows, geometries=geometries, notices=(*rows.notices, said))


def _whole_heights(before: Geometries, after: Geometries) -> tuple[Geometries, int]:
    """Leave no shape with some of its heights, and count those that lost them."""
    high = shapely.has_z(after)
    uneven = np.zeros(len(after), bool)
    for row in np.flatnonzero(high):
        heights = shapely.get_coordinates(after[row], include_z=True)[:, 2]
        uneven[row] = not np.isfinite(heights).all()
    lost = uneven | (shapely.has_z(before) & ~high & ~shapely.is_missing(after))
    if not lost.any():
        return after, 0
    known = [
        bool(np.isfinite(shapely.get_coordinates(shape, include_z=True)[:, 2]).any())
        for shape in before[lost]
    ]
    flat = after.copy()
    flat[uneven] = shapely.force_2d(after[uneven])
    return flat, sum(known)


def kept(rows: Rows, mask: Any) -> Rows:  # noqa: ANN401 - an array of truth values
    """
    Keep some of the rows.

    Parameters
    ----------
    rows
        Rows of a layer.
    mask
        True for each row to keep.
    """
    places = np.flatnonzero(mask).tolist()
    return replace(
        rows,
        columns={
            name: [values[row] for row in places]
            for name, values in rows.columns.items()
        },
        geometries=rows.geometries[mask],
        numbers=[rows.numbers[row] for row in places],
        ids=[rows.ids[row] for row in places],
    )


def _unrounded(rows: Rows) -> Rows:
    """Bring to the end of the globe what rounding has put a hair beyond it."""
    ends = np.array([180.0, 90.0])
    beyond = np.zeros(len(rows), bool)
    points, owner = shapely.get_coordinates(rows.geometries, return_index=True)
    size = np.abs(points)
    near = (size > ends) & (size <= ends + ROUNDED)
    beyond[owner[near.any(axis=1)]] = True
    if not beyond.any():
        return rows

    def clip(xy: Any) -> Any:  # noqa: ANN401 - coordinates
        over = np.abs(xy) <= ends + ROUNDED
        return np.where(over, np.clip(xy, -ends, ends), xy)

    geometries, high = rows.geometries.copy(), shapely.has_z(rows.geometries)
    flat, raised = beyond & ~high, beyond & high
    geometries[flat] = shapely.transform(geometries[flat], clip)
    geometries[raised] = shapely.transform(
        geometries[raised],
        lambda xyz: np.column_stack([clip(xyz[:, :2]), xyz[:, 2]]),
        include_z=True,
    )
    place = {
        f"{rows.word}s": [int(rows.numbers[row]) for row in np.flatnonzero(beyond)]
    }
    said = notice("W_ROUNDED", place, n=int(beyond.sum()))
    return replace(rows, geometries=geometries, notices=(*rows.notices, said))


def _refuse_outside(rows: Rows) -> Rows:
    """Refuse rows with coordinates that are no longitude and latitude."""
    bounds = shapely.bounds(rows.geometries)
    placed = shapely.get_num_coordinates(rows.geometries) > 0
    fine = ~placed
    fine[placed] = fits_degrees(bounds[placed])
    finite = np.isfinite(shapely.get_coordinates(rows.geometries)).all()
    if fine.all() and finite:
        return rows
    refused = []
    for row in np.flatnonzero(placed):
        points = shapely.get_coordinates(rows.geometries[row])
        wrong = ~(np.abs(points) <= (180, 90)).all(axis=1)
        if wrong.any():
            fine[row] = False
            number = int(np.argmax(wrong))
            place = rows.place(row) | {"position": number + 1}
            found = ", ".join(f"{float(value)}" for value in points[number])
            refused.append(notice("E_COORD_RANGE", place, found=found))
    return replace(kept(rows, fine), refused=(*rows.refused, *refused))


def _mend(geometry: Shape, place: dict[str, Json]) -> tuple[Shape | None, list[Notice]]:
    """Make a geometry valid; lines and points are left as they are."""
    parts = _polygons_apart(geometry)
    polygons = [part for part in parts if part.geom_type == "Polygon"]
    if not polygons or all(shapely.is_valid(polygons)) and len(polygons) < 2:  # noqa: PLR2004, RUF021 - one sound polygon
        return geometry, []
    others = [part for part in parts if part.geom_type != "Polygon"]
    mended = shapely.union_all([_mended(polygon) for polygon in polygons])
    both = np.array([shapely.MultiPolygon(polygons), mended], dtype=object)
    before, after = measured_m2(both) / 1e6
    if mended.is_empty and not others:
        return None, [notice("E_EMPTY_AFTER_REPAIR", place, before_km2=_round(before))]
    if others:
        mended = shapely.GeometryCollection([mended, *others])
    why = _REASON.match(shapely.is_valid_reason(geometry) or "")
    said = notice(
        "W_MADE_VALID",
        place,
        reason=why["reason"].strip() if why else "",
        at=(why and why["at"]) or "",
        before_km2=_round(before),
        after_km2=_round(after),
        dropped=_dropped(polygons),
    )
    return mended, [said]


def _polygons_apart(geometry: Shape) -> list[Shape]:
    """Open collections and multipolygons, keep other parts whole."""
    parts: list[Shape] = []
    for part in shapely.get_parts(geometry).tolist():
        opened = part.geom_type in {"MultiPolygon", "GeometryCollection"}
        parts += _polygons_apart(part) if opened else [part]
    return parts


def _mended(polygon: Shape) -> Shape:
    """Take all holes from the shell; a hole outside it takes nothing."""
    shell = _valid(shapely.Polygon(polygon.exterior))
    holes = [_valid(shapely.Polygon(hole)) for hole in polygon.interiors]
    return shapely.difference(shell, shapely.union_all(holes)) if holes else shell


def _valid(ring: Shape) -> Shape:
    return shapely.make_valid(ring, method="structure", keep_collapsed=False)


def _dropped(polygons: list[Shape]) -> list[str]:
    """Name the lines that a ring ran out and back, which bound no area."""
    lines = []
    for polygon in polygons:
        for part in shapely.get_parts(shapely.make_valid(polygon)).tolist():
            if shapely.get_dimensions(part) < 2:  # noqa: PLR2004 - an area
                words = shapely.to_wkt(part, rounding_precision=6)
                lines.append(words[:_SHOWN])
    return lines


def _round(area_km2: float) -> float:
    return float(f"{area_km2:.9g}")
