"""Who changed what in a store, whoever made the change, and the way back."""

import json
from dataclasses import replace

import psycopg
import pytest
from click.testing import CliRunner

from beltmap.geo.changes.reading import parse_difference
from beltmap.geo.errors import PlanError
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store import history
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import changing, pull, push
from beltmap.geo.store.mirror import follow, let_go, place_to_change
from beltmap.layers.commands.main import main
from tests.storing import sql

TOWN = "qd-town-laoshan"
OTHER = "qd-town-aoshanwei"
PUBLIC = """
grant usage on schema plan to editor;
grant select on all tables in schema plan to editor;
grant insert, update, delete on plan.zones, plan.claims to editor;
"""


@pytest.fixture
def stored(database):
    """Put the plan of Qingdao into a store."""
    address = read_address(f"{database}#plan")
    push(SHIPPED / "qingdao", address)
    return address


def edit(address, statement, *, who="", version=None):
    """Change a zone as QGIS or SQL do, perhaps from a version that was read."""
    known = "" if version is None else f", version = {version}"
    sql(
        address.server,
        f"set application_name = 'QGIS'; set beltmap.who = '{who}';"
        f" update plan.zones set {statement}{known} where id = '{TOWN}'",
    )


def zones(address):
    let_go()
    return read_plan(follow(address).folder).zones.set_index("id")


def run(*arguments):
    let_go()
    return CliRunner().invoke(main, list(map(str, arguments)), env={"LANGUAGE": "en"})


def test_every_change_has_who_when_before_and_after(stored):
    edit(stored, "name_en = 'A'", who="Ann")
    sql(
        stored.server, "update plan.claims set note = 'seen' where id = 'qd-belt.named'"
    )
    last, first, pushed = history.log(stored)
    assert (pushed.number, pushed.via, pushed.changes) == (1, "beltmap push", ())
    assert (first.number, first.who, first.role, first.via) == (
        2,
        "Ann",
        "postgres",
        "QGIS",
    )
    [change] = first.changes
    assert (change["table"], change["key"]) == ("zones", TOWN)
    assert change["before"]["name_en"].startswith("Qingdao Laoshan")
    assert change["after"] == {"name_en": "A"}
    assert last.changes[0]["after"] == {"note": "seen"}
    assert [one.number for one in history.log(stored, about=TOWN)] == [2]
    said = run("log", stored.whole).output
    assert "Ann (unverified, role postgres), by QGIS" in said


def test_the_second_of_two_editors_is_refused_with_both_versions(stored):
    edit(stored, "name_en = 'A'", who="Ann", version=1)
    with pytest.raises(psycopg.DatabaseError, match=r"version 1, .* version 2 .*Ann"):
        edit(stored, "name_en = 'B'", who="Ben", version=1)
    edit(stored, "name_en = 'B'", who="Ben", version=2)
    assert zones(stored).loc[TOWN, "name_en"] == "B"


