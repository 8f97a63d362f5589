"""Where a layer would lie in each CRS that it may be in."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely
from pyproj import Geod

from beltmap.geo.geometry.area import Geometries, Shape
from beltmap.geo.intake.checks.crs import (
    DATUMS,
    SWAPPED,
    WGS84,
    Points,
    extents,
    fits_degrees,
    known_crs,
    label,
    to_lon_lat,
)
from beltmap.geo.intake.questions import Option
from beltmap.geo.language.messages import text

CHINA: Final = (72.0, 0.8, 137.9, 55.9)
MOST: Final = 12
_SAMPLE: Final = 2000
_GEOD: Final = Geod(ellps="WGS84")
_GK3_ZONE, _GK3_MERIDIAN, _GK6_ZONE = 4513, 4534, 4491
"""First EPSG codes of CGCS2000: zone 25, meridian 75°, zone 13."""


def candidates(
    geometries: Geometries, *, near: tuple[float, float]
) -> tuple[Option, ...]:
    """
    Find the CRSs in which a layer makes sense.

    Parameters
    ----------
    geometries
        Shapely geometries and None, in the coordinates of the file.
    near
        Longitude and latitude of the plan's middle, degrees.

    Returns
    -------
    candidates
        At most `MOST`, each with the hull of the layer; WGS 84 first where
        it fits, then by distance from `near`.
    """
    points = shapely.get_coordinates(geometries)
    points = points[np.isfinite(points).all(axis=1)]
    points = points[:: len(points) // _SAMPLE + 1]
    if not len(points):
        return ()
    # coordinates near the largest number overflow, and fit nowhere
    with np.errstate(over="ignore", invalid="ignore"):
        hull = shapely.convex_hull(shapely.multipoints(points))
    found = []
    for rank, code in enumerate(_codes(extents(np.array([hull], dtype=object)))):
        option = _option(code, hull, near)
        if option is not None:
            distance_km, made = option
            degrees = code in DATUMS or code.endswith(WGS84)
            found.append((not degrees, 0 if degrees else distance_km, rank, made))
    return tuple(made for *_, made in sorted(found, key=lambda one: one[:3])[:MOST])


def strange_zone(geometries: Geometries) -> int | None:
    """
    Give the zone that stands before the eastings of a layer, if there is none such.

    Parameters
    ----------
    geometries
        As for `candidates`.

    Returns
    -------
    zone
        None where no zone stands there, or one that China has.

    Examples
    --------
    >>> strange_zone(shapely.points([[99.5e6, 3.78e6]]))
    99
    >>> strange_zone(shapely.points([[36.5e6, 3.78e6]]))
    """
    west, south, east, north = shapely.total_bounds(geometries)
    zone = int(west // 1e6) if np.isfinite(west) else 0
    numbered = 1 <= zone < 100 and zone == east // 1e6  # noqa: PLR2004 - two digits
    chinese = 13 <= zone <= 23 or 25 <= zone <= 45  # noqa: PLR2004 - of 6 and 3 degrees
    northing = south > 0 and north < 6.2e6  # noqa: PLR2004 - China
    return zone if numbered and northing and not chinese else None


def _codes(bounds: Points) -> Iterator[str]:
    """List what the size of the coordinates leaves open."""
    turned = bounds[:, [1, 0, 3, 2]]
    if fits_degrees(bounds).all():
        yield WGS84
        if _within(bounds, CHINA):
            yield from DATUMS
    if fits_degrees(turned).all() and (
        _within(turned, CHINA) or not fits_degrees(bounds).all()
    ):
        yield SWAPPED + WGS84
    if np.abs(bounds).max() > 180:  # noqa: PLR2004 - no degrees
        yield from _projected(bounds)
        yield from (SWAPPED + code for code in _projected(turned))


def _projected(bounds: Points) -> Iterator[str]:
    west, south, east, north = bounds[0]
    zone = int(west // 1e6)
    if zone == int(east // 1e6) and south > 0 and north < 6.2e6:  # noqa: PLR2004 - China
        if 25 <= zone <= 45:  # noqa: PLR2004 - zones of 3 degrees
            yield f"EPSG:{_GK3_ZONE + zone - 25}"
        if 13 <= zone <= 23:  # noqa: PLR2004 - zones of 6 degrees
            yield f"EPSG:{_GK6_ZONE + zone - 13}"
        if zone == 0:
            yield from (f"EPSG:{_GK3_MERIDIAN + k}" for k in range(21))
            yield from (f"EPSG:{32600 + k}" for k in range(43, 54))
    if max(abs(west), abs(east), abs(south), abs(north)) < 2.1e7:  # noqa: PLR2004 - the world in EPSG:3857
        yield "EPSG:3857"


def _within(bounds: Points, box: tuple[float, float, float, float]) -> bool:
    inside = (bounds[:, :2] >= box[:2]).all() and (bounds[:, 2:] <= box[2:]).all()
    return bool(inside)


def _option(
    code: str, hull: Shape, near: tuple[float, float]
) -> tuple[float, Option] | None:
    """Put the hull where `code` would put it, if that is where `code` is used."""
    moved = to_lon_lat(np.array([hull], dtype=object), code)
    outline = () if moved is None else shapely.get_coordinates(moved)
    if not len(outline) or not np.isfinite(outline).all():
        return None
    crs = None if code in DATUMS else known_crs(code.removeprefix(SWAPPED))
    area = crs.area_of_use if crs is not None else None
    lon, lat = np.mean(outline, axis=0)
    if area is not None and not (
        area.west - 1 <= lon <= area.east + 1 and area.south <= lat <= area.north
    ):
        return None
    distance_km = _GEOD.inv(lon, lat, *near)[2] / 1000
    why = text("intake.candidate.why", distance_km=round(distance_km))
    key = code.removeprefix(SWAPPED) if code in DATUMS else ""
    name = text(f"intake.candidate.{key}") if key else label(code)
    if code.startswith(SWAPPED):
        name = text("intake.candidate.swapped", crs=name.removeprefix(SWAPPED))
    corners = tuple((float(x), float(y)) for x, y in outline)
    return distance_km, Option(code, name, why, corners)
