"""GeoPackage: layers, tables, styles, field names and metadata in one file."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import pyogrio

from beltmap.geo.export.extract import Extract, Layer
from beltmap.geo.export.formats.gdal import read_layers, write_layer, write_table
from beltmap.geo.export.formats.qml import field_alias, layer_style
from beltmap.geo.export.metadata import describe
from beltmap.geo.export.names import fitting_names
from beltmap.geo.export.readback import Readback
from beltmap.geo.language.messages import text
from beltmap.geo.scratch import scratch

DRIVER: Final = "GPKG"
RESERVED: Final = frozenset({"fid", "geom"})
"""Columns that every layer has besides those of the zones."""

_STYLES: Final = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
    f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);
INSERT INTO gpkg_contents (table_name, data_type, identifier)
VALUES ('layer_styles', 'attributes', 'layer_styles');
"""

# the schema extension of the GeoPackage standard, its tables as it prescribes them
_ALIASES: Final = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
    description TEXT, mime_type TEXT, constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
    min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN,
    description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
    definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
INSERT INTO gpkg_extensions VALUES
    ('gpkg_data_columns', NULL, 'gpkg_schema',
     'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
    ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
     'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"""


def write_geopackage(extract: Extract) -> bytes:
    """
    Write a GeoPackage that QGIS opens as the page looks.

    Parameters
    ----------
    extract
        What to write.

    Returns
    -------
    content
        The file: a layer a kind, tables of claims, sources and sectors,
        default styles, field names in two languages, metadata.
    """
    names = fitting_names(extract.columns, reserved=RESERVED)
    with scratch() as folder:
        path = folder / "beltmap.gpkg"
        for layer in extract.layers():
            write_layer(
                path,
                layer.zones.rename(columns=names),
                driver=DRIVER,
                layer=layer.name,
                VERSION="1.2",
                GEOMETRY_NAME="geom",
                IDENTIFIER=layer.name,
                DESCRIPTION=layer.description,
                dataset_metadata=describe(extract),
            )
        for name, table in extract.tables.items():
            said = text(f"export.table.{name}")
            write_table(path, table, driver=DRIVER, layer=name, DESCRIPTION=said)
        _decorate(path, extract.layers(), names)
        return path.read_bytes()


def read_geopackage(content: bytes) -> Readback:
    """
    Read a GeoPackage again.

    Parameters
    ----------
    content
        The file.

    Returns
    -------
    readback
        Its zones, whether each layer has a default style, and its claims.
    """
    with scratch() as folder:
        path = folder / "beltmap.gpkg"
        path.write_bytes(content)
        zones = read_layers(path)
        claims = pyogrio.read_info(path, layer="claims")["features"]
        with closing(sqlite3.connect(path)) as base:
            (bare,) = base.execute(
                "SELECT count(*) FROM gpkg_geometry_columns WHERE table_name NOT IN"
                " (SELECT f_table_name FROM layer_styles WHERE useAsDefault)"
            ).fetchone()
        return Readback(zones, styled=bare == 0, claims=claims)


def _decorate(path: Path, layers: Iterable[Layer], names: Mapping[str, str]) -> None:
    """Add what GDAL does not write: styles and names of fields."""
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(_STYLES + _ALIASES)
        for layer in layers:
            style = layer_style(layer.kind, list(names), names)
            base.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema,"
                " f_table_name, f_geometry_column, styleName, styleQML, styleSLD,"
                " useAsDefault, description) VALUES ('','',?,'geom',?,?,'',1,?)",
                (layer.name, layer.name, style, "beltmap"),
            )
            base.executemany(
                "INSERT INTO gpkg_data_columns (table_name, column_name, name, title)"
                " VALUES (?,?,?,?)",
                [
                    (layer.name, new, new, field_alias(old))
                    for old, new in names.items()
                ],
            )
