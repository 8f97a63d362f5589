"""
All zones of a plan in one table: GeoParquet or FlatGeobuf.

For plans too large for GeoJSON. Only the columns of a zone are read, however
many more the file has; the geometry comes in batches, so that reading needs
little more memory than the zones themselves. More than `MOST_SHAPES` zones are
checked batch by batch as well, and stay packed.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyproj
from numpy.typing import NDArray

from beltmap.geo import schema
from beltmap.geo.errors import Fault, fault, no_access
from beltmap.geo.language.messages import text
from beltmap.geo.zones.faults import geometry_fault, property_faults
from beltmap.geo.zones.layerfile import Layer, refused
from beltmap.geo.zones.packed import (
    BATCH,
    MOST_SHAPES,
    PackedArray,
    Shapes,
    in_batches,
    read_shapes,
)
from beltmap.geo.zones.screen import bad_shapes, explain, suspects

MAGIC: Final = {"zones.parquet": b"PAR1", "zones.fgb": b"fgb\x03fgb"}
"""First bytes of each file; GDAL would open anything, whatever its name."""

_FIRST: Final = {Path(name).suffix: first for name, first in MAGIC.items()}

WGS84: Final = pyproj.CRS("EPSG:4326")


@dataclass(frozen=True, eq=False)
class OpenTable:
    """
    A table that is being read.

    Parameters
    ----------
    schema
        Names and types of all its columns.
    geometry
        Name of the geometry column, well-known binary.
    crs
        Its CRS; None where the file does not say.
    batches
        Rows of the columns that a zone has.
    """

    schema: pa.Schema
    geometry: str
    crs: pyproj.CRS | None
    batches: Iterator[pa.RecordBatch]


def read_bulk(path: Path, *, sectors: Collection[str]) -> Layer:
    """
    Read all zones of a plan.

    Parameters
    ----------
    path
        ``zones.parquet`` (GeoParquet) or ``zones.fgb`` (FlatGeobuf), in any
        CRS that it states.
    sectors
        Codes of the sector vocabulary.

    Returns
    -------
    layer
        Zones and faults. A missing or broken file has no zones and at least
        one fault.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
        if not start.startswith(_FIRST[path.suffix]):
            return refused(_broken(path.name, "its first bytes are another format's"))
        with _open(path) as opened:
            faults = list(_schema_faults(path.name, opened))
            if faults:
                return refused(*faults)
            columns, geometries = _collect(opened)
    except (OSError, ValueError, LookupError, RuntimeError, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.strerror:
            return refused(no_access(path.name, error))
        why = str(error).partition("\n")[0].replace(str(path), path.name)
        return refused(_broken(path.name, why))
    return check(columns, geometries, name=path.name, sectors=sectors)


def read_outlines(path: Path, rows: NDArray[np.intp] | None = None) -> Shapes:
    """
    Read the geometries of a table that was checked before, and nothing else.

    Parameters
    ----------
    path
        As for `read_bulk`.
    rows
        Which rows to give, in this order; all if left out.

    Returns
    -------
    geometries
        In lon, lat degrees (EPSG:4326); None where a row has none.
    """
    with _open(path, only=()) as opened:
        parts = [
            _in_wgs84(batch.column(opened.geometry), opened.crs)
            for batch in opened.batches
        ]
    wkb = pa.chunked_array(parts, pa.large_binary())
    return read_shapes(wkb if rows is None else wkb.take(pa.array(rows)))


def column_names(path: Path) -> tuple[str, ...]:
    """Name the columns of a table but its geometry; none where it cannot be read."""
    try:
        with _open(path) as opened:
            names = opened.schema.names
            if path.suffix == ".fgb":
                import pyogrio

                names = list(pyogrio.read_info(path)["fields"])
            return tuple(name for name in names if name != opened.geometry)
    except (OSError, ValueError, LookupError, RuntimeError, pa.ArrowException):
        return ()


def check(
    columns: pd.DataFrame,
    geometries: NDArray[np.object_] | PackedArray,
    *,
    name: str,
    sectors: Collection[str],
) -> Layer:
    """
    Check the zones of a table.

    Parameters
    ----------
    columns, geometries
        As in `geo.zones.layerfile.Layer`.
    name
        Name of the file, for its faults.
    sectors
        Codes of the sector vocabulary.

    Returns
    -------
    layer
        Zones and faults.
    """
    wrong = suspects(columns, kind=None, sectors=sectors)
    misdrawn = np.concatenate([bad_shapes(part) for part in in_batches(geometries)])

    def say(row: int) -> Iterator[Fault]:
        values = columns.iloc[row].replace({np.nan: None}).tolist()
        zone = dict(zip(schema.COLUMNS, values, strict=True))
        place = "where.table_row_id" if zone["id"] else "where.table_row"
        where = text(place, name=name, row=row + 1, zone=zone["id"])
        if wrong[row]:
            yield from property_faults(zone, where, kind=None, sectors=sectors)
        if misdrawn[row] and (bad := geometry_fault(geometries[row], where)):
            yield bad

    return Layer(columns, geometries, tuple(explain(wrong | misdrawn, say, name=name)))


@contextmanager
def _open(path: Path, *, only: tuple[str, ...] = schema.COLUMNS) -> Iterator[OpenTable]:
    """Open a table for its schema, its CRS and its rows, of some columns."""
    # a plan in layers needs neither
    if path.suffix == ".parquet":
        from pyarrow import parquet

        with parquet.ParquetFile(path, pre_buffer=False) as file:
            names = file.schema_arrow
            about = orjson.loads((names.metadata or {})[b"geo"])
            geometry = about["primary_column"]
            column = about["columns"][geometry]
            if column["encoding"] != "WKB":
                raise ValueError(f"its geometry is encoded as {column['encoding']}")
            # as the format has it, no CRS is WGS 84, and a null one is unknown
            crs = column.get("crs", WGS84.to_json_dict())
            wanted = _wanted(names, (*only, geometry))
            rows = file.iter_batches(BATCH, columns=wanted) if wanted else iter(())
            yield OpenTable(names, geometry, _crs(crs), rows)
        return
    import pyogrio

    with pyogrio.open_arrow(
        path, columns=list(only), batch_size=BATCH, use_pyarrow=True
    ) as (about, rows):
        geometry = about["geometry_name"] or "wkb_geometry"
        yield OpenTable(rows.schema, geometry, _crs(about["crs"]), iter(rows))


def _wanted(names: pa.Schema, columns: tuple[str, ...]) -> list[str]:
    return [name for name in columns if name in names.names]


def _crs(stated: Any) -> pyproj.CRS | None:  # noqa: ANN401 - a dict or a text
    return pyproj.CRS.from_user_input(stated) if stated else None


def _schema_faults(name: str, opened: OpenTable) -> Iterator[Fault]:
    """Find columns that are missing or of the wrong type, and a CRS not stated."""
    if opened.crs is None:
        yield fault("E_CRS_MISSING.zones.file", name)
    missing = [column for column in schema.COLUMNS if column not in opened.schema.names]
    if missing:
        yield fault("E_MISSING_PROPERTY", name, names=", ".join(missing))
    for field in opened.schema:
        if field.name in schema.COLUMNS and not _fits(field):
            wanted = "number" if field.name in schema.NUMBERS else "text"
            found = {"column": field.name, "type": field.type}
            yield fault(f"E_COLUMN_TYPE.{wanted}", name, **found)


def _fits(field: pa.Field) -> bool:
    """Tell whether a column holds numbers or texts as it should."""
    kind = field.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_null(kind):
        return True
    if field.name in schema.NUMBERS:
        return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _collect(
    opened: OpenTable,
) -> tuple[pd.DataFrame, NDArray[np.object_] | PackedArray]:
    """Read all rows."""
    parts = []
    rows = []
    for batch in opened.batches:
        if len(batch):
            parts.append(_in_wgs84(batch.column(opened.geometry), opened.crs))
            rows.append(batch.select(list(schema.COLUMNS)))
    names = pa.schema([opened.schema.field(column) for column in schema.COLUMNS])
    columns = read_columns(pa.Table.from_batches(rows, names))
    packed = PackedArray(pa.chunked_array(parts, pa.large_binary()), crs=WGS84)
    many = len(packed) > MOST_SHAPES
    return columns, packed if many else np.array(packed, dtype=object)


def _in_wgs84(column: pa.Array, crs: pyproj.CRS | None) -> pa.Array:
    """Copy well-known binary out of a batch, which need not be kept then."""
    if crs is not None and not crs.equals(WGS84, ignore_axis_order=True):
        shapes = gpd.GeoSeries(read_shapes(column), crs=crs).to_crs(WGS84)
        return pa.array(shapes.to_wkb(), pa.large_binary(), from_pandas=True)
    return pa.concat_arrays([column.cast(pa.large_binary())])


def read_columns(table: pa.Table) -> pd.DataFrame:
    """Read `geo.schema.COLUMNS` as `geo.zones.layerfile.Layer` has them."""
    return pd.DataFrame(
        {
            name: _numbers(table[name])
            if name in schema.NUMBERS
            else _texts(table[name])
            for name in schema.COLUMNS
        }
    )


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = column.cast(pa.float64()).to_numpy()
    return numbers


def _texts(column: pa.ChunkedArray) -> "pd.Series[Any]":
    """Make texts of a column, one object for all that are equal."""
    words = column.cast(pa.large_string()).combine_chunks().dictionary_encode()
    known = np.array([*words.dictionary.to_pylist(), None], object)
    codes = words.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
    return pd.Series(known[codes], dtype=object)


def _broken(name: str, why: str) -> Fault:
    kind = "GeoParquet" if name.endswith(".parquet") else "FlatGeobuf"
    return fault("E_TABLE_FORMAT", name, kind=kind, why=why)
