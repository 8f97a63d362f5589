"""Shapefiles, zipped: old limits, kept with open eyes."""

import csv
import io
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd

from beltmap.geo.export.extract import Extract, geometry_type
from beltmap.geo.export.formats.gdal import write_layer
from beltmap.geo.export.formats.qml import layer_style
from beltmap.geo.export.names import fitting_names, shortened
from beltmap.geo.export.readback import Readback, stack, unzip, zip_folder
from beltmap.geo.scratch import scratch

NAME_BYTES: Final = 10
TEXT_BYTES: Final = 254
RENAMES_FILE: Final = "field_names.csv"
"""Table in the archive that tells which column became which."""


def write_shapefile(extract: Extract) -> bytes:
    """
    Write a shapefile a kind, zipped.

    Parameters
    ----------
    extract
        What to write.

    Returns
    -------
    archive
        ZIP archive with a shapefile, code page and QGIS style a kind, and the
        table of column names. Names have at most ten bytes and texts 254, cut
        between characters.
    """
    names = fitting_names(extract.columns, most_bytes=NAME_BYTES)
    with scratch() as folder:
        for layer in extract.layers():
            polygons = geometry_type(layer.zones) == "MultiPolygon"
            write_layer(
                folder / f"{layer.name}.shp",
                _cut(layer.zones).rename(columns=names),
                driver="ESRI Shapefile",
                layer=layer.name,
                geometry_type="Polygon" if polygons else "Unknown",
                promote_to_multi=False,
            )
            style = layer_style(layer.kind, list(names), names)
            (folder / f"{layer.name}.qml").write_text(style, encoding="utf-8")
        (folder / RENAMES_FILE).write_text(_renames(names), encoding="utf-8-sig")
        return zip_folder(folder)


def read_shapefile(archive: bytes) -> Readback:
    """
    Read zipped shapefiles again.

    Parameters
    ----------
    archive
        What `write_shapefile` gave.

    Returns
    -------
    readback
        Their zones, and whether each has its style beside it.
    """
    with scratch() as folder:
        paths = sorted(unzip(archive, folder).glob("*.shp"))
        styled = all(path.with_suffix(".qml").exists() for path in paths)
        return Readback(stack([gpd.read_file(path) for path in paths]), styled=styled)


def _cut(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut texts where a shapefile would, but never inside a character."""
    columns = zones.columns.drop(zones.geometry.name)
    texts = {
        column: pd.Series(
            [shortened(v, TEXT_BYTES) if isinstance(v, str) else v for v in values],
            index=zones.index,
            dtype=object,
        )
        for column, values in zones[columns].items()
        if values.dtype == object
    }
    return zones.assign(**texts)


def _renames(names: Mapping[str, str]) -> str:
    table = io.StringIO(newline="")
    csv.writer(table).writerows([("column", "in_shapefile"), *names.items()])
    return table.getvalue()
