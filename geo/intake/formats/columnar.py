"""Columns and geometries of libraries as rows; FlatGeobuf; only in the worker."""

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.formats.fgbparts import check_lengths
from beltmap.geo.intake.limits import APART, Limits
from beltmap.geo.intake.notices import Json, RefusedError, refuse
from beltmap.geo.intake.raw.wkb import shape_of_wkb
from beltmap.geo.intake.rows import Collector, Rows
from beltmap.geo.intake.shapes import Place, Tell, to_shape


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
    check_apart()
    import pyogrio
    import pyogrio.raw

    promised = check_lengths(data)
    if promised > limits.rows:
        raise refuse("E_TOO_MANY_ROWS", limit=limits.rows)
    try:
        about = pyogrio.read_info(data)
        meta, _, shapes, values = pyogrio.raw.read(data, datetime_as_string=True)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a damaged file raises anything
        raise refuse("E_FGB_BROKEN", found="") from None
    if about["driver"] != "FlatGeobuf":
        raise refuse("E_FGB_BROKEN", found="")
    columns = {
        str(name): column.tolist()
        for name, column in zip(meta["fields"], values, strict=True)
    }
    name = str(about.get("layer_name") or "")
    wanted = [] if shapes is None else shapes.tolist()
    if len(wanted) != promised:
        raise fewer("FlatGeobuf", promised, len(wanted))
    return collect(columns, wanted, limits, name=name, crs=meta["crs"])


def check_apart() -> None:
    """
    Go on only in the process that reads.

    Raises
    ------
    RefusedError
        Anywhere else.
    """
    if APART not in os.environ:
        raise refuse("E_UNREADABLE")


def fewer(part: str, said: int, found: int) -> RefusedError:
    """Make the error of a file that does not hold what it promises."""
    return refuse("E_COUNT_DIFFERS", part=part, said=said, found=found)


def collect(
    columns: Mapping[str, Sequence[Json]],
    shapes: Sequence[Json],
    limits: Limits,
    *,
    name: str = "",
    crs: str | None = None,
) -> Rows:
    """
    Put columns and geometries into rows.

    Parameters
    ----------
    columns
        Values by column.
    shapes
        Well-known binary, shapely or GeoJSON geometries; None where there is
        none; the error where it cannot be read.
    limits
        How large a layer may be.
    name, crs
        As `Rows` has them.
    """
    if len(columns) > limits.columns:
        raise refuse("E_TOO_MANY_COLUMNS", limit=limits.columns)
    collector = Collector(limits)
    collector.names = dict.fromkeys(map(str, columns))
    for row, blob in enumerate(shapes):
        place = collector.begin()
        try:
            shape = _shape(blob, place, collector.tell)
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


def _shape(given: Json, place: Place, tell: Tell) -> Shape | None:
    """Read a geometry in any of the forms that libraries give."""
    if isinstance(given, RefusedError):
        raise given
    if isinstance(given, bytes):
        return shape_of_wkb(given, place, tell) if given else None
    if isinstance(given, dict):
        return to_shape(given, place, tell)
    shape: Shape | None = given
    return shape


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
