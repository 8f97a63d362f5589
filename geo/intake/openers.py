"""One opener a format: from bytes to the layers that can be read from them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from geo.intake.archive import Archive
from geo.intake.columnar import read_fgb, read_parquet
from geo.intake.geojson import read_geojson
from geo.intake.geopackage import open_geopackage
from geo.intake.kml import read_kml
from geo.intake.limits import Limits
from geo.intake.notices import refuse
from geo.intake.questions import Answers
from geo.intake.rows import Rows
from geo.intake.shapefile import read_shapefile
from geo.intake.sheet import open_workbook
from geo.intake.sniff import FORMATS, SIDECARS, ending, sniff
from geo.intake.table import read_csv

Opened: TypeAlias = Mapping[str, Callable[[], Rows]]
"""What reads a layer, by the layer's name."""

Opener: TypeAlias = Callable[[bytes, Limits, Answers], Opened]

_IN_ARCHIVES: Final = frozenset(
    ending_
    for kind, endings in FORMATS.items()
    for ending_ in endings
    if kind not in {"zip", "kmz", "shp"} and ending_ not in {"txt", "tab"}
)


def open_geojson(data: bytes, limits: Limits, _: Answers) -> Opened:
    """Open a GeoJSON file, which has one layer."""
    return {"": lambda: read_geojson(data, limits=limits)}


def open_csv(data: bytes, limits: Limits, answers: Answers) -> Opened:
    """Open a table, which has one layer."""
    return {"": lambda: read_csv(data, limits=limits, columns=answers.columns)}


def open_kml(data: bytes, limits: Limits, _: Answers) -> Opened:
    """Open a KML file; its folders are kept as a column, not as layers."""
    return {"": lambda: read_kml(data, limits=limits)}


def open_kmz(data: bytes, limits: Limits, _: Answers) -> Opened:
    """Open a KMZ file: an archive whose first KML file counts."""
    archive = Archive(data, limits)
    files = [name for name in archive.entries if ending(name) == "kml"]
    if not files:
        raise refuse("E_ARCHIVE_NO_LAYER", found=list(archive.entries))
    first = "doc.kml" if "doc.kml" in files else files[0]
    return {"": lambda: read_kml(archive.read(first), limits=limits)}


def open_gpkg(data: bytes, limits: Limits, _: Answers) -> Opened:
    """Open a GeoPackage."""
    return open_geopackage(data, limits=limits)


def open_xlsx(data: bytes, limits: Limits, answers: Answers) -> Opened:
    """Open a workbook."""
    return open_workbook(data, limits=limits, columns=answers.columns)


def open_fgb(data: bytes, limits: Limits, _: Answers) -> Opened:
    """Open a FlatGeobuf file, which has one layer."""
    return {"": lambda: read_fgb(data, limits=limits)}


def open_parquet(data: bytes, limits: Limits, _: Answers) -> Opened:
    """Open a GeoParquet file, which has one layer."""
    return {"": lambda: read_parquet(data, limits=limits)}


def open_shp(data: bytes, limits: Limits, answers: Answers) -> Opened:
    """Open a .shp file that comes alone."""
    return {"": partial(_shapefile, {"shp": data}, "", limits, answers)}


def open_zip(data: bytes, limits: Limits, answers: Answers) -> Opened:
    """
    Open an archive: every Shapefile and every other layer file in it.

    Raises
    ------
    RefusedError
        If there is nothing in it that can be read.
    """
    archive = Archive(data, limits)
    stems: dict[str, dict[str, str]] = {}
    for name in archive.entries:
        if ending(name) in SIDECARS | {"shp"}:
            stem = name.rpartition(".")[0]
            stems.setdefault(stem, {})[ending(name)] = name
    shapefiles = {stem: files for stem, files in stems.items() if "shp" in files}
    others = [name for name in archive.entries if ending(name) in _IN_ARCHIVES]
    if not shapefiles and not others:
        tables = [files for files in stems.values() if "dbf" in files]
        if tables:
            raise refuse("E_SHP_MISSING", found=tables[0]["dbf"])
        raise refuse("E_ARCHIVE_NO_LAYER", found=list(archive.entries))
    layers: dict[str, Callable[[], Rows]] = {}
    for stem, files in shapefiles.items():
        parts = {end: archive.read(name) for end, name in files.items()}
        layers[stem] = partial(_shapefile, parts, stem, limits, answers)
    for name in others:
        layers |= _entry(archive, name, limits, answers)
    return layers


def layers_of(opened: Opened) -> tuple[str, ...]:
    """Name the layers of an opened file."""
    return tuple(opened)


def _entry(archive: Archive, name: str, limits: Limits, answers: Answers) -> Opened:
    """Open one file of an archive; its layers are called after it."""
    inner = archive.read(name)
    opened = OPENERS[sniff(name, inner)](inner, limits, answers)
    return {
        f"{name}/{layer}" if layer else name: partial(_named, name, read)
        for layer, read in opened.items()
    }


def _named(name: str, read: Callable[[], Rows]) -> Rows:
    rows = read()
    return rows if rows.name else replace(rows, name=name.rpartition(".")[0])


def _shapefile(
    parts: Mapping[str, bytes], stem: str, limits: Limits, answers: Answers
) -> Rows:
    name = stem.rpartition("/")[2]
    return read_shapefile(parts, name=name, limits=limits, encoding=answers.encoding)


OPENERS: Final[Mapping[str, Opener]] = {
    "geojson": open_geojson,
    "csv": open_csv,
    "xlsx": open_xlsx,
    "kml": open_kml,
    "kmz": open_kmz,
    "zip": open_zip,
    "gpkg": open_gpkg,
    "fgb": open_fgb,
    "parquet": open_parquet,
    "shp": open_shp,
}
"""By format, as `geo.intake.sniff` names it."""
