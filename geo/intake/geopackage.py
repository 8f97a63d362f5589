"""GeoPackages read with SQLite alone: tables only, nothing in them is run."""

import sqlite3
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import shapely

from geo.intake.limits import Limits
from geo.intake.notices import Json, Notice, RefusedError, notice, refuse
from geo.intake.rows import Collector, Rows, Shape
from geo.intake.shapes import Place

SECONDS: Final = 8.0
"""Time that one query may take."""

_STEPS: Final = 10_000
_ENVELOPES: Final = (0, 32, 48, 48, 64)
_WRITE, _READ_VERSION = 18, 19
_WAL: Final = 2
_ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_TRANSACTION}
)
_SYSTEM: Final = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_OWN_TRIGGERS: Final = ("rtree_", "gpkg_", "trigger_insert_", "trigger_delete_")


@dataclass(frozen=True)
class _Table:
    """A table with features: its name, geometry column and CRS."""

    name: str
    geometry: str
    crs: str | None


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
            tables = _tables(base, kinds)
            triggers = base.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
        except sqlite3.Error as error:
            raise _broken(error, limits) from None
    foreign = [name for (name,) in triggers if not name.startswith(_OWN_TRIGGERS)]
    ignored = notice("W_GPKG_TRIGGERS_IGNORED", n=len(foreign))
    said = (ignored,) if foreign else ()
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
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA query_only = ON")
        base.execute("PRAGMA cell_size_check = ON")
    except (sqlite3.Error, OverflowError):
        base.close()
        raise refuse("E_NOT_GPKG", found="it is no database") from None
    deadline = time.monotonic() + SECONDS
    base.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    return base


def _kinds(base: sqlite3.Connection) -> dict[str, str]:
    """Tell tables, views and virtual tables apart."""
    rows = base.execute(
        "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"
    ).fetchall()
    kinds = {}
    for name, kind, words in rows:
        head = " ".join(str(words).split()[:2]).upper()
        kinds[str(name)] = "virtual" if head == "CREATE VIRTUAL" else str(kind)
    if any(kinds.get(name) is None for name in _SYSTEM):
        raise refuse("E_NOT_GPKG", found="without its tables")
    _check_kinds(_SYSTEM, kinds)
    return kinds


def _check_kinds(names: tuple[str, ...], kinds: Mapping[str, str]) -> None:
    for name in names:
        if kinds.get(name) == "view":
            raise refuse("E_GPKG_VIEW", found=name)
        if kinds.get(name) == "virtual":
            raise refuse("E_GPKG_VIRTUAL", found=name)


def _tables(base: sqlite3.Connection, kinds: Mapping[str, str]) -> list[_Table]:
    base.set_authorizer(_authorize)
    rows = base.execute(
        "SELECT c.table_name, g.column_name, s.organization,"
        " s.organization_coordsys_id, s.definition, g.srs_id"
        " FROM gpkg_contents c"
        " JOIN gpkg_geometry_columns g ON g.table_name = c.table_name"
        " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
        " WHERE c.data_type = 'features'"
    ).fetchall()
    _check_kinds(tuple(str(row[0]) for row in rows), kinds)
    if not rows:
        raise refuse("E_NOT_GPKG", found="without layers of features")
    missing = [str(row[0]) for row in rows if str(row[0]) not in kinds]
    if missing:
        raise refuse("E_GPKG_BROKEN", found=f"{missing[0]} is listed but not there")
    return [_Table(str(row[0]), str(row[1]), _crs(row[2:])) for row in rows]


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
    name = table.name.replace('"', '""')
    with closing(_connect(data)) as base:
        try:
            listed = base.execute(f'PRAGMA table_xinfo("{name}")').fetchall()
            # hidden columns are computed: they would run what the file says
            columns = [str(row[1]) for row in listed if row[6] == 0]
            if len(columns) > limits.columns:
                raise refuse("E_TOO_MANY_COLUMNS", limit=limits.columns)
            if table.geometry not in columns:
                found = f"{table.name} has no column {table.geometry}"
                raise refuse("E_GPKG_BROKEN", found=found)
            base.set_authorizer(_authorize)
            quoted = ", ".join('"' + c.replace('"', '""') + '"' for c in columns)
            for cells in base.execute(f'SELECT {quoted} FROM "{name}"'):  # noqa: S608 - quoted, and nothing but reading is allowed
                _add(dict(zip(columns, cells, strict=True)), table, collector)
        except sqlite3.Error as error:
            raise _broken(error, limits) from None
    collector.names = dict.fromkeys(c for c in columns if c != table.geometry)
    return replace(collector.rows(name=table.name, crs=table.crs))


def _add(record: dict[str, Json], table: _Table, collector: Collector) -> None:
    place = collector.begin()
    blob = record.pop(table.geometry)
    try:
        shape = None if blob is None else _shape(blob, place)
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


def _shape(blob: Json, place: Place) -> Shape | None:
    """Read a geometry with the header that GeoPackage puts in front."""
    broken = refuse("E_GEOMETRY_BROKEN", place, found="its header is wrong")
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":  # noqa: PLR2004 - the header
        raise broken
    size = (blob[3] >> 1) & 0b111
    if size >= len(_ENVELOPES):
        raise broken
    return shape_of_wkb(blob[8 + _ENVELOPES[size] :], place)


def shape_of_wkb(blob: bytes, place: Place) -> Shape | None:
    """
    Read well-known binary.

    Raises
    ------
    RefusedError
        If it is damaged.
    """
    try:
        _check_nesting(blob)
        return shapely.from_wkb(blob)
    except (shapely.errors.GEOSException, ValueError, TypeError, struct.error):
        raise refuse("E_GEOMETRY_BROKEN", place, found="its bytes do not fit") from None


def _check_nesting(blob: bytes, *, most: int = 8) -> None:
    """Refuse collections in collections in collections, before they are followed."""
    at = 0
    for _ in range(most):
        order = "<" if blob[at] == 1 else ">"
        (kind,) = struct.unpack_from(f"{order}I", blob, at + 1)
        flags = kind & 0xE0000000
        if (kind & 0xFFFF) % 1000 != 7:  # noqa: PLR2004 - a collection
            return
        at += 9 + (4 if flags & 0x20000000 else 0)
        if at + 5 > len(blob):
            return
    raise ValueError


def _broken(error: sqlite3.Error, limits: Limits) -> RefusedError:
    if "interrupted" in str(error):
        return refuse("E_TIMEOUT", limit=min(limits.seconds, int(SECONDS)))
    return refuse("E_GPKG_BROKEN", found="a table cannot be read")
