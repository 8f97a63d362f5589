"""The formats: what each is for, which CRS it may have, who writes and reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from beltmap.geo.errors import PlanError, fault
from beltmap.geo.export.crs import CODES, GK, PROJECTED, known_crs
from beltmap.geo.export.extract import Extract
from beltmap.geo.export.formats import (
    dxf,
    gdal,
    geojson,
    geopackage,
    kml,
    parquet,
    shapefile,
    spreadsheet,
)
from beltmap.geo.export.picture import image
from beltmap.geo.export.readback import Readback
from beltmap.geo.language.messages import text

ONLY_WGS84: Final = ("wgs84",)


@dataclass(frozen=True)
class Format:
    """
    One format of the exports.

    Parameters
    ----------
    code
        Name of the format in options and messages.
    suffixes
        Endings of its files; the first is the usual one.
    media_type
        What a web server calls it.
    crs
        Codes of the CRS that it may have, the usual one first. One alone
        means that the format prescribes it.
    write
        Turns an extract into the file's content.
    read
        Turns the content into what can still be read in it.
    beside
        Gives further files, by the ending that follows the first one's name.
    drawing
        Whether it holds only what is drawn: a zone without an outline is not
        in it at all.
    """

    code: str
    suffixes: tuple[str, ...]
    media_type: str
    crs: tuple[str, ...]
    write: Callable[[Extract], bytes]
    read: Callable[[bytes], Readback]
    beside: Callable[[Extract], Mapping[str, bytes]] | None = None
    drawing: bool = False

    @property
    def label(self) -> str:
        """Name of the format for a reader."""
        return text(f"export.format.{self.code}")

    @property
    def purpose(self) -> str:
        """What the format is for, in a few words."""
        return text(f"export.for.{self.code}")


_ALL: Final = (
    Format(
        "geojson",
        (".geojson", ".json"),
        "application/geo+json",
        ONLY_WGS84,
        geojson.write_geojson,
        geojson.read_geojson,
    ),
    Format(
        "geopackage",
        (".gpkg",),
        "application/geopackage+sqlite3",
        CODES,
        geopackage.write_geopackage,
        geopackage.read_geopackage,
    ),
    Format(
        "shapefile",
        (".shp.zip", ".zip"),
        "application/zip",
        CODES,
        shapefile.write_shapefile,
        shapefile.read_shapefile,
    ),
    Format(
        "geodatabase",
        (".gdb.zip",),
        "application/zip",
        CODES,
        gdal.write_geodatabase,
        gdal.read_geodatabase,
    ),
    Format(
        "kml",
        (".kml",),
        "application/vnd.google-earth.kml+xml",
        ONLY_WGS84,
        kml.write_kml,
        kml.read_kml,
    ),
    Format(
        "kmz",
        (".kmz",),
        "application/vnd.google-earth.kmz",
        ONLY_WGS84,
        kml.write_kmz,
        kml.read_kmz,
    ),
    Format(
        "flatgeobuf",
        (".fgb",),
        "application/flatgeobuf",
        CODES,
        gdal.write_flatgeobuf,
        gdal.read_flatgeobuf,
    ),
    Format(
        "parquet",
        (".parquet", ".geoparquet"),
        "application/vnd.apache.parquet",
        CODES,
        parquet.write_parquet,
        parquet.read_parquet,
    ),
    Format(
        "dxf",
        (".dxf",),
        "image/vnd.dxf",
        PROJECTED,
        dxf.write_dxf,
        dxf.read_dxf,
        drawing=True,
    ),
    Format(
        "csv",
        (".csv",),
        "text/csv",
        CODES,
        spreadsheet.write_csv,
        spreadsheet.read_csv,
        spreadsheet.write_claims_csv,
    ),
    Format(
        "csvzip",
        (".csv.zip",),
        "application/zip",
        CODES,
        spreadsheet.write_csv_archive,
        spreadsheet.read_csv_archive,
    ),
    Format(
        "xlsx",
        (".xlsx",),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        CODES,
        spreadsheet.write_workbook,
        spreadsheet.read_workbook,
    ),
    Format(
        "svg",
        (".svg",),
        "image/svg+xml",
        PROJECTED,
        image.write_svg,
        image.read_svg,
        drawing=True,
    ),
    Format(
        "png",
        (".png",),
        "image/png",
        PROJECTED,
        image.write_png,
        image.read_png,
        drawing=True,
    ),
)

FORMATS: Final = {format_.code: format_ for format_ in _ALL}
"""Every format by its code."""


def format_called(code: str) -> Format:
    """
    Find a format by its code.

    Parameters
    ----------
    code
        One of `FORMATS`, in any case.

    Returns
    -------
    format_
        The format.

    Raises
    ------
    PlanError
        If there is none; the fault lists those that there are.
    """
    found = FORMATS.get(code.strip().lower())
    if found is None:
        values = {"code": code, "known": list(FORMATS)}
        raise PlanError([fault("E_UNKNOWN_FORMAT", "--format", **values)])
    return found


def format_of(path: Path) -> Format:
    """
    Find a format by the name of a file.

    Parameters
    ----------
    path
        File to be written.

    Returns
    -------
    format_
        Format whose ending the name has, the longest that fits.

    Raises
    ------
    PlanError
        If the name has none of them; the fault lists them.
    """
    name = path.name.lower()
    fitting = {
        suffix: format_
        for format_ in FORMATS.values()
        for suffix in format_.suffixes
        if name.endswith(suffix) and len(name) > len(suffix)
    }
    if not fitting:
        known = [s for f in FORMATS.values() for s in f.suffixes]
        raise PlanError([fault("E_UNKNOWN_FORMAT.ending", path, known=known)])
    return fitting[max(fitting, key=len)]


def crs_for(format_: Format, code: str | None) -> str:
    """
    Settle the CRS of an export.

    Parameters
    ----------
    format_
        The format.
    code
        CRS that was asked for; None for the format's usual one.

    Returns
    -------
    code
        CRS to use.

    Raises
    ------
    PlanError
        If the format cannot have it; the fault says which it can.
    """
    if code is None:
        return format_.crs[0]
    wanted = known_crs(code)
    # a single zone goes where the grids go
    if wanted not in format_.crs and (wanted in CODES or GK not in format_.crs):
        values = {"label": format_.label, "wanted": wanted, "known": format_.crs}
        raise PlanError([fault("E_CRS_NOT_ALLOWED", "--crs", **values)])
    return wanted
