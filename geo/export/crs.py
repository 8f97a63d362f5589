"""Coordinate reference systems of the exports, and the way there and back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from beltmap.geo.charter.force import charter
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry import datum
from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.language.messages import text

GK: Final = "gk"
"""Gauss-Krüger of the place, in zones of three degrees; UTM outside of China."""

UTM: Final = "utm"
"""UTM of the place."""

FAMILIES: Final = (GK, "gkz", "gk6", "gk6z", UTM)
"""Grids whose zone follows from the place; those with z put its number before the
easting, those with 6 are zones of six degrees."""

EPSG: Final = {"wgs84": 4326, "cgcs2000": 4490, "mercator": 3857}
"""EPSG code of each CRS that is the same everywhere."""

DATUM_NAMES: Final = {"gcj02": "GCJ-02", "bd09": "BD-09"}

CODES: Final = ("wgs84", "cgcs2000", *FAMILIES, "mercator", *DATUM_NAMES)
"""Every CRS that an export may be asked for, besides single zones of the grids."""

PROJECTED: Final = (*FAMILIES, "mercator")
"""Those in metres."""

CHINA: Final = (73.5, 3.0, 136.5, 54.0)
"""West, south, east and north of what the Gauss-Krüger zones of China are for."""

_ZONES: Final = {
    # first EPSG code, its meridian, last meridian, degrees of a zone
    "gk": (4534, 75, 135, 3),
    "gkz": (4513, 75, 135, 3),
    "gk6": (4502, 75, 135, 6),
    "gk6z": (4491, 75, 135, 6),
}
_NARROW: Final = 3
_ZONE: Final = re.compile(r"(gk6z|gk6-|gkz|gk)(\d{2,3})|utm(\d{1,2})([ns])")

AREA_TOLERANCE: Final = 1e-3
"""Share of an area by which a projected CRS may be off unsaid."""

_DATUM_WKT: Final = """
GEOGCRS["{name}",
    DATUM["{name}", ELLIPSOID["WGS 84", 6378137, 298.257223563]],
    CS[ellipsoidal, 2], AXIS["longitude", east], AXIS["latitude", north],
    ANGLEUNIT["degree", 0.0174532925199433],
    REMARK["datum of Chinese web maps, some 100 m away from WGS 84; no EPSG code"]]
