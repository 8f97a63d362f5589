"""The schema of a plan in a store: tables, rules, views and what QGIS shows of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.language.messages import speaking, text
from beltmap.geo.store.tables import (
    GEOMETRY,
    POSITION,
    SECTORS,
    TABLES,
    VERSION,
    ZONES,
    Table,
    literal,
    quoted,
)

SCHEMA_VERSION: Final = 1
"""Of the tables in a store; change it with them."""

TEMPLATE: Final = Path(__file__).with_name("schema.sql")

POINTS: Final = ("anchors", "comments")
"""Tables of which each row may be a point, drawn from its columns lon and lat."""

LOGS: Final = ("versions", "releases", "history")
"""Tables to which rows are only added."""


def tables_sql(name: str, *, head: str, gis: str) -> Iterator[str]:
    """
    Write the tables of a new plan.

    Parameters
    ----------
    name, head, gis
        Schemas of the plan, of the plan that it is part of, and of PostGIS.

    Yields
    ------
    sql
        Statements, to be followed by the plan's rows and `rules_sql`.
    """
    places = {"{plan}": quoted(name), "{head}": quoted(head), "{gis}": quoted(gis)}
    yield f"create schema {quoted(name)}"
    yield _filled(TEMPLATE.read_text(encoding="utf-8"), places)
    for table in TABLES:
        yield _filled(_table(table), places)


def rules_sql(name: str, *, head: str, gis: str) -> Iterator[str]:
    """Write what watches over the rows of a new plan: to be run when they are there."""
    places = {"{plan}": quoted(name), "{head}": quoted(head), "{gis}": quoted(gis)}
    for table in TABLES:
        for column, other in table.links:
            yield _filled(
                f"alter table {{plan}}.{table.name} add constraint"
                f" {quoted(f'{column} is a row of {other}')} foreign key ({column})"
                f" references {{plan}}.{other} on update cascade"
                " deferrable initially immediate",
                places,
            )
        yield from (_filled(one, places) for one in _triggers(table))
    for log in LOGS:
        yield _filled(
            f"create trigger kept before update or delete or truncate on"
            f" {{plan}}.{log} for each statement execute function {{plan}}.refuse()",
            places,
        )


def words_sql(name: str, charter: Charter) -> Iterator[tuple[str, tuple[str, ...]]]:
    """
    Write what follows from a plan's charter: its words, and a view a kind.

    Parameters
    ----------
    name
        Schema of the plan.
    charter
        What the plan says of itself.

    Yields
    ------
    sql, values
        Statements and what fills them.
    """
    plan = quoted(name)
    yield f"delete from {plan}.vocabulary", ()
    for row in _vocabulary(charter):
        yield f"insert into {plan}.vocabulary values (%s, %s, %s, %s)", row
    for view, kind in views(charter).items():
        at = f"{plan}.{quoted(view)}"
        told = charter.by_kind[kind].name
        # replaced, not dropped: what roles may do with it stays
        rows = f"select * from {plan}.zones where kind = {literal(kind)}"
        yield f"create or replace view {at} as {rows} with local check option", ()
        yield f"alter view {at} alter column kind set default {literal(kind)}", ()
        yield f"comment on view {at} is {literal(f'{told.en} · {told.zh}')}", ()


def views(charter: Charter) -> dict[str, str]:
    """
    Name the views of a plan, one a kind, as its layer files are called.

    Returns
    -------
    views
        Kind by name of the view.
    """
    taken = {table.name for table in TABLES} | {"plan", "vocabulary", *LOGS}
    named = {}
    for kind in charter.kinds:
        stem = Path(kind.file).stem
        named[f"{stem}_of_a_kind" if stem in taken else stem] = kind.code
    return named


def comments_sql(name: str) -> Iterator[str]:
    """Write what tables and columns are, in both languages."""
    plan = quoted(name)
    for table in TABLES:
        at = f"{plan}.{table.name}"
        yield f"comment on table {at} is {literal(_both(f'store.{table.name}'))}"
        for column in (*table.stored, VERSION):
            said = literal(_both(column_key(table, column)))
            yield f"comment on column {at}.{column} is {said}"


def column_key(table: Table, column: str) -> str:
    """Give the key of the message that says what a column is."""
    shared = column in {POSITION, VERSION}
    return f"store.column.{column}" if shared else f"store.{table.name}.{column}"


def _both(key: str) -> str:
    """Say a message in both languages."""
    said = []
    for language in ("en", "zh"):
        with speaking(language):
            said.append(text(key))
    return " · ".join(said)


def _filled(sql: str, places: dict[str, str]) -> str:
    for place, name in places.items():
        sql = sql.replace(place, name)
    return sql


def _table(table: Table) -> str:
    lines = [
        f"{column} {_type(table, column, kind)}"
        + (" primary key" if column == table.key else "")
        for column, kind in table.columns.items()
    ]
    if table.name in POINTS:
        lines.append(f"{GEOMETRY} {{gis}}.geometry(Point, 4326)")
    following = "default nextval('{plan}.positions'::regclass)"
    lines += [
        f"{POSITION} double precision not null {following}",
        f"{VERSION} bigint not null default 0",
    ]
    lines += [
        f"constraint {quoted(name)} check ({condition})"
        for name, condition in table.checks.items()
    ]
    made = f"create table {{plan}}.{table.name} (\n  " + ",\n  ".join(lines) + "\n);\n"
    if GEOMETRY in made:
        made += f"create index on {{plan}}.{table.name} using gist ({GEOMETRY});\n"
    if table is ZONES:
        made += (
            "create index on {plan}.zones (kind);\n"
            "create index on {plan}.zones (part_of);\n"
            "alter table {plan}.zones alter column kind set not null,"
            " alter column in_zones_csv set not null,"
            " alter column in_zones_csv set default false;\n"
        )
    return made


def _type(table: Table, column: str, kind: str) -> str:
    if table is ZONES and column == GEOMETRY:
        return "{gis}.geometry(MultiPolygon, 4326)"
    return kind


def _triggers(table: Table) -> Iterator[str]:
    on = f"on {{plan}}.{table.name}"
    yield (
        f"create trigger a_hold before insert or update or delete {on}"
        " for each statement execute function {plan}.hold()"
    )
    own = {
        "zones": ("measure", "listed"),
        "anchors": ("place",),
        "comments": ("place",),
    }
    for function in own.get(table.name, ()):
        yield (
            f"create trigger b_{function} before insert or update {on}"
            f" for each row execute function {{plan}}.{function}()"
        )
    yield (
        f"create trigger c_number before insert or update {on}"
        f" for each row execute function {{plan}}.number({literal(table.key)})"
    )
    yield (
        f"create trigger d_record after insert or update or delete {on}"
        f" for each row execute function {{plan}}.record({literal(table.key)})"
    )
    if table is SECTORS:
        yield (
            f"create constraint trigger f_used after update or delete {on}"
            " deferrable initially deferred"
            " for each row execute function {plan}.used()"
        )
    yield (
        f"create trigger e_refuse before truncate {on}"
        " for each statement execute function {plan}.refuse()"
    )


def _vocabulary(charter: Charter) -> Iterable[tuple[str, str, str, str]]:
    for kind in charter.kinds:
        yield "kind", kind.code, kind.name.en, kind.name.zh
    for code, words in charter.statuses.items():
        yield "status", code, words.en, words.zh
    for city in charter.cities if charter is not default_charter() else ():
        yield "city", city.code, city.name.en, city.name.zh
    for each in charter.structures:
        yield "patterns", each.code, each.name.en, each.name.zh
    for sector in charter.sectors:
        yield "sectors", sector.code, sector.name.en, sector.name.zh
