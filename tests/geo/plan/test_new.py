"""A new plan draws at once: empty-handed, from a sentence, or from files."""

import shutil
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner
from shapely.geometry import Point

from beltmap.geo.charter.reading import SCHEMA, read_charter, shipped_plans
from beltmap.geo.charter.sentence import plural, read_sentence
from beltmap.geo.errors import PlanError
from beltmap.geo.plan.check import folder_faults, unused_files
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.report.findings import findings
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main

CHENGDU = Path(__file__).parents[2] / "plans" / "chengdu"


def run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


def new(*arguments):
    return run("new", *arguments)


@pytest.mark.parametrize(
    ("sentence", "promises"),
    [
        ("一核两轴三区", {"core": 1, "axis": 2, "district": 3}),
        ("一核、双轴、三个片区", {"core": 1, "axis": 2, "district": 3}),
        ("1核2轴12园", {"core": 1, "axis": 2, "park": 12}),
        ("二十一岛", {"island": 21}),
        ("十湾", {"bay": 10}),
        ("一主两副", {"主": 1, "副": 2}),
        (
            "one core, two axes, three districts",
            {"core": 1, "axis": 2, "district": 3},
        ),
        ("One belt, three towns and 5 parks.", {"belt": 1, "town": 3, "park": 5}),
        ("two branches + four cities", {"branch": 2, "city": 4}),
        ("five industrial parks", {"industrial-park": 5}),
        ("one base", {"base": 1}),
    ],
)
def test_a_sentence_is_counted(sentence, promises):
    kinds, structure = read_sentence(sentence)
    assert structure.promises == promises
    assert [kind.code for kind in kinds] == list(promises)
    assert len({kind.file for kind in kinds}) == len(kinds)


@pytest.mark.parametrize("noun", ["axis", "city", "branch", "park", "base", "glass"])
def test_a_plural_is_read_as_its_singular(noun):
    assert read_sentence(f"two {plural(noun)}")[1].promises == {noun: 2}


@pytest.mark.parametrize("sentence", ["", "park", "lovely parks", "园区", "多点"])
def test_a_sentence_that_counts_nothing_is_a_fault(sentence):
    with pytest.raises(PlanError, match="E_NO_STRUCTURE"):
        read_sentence(sentence)


def test_a_new_plan_draws(tmp_path):
    assert new(tmp_path / "mine").exit_code == 0
    assert folder_faults(tmp_path / "mine") == ()
    assert unused_files(tmp_path / "mine") == ()
    plan = read_plan(tmp_path / "mine")
    assert plan.charter.title.en == "mine"
    assert plan.zones.geometry.notna().all()


@pytest.mark.parametrize(
    "sentence", ["一核两轴三区", "one core, two axes, three districts", "一主两副"]
)
def test_a_sentence_becomes_a_plan_that_keeps_its_promises(tmp_path, sentence):
    folder = tmp_path / "plan"
    done = new(folder, "--structure", sentence, "--at", "104.06,30.66")
    assert done.exit_code == 0, done.output
    assert folder_faults(folder) == ()
    plan = read_plan(folder)
    _, structure = read_sentence(sentence)
    assert plan.zones["kind"].value_counts().to_dict() == structure.promises
    assert plan.zones.geometry.notna().all()
    west, south, east, north = plan.zones.total_bounds
    assert 104 < west < east < 104.2
    assert 30.5 < south < north < 30.7
    assert "pattern_incomplete" not in {one.rule for one in findings(plan)}
    less = plan.zones["id"] != plan.zones["id"].iloc[-1]
    [missing] = [
        one
        for one in findings(replace(plan, zones=plan.zones[less]))
        if one.rule == "pattern_incomplete"
    ]
    assert missing.say()


@pytest.mark.parametrize("at", ["104", "x,y", "190,30", "104,30,5", "nan,30"])
def test_a_place_that_is_none_is_a_fault(tmp_path, at):
    done = new(tmp_path / "plan", "--at", at)
    assert done.exit_code == 1
    assert "E_BAD_PLACE" in done.output
    assert not (tmp_path / "plan").exists()


def test_files_become_a_plan_at_once(tmp_path):
    folder = tmp_path / "plan"
    towns = ("--from", SHIPPED / "qingdao" / "towns.geojson")
    parks = [("--from", one / "parks.geojson") for one in shipped_plans().values()]
    done = new(folder, *chain.from_iterable(parks), *towns)
    assert done.exit_code == 0, done.output
    assert folder_faults(folder) == ()
    found, shipped = read_plan(folder).zones, read_plan().zones
    of_files = shipped[shipped["kind"].isin(["park", "town"])]
    assert set(found["id"]) == set(of_files["id"])
    assert found["declared_area_km2"].sum() == of_files["declared_area_km2"].sum()
    charter = read_charter(folder)
    assert list(charter.by_kind) == ["town", "park"]
    assert {city.code for city in charter.cities} == set(of_files["city"])
    assert "Kind: park 7; town 3" in done.output


def test_files_of_one_name_for_several_zones_are_told_apart(tmp_path):
    copy = shutil.copy(CHENGDU / "cores.geojson", tmp_path / "again.geojson")
    folder = tmp_path / "plan"
    done = new(folder, "--from", CHENGDU / "cores.geojson", "--from", copy)
    assert done.exit_code == 0, done.output
    assert read_plan(folder).zones["id"].tolist() == ["cd-core-1", "cd-core-2"]


def test_a_folder_that_is_taken_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    for more in ((), ("--structure", "一核"), ("--from", CHENGDU / "cores.geojson")):
        assert new(tmp_path, *more).exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_plan_with_anchors_is_built_without_a_basemap(tmp_path):
    folder = tmp_path / "plan"
    new(folder, "--structure", "一核两轴")
    columns = "id,name_en,name_zh,city,kind,status,patterns,focus_zh,boundary"
    rows = [
        "mine,My Core,我的核,Chengdu,core,planned,one-core-two-axes,,schematic",
        "far,My Axis,我的轴,Chengdu,axis,planned,one-core-two-axes,,not located",
    ]
    (folder / "zones.csv").write_text("\n".join([columns, *rows]), encoding="utf-8")
    anchors = (folder / "anchors.csv").read_text(encoding="utf-8").strip()
    anchor = "mine,My Core,我的核,Chengdu,zone,,104.06,30.66,100,located,S1,"
    (folder / "anchors.csv").write_text(f"{anchors}\n{anchor}\n", encoding="utf-8")
    # the squares that a new plan begins with are not dropped unasked
    refused = run("build", "--plan", folder)
    assert refused.exit_code == 1
    assert "E_BUILD_DROPS" in refused.stderr
    for layer in folder.glob("*.geojson"):
        if not layer.name.startswith("axis."):
            layer.unlink()
    assert run("build", "--plan", folder).exit_code == 0
    assert folder_faults(folder) == ()
    zones = read_plan(folder).zones.set_index("id")
    assert zones["drawn_area_km2"]["mine"] == pytest.approx(0.5)
    assert zones.geometry["mine"].centroid.distance(Point(104.06, 30.66)) < 1e-3
    assert zones.geometry["far"] is None


def test_editors_find_the_schema_beside_the_plan(tmp_path):
    new(tmp_path / "plan")
    first, *_ = (tmp_path / "plan" / "plan.toml").read_text("utf-8").splitlines()
    schema = tmp_path / "plan" / first.removeprefix("#:schema ./")
    assert schema.read_bytes() == SCHEMA.read_bytes()
