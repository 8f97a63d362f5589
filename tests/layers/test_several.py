"""The two shipped plans open together by default, or one alone by its name."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from beltmap.geo.charter.force import under
from beltmap.geo.charter.reading import shipped_plans
from beltmap.geo.plan.check import folder_faults
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.report.remarks import remarks
from beltmap.geo.shipped import SHIPPED
from beltmap.layers import notebook
from beltmap.layers.commands.main import main
from beltmap.layers.map.map import first_basemap
from beltmap.layers.payload.encode import decode
from beltmap.layers.payload.zones import zone_payload

CHENGDU = Path(__file__).parents[1] / "plans" / "chengdu"


def run(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.mark.parametrize(("name", "n"), [("qingdao", 10), ("dalian", 2)])
def test_one_shipped_plan_by_its_name(name, n, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = run("summary", "--plan", name, "--format", "csv")
    assert said.exit_code == 0, said.output
    assert f"zones,Zones,{n}" in said.stdout
    assert len(notebook.read_plan(name).zones) == n
    # a folder of this name that is there is meant
    (tmp_path / name).mkdir()
    assert run("summary", "--plan", name).exit_code != 0


def test_both_by_name_are_the_shipped_plan_but_for_its_title(plan):
    both = read_plan(*shipped_plans().values())
    assert both.zones["id"].tolist() == plan.zones["id"].tolist()
    assert both.claims.equals(plan.claims)
    assert both.charter.title.en == (
        "Qingdao: one belt, three towns, five parks · Dalian: high-tech zone"
    )
    assert plan.charter.title.en == "Belt, towns, parks and zones"


def test_the_shipped_plans_say_the_same_of_what_both_have(plan):
    assert plan.charter.differences == ()
    assert list(remarks(plan, [SHIPPED])) == []
    assert folder_faults(SHIPPED) == ()


def test_a_name_that_is_none_says_which_there_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = run("ledger", "--plan", "nowhere")
    assert said.exit_code == 2
    assert "qingdao, dalian" in said.output


@pytest.mark.parametrize("name", ["qingdao", "dalian"])
def test_a_shipped_plan_alone_keeps_the_shipped_basemap(name):
    ground = read_plan(shipped_plans()[name]).ground
    assert ground is not None
    assert ground.shipped


def test_a_difference_with_a_shipped_plan_as_a_side(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = run("diff", "qingdao", "dalian")
    assert said.exit_code == 0, said.output
    assert "dl-hitech" in said.output


def test_where_a_city_begins_and_on_which_basemap(tmp_path):
    head = 'basemap = "osm"\n'
    charter = (CHENGDU / "plan.toml").read_text(encoding="utf-8")
    view = "[cities.Chengdu]\nview = { lon = 104.1, lat = 30.5, zoom = 12 }\n"
    said = head + charter.replace("[cities.Chengdu]\n", view)
    folder = Path(shutil.copytree(CHENGDU, tmp_path / "plan"))
    (folder / "plan.toml").write_text(said, encoding="utf-8")
    plan = read_plan(folder)
    with under(plan.charter):
        _, _, meta = decode(zone_payload(plan.zones))
        assert meta["views"] == {"Chengdu": {"lon": 104.1, "lat": 30.5, "zoom": 12}}
        assert first_basemap() == "osm"
    with under(replace(plan.charter, basemap="none")):
        assert first_basemap() == "embedded"
    bare = replace(read_plan(SHIPPED / "qingdao").charter, basemap="none")
    assert replace(read_plan(SHIPPED / "qingdao"), charter=bare).ground is None


def test_an_easting_that_no_zone_bears_is_an_error(tmp_path):
    path = tmp_path / "it.geojson"
    corners = [[50500000, 3375000], [50501000, 3375000], [50501000, 3376000]]
    shape = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    feature = {"type": "Feature", "properties": {"name": "x"}, "geometry": shape}
    layer = {"type": "FeatureCollection", "features": [feature]}
    path.write_text(json.dumps(layer), encoding="utf-8")
    asked = run("check", path, "--plan", CHENGDU)
    assert asked.exit_code == 1
    assert "No zone 50 of Gauss" in asked.output
    refused = run("check", path, "--plan", CHENGDU, "--crs", "EPSG:4544")
    assert refused.exit_code == 1
    assert "not a valid longitude and latitude" in refused.output
