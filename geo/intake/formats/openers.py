"""One opener a format: from bytes to the layers that can be read from them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from beltmap.geo.intake.formats.archives.kmz import read_kmz
from beltmap.geo.intake.formats.archives.zipped import (
    FileLayers,
    open_archive,
    shapefile_of,
)
from beltmap.geo.intake.formats.arrow.parquet import read_parquet
from beltmap.geo.intake.formats.columnar import read_fgb
from beltmap.geo.intake.formats.csvtable import open_csv_tables
from beltmap.geo.intake.formats.gdal.drawing import read_dxf
from beltmap.geo.intake.formats.gdal.features import open_features
from beltmap.geo.intake.formats.geojson import read_geojson
from beltmap.geo.intake.formats.geopackage import open_geopackage
from beltmap.geo.intake.formats.kml import read_kml
from beltmap.geo.intake.formats.otherbook import open_other_workbook
from beltmap.geo.intake.formats.texts.esrijson import read_esrijson
from beltmap.geo.intake.formats.texts.parcels import read_parcels
from beltmap.geo.intake.formats.texts.topojson import open_topojson
from beltmap.geo.intake.formats.workbook import open_workbook
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.raw.archive import Archive
from beltmap.geo.intake.raw.sniff import sniff

Opener: TypeAlias = Callable[[bytes, Limits, Answers], FileLayers]


def open_geojson(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a GeoJSON file, which has one layer."""
    return {"": lambda: read_geojson(data, limits=limits, encoding=answers.encoding)}


def open_topology(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a TopoJSON file; each of its objects is a layer."""
    return open_topojson(data, limits=limits, encoding=answers.encoding)


def open_esrijson(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open an Esri JSON file, which has one layer."""
    return {"": lambda: read_esrijson(data, limits=limits, encoding=answers.encoding)}


def open_parcels(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open an exchange text of parcels, which has one layer."""
    return {"": lambda: read_parcels(data, limits=limits, encoding=answers.encoding)}


def open_csv(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a text of tables; usually there is one."""
    return open_csv_tables(data, limits=limits, answers=answers)


def open_kml(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a KML file; its folders are kept as a column, not as layers."""
    return {"": lambda: read_kml(data, limits=limits, encoding=answers.encoding)}


def open_kmz(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a KMZ file: an archive of KML files, of which one is the first."""
    archive = Archive(data, limits)
    return {"": lambda: read_kmz(archive, limits=limits, encoding=answers.encoding)}


def open_gpkg(data: bytes, limits: Limits, _: Answers) -> FileLayers:
    """Open a GeoPackage."""
    return open_geopackage(data, limits=limits)


def open_xlsx(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a workbook."""
    return open_workbook(data, limits=limits, answers=answers)


def open_other_book(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a workbook that is no .xlsx."""
    return open_other_workbook(data, limits=limits, answers=answers)


def open_fgb(data: bytes, limits: Limits, _: Answers) -> FileLayers:
    """Open a FlatGeobuf file, which has one layer."""
    return {"": lambda: read_fgb(data, limits=limits)}


def open_parquet(data: bytes, limits: Limits, _: Answers) -> FileLayers:
    """Open a Parquet file, which has one layer."""
    return {"": lambda: read_parquet(data, limits=limits)}


def open_gml(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a GML file; each kind of feature is a layer."""
    return open_features(data, "gml", limits, answers)


def open_gpx(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a GPX file: waypoints, routes and tracks are layers."""
    return open_features(data, "gpx", limits, answers)


def open_dxf(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a drawing, which has one layer; its own layers are kept as a column."""
    return {"": lambda: read_dxf(data, limits=limits, encoding=answers.encoding)}


def open_shp(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open a .shp file that comes alone."""
    return {"": partial(shapefile_of, {"shp": data}, "", limits, answers)}


def open_parts(
    parts: Mapping[str, bytes], name: str, limits: Limits, answers: Answers
) -> FileLayers:
    """Open the files of a Shapefile, by ending, that came side by side."""
    stem = name.rpartition(".")[0]
    return {"": partial(shapefile_of, parts, stem, limits, answers)}


def open_zip(data: bytes, limits: Limits, answers: Answers) -> FileLayers:
    """Open an archive: every layer file in it."""

    def open_file(name: str, inner: bytes) -> FileLayers:
        return OPENERS[sniff(name, inner)](inner, limits, answers)

    return open_archive(data, limits, answers, open_file)


OPENERS: Final[Mapping[str, Opener]] = {
    "geojson": open_geojson,
    "topojson": open_topology,
    "esrijson": open_esrijson,
    "parcels": open_parcels,
    "csv": open_csv,
    "xlsx": open_xlsx,
    "xls": open_other_book,
    "xlsb": open_other_book,
    "ods": open_other_book,
    "kml": open_kml,
    "kmz": open_kmz,
    "zip": open_zip,
    "gpkg": open_gpkg,
    "fgb": open_fgb,
    "parquet": open_parquet,
    "shp": open_shp,
    "gml": open_gml,
    "gpx": open_gpx,
    "dxf": open_dxf,
}
"""By format, as `geo.intake.raw.sniff` names it."""