def test_an_edit_of_an_older_pull_is_refused_and_another_row_is_not(stored, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        pull(stored, folder)
        layer = folder / "towns.geojson"
        table = folder / "zones.csv"
        mine = TOWN if folder == one else OTHER
        old = "Qingdao Laoshan" if folder == one else "Qingdao Aoshanwei"
        assert old in layer.read_text(), mine
        for path in (layer, table):
            path.write_text(path.read_text().replace(old, "Renamed", 1))
    assert (push(one, stored).version, push(two, stored).version) == (2, 3)
    assert zones(stored).loc[[TOWN, OTHER], "name_en"].str.contains("Renamed").all()
    edit(stored, "name_en = 'A'", who="Ann")
    for path in (one / "towns.geojson", one / "zones.csv"):
        path.write_text(path.read_text().replace("Renamed", "Mine", 1))
    with pytest.raises(PlanError, match=r"version 2, but Ann .* version 4"):
        push(one, stored)
    assert zones(stored).loc[TOWN, "name_en"] == "A"


def test_a_change_by_a_folder_is_refused_where_others_were_faster(stored):
    def change(meanwhile):
        with changing(stored, via="beltmap page", who="Ben") as folder:
            for name in ("towns.geojson", "zones.csv"):
                path = folder / name
                path.write_text(path.read_text().replace("Qingdao Laoshan", "Mine", 1))
            meanwhile()

    with pytest.raises(PlanError, match="E_CHANGED_MEANWHILE"):
        change(lambda: edit(stored, "name_zh = '乙'", who="Ann"))
    change(lambda: None)
    assert (history.log(stored)[0].who, history.log(stored)[0].via) == (
        "Ben",
        "beltmap page",
    )


def test_an_outline_drawn_anew_is_measured_and_comes_back_to_the_digit(stored):
    before = zones(stored)
    edit(stored, "geom = st_translate(st_scale(geom, 1.00001, 1.00001), 0.1, 0)")
    now = zones(stored)
    assert now.geometry[TOWN] != before.geometry[TOWN]
    drawn = now["drawn_area_km2"]
    assert drawn[TOWN] != before["drawn_area_km2"][TOWN]
    version, rows = history.restore(replace(stored, at="v1"), [TOWN], who="Cai")
    assert (version, rows) == (3, 1)
    again = zones(stored)
    assert again.geometry[TOWN].wkb == before.geometry[TOWN].wkb
    assert again.drop(columns="geometry").equals(before.drop(columns="geometry"))


def test_a_plan_is_restored_with_all_its_rows(stored, tmp_path):
    sql(
        stored.server,
        f"update plan.zones set id = 'other' where id = '{OTHER}'",
        "delete from plan.anchors where role = 'port'",
        "insert into plan.sectors (code, label_en, label_zh, scope)"
        " values ('new', 'New', '新', 'specific')",
        "update plan.files set content = content || '# more' where name = 'plan.toml'",
    )
    version, rows = history.restore(replace(stored, at="v1"))
    assert (version, rows > 3) == (6, True)
    back = tmp_path / "back"
    pull(stored, back)
    for path in (SHIPPED / "qingdao").glob("*.*"):
        assert (back / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_version_and_a_release_stay_as_they_are(stored):
    assert history.release(stored, "first", errors=0) == 1
    edit(stored, "name_en = 'A'")
    for at in ("v1", "first"):
        named = zones(replace(stored, at=at)).loc[TOWN, "name_en"]
        assert named.startswith("Qingdao Laoshan")
    assert "changed" in run("diff", f"{stored.whole}@first", stored.whole).output
    with pytest.raises(PlanError, match=r"release of version 1"):
        history.release(stored, "first", errors=0)
    for log in ("releases", "versions", "history"):
        with pytest.raises(psycopg.DatabaseError, match="cannot be changed"):
            sql(stored.server, f"delete from plan.{log}")
    with pytest.raises(psycopg.DatabaseError, match="cannot be changed"):
        sql(stored.server, "truncate plan.zones cascade")


def test_a_plan_with_errors_is_released_only_anyway(stored):
    sql(
        stored.server,
        "update plan.claims set value = 41 where id = 'qd-belt.declared_area'",
    )
    refused = run("release", stored.whole, "final")
    assert (refused.exit_code, "--anyway" in refused.output) == (1, True)
    assert run("release", stored.whole, "final", "--anyway").exit_code == 0
    assert "final in spite of errors" in run("log", stored.whole).output


def test_an_editor_can_change_zones_but_not_what_is_known_of_the_past(stored):
    sql(stored.server, "drop role if exists editor", "create role editor login")
    try:
        sql(stored.server, *filter(str.strip, PUBLIC.split(";")))
        theirs = replace(stored, server=stored.server.replace("postgres@", "editor@"))
        edit(theirs, "name_en = 'A'", who="postgres")
        assert history.log(stored)[0].role == "editor"
        for statement in (
            "insert into plan.versions (version) values (9)",
            "update plan.plan set version = 9",
            "select plan.next_version()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                sql(theirs.server, statement)
        with pytest.raises(PlanError, match="E_STORE_REFUSED"):
            history.release(theirs, "mine", errors=0)
    finally:
        sql(stored.server, "drop owned by editor", "drop role editor")


def test_a_table_shows_its_rules_to_whoever_breaks_them(stored):
    broken = "st_geomfromtext('MULTIPOLYGON(((0 0,1 1,1 0,0 1,0 0)))', 4326)"
    for statement, said in {
        f"geom = {broken}": "the outline has no fault",
        "status = 'guessed'": "not in the lists of the plan",
        "sectors = 'software;guessed'": "guessed",
        "boundary = 'guessed'": "boundary is one of a list",
        "declared_area_km2 = 'NaN'": "declared_area_km2 is a number from 0",
        "part_of = 'nothing'": "part_of is a row of zones",
        f"part_of = '{TOWN}'": "no zone is part of itself",
    }.items():
        with pytest.raises(psycopg.DatabaseError, match=said):
            edit(stored, statement)
    assert len(history.log(stored)) == 1


def test_a_comment_is_one_change_of_the_store(stored):
    said = ("why", "--about", TOWN, "--who", "Li", "--plan", stored.whole)
    assert run("comment", *said).exit_code == 0
    [version, _] = history.log(stored)
    changed = [(one["table"], one["key"]) for one in version.changes]
    assert changed == [("files", "comments.csv"), ("comments", "c1")]
    assert (version.who, version.via) == ("Li", "beltmap comment")
    assert "why" in run("comments", "--plan", stored.whole).output


def test_changes_in_the_one_format_go_into_a_store_and_come_out(stored, tmp_path):
    edit(stored, "geom = st_translate(geom, 0.01, 0), status = 'existing'", who="Ann")
    told = run("diff", "--json", f"{stored.whole}@v1", stored.whole).output
    file = tmp_path / "changes.geojson"
    file.write_text(told)
    [change] = parse_difference(told.encode(), name="changes").changes
    assert (change.id, change.after.properties) == (TOWN, {"status": "existing"})
    history.restore(replace(stored, at="v1"))
    done = run("apply", file, "--plan", stored.whole)
    assert done.exit_code == 0, done.output
    assert history.log(stored)[0].via == "beltmap apply"
    now = zones(stored)
    assert now.loc[TOWN, "status"] == "existing"
    edit(stored, "status = 'planned'", who="Ben")
    edit(stored, "geom = st_translate(geom, 0.02, 0)", who="Ben")
    refused = run("apply", file, "--plan", stored.whole)
    assert (refused.exit_code, TOWN in refused.output) == (1, True)


def test_the_log_tells_what_became_of_zones_in_the_one_format(stored, tmp_path):
    edit(stored, "geom = st_translate(geom, 0.01, 0), status = 'existing'", who="Ann")
    sql(stored.server, "update plan.claims set note = 'x' where id = 'qd-belt.named'")
    other, version, _ = json.loads(run("log", stored.whole, "--json").stdout)
    assert other["differences"] == []
    [told] = version["differences"]
    difference = parse_difference(json.dumps(told).encode(), name="log")
    assert (difference.edit.by, difference.name) == ("Ann", "v2")
    [change] = difference.changes
    assert (change.id, change.sort, change.after.drawn) == (TOWN, "changed", True)
    assert change.before.properties == {"status": "planned"}
    # what the log tells of a version makes it again from the one before
    file = tmp_path / "v2.geojson"
    file.write_text(json.dumps(told))
    now = zones(stored)
    history.restore(replace(stored, at="v1"))
    done = run("apply", file, "--plan", stored.whole)
    assert done.exit_code == 0, done.output
    assert zones(stored).loc[TOWN, "status"] == "existing"
    assert zones(stored).geometry[TOWN].equals_exact(now.geometry[TOWN], 1e-7)


def test_a_part_of_a_plan_is_changed_where_it_is(database):
    address = read_address(f"{database}#all")
    push(SHIPPED, address)
    let_go()
    inner = follow(address).folder / "qingdao"
    with place_to_change(inner, via="test") as place:
        table = place / "sectors.csv"
        table.write_text(table.read_text().replace("Software", "Programs", 1))
    [version, _] = history.log(address)
    assert [(one["plan"], one["table"]) for one in version.changes] == [
        ("qingdao", "sectors")
    ]
    again = (follow(address).folder / "qingdao" / "sectors.csv").read_text()
    assert "Programs" in again
