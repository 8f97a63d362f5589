"""Parquet: GeoParquet of any version, GeoArrow, its own geometry, or a plain table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import shapely

from beltmap.geo.intake.columns.coordinates import find_coordinates, shape_of
from beltmap.geo.intake.formats.arrow.geoarrow import KINDS, shapes_of_arrow
from beltmap.geo.intake.formats.columnar import check_apart, collect, fewer
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, RefusedError, notice, refuse
from beltmap.geo.intake.raw.wkb import shape_of_wkb, srid_of_wkb
from beltmap.geo.intake.rows import Rows

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_CRS84: Final = "OGC:CRS84"
_NAMES: Final = ("geometry", "geom", "the_geom", "wkb", "wkb_geometry", "shape")
_TOO_DEEP: Final = ("depth limit", "deeply nested")
"""What Arrow says of metadata and columns in each other."""

_TRIED: Final = 20
"""First values of a column that show whether it holds geometries."""


@dataclass(frozen=True)
class _Where:
    """
    Where a table keeps its geometries.

    Parameters
    ----------
    column
        Name of the column.
    encoding
        ``wkb``, or a key of `geo.intake.formats.arrow.geoarrow.KINDS`.
    crs
        As the file states it.
    boxes
        Columns that repeat the bounds of each geometry.
    """

    column: str
    encoding: str
    crs: str | None
    boxes: frozenset[str] = frozenset()


def read_parquet(data: bytes, *, limits: Limits) -> Rows:
    """
    Read a Parquet file.

    Parameters
    ----------
    data
        The whole file.
    limits
        How large a layer may be; held against the file's own description
        before anything is inflated.

    Returns
    -------
    rows
        One row a row; in the CRS of the file, which is longitude and latitude
        where GeoParquet states none, and None where a plain column of
        geometries is all there is.

    Raises
    ------
    RefusedError
        If it cannot be read, has no geometry, or if this is not the worker.
    """
    check_apart()
    try:
        return _rows(data, limits)
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file raises anything
        if any(words in str(error) for words in _TOO_DEEP):
            raise refuse("E_NESTED", part="Parquet") from None
        raise refuse("E_PARQUET_BROKEN", found="") from None


def _rows(data: bytes, limits: Limits) -> Rows:
    """Read columns and geometries, wherever these are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # the worker may start no thread
    file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
    _check_size(file.metadata, limits)
    table = file.read(use_threads=False)
    if table.num_rows != file.metadata.num_rows:
        raise fewer("Parquet", file.metadata.num_rows, table.num_rows)
    where = _stated(file) or _own(file) or _guessed(table)
    if where is None:
        return _placed(table, limits)
    shapes = _shapes(table.column(where.column), where.encoding)
    left = [name for name in table.column_names if name not in where.boxes]
    columns = table.select(left).drop_columns([where.column]).to_pydict()
    return collect(columns, shapes, limits, crs=where.crs)


def _check_size(metadata: Json, limits: Limits) -> None:
    if metadata.num_rows > limits.rows:
        raise refuse("E_TOO_MANY_ROWS", limit=limits.rows)
    if metadata.num_columns > limits.columns:
        raise refuse("E_TOO_MANY_COLUMNS", limit=limits.columns)
    groups = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
    found = sum(group.num_rows for group in groups)
    if found != metadata.num_rows:
        raise fewer("Parquet", metadata.num_rows, found)
    size = sum(group.total_byte_size for group in groups)
    if size > limits.inflated_bytes:
        raise refuse("E_FILE_SIZE", found=size, limit=limits.inflated_bytes)


def _stated(file: "pq.ParquetFile") -> _Where | None:
    """Read what GeoParquet states of the file."""
    packed = (file.metadata.metadata or {}).get(b"geo")
    if packed is None:
        return None
    about = _described(packed, "geo")
    primary = about["primary_column"]
    column = about["columns"][primary]
    encoding = str(column.get("encoding", "WKB")).lower()
    if encoding not in {"wkb", *KINDS}:
        raise refuse("E_PARQUET_BROKEN", found=f": its geometry is {encoding}")
    box = (column.get("covering") or {}).get("bbox") or {}
    boxes = frozenset(str(path[0]) for path in box.values() if path)
    return _Where(primary, encoding, _crs(column), boxes)


