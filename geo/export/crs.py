"""Coordinate reference systems of the exports, and the way there and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from geo.errors import Fault, PlanError
from geo.export import datum
from geo.geometry.area import areas_m2
from geo.language.messages import text

EPSG: Final = {
    "wgs84": 4326,
    "cgcs2000": 4490,
    "gk120": 4549,
    "gk123": 4550,
    "utm51n": 32651,
    "mercator": 3857,
}
"""EPSG code of each CRS that has one."""

BY_CITY: Final = "gk"
"""Gauss-Krüger in the zone that the city's own surveys use."""

DATUM_NAMES: Final = {"gcj02": "GCJ-02", "bd09": "BD-09"}

CODES: Final = ("wgs84", "cgcs2000", BY_CITY, *list(EPSG)[2:], *DATUM_NAMES)
"""Every CRS that an export may be asked for."""

PROJECTED: Final = (BY_CITY, "gk120", "gk123", "utm51n", "mercator")
"""Those in metres."""

CITY_ZONES: Final = {"Qingdao": "gk120", "Dalian": "gk123"}
ZONE_BORDER_LON: Final = 121.5
"""Where the Gauss-Krüger zones around 120° and 123° East meet."""

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
        One of `CODES` but ``gk``, which is chosen by city.
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
        return self.code in PROJECTED

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
        One of `CODES`, in any case, or the EPSG code of one of them.

    Returns
    -------
    code
        One of `CODES`.

    Raises
    ------
    PlanError
        If the CRS is not known; the fault lists those that are.

    Examples
    --------
    >>> known_crs("GCJ-02"), known_crs("EPSG:4549")
    ('gcj02', 'gk120')
    """
    by_epsg = {f"epsg:{number}": name for name, number in EPSG.items()}
    code = wish.strip().lower().replace("-", "")
    code = by_epsg.get(code, code)
    if code not in CODES:
        raise PlanError([_unknown(wish)])
    return code


def choose_crs(code: str, zones: gpd.GeoDataFrame) -> Crs:
    """
    Settle the CRS that was asked for.

    Parameters
    ----------
    code
        As `known_crs` takes it.
    zones
        Zones in EPSG:4326. ``gk`` becomes the Gauss-Krüger zone of the city
        with the largest drawn area among them, or of their longitude where
        no city is known.

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
    if wanted == BY_CITY:
        wanted = _city_zone(zones)
    if wanted in DATUM_NAMES:
        wkt = _DATUM_WKT.format(name=DATUM_NAMES[wanted])
        return Crs(wanted, pyproj.CRS.from_wkt(wkt))
    return Crs(wanted, pyproj.CRS.from_epsg(EPSG[wanted]))


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
    in_gk = crs.code in CITY_ZONES.values()
    if in_gk and np.nanmin(lons, initial=180) < ZONE_BORDER_LON < np.nanmax(
        lons, initial=-180
    ):
        said.append(text("export.warn.straddles", epsg=EPSG[crs.code]))
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
        One of `CODES`.

    Returns
    -------
    label
        Name with its EPSG code where it has one.
    """
    return text(f"export.crs.{code}")


def _city_zone(zones: gpd.GeoDataFrame) -> str:
    """Choose the Gauss-Krüger zone of the city with the most drawn land."""
    drawn = zones[zones.geometry.notna()]
    if "city" in drawn and len(drawn):
        areas = areas_m2(drawn.geometry.to_numpy())
        lands = {
            city: areas[(drawn["city"] == city).to_numpy()].sum() for city in CITY_ZONES
        }
        if any(lands.values()):
            return CITY_ZONES[max(lands, key=lambda city: float(lands[city]))]
    east = len(drawn) and drawn.total_bounds[[0, 2]].mean() > ZONE_BORDER_LON
    return "gk123" if east else "gk120"


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
    return Fault(
        "E_UNKNOWN_CRS",
        "--crs",
        text("fault.unknown_crs", code=code),
        text(
            "fault.unknown_crs.mend",
            known=", ".join(CODES),
            codes=", ".join(_epsg_codes()),
        ),
    )


def _epsg_codes() -> Sequence[str]:
    return [f"EPSG:{number}" for number in EPSG.values()]