"""


@dataclass(frozen=True)
class Crs:
    """
    A coordinate reference system, chosen.

    Parameters
    ----------
    code
        One of `CODES` without `FAMILIES`, which become a single zone such as
        ``gk120``, ``gkz40``, ``gk6-123``, ``gk6z21`` or ``utm51n``.
    system
        The system as PROJ knows it. The Chinese datums are described by name
        only, since no register has them.
    """

    code: str
    system: pyproj.CRS

    @property
    def datum(self) -> str | None:
        """Code of the Chinese datum, or None where PROJ knows the way."""
        return self.code if self.code in DATUM_NAMES else None

    @property
    def projected(self) -> bool:
        """Whether coordinates are metres, easting first."""
        return self.system.is_projected

    @property
    def mark(self) -> str:
        """Ending of the names in a file that no software can otherwise tell."""
        return datum_mark(self.code)


def datum_mark(code: str) -> str:
    """
    Give the ending that names of files must have in a Chinese datum.

    Parameters
    ----------
    code
        One of `CODES`.

    Returns
    -------
    mark
        Empty where software can tell the CRS.

    Examples
    --------
    >>> datum_mark("gcj02"), datum_mark("wgs84")
    ('_gcj02', '')
    """
    return f"_{code}" if code in DATUM_NAMES else ""


def known_crs(wish: str) -> str:
    """
    Find the code of a CRS that was asked for.

    Parameters
    ----------
    wish
        One of `CODES` or a single zone, in any case, or the EPSG code of one.

    Returns
    -------
    code
        One of `CODES`, or a zone: ``gk`` with its meridian, ``gkz`` with its
        number, ``gk6-`` with its meridian, ``gk6z`` with its number, or ``utm``
        with its number and ``n`` or ``s``.

    Raises
    ------
    PlanError
        If the CRS is not known; the fault lists those that are.

    Examples
    --------
    >>> known_crs("GCJ-02"), known_crs("EPSG:4549"), known_crs("EPSG:32651")
    ('gcj02', 'gk120', 'utm51n')
    """
    code = wish.strip().lower()
    if found := re.fullmatch(r"epsg:(\d{4,5})", code):
        code = _zone_of(int(found[1]))
    elif code.replace("-", "") in DATUM_NAMES:
        code = code.replace("-", "")
    if code not in CODES and epsg_of(code) is None:
        raise PlanError([_unknown(wish)])
    return code


def epsg_of(code: str) -> int | None:
    """
    Give the EPSG code of a CRS that is no datum of web maps.

    Parameters
    ----------
    code
        As `known_crs` gives it.

    Returns
    -------
    number
        None for what has none, and for a zone that there is not.

    Examples
    --------
    >>> epsg_of("gk105"), epsg_of("gkz35"), epsg_of("gk6z18"), epsg_of("utm29n")
    (4544, 4523, 4496, 32629)
    """
    if code in EPSG:
        return EPSG[code]
    found = _ZONE.fullmatch(code)
    if found is None:
        return None
    if found[3]:
        zone = int(found[3])
        base = 32600 if found[4] == "n" else 32700
        return base + zone if 1 <= zone <= 60 else None  # noqa: PLR2004 - zones of UTM
    family = found[1].removesuffix("-")
    first, west, east, width = _ZONES[family]
    meridian = int(found[2])
    if family.endswith("z"):
        # zones of three degrees are counted from 3° E, those of six from 3° E as 1
        meridian = meridian * width if width == _NARROW else meridian * width - 3
    if not west <= meridian <= east or (meridian - west) % width:
        return None
    return first + (meridian - west) // width


def _zone_of(epsg: int) -> str:
    """Find the code of an EPSG number; the number where there is none."""
    by_number = {number: code for code, number in EPSG.items()}
    if epsg in by_number:
        return by_number[epsg]
    for family, (first, west, east, width) in _ZONES.items():
        meridian = west + (epsg - first) * width
        if west <= meridian <= east and epsg >= first:
            return _zone_code(family, meridian)
    for base, half in ((32600, "n"), (32700, "s")):
        if base < epsg <= base + 60:
            return f"utm{epsg - base}{half}"
    return f"epsg:{epsg}"


def _zone_code(family: str, meridian: int) -> str:
    width = _ZONES[family][3]
    if family.endswith("z"):
        return f"{family}{meridian // 3 if width == _NARROW else (meridian + 3) // 6}"
    return f"{family}{'-' if family == 'gk6' else ''}{meridian}"


def choose_crs(code: str, zones: gpd.GeoDataFrame) -> Crs:
    """
    Settle the CRS that was asked for.

    Parameters
    ----------
    code
        As `known_crs` takes it.
    zones
        Zones in EPSG:4326. One of `FAMILIES` becomes its zone at the middle of
        the land they are drawn on; ``gk`` becomes the CRS of the city with the
        largest drawn area among them, where the plan says which that is. What
        lies outside of China is in UTM instead.

    Returns
    -------
    crs
        The CRS.

    Raises
    ------
    PlanError
        If the code is not known; the fault lists those that are.
    """
    wanted = known_crs(code)
    if wanted in FAMILIES:
        wanted = _local_zone(wanted, zones)
    if wanted in DATUM_NAMES:
        wkt = _DATUM_WKT.format(name=DATUM_NAMES[wanted])
        return Crs(wanted, pyproj.CRS.from_wkt(wkt))
    return Crs(wanted, pyproj.CRS.from_epsg(epsg_of(wanted) or 0))


def _local_zone(family: str, zones: gpd.GeoDataFrame) -> str:
    """Choose the zone of a grid that zones lie in."""
    drawn = zones[zones.geometry.notna()]
    areas = areas_m2(drawn.geometry.to_numpy()) if len(drawn) else np.zeros(0)
    if family == GK and (own := _city_crs(drawn, areas)):
        return own
    lon, lat = _middle(drawn, areas)
    west, south, east, north = CHINA
    if family != UTM and west <= lon < east and south <= lat <= north:
        _, first, last, width = _ZONES[family]
        meridian = first + width * int((lon - first + width / 2) // width)
        return _zone_code(family, min(max(meridian, first), last))
    zone = int((lon + 180) % 360 // 6) + 1
    return f"utm{zone}{'s' if lat < 0 else 'n'}"


def _city_crs(drawn: gpd.GeoDataFrame, areas: npt.NDArray[np.float64]) -> str:
    """Find the CRS that the plan states of the city with the most drawn land."""
    if "city" not in drawn or not len(drawn):
        return ""
    named = pd.Series(areas, index=drawn["city"].to_numpy(object))
    lands = named.groupby(level=0, sort=False).sum()
    if lands.empty or not lands.max() > 0:
        return ""
    stated = {city.code: city.crs for city in charter().cities}
    crs = stated.get(str(lands.idxmax()))
    return known_crs(crs) if crs else ""


def _middle(
    drawn: gpd.GeoDataFrame, areas: npt.NDArray[np.float64]
) -> tuple[float, float]:
    """Give longitude and latitude of the middle of what is drawn."""
    if not len(drawn):
        # a zone in the middle of China, where nothing says any better
        return 105.0, 35.0
    bounds = drawn.bounds.to_numpy()
    points = (bounds[:, :2] + bounds[:, 2:]) / 2
    lon, lat = np.average(points, axis=0, weights=areas if areas.sum() > 0 else None)
    return float(lon), float(lat)


def project(zones: gpd.GeoDataFrame, crs: Crs) -> gpd.GeoDataFrame:
    """
    Bring zones into a CRS.

    Parameters
    ----------
    zones
        Zones in EPSG:4326.
    crs
        Where to, see `choose_crs`.

    Returns
    -------
    projected
        The same rows, geometry in `crs`: longitude and latitude in degrees, or
        easting and northing in metres.
    """
    if crs.datum is None:
        return zones.to_crs(crs.system)
    name = crs.datum
    moved = _moved(zones, lambda points: datum.from_wgs84(points, datum=name))
    return moved.set_crs(crs.system, allow_override=True)


def unproject(zones: gpd.GeoDataFrame, crs: Crs) -> gpd.GeoDataFrame:
    """
    Bring zones back from a CRS.

    Parameters
    ----------
    zones
        Zones in `crs`, whatever their frame says: not every format can.
    crs
        Where they are.

    Returns
    -------
    unprojected
        The same rows in EPSG:4326.
    """
    stated = zones.set_crs(crs.system, allow_override=True)
    if crs.datum is None:
        return stated.to_crs(4326)
    name = crs.datum
    moved = _moved(stated, lambda points: datum.to_wgs84(points, datum=name))
    return moved.set_crs(4326, allow_override=True)


def crs_warnings(zones: gpd.GeoDataFrame, crs: Crs) -> tuple[str, ...]:
    """
    Say what a reader must know before working in a CRS.

    Parameters
    ----------
    zones
        Zones in EPSG:4326.
    crs
        Where they are to be brought.

    Returns
    -------
    warnings
        Sentences: that the file reaches over the border of two Gauss-Krüger
        zones, that areas measured in it are off, that its datum has no code.
    """
    if crs.datum is not None:
        return (text("export.warn.datum", name=DATUM_NAMES[crs.datum]),)
    said = []
    lons = zones.geometry.bounds[["minx", "maxx"]].to_numpy()
    west, east = np.nanmin(lons, initial=180), np.nanmax(lons, initial=-180)
    low, high = _limits(crs.code)
    if west < east and (west < low or east > high):
        border = low if west < low else high
        said.append(
            text("export.warn.straddles", lon=f"{border:g}", epsg=epsg_of(crs.code))
        )
    if crs.projected:
        off = _area_error(zones, crs)
        if off > AREA_TOLERANCE:
            said.append(text("export.warn.area", percent=f"{off * 100:.2g}"))
    return tuple(said)


def crs_label(code: str) -> str:
    """
    Name a CRS for a reader.

    Parameters
    ----------
    code
        As `known_crs` gives it.

    Returns
    -------
    label
        Name with its EPSG code where it has one.
    """
    found = _ZONE.fullmatch(code)
    if found is None:
        return text(f"export.crs.{code}")
    if found[3]:
        zone = f"{found[3]}{found[4].upper()}"
        return text("export.crs.utm_zone", zone=zone, epsg=epsg_of(code))
    family = found[1].removesuffix("-")
    kind = "numbered" if family.endswith("z") else "meridian"
    degrees = _ZONES[family][3]
    return text(
        f"export.crs.gk_{kind}", at=int(found[2]), degrees=degrees, epsg=epsg_of(code)
    )


def _limits(code: str) -> tuple[float, float]:
    """Give the longitudes between which a zone is meant to be used."""
    found = _ZONE.fullmatch(code)
    if found is None:
        return -180.0, 180.0
    if found[3]:
        west = int(found[3]) * 6 - 186.0
        return west, west + 6
    first, west, _, width = _ZONES[found[1].removesuffix("-")]
    meridian = west + ((epsg_of(code) or first) - first) * width
    return meridian - width / 2, meridian + width / 2


def _area_error(zones: gpd.GeoDataFrame, crs: Crs) -> float:
    """Measure the largest relative error of an area in a projected CRS."""
    drawn = zones[zones.geometry.notna()]
    true = areas_m2(drawn.geometry.to_numpy())
    flat = np.asarray(shapely.area(np.asarray(project(drawn, crs).geometry.array)))
    some = true > 0
    return float(np.max(np.abs(flat[some] / true[some] - 1), initial=0.0))


def _moved(zones: gpd.GeoDataFrame, move: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - a function
    points: npt.NDArray[Any] = np.asarray(zones.geometry.array)
    return zones.set_geometry(
        gpd.GeoSeries(shapely.transform(points, move), index=zones.index, crs=zones.crs)
    )


def _unknown(code: str) -> Fault:
    return fault(
        "E_UNKNOWN_CRS", "--crs", code=code, known=CODES, codes=", ".join(_epsg_codes())
    )


def _epsg_codes() -> Sequence[str]:
    alike = [f"EPSG:{number}" for number in EPSG.values()]
    spans = [
        f"EPSG:{first}–{first + (east - west) // width}"
        for first, west, east, width in _ZONES.values()
    ]
    return [*alike, *spans, "EPSG:32601–32660", "EPSG:32701–32760"]