def _described(packed: bytes, part: str) -> Json:
    """Read what a file says of its geometry."""
    try:
        return json.loads(packed)
    except RecursionError:
        raise refuse("E_NESTED", part=part) from None


def _crs(column: Mapping[str, Json]) -> str | None:
    """Give a CRS, which is JSON, and was well-known text before version 1.0."""
    given = column.get("crs", _CRS84)
    return given if given is None or isinstance(given, str) else json.dumps(given)


def _own(file: "pq.ParquetFile") -> _Where | None:
    """Find a column of Parquet's or of GeoArrow's own type."""
    for field in file.schema_arrow:
        about = field.metadata or {}
        name = about.get(b"ARROW:extension:name", b"").decode("utf-8", "replace")
        known = getattr(field.type, "extension_name", name)
        encoding = str(known).removeprefix("geoarrow.")
        if encoding in {"wkb", *KINDS} and encoding != known:
            stated = about.get(b"ARROW:extension:metadata", b"")
            return _Where(field.name, encoding, _arrow_crs(stated))
    for at in range(len(file.schema.names)):
        column = file.schema.column(at)
        kind = json.loads(column.logical_type.to_json())
        if kind.get("Type") in {"Geometry", "Geography"}:
            code = str(kind.get("crs") or _CRS84)
            return _Where(column.name, "wkb", code.replace("srid:", "EPSG:"))
    return None


def _arrow_crs(packed: bytes) -> str | None:
    given = _described(packed or b"{}", "ARROW:extension:metadata").get("crs")
    return given if given is None or isinstance(given, str) else json.dumps(given)


def _guessed(table: "pa.Table") -> _Where | None:
    """Find a column whose bytes are geometries; no one says in which CRS."""
    import pyarrow.types as kinds

    found = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if not (kinds.is_binary(column.type) or kinds.is_large_binary(column.type)):
            continue
        first = column.drop_null().slice(0, _TRIED).to_pylist()
        if first and all(map(_is_wkb, first)):
            code = srid_of_wkb(first[0])
            found[name] = _Where(name, "wkb", f"EPSG:{code}" if code else None)
    usual = [found[name] for name in _NAMES if name in found]
    return next(iter([*usual, *found.values()]), None)


def _is_wkb(blob: bytes) -> bool:
    try:
        shape_of_wkb(blob, {})
    except RefusedError:
        return False
    return True


def _shapes(column: "pa.ChunkedArray", encoding: str) -> Sequence[Json]:
    storage = getattr(column.type, "storage_type", None)
    plain = column if storage is None else column.cast(storage)
    if encoding == "wkb":
        blobs: list[Json] = plain.to_pylist()
        return blobs
    return shapes_of_arrow(plain, encoding)


def _placed(table: "pa.Table", limits: Limits) -> Rows:
    """Read a table without geometries whose columns hold coordinates, or text."""
    columns = table.to_pydict()
    where = find_coordinates(table.column_names, wanted={})
    if where is None:
        raise refuse("E_PARQUET_BROKEN", found=": it has no geometry")
    names = [table.column_names[at] for at in where.columns]
    shapes: list[Json] = []
    for row in range(table.num_rows):
        cells = [values[row] for values in columns.values()]
        try:
            shapes.append(shape_of(cells, where, {"row": row + 1}, lambda _: None))
        except RefusedError as error:
            shapes.append(error)
    if where.kind == "shape":
        del columns[names[0]]
    rows = collect(columns, shapes, limits, crs=where.datum)
    bounds = shapely.total_bounds(rows.geometries)
    if where.datum is None and (abs(bounds) <= (180, 90, 180, 90)).all():
        said = notice("W_CRS_ASSUMED")
        return replace(rows, crs=_CRS84, notices=(*rows.notices, said))
    return rows
