"""What is wrong with a store is one clear line, without a password in it."""

import shutil
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from beltmap.geo.errors import PlanError
from beltmap.geo.plan.check import folder_faults
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import Address, read_address
from beltmap.geo.store.folders import pull, push
from beltmap.geo.store.mirror import follow, let_go
from beltmap.layers.commands.main import main
from tests.storing import sql

SECRET = "hush-hush"


def said(address):
    """Open a plan by the command line; give what it says of the fault."""
    let_go()
    done = CliRunner().invoke(main, ["summary", "--plan", address])
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit)
    assert SECRET not in done.output
    assert len(done.output.strip().splitlines()) == 1
    return done.output


@pytest.fixture
def stored(database):
    address = read_address(f"{database}#plan")
    push(SHIPPED / "qingdao", address)
    return address


def test_no_route_and_no_database(database):
    away = f"postgresql://ann:{SECRET}@127.0.0.1:1/plans?password={SECRET}#north"
    assert "E_STORE_AWAY" in said(away)
    assert "E_STORE_REFUSED" in said(f"{database}_none#plan")
    assert "E_STORE_ADDRESS" in said(f"postgresql://ann:{SECRET}@h/db?nonsense=1#p")
    assert SECRET not in repr(read_address(away))


def test_a_database_without_postgis(database):
    sql(database, "drop extension postgis cascade")
    assert "E_STORE_NO_POSTGIS" in said(f"{database}#plan")
    with pytest.raises(PlanError, match="E_STORE_NO_POSTGIS"):
        push(SHIPPED / "dalian", read_address(f"{database}#plan"))


def test_names_and_versions_that_there_are_not(stored):
    assert "It has: plan" in said(stored.whole.replace("#plan", "#nothing"))
    assert "v1 … v1" in said(f"{stored.whole}@v2")
    assert "v1 … v1" in said(f"{stored.whole}@final")
    push(SHIPPED / "dalian", replace(stored, plan="two"))
    assert "plan, two" in said(stored.server)
    with pytest.raises(PlanError, match="E_STORE_NAME"):
        read_address(f'{stored.server}#a"b')


def test_tables_of_another_version(stored):
    sql(stored.server, "update plan.plan set schema_version = 99")
    assert "version 99" in said(stored.whole)


def test_no_rights_and_no_role(stored):
    other = stored.whole.replace("postgres@", "guest@")
    assert "E_STORE_REFUSED" in said(other.replace("guest", f"nobody:{SECRET}"))
    sql(stored.server, "drop role if exists guest", "create role guest login")
    try:
        assert "E_STORE_REFUSED" in said(other)
    finally:
        sql(stored.server, "drop role guest")


def test_a_wrong_password(stored):
    sql(
        stored.server,
        "drop role if exists ann",
        "create role ann login password 'right'",
    )
    [(file,)] = sql(stored.server, "show hba_file")
    [(before,)] = sql(stored.server, f"select pg_read_file('{file}')")
    rule = "host all ann 127.0.0.1/32 scram-sha-256\n" + before
    write = (
        f"copy (select regexp_split_to_table($rule${rule}$rule$, E'\\n')) to '{file}'"
    )
    restore = (
        f"copy (select regexp_split_to_table($rule${before}$rule$, E'\\n')) to '{file}'"
    )
    try:
        sql(stored.server, write, "select pg_reload_conf()", "select pg_sleep(0.2)")
        wrong = stored.whole.replace("postgres@", f"ann:{SECRET}@")
        assert "does not accept the password" in said(wrong)
    finally:
        sql(stored.server, restore, "select pg_reload_conf()", "drop role ann")


def test_without_the_driver_one_line_says_what_to_install(database, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "beltmap[office]" in said(f"{database}#plan")


def test_check_lists_all_faults_of_a_plan_in_a_store(stored):
    """Rules can be dropped by an owner: then what was typed is found as in a folder."""
    sql(
        stored.server,
        'alter table plan.zones drop constraint "the outline has no fault"',
        'alter table plan.zones drop constraint "boundary is one of a list"',
        "update plan.zones set boundary = 'guessed', geom = st_geomfromtext("
        "'MULTIPOLYGON(((0 0,1 1,1 0,0 1,0 0)))', 4326) where id = 'qd-town-laoshan'",
    )
    let_go()
    done = CliRunner().invoke(main, ["check", stored.whole])
    assert done.exit_code == 1
    assert "E_UNKNOWN_BOUNDARY" in done.output
    assert "E_BAD_GEOMETRY" in done.output
    codes = {one.code for one in folder_faults(follow(stored).folder)}
    assert codes == {"E_UNKNOWN_BOUNDARY", "E_BAD_GEOMETRY"}


def test_a_folder_and_a_store_that_do_not_go_together(stored, tmp_path):
    with pytest.raises(PlanError, match="E_STORE_THERE"):
        push(SHIPPED / "dalian", stored)
    folder = tmp_path / "plan"
    pull(stored, folder)
    (folder / "note.txt").write_text("mine")
    with pytest.raises(PlanError, match="E_STORE_UNPUSHED"):
        pull(stored, folder)
    (folder / "note.txt").unlink()
    assert pull(stored, folder) == 1
    with pytest.raises(PlanError, match="E_FOLDER_NOT_EMPTY"):
        pull(stored, tmp_path)
    shutil.rmtree(folder)
    folder.write_text("a file")
    with pytest.raises(PlanError):
        pull(stored, folder)


def test_a_past_version_is_not_written_to(stored):
    said = ["comment", "x", "--about", "qd-belt", "--who", "Li"]
    done = CliRunner().invoke(main, [*said, "--plan", f"{stored.whole}@v1"])
    assert "E_STORE_PAST" in done.output


def test_a_password_is_in_no_word_of_an_address():
    address = Address(f"postgresql://ann:{SECRET}@h/db?sslpassword={SECRET}", "p", "v1")
    assert str(address) == "postgresql://ann@h/db#p@v1"
    assert SECRET in address.whole
