"""What would keep a folder from being opened, the tables of a store refuse."""

import shutil
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.rows import dict_row

from beltmap.geo.errors import PlanError
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import lay_out, push, stored_states
from beltmap.geo.store.plans import find
from beltmap.geo.store.tables import FILES, GEOMETRY, TABLES, literal
from tests.storing import sql

FEW = {"text": [None, " "], "numeric": [None, "NaN"]}
MANY = {
    "text": [None, "", " ", "nonsense", "x;y", "é\n", "=1"],
    "numeric": [None, -1, 0, 1e9, "NaN", "Infinity"],
    "double precision": [None, -1, 0, "NaN", "Infinity"],
    "integer": [None, 0, 99_999],
}
OWN = ("other", "in_zones_csv", GEOMETRY)
"""Columns that no file has as a cell."""

REMARK = (
    "id,about,lon,lat,author,time,text,state\n"
    "c1,qd-belt,120.5,36.1,Li,2026-11-27T10:00:00Z,why,open\n"
)


@pytest.fixture
def stored(database, tmp_path):
    folder = tmp_path / "plan"
    shutil.copytree(SHIPPED / "qingdao", folder)
    (folder / "comments.csv").write_text(REMARK)
    address = read_address(f"{database}#plan")
    push(folder, address)
    return address


@contextmanager
def undone(connection):
    """Take back what is done."""
    connection.execute("savepoint before")
    try:
        yield
    finally:
        connection.execute("rollback to before")


def changes(connection, values, rows):
    """Give statements that change a cell, or take away a row."""
    for table in TABLES:
        if table is FILES:
            continue
        keys = [
            row["key"]
            for row in connection.execute(
                f"select {table.key} as key from plan.{table.name} order by position"
            )
        ]
        for key in dict.fromkeys(keys[row % len(keys)] for row in rows):
            one = f"where {table.key} = %s"
            yield f"delete from plan.{table.name} {one}", (key,)
            for column, kind in table.columns.items():
                for value in () if column in OWN else values.get(kind, ()):
                    change = f"update plan.{table.name} set {column} = %s {one}"
                    yield change, (value, key)


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        pytest.param(FEW, (0,), id="few"),
        pytest.param(MANY, (0, 5, -1), id="many", marks=pytest.mark.deep),
    ],
)
def test_what_the_tables_take_can_be_opened(stored, tmp_path, values, rows):
    broken, taken, refused = [], 0, 0
    with psycopg.connect(stored.server, row_factory=dict_row) as connection:
        plan = find(connection, stored)
        for statement, given in changes(connection, values, rows):
            try:
                with undone(connection):
                    connection.execute(statement, given)
                    # what is asked at the end only
                    connection.execute("set constraints all immediate")
                    states = stored_states(connection, plan)
            except psycopg.DatabaseError:
                refused += 1
                continue
            taken += 1
            folder = tmp_path / "found"
            lay_out(states, folder)
            try:
                read_plan(folder)
            except PlanError as error:
                broken.append((statement, given, str(error)))
            shutil.rmtree(folder)
    assert not broken, broken
    assert min(taken, refused) > 20


def test_every_column_says_what_it_is_in_both_languages(stored):
    told = sql(
        stored.server,
        "select c.relname, a.attname, col_description(c.oid, a.attnum)"
        " from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where c.relnamespace = 'plan'::regnamespace and c.relkind = 'r'"
        f" and c.relname in ({', '.join(literal(one.name) for one in TABLES)})"
        " and a.attnum > 0 and not a.attisdropped and a.attname <> 'geom'",
    )
    assert len(told) > 70
    for table, column, said in told:
        english, chinese = said.split(" · ")
        own = [any(letter >= "\u4e00" for letter in one) for one in (english, chinese)]
        assert own == [False, True], (table, column)


def test_places_have_an_index(stored):
    found = sql(
        stored.server,
        "select tablename from pg_indexes where schemaname = 'plan'"
        " and indexdef like '%USING gist (geom)%' order by 1",
    )
    assert [name for (name,) in found] == ["anchors", "comments", "zones"]
