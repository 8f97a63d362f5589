"""A whole plan folder is checked at once, and what is not read is named."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from beltmap.geo.geometry.area import drawn_area_km2
from beltmap.geo.plan.check import folder_faults, unused_columns, unused_files
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.areas import ledger_table
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main

ELSEWHERE = Path(__file__).parents[2] / "plans" / "chengdu"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(ELSEWHERE, tmp_path / "plan"))


def change(path, old, new):
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")


def run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.mark.parametrize("plan", [SHIPPED, ELSEWHERE])
def test_a_sound_plan_has_no_fault(plan):
    assert folder_faults(plan) == ()
    assert unused_files(plan) == ()


def test_faults_of_all_files_are_told_at_once(folder):
    change(folder / "claims.csv", ",exact,", ",roughly,")
    change(folder / "districts.geojson", '"status":"draft"', '"status":"dreamt"')
    change(folder / "anchors.csv", ",university,", ",castle,")
    change(folder / "cores.geojson", '"source":"M, page 1"', '"source":"Z, page 1"')
    change(folder / "axes.geojson", '"city":"Chengdu"', '"city":"Atlantis"')
    first = {fault.code for fault in folder_faults(folder)}
    assert {"E_UNKNOWN_STATUS", "E_UNKNOWN_VALUE"} <= first
    assert len(first) >= 3
    change(folder / "districts.geojson", '"status":"dreamt"', '"status":"draft"')
    second = {fault.code for fault in folder_faults(folder)}
    assert {"E_UNKNOWN_SOURCE", "E_UNKNOWN_CITY"} <= second


def test_columns_of_a_table_that_are_not_read_are_named(folder):
    assert unused_columns(folder) == {}
    zones = read_plan(folder).zones.assign(面积="14")
    for layer in read_plan(folder).charter.files.values():
        (folder / layer).unlink()
    zones.to_parquet(folder / "zones.parquet")
    assert unused_columns(folder) == {"zones.parquet": ("面积",)}
    said = run("check", folder)
    assert said.exit_code == 0, said.output
    assert "zones.parquet: columns of a table that are not read" in said.output
    assert "面积" in said.output


@pytest.mark.parametrize("zone", ["id", "name_en", "name_zh"])
def test_a_whole_that_is_called_as_a_zone_is_a_fault(folder, zone):
    called = read_plan(folder).zones[zone][0]
    promises = "promises = { core = 1, axis = 2, district = 3 }"
    change(folder / "plan.toml", promises, f'{promises}\nwhole = "{called}"')
    [fault] = folder_faults(folder)
    assert fault.code == "E_WHOLE_IS_ZONE"


def test_an_anchor_of_no_zone_is_a_fault(folder):
    change(folder / "anchors.csv", ",university,", ",zone,")
    [fault] = folder_faults(folder)
    assert fault.code == "E_NO_SUCH_ZONE"


def test_a_broken_charter_hides_no_fault_of_a_table(folder):
    change(folder / "plan.toml", 'colour = "#AA3377"', 'colour = "red"')
    change(folder / "anchors.csv", ",university,", ",castle,")
    assert {fault.code for fault in folder_faults(folder)} == {
        "E_BAD_VALUE",
        "E_UNKNOWN_VALUE",
    }


def test_the_command_says_each_fault_and_what_is_not_read(folder):
    (folder / "roads.shp").write_bytes(b"")
    said = run("check", folder)
    assert said.exit_code == 0
    assert "zones: 6" in said.output
    assert "roads.shp" in said.output
    change(folder / "anchors.csv", ",university,", ",castle,")
    said = run("check", folder)
    assert said.exit_code == 1
    assert "castle" in said.output


def test_areas_that_are_left_out_are_measured_on_opening(folder):
    path = folder / "districts.geojson"
    document = json.loads(path.read_bytes())
    for feature in document["features"]:
        feature["properties"]["drawn_area_km2"] = None
    path.write_text(json.dumps(document), encoding="utf-8")
    plan = read_plan(folder)
    known = read_plan(ELSEWHERE)
    assert plan.zones["drawn_area_km2"].tolist() == pytest.approx(
        drawn_area_km2(plan.zones).tolist()
    )
    found, before = Selection(plan), Selection(known)
    assert found.count("kind")["drawn_km2"].tolist() == pytest.approx(
        before.count("kind")["drawn_km2"].tolist(), abs=1e-5
    )
    assert ledger_table(found)["drawn"].tolist() == pytest.approx(
        ledger_table(before)["drawn"].tolist(), abs=1e-5
    )


def test_faults_of_every_kind_are_told_at_once_with_their_lines(folder):
    change(folder / "plan.toml", 'colour = "#AA3377"', 'colour = "red"')
    change(folder / "districts.geojson", '"boundary":"schematic"', '"boundary":"vague"')
    change(folder / "cores.geojson", '"source":"M, page 1"', '"source":"Z, page 1"')
    change(folder / "anchors.csv", ",university,", ",castle,")
    found = {fault.code: fault for fault in folder_faults(folder)}
    assert set(found) == {
        "E_BAD_VALUE",
        "E_UNKNOWN_BOUNDARY",
        "E_UNKNOWN_SOURCE",
        "E_UNKNOWN_VALUE",
    }
    places = {code: fault.where.partition(" (")[0] for code, fault in found.items()}
    assert places == {
        "E_BAD_VALUE": "plan.toml, line 12",
        "E_UNKNOWN_BOUNDARY": "districts.geojson, line 4, feature 3",
        "E_UNKNOWN_SOURCE": "cores.geojson, line 2, feature 1",
        "E_UNKNOWN_VALUE": "anchors.csv, line 2",
    }
    assert unused_files(folder) == ()


def test_a_colour_is_asked_for_by_its_form_and_a_choice_by_its_list(folder):
    change(folder / "plan.toml", 'colour = "#AA3377"', 'colour = "red"')
    change(folder / "plan.toml", 'hatch = "cross"', 'hatch = "wavy"')
    hints = sorted(fault.hint for fault in folder_faults(folder))
    assert hints[1] == "Write it in the way of: #0072B2"
    assert hints[0].startswith("Use one of solid, diagonal")


def test_a_plan_that_is_yet_to_be_built_says_so_and_has_no_lost_anchor(folder):
    columns = "id,name_en,name_zh,city,kind,status,patterns,focus_zh,boundary"
    row = "mine,My Core,我的核,Chengdu,core,draft,,,schematic"
    (folder / "zones.csv").write_text(f"{columns}\n{row}\n", encoding="utf-8")
    with (folder / "anchors.csv").open("a", encoding="utf-8") as anchors:
        anchors.write("\nmine,My Core,我的核,Chengdu,zone,,104,30.6,9,located,M,\n")
    said = run("check", folder)
    assert said.exit_code == 0
    assert "zones of zones.csv that no layer has yet: mine" in said.output


def test_a_folder_without_a_charter_says_what_it_goes_by(folder):
    assert "no plan.toml" not in run("check", folder).output
    (folder / "plan.toml").unlink()
    assert "there is no plan.toml" in run("check", folder).output
