"""Which CRS an upload is in: as stated, as its coordinates show, or as asked."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError

from beltmap.geo.geometry.area import Geometries
from beltmap.geo.geometry.datum import to_wgs84
from beltmap.geo.intake.notices import notice
from beltmap.geo.intake.rows import Rows

Points: TypeAlias = NDArray[np.float64]
"""Two coordinates, one row a point, shape (n, 2)."""

WGS84: Final = "EPSG:4326"
LON_LAT: Final = frozenset({"OGC:CRS84", WGS84})
DATUMS: Final = {"GCJ-02": "gcj02", "BD-09": "bd09"}
SWAPPED: Final = "swapped "
"""Before a CRS: the two coordinates of the file stand the other way round."""

_AUTHORITY: Final = re.compile(
    r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?"
    r"(EPSG|ESRI|OGC|IGNF)[:/](?:[\d.]*[:/])?([A-Za-z0-9]{1,9})",
    re.IGNORECASE,
)
_WKT: Final = re.compile(
    r"\s*(GEOGCS|PROJCS|GEOGCRS|PROJCRS|GEODCRS|COMPD_?CS)\s*[\[(]"
)
_OUTSIDE_FILES: Final = re.compile(r"grids|EXTENSION|BOUNDCRS|\+proj", re.IGNORECASE)
"""What would let a CRS name files of the server."""

_EXTENSION: Final = re.compile(
    r',?\s*EXTENSION\s*\[\s*"[^"]*"\s*,\s*"[^"]*"\s*\]', re.IGNORECASE
)
_OWN_CODE: Final = re.compile(
    r'AUTHORITY\s*\[\s*"(EPSG|ESRI)"\s*,\s*"?(\d{1,7})"?\s*\]\s*\]\s*$', re.IGNORECASE
)
"""At the end of well-known text: the code of the whole, not of a part."""

_SPHERE: Final = re.compile(r"\+a=6378137(\.0*)? \+b=6378137(\.0*)? ")
"""How old programs say Web Mercator."""

ROUNDED: Final = 1e-6
"""Degrees past the end of the globe that come of rounding, a tenth of a metre."""

_LONGEST: Final = 20_000
_METRES: Final = 1000.0
_A_ZONE: Final = 1e6
"""Metres that a zone number in front adds to an easting, times the number."""

_SHORT: Final = 30
"""Characters of a code; what is longer is a definition."""


@lru_cache(maxsize=64)
def known_crs(statement: str) -> pyproj.CRS | None:
    """
    Read a CRS from what a file or a person says.

    Parameters
    ----------
    statement
        Code such as ``EPSG:4549`` or its URN, PROJJSON, or well-known text,
        also Esri's. Nothing that could name a file of the server: an extension
        for old programs is passed over, and the code beside it counts.

    Returns
    -------
    crs
        The CRS of the EPSG register where it is one of them; None if the
        statement is not understood.

    Examples
    --------
    >>> known_crs("urn:ogc:def:crs:EPSG::4549").to_epsg()
    4549
    >>> known_crs("+init=/etc/passwd:1")
    """
    try:
        crs = _read(statement.strip())
    except (CRSError, ProjError, ValueError, TypeError):
        return None
    code = None if crs is None else crs.to_epsg(min_confidence=60)
    return crs if code is None else pyproj.CRS.from_epsg(code)


def _read(words: str) -> pyproj.CRS | None:
    """Read a code, or a definition without what names files."""
    coded = _AUTHORITY.fullmatch(words)
    if coded:
        return pyproj.CRS.from_authority(coded[1].upper(), coded[2])
    if len(words) > _LONGEST:
        return None
    bare = _EXTENSION.sub("", words)
    if bare != words:
        own = _OWN_CODE.search(bare)
        code = (own[1].upper(), own[2]) if own else ("EPSG", "3857")
        if own or _SPHERE.search(words):
            return pyproj.CRS.from_authority(*code)
    if _OUTSIDE_FILES.search(bare):
        return None
    if bare.startswith("{"):
        return pyproj.CRS.from_json(bare)
    return pyproj.CRS.from_wkt(bare) if _WKT.match(bare) else None


def canonical(answer: str) -> str | None:
    """
    Write a person's answer as this module knows it.

    Returns
    -------
    answer
        ``EPSG:NNNN``, ``GCJ-02``, ``BD-09``, each maybe after ``swapped``;
        None if it is not understood.

    Examples
    --------
    >>> canonical("wgs84"), canonical("gcj02"), canonical("swapped"), canonical("4549")
    ('EPSG:4326', 'GCJ-02', 'swapped EPSG:4326', 'EPSG:4549')
    """
    words = " ".join(answer.split())
    if words.lower().startswith("swapped"):
        rest = canonical(words[len("swapped") :] or WGS84)
        return rest and SWAPPED + rest
    plain = re.sub(r"[\s_-]", "", words).upper()
    names = {
        "WGS84": WGS84,
        "GCJ02": "GCJ-02",
        "BD09": "BD-09",
        "CGCS2000": "EPSG:4490",
    }
    if plain in names:
        return names[plain]
    if plain.isdecimal():
        words = f"EPSG:{plain}"
    crs = known_crs(words)
    return None if crs is None else ":".join(crs.to_authority() or ()) or None


def label(answer: str) -> str:
    """
    Name a CRS for people.

    Examples
    --------
    >>> label("EPSG:4549")
    'EPSG:4549, CGCS2000 / 3-degree Gauss-Kruger CM 120E'
    >>> label("OGC:CRS84")
    'EPSG:4326, WGS 84'
    """
    if answer in LON_LAT:
        return f"{WGS84}, WGS 84"
    crs = None if answer in DATUMS else known_crs(answer.removeprefix(SWAPPED))
    if crs is None:
        return answer
    return f"{answer}, {crs.name}" if len(answer) <= _SHORT else crs.name


def coded(statement: str) -> str:
    """
    Write what a file states as a code, where there is one.

    Examples
    --------
    >>> coded("urn:ogc:def:crs:OGC:1.3:CRS84"), coded("GCJ-02")
    ('OGC:CRS84', 'GCJ-02')
    """
    crs = None if statement in DATUMS else known_crs(statement)
    return ":".join(crs.to_authority() or ()) or statement if crs else statement


@lru_cache(maxsize=64)
def _to_wgs84(answer: str) -> Callable[[Points], Points] | None:
    """Find how points go to WGS 84 longitude and latitude, degrees."""
    if answer.startswith(SWAPPED):
        inner = _to_wgs84(answer.removeprefix(SWAPPED))
        return inner and (lambda points: inner(points[:, ::-1]))
    if answer in DATUMS:
        return lambda points: to_wgs84(points, datum=DATUMS[answer])
    if answer in LON_LAT:
        return np.asarray
    crs = known_crs(answer)
    if crs is None:
        return None
    try:
        change = pyproj.Transformer.from_crs(
            crs.to_2d(), WGS84, always_xy=True, allow_ballpark=True
        )
    except (CRSError, ProjError):
        return None
    return lambda points: np.column_stack(change.transform(*points.T))


def to_lon_lat(geometries: Geometries, answer: str) -> Geometries | None:
    """
    Bring geometries to WGS 84.

    Parameters
    ----------
    geometries
        Shapely geometries and None, in the CRS `answer`.
    answer
        As `canonical` gives it, or a statement that `known_crs` reads.

    Returns
    -------
    geometries
        In longitude and latitude, degrees; heights stay. Coordinates that
        cannot be transformed become infinite. None if the CRS is not known.
    """
    change = _to_wgs84(answer)
    if change is None:
        return None
    if answer in LON_LAT:
        return geometries
    result = geometries.copy()
    high = shapely.has_z(geometries)
    result[~high] = shapely.transform(geometries[~high], change)
    result[high] = shapely.transform(
        geometries[high],
        lambda xyz: np.column_stack([change(xyz[:, :2]), xyz[:, 2]]),
        include_z=True,
    )
    return result


def is_degrees(answer: str) -> bool:
    """Tell whether the coordinates of a CRS are degrees."""
    if answer in DATUMS or answer in LON_LAT:
        return True
    crs = known_crs(answer.removeprefix(SWAPPED))
    return crs is not None and crs.is_geographic


def extents(geometries: Geometries) -> Points:
    """
    Find the bounds of each geometry that has coordinates.

    Returns
    -------
    extents
        West, south, east, north in the units of the file, shape (n, 4).
    """
    bounds = shapely.bounds(geometries)
    return np.asarray(bounds[~np.isnan(bounds).any(axis=1)])


def fits_degrees(bounds: Points) -> NDArray[np.bool_]:
    """Tell of each of some bounds whether it can be longitude and latitude."""
    lon, lat = np.abs(bounds[:, [0, 2]]), np.abs(bounds[:, [1, 3]])
    fits = (lon.max(axis=1) <= 180 + ROUNDED) & (lat.max(axis=1) <= 90 + ROUNDED)
    return np.asarray(fits)


def looks_like_metres(bounds: Points) -> bool:
    """Tell whether every one of some bounds can be metres of a projection."""
    largest = np.abs(bounds).max(axis=1)
    return bool(len(bounds) and (largest > _METRES).all() and (largest < 6e7).all())  # noqa: PLR2004 - 60 zones of 1000 km


def _beyond_degrees(bounds: Points) -> bool:
    """Tell whether several bounds are all past the end of the globe on both axes."""
    size = np.abs(bounds)
    past = (size[:, [0, 2]].min(axis=1) > 180) & (size[:, [1, 3]].min(axis=1) > 90)  # noqa: PLR2004 - the globe
    return bool(len(bounds) > 1 and past.all() and size.max() < 6e7)  # noqa: PLR2004 - 60 zones of 1000 km


def contradiction(  # noqa: PLR0911 - one a way to contradict
    rows: Rows, stated: str
) -> tuple[str, dict[str, Any]] | None:
    """
    Hold a stated CRS against the coordinates.

    Parameters
    ----------
    rows
        Rows in the coordinates of the file.
    stated
        A CRS that `known_crs` reads.

    Returns
    -------
    contradiction
        Code and values of a notice, or None if the two can both be true.
        Single rows that are out of range are no contradiction.
    """
    bounds = extents(rows.geometries)
    if not len(bounds):
        return None
    fits = fits_degrees(bounds)
    if is_degrees(stated):
        if fits.any():
            return None
        if fits_degrees(bounds[:, [1, 0, 3, 2]]).all():
            return "E_LAT_OVER_90", {"found": _span(bounds, 1)}
        if looks_like_metres(bounds) and (np.abs(bounds).max(axis=1) > 1e4).all():  # noqa: PLR2004 - ten kilometres
            return "E_CRS_MISMATCH", {"stated": label(stated), "reason": "metres"}
        if _beyond_degrees(bounds):
            return "E_CRS_MISMATCH", {"stated": label(stated), "reason": "no degrees"}
        return None
    if fits.all():
        return "E_CRS_MISMATCH", {"stated": label(stated), "reason": "degrees"}
    zone = _zone_prefix(bounds)
    crs = known_crs(stated)
    if zone and crs is not None and _has_zones(crs) and not _has_prefix(crs):
        reason = f"zone {zone}"
        return "E_CRS_MISMATCH", {"stated": label(stated), "reason": reason}
    if not _within_use(stated, bounds):
        return "E_CRS_MISMATCH", {"stated": label(stated), "reason": "area of use"}
    return None


def legacy(rows: Rows) -> Rows:
    """Say that the old crs member of a GeoJSON file was obeyed."""
    stated = rows.crs
    crs = known_crs(stated) if stated else None
    if stated is None or crs is None or crs.to_epsg() == 4326 or stated in LON_LAT:  # noqa: PLR2004 - WGS 84
        return rows
    if (crs.to_authority() or ("", ""))[1].startswith("CRS84"):
        return rows
    said = notice("W_LEGACY_CRS", crs=label(":".join(crs.to_authority() or ())))
    return replace(rows, notices=(*rows.notices, said))


def _span(bounds: Points, axis: int) -> str:
    low, high = float(bounds[:, axis].min()), float(bounds[:, axis + 2].max())
    return f"{low} to {high}"


def _zone_prefix(bounds: Points) -> int:
    """Read the zone number that Chinese eastings carry in front, or zero."""
    zones = np.unique(np.floor(bounds[:, [0, 2]] / 1e6))
    one = len(zones) == 1 and 13 <= zones[0] <= 45  # noqa: PLR2004 - zones of China
    return int(zones[0]) if one else 0


def _has_zones(crs: pyproj.CRS) -> bool:
    """Tell whether a CRS is one of many zones, which Web Mercator is not."""
    operation = crs.coordinate_operation
    return operation is not None and "Transverse" in operation.method_name


def _has_prefix(crs: pyproj.CRS) -> bool:
    """Tell whether a CRS puts the zone number in front of its eastings."""
    operation = crs.coordinate_operation
    return operation is not None and any(
        "easting" in p.name.lower() and float(p.value) >= _A_ZONE
        for p in operation.params
    )


def _within_use(stated: str, bounds: Points) -> bool:
    """Tell whether coordinates fall near the area that a CRS is made for."""
    crs, change = known_crs(stated), _to_wgs84(stated)
    if crs is None or change is None:
        return False
    area = crs.area_of_use
    if area is None:
        return True
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    lon, lat = change(middle).T
    near = (lon >= area.west - 10) & (lon <= area.east + 10)
    near |= area.west > area.east
    near &= (lat >= area.south - 10) & (lat <= area.north + 10)
    return bool(near.any())
