"""What import will say, check says before; both give the zones as a plan takes them."""

import json
import shutil
from pathlib import Path

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
        "1 point joins a plan as a circle",
        "1 point joins a plan with a placeholder outline",
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


SQUARE = "POLYGON ((104 30.6, 104.1 30.6, 104.1 30.7, 104 30.7, 104 30.6))"
CHENGDU = Path(__file__).parents[2] / "plans" / "chengdu"


@pytest.fixture
def chengdu(tmp_path):
    return Path(shutil.copytree(CHENGDU, tmp_path / "chengdu"))


@pytest.mark.parametrize("city", ["成都", "成都市", "chengdu", "Chengdu"])
def test_a_city_may_be_called_by_its_name_in_any_language(run, tmp_path, chengdu, city):
    for layer in chengdu.glob("*.geojson"):
        # the plan knows its city by plan.toml alone
        words = layer.read_text(encoding="utf-8")
        layer.write_text(words.replace('"Chengdu"', "null"), encoding="utf-8")
    path = tmp_path / "more.csv"
    path.write_text(f'名称,城市,wkt\n甲,{city},"{SQUARE}"\n', encoding="utf-8")
    assert run("import", path, "--into", chengdu).exit_code == 0
    assert read_plan(chengdu).zones["city"].iloc[-1] == "Chengdu"
    assert run("check", chengdu).exit_code == 0


def test_a_city_that_the_plan_does_not_have_is_said(run, tmp_path, chengdu):
    path = tmp_path / "more.csv"
    path.write_text(f'名称,城市,wkt\n甲,重庆,"{SQUARE}"\n', encoding="utf-8")
    for said in (
        run("check", path, "--plan", chengdu),
        run("import", path, "--into", chengdu),
    ):
        assert "Cities that plan.toml does not have: 重庆" in said.output
    assert "E_UNKNOWN_CITY" in run("check", chengdu).stdout


def test_a_city_is_one_with_and_without_the_word_for_city(run, tmp_path, plan):
    path = tmp_path / "more.csv"
    rows = f'甲,西安市,"{SQUARE}"\n乙,西安,"{SQUARE}"\n'
    path.write_text(f"名称,城市,wkt\n{rows}", encoding="utf-8")
    assert run("import", path, "--into", plan).exit_code == 0
    assert read_plan(plan).zones["city"].iloc[1:].tolist() == ["西安", "西安"]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_sources_of_what_is_imported_are_in_the_plan(run, tmp_path, chengdu, end):
    sources = chengdu / "sources.csv"
    before = sources.read_bytes().strip().replace(b"\r\n", b"\n")
    before = before.replace(b"\n", end.encode() or b"\n") + end.encode()
    sources.write_bytes(before)
    path = tmp_path / "more.csv"
    rows = f'甲,"S9, page 2","{SQUARE}"\n乙,,"{SQUARE}"\n'
    path.write_text(f"名称,来源,wkt\n{rows}", encoding="utf-8")
    said = run("import", path, "--into", chengdu)
    assert said.exit_code == 0
    assert "sources.csv where it lacks them: S9, more.csv" in said.stderr
    assert sources.read_bytes().startswith(before)
    assert run("check", chengdu).exit_code == 0
    assert read_plan(chengdu).sources["id"].tolist() == ["M", "S9", "more.csv"]
    said = run("import", path, "--into", chengdu)
    assert "sources.csv" not in said.stderr


def test_an_outline_of_a_file_is_drawn_there_and_may_be_scaled(run, tmp_path, chengdu):
    path = tmp_path / "more.csv"
    path.write_text(f'编号,名称,面积km2,wkt\nQ1,甲,5,"{SQUARE}"\n', encoding="utf-8")
    said = run("import", path, "--into", chengdu)
    assert "1 outlines are as the file draws them" in said.stderr
    zone = read_plan(chengdu).zones.set_index("id").loc["Q1"]
    assert (zone["boundary"], zone["source"]) == ("drawn", "more.csv, row 2")
    done = run("scale", "Q1", "--plan", chengdu)
    assert done.exit_code == 0, done.output
    zone = read_plan(chengdu).zones.set_index("id").loc["Q1"]
    assert zone["drawn_area_km2"] == pytest.approx(5, abs=1e-4)
    # of another size, it is no longer the file's
    assert zone["boundary"] == "schematic"


@pytest.mark.parametrize(("zone", "status"), [(36, 2), (99, 1), (24, 1)])
def test_an_easting_that_no_zone_bears_is_an_error(run, tmp_path, zone, status):
    path = tmp_path / "survey.csv"
    path.write_text(f"名称,东坐标,北坐标\n甲,{zone}500000,3780000\n", encoding="utf-8")
    said = run("check", path)
    assert said.exit_code == status
    assert (f"No zone {zone} of Gauss-Krüger" in said.stdout) == (status == 1)
    assert ("EPSG:4524" in said.stdout) == (status == 2)
