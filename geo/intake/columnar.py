"""FlatGeobuf and GeoParquet: read only in the worker, by what knows the format."""

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from geo.intake.geopackage import shape_of_wkb
from geo.intake.limits import Limits
from geo.intake.notices import Json, RefusedError, refuse
from geo.intake.rows import Collector, Rows

APART: Final = "BELTMAP_APART"
"""Set in the worker's environment, and nowhere else."""


def read_fgb(data: bytes, *, limits: Limits) -> Rows:
    """
    Read a FlatGeobuf file.

    Parameters
    ----------
    data
        The whole file.
    limits
        How large a layer may be.

    Returns
    -------
    rows
        One row a feature, in the CRS of the file.

    Raises
    ------
    RefusedError
        If it cannot be read, or if this is not the worker.
    """
    _check_apart()
    import pyogrio
    import pyogrio.errors
    import pyogrio.raw

    try:
        about = pyogrio.read_info(data)
        if about["driver"] != "FlatGeobuf":
            raise refuse("E_FGB_BROKEN", found="")
        if about["features"] > limits.rows:
            raise refuse("E_TOO_MANY_ROWS", limit=limits.rows)
        meta, _, shapes, values = pyogrio.raw.read(data, datetime_as_string=True)
    except (pyogrio.errors.DataSourceError, ValueError, RuntimeError) as error:
        if isinstance(error, RefusedError):
            raise
        raise refuse("E_FGB_BROKEN", found="") from None
    columns = {
        str(name): column.tolist()
        for name, column in zip(meta["fields"], values, strict=True)
    }
    name = str(about.get("layer_name") or "")
    wanted = [] if shapes is None else shapes.tolist()
    return _collect(columns, wanted, limits, name=name, crs=meta["crs"])


def read_parquet(data: bytes, *, limits: Limits) -> Rows:
    """
    Read a GeoParquet file.

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
        where it states none.

    Raises
    ------
    RefusedError
        If it cannot be read, has no geometry, or if this is not the worker.
    """
    _check_apart()
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        _check_size(file.metadata, limits)
        about = json.loads((file.metadata.metadata or {})[b"geo"])
        primary = about["primary_column"]
        column = about["columns"][primary]
        if column.get("encoding") != "WKB":
            raise refuse("E_PARQUET_BROKEN", found=": its geometry is not WKB")
        table = file.read().to_pydict()
        shapes = table.pop(primary)
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError) as error:
        if isinstance(error, RefusedError):
            raise
        found = ": it has no geometry" if isinstance(error, KeyError) else ""
        raise refuse("E_PARQUET_BROKEN", found=found) from None
    return _collect(table, shapes, limits, crs=_crs(column))


def _check_apart() -> None:
    if APART not in os.environ:
        raise refuse("E_UNREADABLE")


def _check_size(metadata: Json, limits: Limits) -> None:
    if metadata.num_rows > limits.rows:
        raise refuse("E_TOO_MANY_ROWS", limit=limits.rows)
    if metadata.num_columns > limits.columns:
        raise refuse("E_TOO_MANY_COLUMNS", limit=limits.columns)
    groups = (metadata.row_group(n) for n in range(metadata.num_row_groups))
    size = sum(group.total_byte_size for group in groups)
    if size > limits.inflated_bytes:
        raise refuse("E_FILE_SIZE", found=size, limit=limits.inflated_bytes)


def _crs(column: Mapping[str, Json]) -> str | None:
    if "crs" not in column:
        return "OGC:CRS84"
    return None if column["crs"] is None else json.dumps(column["crs"])


def _collect(
    columns: Mapping[str, Sequence[Json]],
    shapes: Sequence[bytes | None],
    limits: Limits,
    *,
    name: str = "",
    crs: str | None = None,
) -> Rows:
    """Put columns and geometries into rows."""
    if len(columns) > limits.columns:
        raise refuse("E_TOO_MANY_COLUMNS", limit=limits.columns)
    collector = Collector(limits)
    collector.names = dict.fromkeys(map(str, columns))
    for row, blob in enumerate(shapes):
        place = collector.begin()
        try:
            shape = shape_of_wkb(blob, place) if blob else None
        except RefusedError as error:
            collector.refuse(error)
            continue
        if shape is None:
            collector.tell("W_NULL_GEOMETRY")
        record = {
            str(key): _value(values[row], str(key), collector)
            for key, values in columns.items()
        }
        collector.add(record, shape)
    return collector.rows(name=name, crs=crs)


def _value(value: Json, column: str, collector: Collector) -> Json:  # noqa: PLR0911 - one a type
    """Give a value as JSON has it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else str(value)
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, bytes):
        collector.tell_column("W_BINARY_AS_TEXT", column)
        return value.hex()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal | dt.timedelta):
        return str(value)
    collector.tell_column("W_NESTED_AS_JSON", column)
    return json.dumps(value, ensure_ascii=False, default=str)
