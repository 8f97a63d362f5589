"""What import will say, check says before; both give the zones as a plan takes them."""

import json

import pytest
from click.testing import CliRunner

from beltmap.geo.plan.plan import read_plan
from beltmap.layers.commands.main import main

POINTS = "name,lon,lat,area_ha\nA,120.38,36.07,\nB,120.48,36.17,400\n"


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def points(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(POINTS, encoding="utf-8")
    return path


@pytest.fixture
def plan(run, tmp_path):
    assert run("new", tmp_path / "plan").exit_code == 0
    return tmp_path / "plan"


def test_check_says_what_import_does(run, points, plan):
    checked = run("check", points, "--plan", plan)
    imported = run("import", points, "--into", plan)
    assert (checked.exit_code, imported.exit_code) == (0, 0)
    for line in (
        "1 points join a plan as circles",
        "1 points join a plan with a nominal",
    ):
        assert line in checked.stdout
        assert line in imported.stderr
    added = read_plan(plan).zones.iloc[-2:]
    assert added["drawn_area_km2"].round(4).tolist() == [0.5, 4]


def test_check_says_what_import_refuses(run, tmp_path, plan):
    path = tmp_path / "again.csv"
    path.write_text("id,name,lon,lat\nexample-park,A,120.38,36.07\n", encoding="utf-8")
    checked = run("check", path, "--plan", plan)
    assert "import would refuse" in checked.stdout
    imported = run("import", path, "--into", plan)
    assert imported.exit_code != 0
    fault = checked.stdout.partition("import would refuse")[2].splitlines()[1].strip()
    assert fault in imported.output


def test_a_person_chooses_the_size(run, points, plan):
    imported = run("import", points, "--into", plan, "--footprint", "30 mu")
    assert imported.exit_code == 0
    areas = read_plan(plan).zones.iloc[-2:]["drawn_area_km2"]
    assert areas.round(4).tolist() == [0.02, 4]
    assert run("check", points, "--footprint", "large").exit_code == 2


def test_the_zones_are_written_as_a_plan_would_take_them(run, tmp_path):
    path, out = tmp_path / "parks.csv", tmp_path / "zones.geojson"
    path.write_text(
        "编号,名称,面积,产业,经度,纬度\nQ1,甲园,6000,软件,120.38,36.07\n",
        encoding="utf-8",
    )
    asked = run("check", path, "--zones", out)
    assert asked.exit_code == 2
    assert not out.exists()
    assert run("check", path, "--area-unit", "mu", "--zones", out).exit_code == 0
    (feature,) = json.loads(out.read_bytes())["features"]
    properties = feature["properties"]
    assert properties["id"] == "Q1"
    assert properties["name_zh"] == "甲园"
    assert properties["declared_area_km2"] == 4
    assert properties["sectors"] == "software"
    assert feature["geometry"]["type"] == "Polygon"


def test_json_lists_questions_with_their_options(run, tmp_path):
    path = tmp_path / "parks.csv"
    path.write_text("名称,面积,经度,纬度\n甲园,6000,120.38,36.07\n", encoding="utf-8")
    asked = run("check", path, "--json")
    assert asked.exit_code == 2
    (question,) = json.loads(asked.stdout)["questions"]
    assert question["about"] == "area_unit"
    assert question["option"] == "--area-unit"
    values = [one["value"] for one in question["options"]]
    assert values == ["km²", "ha", "mu", "m²", "10,000 mu"]
    answered = run("check", path, "--json", question["option"], values[2])
    assert answered.exit_code == 0
    assert json.loads(answered.stdout)["questions"] == []


def test_the_rows_of_the_head_are_an_option(run, tmp_path):
    path = tmp_path / "parks.csv"
    path.write_text("项目,2024,,\n名称,,经度,纬度\n甲,4,120.3,36\n", encoding="utf-8")
    asked = run("check", path)
    assert asked.exit_code == 2
    assert '--head "2": 2 (the guess)' in asked.stdout
    assert run("check", path, "--head", "1-2").exit_code == 0
