"""Plans in a store: found, made, read as they are or were, and written."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import shapely

from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.errors import PlanError, fault
from beltmap.geo.store.address import Address
from beltmap.geo.store.layers import hexed
from beltmap.geo.store.making import (
    SCHEMA_VERSION,
    comments_sql,
    rules_sql,
    tables_sql,
    views,
    words_sql,
)
from beltmap.geo.store.rows import State
from beltmap.geo.store.server import driver
from beltmap.geo.store.styles import styles_sql
from beltmap.geo.store.tables import (
    BY_NAME,
    GEOMETRY,
    TABLES,
    VERSION,
    Row,
    Table,
    canonical,
    quoted,
)

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[dict[str, Any]]

_PLANS: Final = """
select n.nspname as name from pg_namespace n
join pg_class c on c.relnamespace = n.oid and c.relname = 'plan'
join pg_attribute a on a.attrelid = c.oid and a.attname = 'schema_version'
order by name
"""


@dataclass(frozen=True)
class StoredPlan:
    """
    A plan of a store.

    Parameters
    ----------
    name
        Its schema.
    head
        Schema of the plan that it is a part of; its own where it is none.
    parts
        Names of the plans that it consists of; none where it holds zones itself.
    version
        Version that was written last.
    """

    name: str
    head: str
    parts: tuple[str, ...]
    version: int

    @property
    def schemas(self) -> dict[str, str]:
        """Schemas by the folders that they come from: its own, and its parts'."""
        return {"": self.name} | {part: f"{self.name}.{part}" for part in self.parts}


@dataclass(frozen=True)
class Change:
    """
    A row that is not what it was.

    Parameters
    ----------
    schema, table, key
        Where the row is.
    before, after
        What it said, and says; None where there is no such row.
    """

    schema: str
    table: str
    key: str
    before: Row | None
    after: Row | None


def find(connection: "Connection", address: Address) -> StoredPlan:
    """
    Find the plan of an address.

    Raises
    ------
    PlanError
        If the store has none of its name, or several and the address names none,
        or its tables are another version's.
    """
    gis_schema(connection, address)
    known = [row["name"] for row in connection.execute(_PLANS)]
    heads = [name for name in known if "." not in name]
    name = address.plan or (heads[0] if len(heads) == 1 else "")
    if name not in known:
        code = "none" if address.plan or not heads else "several"
        names = ", ".join(heads)
        raise PlanError(
            [fault(f"E_STORE_PLAN.{code}", str(address), name=name, known=names)]
        )
    row = connection.execute(
        f"select schema_version, head, parts, version from {quoted(name)}.plan"
    ).fetchone()
    if row is None or row["schema_version"] != SCHEMA_VERSION:
        found = row["schema_version"] if row else "-"
        told = {"found": found, "known": str(SCHEMA_VERSION)}
        raise PlanError([fault("E_STORE_SCHEMA", str(address), **told)])
    return StoredPlan(name, row["head"], tuple(row["parts"]), row["version"])


def exists(connection: "Connection", name: str) -> bool:
    """Tell whether a store has something of a plan's name."""
    found = connection.execute(
        "select from pg_namespace where nspname = %s", (name,)
    ).fetchone()
    return found is not None


def gis_schema(connection: "Connection", address: Address) -> str:
    """Give the schema of PostGIS; refuse a database without it."""
    row = connection.execute(
        "select extnamespace::regnamespace::text as name from pg_extension"
        " where extname = 'postgis'"
    ).fetchone()
    if row is None:
        raise PlanError([fault("E_STORE_NO_POSTGIS", str(address))])
    return str(row["name"]).strip('"')


def make(
    connection: "Connection", address: Address, states: Mapping[str, State]
) -> StoredPlan:
    """
    Make a plan in a store.

    Parameters
    ----------
    connection
        Of one transaction.
    address
        With the plan's name.
    states
        Rows of the plan by the folder of its part; ``""`` is the plan's own.

    Returns
    -------
    plan
        As made, at version 1.
    """
    gis = gis_schema(connection, address)
    parts = tuple(part for part in states if part)
    plan = StoredPlan(address.plan, address.plan, parts, 1)
    for part, schema in plan.schemas.items():
        names = {"head": plan.name, "gis": gis}
        for statement in tables_sql(schema, **names):
            connection.execute(statement)
        connection.execute(
            f"insert into {quoted(schema)}.plan (schema_version, head, parts)"
            " values (%s, %s, %s)",
            (SCHEMA_VERSION, plan.name, list(parts) if not part else []),
        )
        for table in TABLES:
            _copy(connection, schema, table, states[part].rows[table.name].values())
        for statement in rules_sql(schema, **names):
            connection.execute(statement)
        for statement in comments_sql(schema):
            connection.execute(statement)
        follow_charter(connection, schema, states[part])
    connection.execute(f"select {quoted(plan.name)}.next_version()")
    return plan


def follow_charter(connection: "Connection", schema: str, state: State) -> None:
    """Let words and views of a plan follow its ``plan.toml``."""
    charter = state.charter or default_charter()
    for statement, values in words_sql(schema, charter):
        connection.execute(statement, values or None)
    _style(connection, schema, charter)
    wanted = views(charter)
    for row in connection.execute(
        "select viewname as name from pg_views where schemaname = %s", (schema,)
    ).fetchall():
        if row["name"] not in wanted:
            connection.execute(f"drop view {quoted(schema)}.{quoted(row['name'])}")


