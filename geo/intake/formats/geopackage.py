"""GeoPackages read with SQLite alone: tables only, nothing in them is run."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import (
    Json,
    Notice,
    RefusedError,
    Severity,
    notice,
    refuse,
)
from beltmap.geo.intake.raw.wkb import shape_of_wkb
from beltmap.geo.intake.rows import Collector, Rows
from beltmap.geo.intake.shapes import Place, Tell

SECONDS: Final = 8.0
"""Time that one statement may take."""

_SPARE: Final = 100_000
"""Bytes by which a value or a statement may be longer than the file."""


_STEPS: Final = 10_000
_MOST: Final = 10_000
"""Rows that a table about tables may have."""

_HIDDEN: Final = 6
"""Place in which SQLite says of a column whether it is hidden or computed."""

_ENVELOPES: Final = (0, 32, 48, 48, 64)
_WRITE, _READ_VERSION = 18, 19
_WAL: Final = 2
_ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_TRANSACTION}
)
_SYSTEM: Final = {
    "gpkg_contents": ("table_name", "data_type"),
    "gpkg_geometry_columns": ("table_name", "column_name", "srs_id"),
    "gpkg_spatial_ref_sys": (
        "srs_id",
        "organization",
        "organization_coordsys_id",
        "definition",
    ),
}
"""Tables that say which layers there are, and the columns of them that are read."""

_COUNTS: Final = "gpkg_ogr_contents"
"""Table of GDAL in which the number of rows of each layer may stand."""

_OWN_TRIGGERS: Final = ("rtree_", "gpkg_", "trigger_insert_", "trigger_delete_")


@dataclass(frozen=True)
class _Table:
    """A table with features: its name, geometry column, CRS and promised rows."""

    name: str
    geometry: str
    crs: str | None
    promised: int | None


def open_geopackage(data: bytes, *, limits: Limits) -> Mapping[str, Callable[[], Rows]]:
    """
    Look a GeoPackage over and list its layers.

    Parameters
    ----------
    data
        The whole file; it is opened in memory, as a copy.
    limits
        How large a layer may be.

    Returns
    -------
    layers
        What reads each layer, by its name.

    Raises
    ------
    RefusedError
        If it is no GeoPackage, is damaged, or a layer is a view or a virtual
        table.
    """
    with closing(_connect(data)) as base:
        try:
            kinds = _kinds(base)
            tables = _tables(base, kinds, _promised(base, kinds))
            others = _others(base)
            triggers = _run(
                base, "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            )
        except (sqlite3.Error, UnicodeError) as error:
            raise _broken(error, limits) from None
    foreign = [name for (name,) in triggers if not str(name).startswith(_OWN_TRIGGERS)]
    ignored = notice("W_GPKG_TRIGGERS_IGNORED", n=len(foreign))
    said: tuple[Notice, ...] = (ignored,) if foreign else ()
    if others:
        said += (notice("W_GPKG_TABLES", n=len(others), found=others),)
    return {table.name: partial(_read, data, table, said, limits) for table in tables}


def _connect(data: bytes) -> sqlite3.Connection:
    """Open a copy in memory that can neither write nor run anything."""
    content = bytearray(data)
    if len(content) > _READ_VERSION and content[_READ_VERSION] == _WAL:
        # a copy in memory cannot have a write-ahead log
        content[_WRITE] = content[_READ_VERSION] = 1
    base = sqlite3.connect(":memory:")
    base.text_factory = lambda words: words.decode("utf-8", "replace")
    try:
        base.deserialize(bytes(content))
        # no value can be longer than the file it is read from
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, len(content) + _SPARE)
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA query_only = ON")
        base.execute("PRAGMA cell_size_check = ON")
    except (sqlite3.Error, OverflowError):
        base.close()
        raise refuse("E_NOT_GPKG", found="it is no database") from None
    return base


def _started(base: sqlite3.Connection, statement: str) -> sqlite3.Cursor:
    """Begin a statement, which may take `SECONDS` to its end."""
    deadline = time.monotonic() + SECONDS
    base.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    return base.execute(statement)


def _run(base: sqlite3.Connection, statement: str) -> list[tuple[Json, ...]]:
    """Run a statement that gives few rows."""
    rows = _started(base, statement).fetchmany(_MOST + 1)
    if len(rows) > _MOST:
        raise refuse("E_TOO_MANY_ROWS", limit=_MOST)
    return rows


def _columns(base: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """Name the columns of a table that are stored, and those that reading would run."""
    listed = _run(base, f"PRAGMA table_xinfo({_quoted(table)})")
    stored = [str(row[1]) for row in listed if row[_HIDDEN] == 0]
    return stored, [str(row[1]) for row in listed if row[_HIDDEN] != 0]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _kinds(base: sqlite3.Connection) -> dict[str, str]:
    """Tell tables, views and virtual tables apart."""
    rows = _run(
        base,
        "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')",
    )
    kinds = {}
    for name, kind, words in rows:
        head = " ".join(str(words).split()[:2]).upper()
        kinds[str(name)] = "virtual" if head == "CREATE VIRTUAL" else str(kind)
    if any(kinds.get(name) is None for name in _SYSTEM):
        raise refuse("E_NOT_GPKG", found="without its tables")
    _check_kinds(_SYSTEM, kinds)
    for table, wanted in _SYSTEM.items():
        computed = set(wanted).intersection(map(str.lower, _columns(base, table)[1]))
        if computed:
            found = ", ".join(f"{table}.{column}" for column in sorted(computed))
            raise refuse("E_GPKG_COMPUTED", found=found)
    return kinds


def _check_kinds(names: Iterable[str], kinds: Mapping[str, str]) -> None:
    for name in names:
        if kinds.get(name) == "view":
            raise refuse("E_GPKG_VIEW", found=name)
        if kinds.get(name) == "virtual":
            raise refuse("E_GPKG_VIRTUAL", found=name)


def _tables(
    base: sqlite3.Connection, kinds: Mapping[str, str], counts: Mapping[str, int]
) -> list[_Table]:
    base.set_authorizer(_authorize)
    rows = _run(
        base,
        "SELECT c.table_name, g.column_name, s.organization,"
        " s.organization_coordsys_id, s.definition, g.srs_id"
        " FROM gpkg_contents c"
        " JOIN gpkg_geometry_columns g ON g.table_name = c.table_name"
        " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
        " WHERE c.data_type = 'features'",
    )
    _check_kinds(tuple(str(row[0]) for row in rows), kinds)
    if not rows:
        raise refuse("E_NOT_GPKG", found="without layers of features")
    missing = [str(row[0]) for row in rows if str(row[0]) not in kinds]
    if missing:
        raise refuse("E_GPKG_BROKEN", found=f"{missing[0]} is listed but not there")
    return [
        _Table(str(row[0]), str(row[1]), _crs(row[2:]), counts.get(str(row[0])))
        for row in rows
    ]


def _promised(base: sqlite3.Connection, kinds: Mapping[str, str]) -> dict[str, int]:
    """Read how many rows each table says that it has, where one says so."""
    wanted = ["table_name", "feature_count"]
    if kinds.get(_COUNTS) != "table" or not set(wanted) <= set(
        _columns(base, _COUNTS)[0]
    ):
        return {}
    rows = _run(base, f"SELECT {', '.join(wanted)} FROM {_COUNTS}")  # noqa: S608 - names of our own
    return {str(name): said for name, said in rows if isinstance(said, int)}


def _others(base: sqlite3.Connection) -> list[str]:
    """Name the tables of rows without shapes."""
    rows = _run(
        base,
        "SELECT table_name FROM gpkg_contents"
        " WHERE data_type IN ('attributes', 'aspatial')",
    )
    return [str(name) for (name,) in rows]


def _crs(row: tuple[Json, ...]) -> str | None:
    """State the CRS of a layer; the ids 0 and -1 stand for none."""
    organization, code, definition, srs = row
    if srs in (0, -1) or organization is None:
        return None
    if str(organization).upper() == "EPSG" and isinstance(code, int):
        return f"EPSG:{code}"
    return str(definition)


def _authorize(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _read(data: bytes, table: _Table, said: tuple[Notice, ...], limits: Limits) -> Rows:
    """Read one layer."""
    collector = Collector(limits, "row")
    collector.notices += said
    with closing(_connect(data)) as base:
        try:
            columns, computed = _columns(base, table.name)
            if len(columns) > limits.columns:
                raise refuse("E_TOO_MANY_COLUMNS", limit=limits.columns)
            if table.geometry not in columns:
                found = f"{table.name} has no column {table.geometry}"
                raise refuse("E_GPKG_BROKEN", found=found)
            base.set_authorizer(_authorize)
            wanted = ", ".join(map(_quoted, columns))
            statement = f"SELECT {wanted} FROM {_quoted(table.name)}"  # noqa: S608 - quoted, and nothing but reading is allowed
            for cells in _started(base, statement):
                _add(dict(zip(columns, cells, strict=True)), table, collector)
        except (sqlite3.Error, UnicodeError) as error:
            raise _broken(error, limits) from None
    if computed:
        collector.notices.append(notice("W_GPKG_COMPUTED", columns=computed))
    if table.promised not in (None, collector.count):
        there = {"said": table.promised, "found": collector.count}
        collector.notices.append(
            Notice("W_COUNT_DIFFERS", {}, {"part": _COUNTS, **there}, Severity.WARN)
        )
    collector.names = dict.fromkeys(c for c in columns if c != table.geometry)
    return replace(collector.rows(name=table.name, crs=table.crs))


def _add(record: dict[str, Json], table: _Table, collector: Collector) -> None:
    place = collector.begin()
    blob = record.pop(table.geometry)
    try:
        shape = None if blob is None else _shape(blob, place, collector.tell)
    except RefusedError as error:
        collector.refuse(error)
        return
    if shape is None:
        collector.tell("W_NULL_GEOMETRY")
    clean = {key: _value(value, key, collector) for key, value in record.items()}
    collector.add(clean, shape)


def _value(value: Json, column: str, collector: Collector) -> Json:
    if isinstance(value, bytes):
        collector.tell_column("W_BINARY_AS_TEXT", column)
        return value.hex()
    if isinstance(value, str) and len(value) > collector.limits.text_characters:
        raise refuse("E_TEXT_TOO_LONG", limit=collector.limits.text_characters)
    if isinstance(value, float) and not abs(value) < float("inf"):
        return str(value)
    return value


def _shape(blob: Json, place: Place, tell: Tell) -> Shape | None:
    """Read a geometry with the header that GeoPackage puts in front."""
    broken = refuse("E_GEOMETRY_BROKEN", place, found="its header is wrong")
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":  # noqa: PLR2004 - the header
        raise broken
    size = (blob[3] >> 1) & 0b111
    if size >= len(_ENVELOPES):
        raise broken
    return shape_of_wkb(blob[8 + _ENVELOPES[size] :], place, tell)


def _broken(error: Exception, limits: Limits) -> RefusedError:
    if "interrupted" in str(error):
        return refuse("E_TIMEOUT", limit=min(limits.seconds, int(SECONDS)))
    return refuse("E_GPKG_BROKEN", found="a table cannot be read")
