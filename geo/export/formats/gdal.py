"""Formats that GDAL writes: FlatGeobuf, file geodatabase, and layers for others."""

from collections.abc import Collection
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from beltmap.geo.export.extract import Extract, geometry_type
from beltmap.geo.export.metadata import describe
from beltmap.geo.export.names import fitting_names
from beltmap.geo.export.readback import Readback, stack, unzip, zip_folder
from beltmap.geo.language.messages import text
from beltmap.geo.scratch import scratch

GDB_SCALE_DEGREES = 1e11
GDB_SCALE_METRES = 1e8
"""Steps a unit in which a geodatabase counts coordinates: far below an atom."""


def write_layer(
    path: Path, zones: gpd.GeoDataFrame, *, driver: str, layer: str, **options: object
) -> None:
    """
    Write one layer; others in the same file stay.

    Parameters
    ----------
    path
        File or folder to write to.
    zones
        Rows with geometry, null or not, in any CRS.
    driver
        Name of GDAL's driver.
    layer
        Name of the layer.
    **options
        Further options of `pyogrio.write_dataframe` and of the driver.
    """
    kind = geometry_type(zones)
    polygons = kind == "MultiPolygon"
    high = zones.has_z[zones.geometry.notna()]
    if driver == "FlatGeobuf" and not (polygons and high.all()):
        # all shapes of such a file have heights, or none
        zones = zones.set_geometry(shapely.force_2d(zones.geometry.array))
        high = zones.has_z
    options.setdefault(
        "geometry_type", f"{kind} Z" if polygons and high.any() else kind
    )
    options.setdefault("promote_to_multi", polygons)
    pyogrio.write_dataframe(
        zones, path, driver=driver, layer=layer, encoding="UTF-8", **options
    )


def write_table(
    path: Path, table: pd.DataFrame, *, driver: str, layer: str, **options: object
) -> None:
    """
    Write a table without geometry into a file that holds layers.

    Parameters
    ----------
    path
        File or folder to write to.
    table
        Text, floats and nullable integers.
    driver
        Name of GDAL's driver.
    layer
        Name of the table.
    **options
        Of the driver.
    """
    years = table.select_dtypes("Int64").columns
    # a nullable integer has no counterpart there: a year is exact as a float too
    plain = table.astype(dict.fromkeys(years, np.float64))
    pyogrio.write_dataframe(plain, path, driver=driver, layer=layer, **options)


def read_layers(path: Path, *, skip: Collection[str] = ()) -> gpd.GeoDataFrame:
    """
    Read all layers that have a geometry column.

    Parameters
    ----------
    path
        File or folder to read.
    skip
        Names of tables to pass over.

    Returns
    -------
    zones
        Rows of all layers, in the CRS of the first.
    """
    names = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    return stack(
        [pyogrio.read_dataframe(path, layer=n) for n in names if n not in skip]
    )


def write_flatgeobuf(extract: Extract) -> bytes:
    """
    Write one FlatGeobuf layer, indexed where no zone lacks a geometry.

    Parameters
    ----------
    extract
        What to write.

    Returns
    -------
    content
        The file. Its spatial index cannot hold a zone that is not located, so
        there is none where the extract has one.
    """
    said = describe(extract)
    indexed = bool(extract.zones.geometry.notna().all())
    with scratch() as folder:
        path = folder / "zones.fgb"
        write_layer(
            path,
            extract.zones,
            driver="FlatGeobuf",
            layer=f"{text('export.zones')}{extract.crs.mark}",
            SPATIAL_INDEX="YES" if indexed else "NO",
            layer_options={"TITLE": said["TITLE"], "DESCRIPTION": said["ABSTRACT"]},
        )
        return path.read_bytes()


def read_flatgeobuf(content: bytes) -> Readback:
    """
    Read a FlatGeobuf file again.

    Parameters
    ----------
    content
        The file.

    Returns
    -------
    readback
        Its zones.
    """
    with scratch() as folder:
        path = folder / "zones.fgb"
        path.write_bytes(content)
        return Readback(pyogrio.read_dataframe(path))


def write_geodatabase(extract: Extract) -> bytes:
    """
    Write an Esri file geodatabase, zipped.

    Parameters
    ----------
    extract
        What to write.

    Returns
    -------
    archive
        ZIP archive of the geodatabase's folder: a feature class a kind, and
        the claims, sources and sectors as tables.
    """
    scale = GDB_SCALE_METRES if extract.crs.projected else GDB_SCALE_DEGREES
    names = fitting_names(
        extract.columns, only_words=True, reserved={"objectid", "shape"}
    )
    with scratch() as folder:
        path = folder / f"beltmap{extract.crs.mark}.gdb"
        for layer in extract.layers():
            write_layer(
                path,
                layer.zones.rename(columns=names),
                driver="OpenFileGDB",
                layer=layer.name,
                LAYER_ALIAS=layer.label,
                XYSCALE=f"{scale:.0f}",
            )
        for name, table in extract.tables.items():
            said = text(f"export.table.{name}")
            write_table(path, table, driver="OpenFileGDB", layer=name, LAYER_ALIAS=said)
        return zip_folder(folder)


def read_geodatabase(archive: bytes) -> Readback:
    """
    Read a zipped file geodatabase again.

    Parameters
    ----------
    archive
        What `write_geodatabase` gave.

    Returns
    -------
    readback
        Its zones and the number of its claims.
    """
    with scratch() as folder:
        path = next(unzip(archive, folder).glob("*.gdb"))
        claims = pyogrio.read_info(path, layer="claims")["features"]
        return Readback(read_layers(path), claims=claims)