def _style(connection: "Connection", schema: str, charter: Charter) -> None:
    """Leave the styles for QGIS, where the role may."""
    psycopg = driver()
    try:
        # refused, it is undone alone
        with connection.transaction():
            for statement, values in styles_sql(schema, charter):
                connection.execute(statement, values or None)
    except psycopg.errors.InsufficientPrivilege:
        return


def read_state(
    connection: "Connection", schema: str, *, at: int | None = None
) -> State:
    """
    Read the rows of a plan.

    Parameters
    ----------
    connection
        Of one transaction.
    schema
        Schema of the plan.
    at
        Version whose rows are wanted; the newest if left out.

    Returns
    -------
    state
        As it is, or was.
    """
    state = State()
    for table in TABLES:
        columns = ", ".join(f"{name}::text" for name in table.stored)
        at_all = connection.execute(
            f"select {columns} from {quoted(schema)}.{table.name}"
        )
        rows = state.rows[table.name]
        for row in at_all:
            rows[row[table.key]] = _read(table, row)
    if at is not None:
        _go_back(connection, schema, state, at)
    return state


def write(connection: "Connection", changes: Iterable[Change]) -> None:
    """
    Write changed rows.

    Parameters
    ----------
    connection
        Of one transaction, in which nobody else writes, see `hold`.
    changes
        What is to be written; what it was before is not looked at.
    """
    connection.execute("set constraints all deferred")
    connection.execute("set local beltmap.exact = 'on'")
    for change in changes:
        table = BY_NAME[change.table]
        at = f"{quoted(change.schema)}.{table.name}"
        if change.after is None:
            sql = f"delete from {at} where {table.key} = %s"
            values: list[str | None] = [change.key]
        else:
            values = [change.after[name] for name in table.stored]
            casts = [_cast(table, name) for name in table.stored]
            if change.before is None:
                names = ", ".join(table.stored)
                sql = f"insert into {at} ({names}) values ({', '.join(casts)})"
            else:
                pairs = zip(table.stored, casts, strict=True)
                told = ", ".join(f"{name} = {cast}" for name, cast in pairs)
                sql = f"update {at} set {told} where {table.key} = %s"
                values.append(change.key)
        connection.execute(sql, values)


def hold(connection: "Connection", plan: StoredPlan) -> None:
    """Keep other writers of a plan out until the transaction ends."""
    # its trigger takes the lock, as for every editor: the table itself is the owner's
    connection.execute(f"delete from {quoted(plan.head)}.zones where false")


def _cast(table: Table, column: str) -> str:
    kind = table.columns.get(column, "double precision")
    return "%s" if kind == "geometry" else f"%s::{kind}"


def _copy(
    connection: "Connection", schema: str, table: Table, rows: Iterable[Row]
) -> None:
    names = ", ".join((*table.stored, VERSION))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy {quoted(schema)}.{table.name} ({names}) from stdin") as copy,
    ):
        for row in rows:
            copy.write_row((*(row[name] for name in table.stored), "1"))


def _read(table: Table, row: Mapping[str, Any]) -> Row:
    """Read a row as `geo.store.rows` writes it."""
    made: Row = {}
    for name in table.stored:
        kind = table.columns.get(name, "double precision")
        text = kind in {"text", "geometry", "bytea"}
        made[name] = row[name] if text else canonical(row[name], kind)
    if table.file:
        # an empty cell of a CSV file is no value
        made |= {
            name: value or None for name, value in made.items() if name != table.key
        }
    return made


def _go_back(connection: "Connection", schema: str, state: State, at: int) -> None:
    """Undo what was written after a version, by the first change of each row."""
    later = connection.execute(
        "select distinct on (tab, key) tab, key, before::text as before"
        f" from {quoted(schema)}.history where version > %s order by tab, key, number",
        (at,),
    )
    for row in later:
        table = BY_NAME[row["tab"]]
        if row["before"] is None:
            state.rows[table.name].pop(row["key"], None)
        else:
            state.rows[table.name][row["key"]] = recorded(table, row["before"])


def recorded(table: Table, told: str) -> Row:
    """Read a row as the history keeps it, digit by digit."""
    given = json.loads(told, parse_float=_Digits)
    row: dict[str, Any] = {name: given.get(name) for name in table.stored}
    if row.get(GEOMETRY) is not None:
        [shape] = hexed(shapely.from_geojson([json.dumps(row[GEOMETRY])]))
        row[GEOMETRY] = shape
    return _read(table, row)


class _Digits(float):
    """A number that is written again as it stood."""

    def __init__(self, digits: str) -> None:
        self.digits = digits

    def __str__(self) -> str:
        return self.digits


def number_of(connection: "Connection", plan: StoredPlan, address: Address) -> int:
    """
    Give the number of the version that an address asks for.

    Raises
    ------
    PlanError
        If there is no such version, or no release of the name.
    """
    if not address.at:
        return plan.version
    number, last = address.number, plan.version
    if number is None:
        row = connection.execute(
            f"select version from {quoted(plan.head)}.releases where name = %s",
            (address.at,),
        ).fetchone()
        number = row["version"] if row else None
    if number is None or not 1 <= number <= last:
        known = [
            row["name"]
            for row in connection.execute(
                f"select name from {quoted(plan.head)}.releases order by version"
            )
        ]
        told = {"name": address.at, "last": last}
        known = [*known, f"v1 … v{last}"]
        raise PlanError([fault("E_STORE_VERSION", str(address), known=known, **told)])
    return int(number)
