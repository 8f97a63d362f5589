"""The zones of a plan as rows of a store, and rows as layer files."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo import schema
from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.force import under
from beltmap.geo.claims.table import read_sectors
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.store.tables import GEOMETRY, POSITION, ZONES, Row, canonical
from beltmap.geo.zones.bulk import MAGIC
from beltmap.geo.zones.files import read_layers

OWN: Final = frozenset(schema.COLUMNS)


def zone_rows(folder: Path, charter: Charter) -> dict[str, Row]:
    """
    Read the zones of a plan's folder as rows.

    Parameters
    ----------
    folder
        Folder of a plan without faults.
    charter
        What the plan says of itself.

    Returns
    -------
    rows
        One a zone by its id, in the order of the files.
    """
    with under(charter):
        codes = set(read_sectors(folder)["code"])
        read = read_layers(folder, sectors=codes)
    columns = pd.concat([layer.columns for layer in read], ignore_index=True)
    shapes = [hexed(np.asarray(layer.geometries, object)) for layer in read]
    others = _others(folder, charter) if len(columns) else []
    values = {name: _plain(columns[name]) for name in schema.COLUMNS}
    rows: dict[str, Row] = {}
    for number, shape in enumerate(np.concatenate(shapes).tolist()):
        row: Row = {
            name: canonical(values[name][number], kind)
            for name, kind in ZONES.columns.items()
            if name in OWN
        }
        row["other"] = others[number] if others else None
        row["in_zones_csv"], row[GEOMETRY] = "false", shape
        row[POSITION] = canonical(number + 1, "double precision")
        rows[row["id"] or ""] = row
    return rows


def hexed(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Write outlines as PostGIS shows them: multipolygons, hexadecimal, with a CRS."""
    kinds = shapely.get_type_id(geometries)
    many = geometries.copy()
    alone = kinds == shapely.GeometryType.POLYGON
    many[alone] = [shapely.MultiPolygon([one]) for one in geometries[alone]]
    flat = shapely.set_srid(shapely.force_2d(many), 4326)
    written = shapely.to_wkb(flat, hex=True, include_srid=True, byte_order=1)
    return np.asarray(written, object)


def outlines(written: list[str | None]) -> NDArray[np.object_]:
    """Read outlines that `hexed` wrote; one of a single part is a polygon."""
    shapes = np.asarray(shapely.from_wkb(np.array(written, object)), object)
    alone = shapely.get_num_geometries(shapes) == 1
    alone &= shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON
    shapes[alone] = shapely.get_geometry(shapes[alone], 0)
    return shapes


def frame_of(rows: list[Row]) -> gpd.GeoDataFrame:
    """
    Make zones of rows.

    Parameters
    ----------
    rows
        Rows of zones.

    Returns
    -------
    zones
        Columns `geo.schema.COLUMNS`, others that any row has, and outlines.
    """
    columns: dict[str, Any] = {}
    for name in schema.COLUMNS:
        given = [row[name] for row in rows]
        if name in schema.NUMBERS:
            columns[name] = np.array([_number(one) for one in given], np.float64)
        else:
            columns[name] = pd.Series(given, dtype=object)
    more = [orjson.loads(row["other"]) if row["other"] else {} for row in rows]
    for name in dict.fromkeys(key for one in more for key in one):
        columns[name] = pd.Series([one.get(name) for one in more], dtype=object)
    shapes = outlines([row[GEOMETRY] for row in rows])
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=shapes, crs=4326)


def layer_content(rows: Mapping[str, Row], name: str, kind: str | None) -> bytes:
    """
    Write zones as a layer file.

    Parameters
    ----------
    rows
        Rows of all zones of a plan.
    name
        Name of the file.
    kind
        The only kind of its zones; None for a table of all.

    Returns
    -------
    content
        GeoJSON as `geo.plan.build` writes it, or a table.
    """
    chosen = [row for row in rows.values() if kind is None or row["kind"] == kind]
    chosen.sort(key=lambda row: float(row[POSITION] or 0))
    zones = frame_of(chosen)
    if name not in MAGIC:
        return dumps(zones, name=Path(name).stem)
    if name.endswith(".fgb"):
        return _flatgeobuf(zones)
    table = io.BytesIO()
    zones.to_parquet(
        table,
        index=False,
        compression="zstd",
        schema_version="1.1.0",
        write_covering_bbox=True,
    )
    return table.getvalue()


def _flatgeobuf(zones: gpd.GeoDataFrame) -> bytes:
    import pyogrio

    out = io.BytesIO()
    # an index would put the zones into another order each time
    pyogrio.write_dataframe(
        zones, out, driver="FlatGeobuf", layer="zones", SPATIAL_INDEX="NO"
    )
    return out.getvalue()


def _others(folder: Path, charter: Charter) -> list[str | None]:
    """Keep what else the features of layer files say, as JSON."""
    kept: list[str | None] = []
    for name in charter.files.values():
        path = folder / name
        if not path.exists():
            # all zones are in one table, of which only the plan's columns are read
            return []
        for feature in orjson.loads(path.read_bytes())["features"]:
            said = feature["properties"]
            more = {key: said[key] for key in said if key not in OWN}
            kept.append(orjson.dumps(more).decode() if more else None)
    return kept


def _plain(column: "pd.Series[Any]") -> list[Any]:
    return [None if pd.isna(one) else one for one in column.to_numpy(object)]


def _number(cell: str | None) -> float:
    return np.nan if cell is None else float(cell)
