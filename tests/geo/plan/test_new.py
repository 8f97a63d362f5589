"""A new plan draws at once: empty-handed, from a sentence, or from files."""

import shutil
from dataclasses import replace
from itertools import chain
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from pyproj import Geod
from shapely.geometry import LineString, Point

from beltmap.geo.charter.reading import SCHEMA, read_charter, shipped_plans
from beltmap.geo.charter.sentence import read_sentence
from beltmap.geo.plan.check import folder_faults, unused_files
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.report.findings import findings
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main

BOX = shapely.box(104, 30.6, 104.02, 30.62)
CHENGDU = Path(__file__).parents[2] / "plans" / "chengdu"


def run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


def new(*arguments):
    return run("new", *arguments)


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
    structure = read_sentence(sentence).structure
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


def test_a_sentence_that_is_not_all_understood_says_so(tmp_path):
    said = new(tmp_path / "plan", "--structure", "一核引领，三梦，多园")
    assert said.exit_code == 0, said.output
    assert "Core 1, 梦 3" in said.stderr
    assert "“Park”: the sentence does not say how many" in said.stderr
    assert "Not understood in the sentence: 引领" in said.stderr
    assert "“梦” is not known in the other language" in said.stderr
    assert read_plan(tmp_path / "plan").zones["kind"].tolist() == ["core", *["梦"] * 3]


@pytest.mark.parametrize("at", ["104.06，30.66", "104.06、30.66", "１０４.06, 30.66"])
def test_a_place_may_be_written_with_chinese_signs(tmp_path, at):
    assert new(tmp_path / "plan", "--structure", "一核", "--at", at).exit_code == 0
    west, _, _, north = read_plan(tmp_path / "plan").zones.total_bounds
    assert (west, north) == pytest.approx((104.06, 30.66))


def test_without_a_place_the_sketch_says_where_it_is(tmp_path):
    assert "(--at)" in new(tmp_path / "plan", "--structure", "一核").stderr


@pytest.mark.parametrize("sentence", ["", "一核两轴"])
def test_a_new_plan_has_kinds_and_sectors_of_no_other_plan(tmp_path, sentence):
    folder = tmp_path / "plan"
    more = ("--structure", sentence) if sentence else ()
    assert new(folder, *more).exit_code == 0
    sectors = set(read_plan(folder).sectors["code"])
    assert not sectors & {"ITO", "BPO", "KPO", "call-centre"}
    written = (folder / "plan.toml").read_text(encoding="utf-8")
    assert "belt" not in written
    assert "高新区" not in written


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
    assert list(charter.by_kind) == ["park", "town"]
    assert {city.code for city in charter.cities} == set(of_files["city"])
    assert "Kind: Park 7; Town 3" in done.output


MIXED = [
    ("软件园", "产业园区", "成都市", "软件;会展", "已建", BOX),
    ("新城", "新城", "成都", "会展", None, shapely.transform(BOX, lambda p: p + 0.1)),
    ("湿地", "生态保护区", "成都", None, None, Point(104.1, 30.6)),
    ("大道", "发展轴", "成都", None, None, LineString([(104, 30.4), (104.2, 30.7)])),
]


@pytest.fixture
def mixed(tmp_path):
    """Give a file with polygons, a point and a line of kinds of its own."""
    columns = ["名称", "类型", "城市", "产业", "状态", "geometry"]
    frame = gpd.GeoDataFrame(MIXED, columns=columns, crs=4326)
    frame.to_file(tmp_path / "mixed.geojson")
    return tmp_path / "mixed.geojson"


def test_kinds_and_sectors_are_those_of_the_file(tmp_path, mixed):
    folder = tmp_path / "plan"
    done = new(folder, "--from", mixed)
    assert done.exit_code == 0, done.output
    assert "warning" not in done.stderr
    assert folder_faults(folder) == ()
    plan = read_plan(folder)
    assert [kind.name.zh for kind in plan.charter.kinds] == [row[1] for row in MIXED]
    assert plan.charter.by_kind["industrial-park"].name.en == "Industrial park"
    assert "Kind: Industrial park 1; New town 1; 生态保护区 1; Axis 1" in done.stderr
    assert set(plan.sectors["code"]) == {"software", "exhibitions"}
    assert "Sector: Software 1; Exhibitions 2" in done.stderr
    assert plan.zones["city"].unique().tolist() == ["成都"]


def test_points_and_lines_become_zones_of_the_sizes_that_are_asked(tmp_path, mixed):
    folder = tmp_path / "plan"
    done = new(folder, "--from", mixed, "--footprint", "2", "--width", "100")
    assert done.exit_code == 0, done.output
    assert "1 point joins a plan with a placeholder outline of 2" in done.stderr
    zones = read_plan(folder).zones.set_index("name_zh")
    assert zones["boundary"].to_dict() == {
        "软件园": "drawn",
        "新城": "drawn",
        "湿地": "nominal",
        "大道": "nominal",
    }
    assert zones["drawn_area_km2"]["湿地"] == pytest.approx(2, abs=1e-3)
    length_km = Geod(ellps="WGS84").geometry_length(MIXED[3][5]) / 1000
    assert zones["drawn_area_km2"]["大道"] == pytest.approx(length_km / 10, rel=0.01)


def test_zones_without_a_kind_are_called_as_their_file(tmp_path):
    frame = gpd.GeoDataFrame({"name": ["A"]}, geometry=[BOX], crs=4326)
    frame.to_file(tmp_path / "Science parks.geojson")
    done = new(tmp_path / "plan", "--from", tmp_path / "Science parks.geojson")
    assert done.exit_code == 0, done.output
    assert "kind that their file is called by: Science park" in done.stderr
    assert read_plan(tmp_path / "plan").zones["kind"].tolist() == ["science-park"]


def test_kinds_of_a_sentence_are_found_among_words_of_a_file(tmp_path, mixed):
    folder = tmp_path / "plan"
    done = new(folder, "--from", mixed, "--structure", "一轴两新城")
    assert done.exit_code == 0, done.output
    zones = read_plan(folder).zones.set_index("name_zh")
    assert zones["kind"]["新城"] == "new-town"
    assert zones["kind"]["大道"] == "axis"
    assert zones["patterns"].notna().to_dict() == {
        "新城": True,
        "大道": True,
        "软件园": False,
        "湿地": False,
    }


def test_files_of_one_name_for_several_zones_are_told_apart(tmp_path):
    copy = shutil.copy(CHENGDU / "cores.geojson", tmp_path / "again.geojson")
    folder = tmp_path / "plan"
    done = new(folder, "--from", CHENGDU / "cores.geojson", "--from", copy)
    assert done.exit_code == 0, done.output
    assert read_plan(folder).zones["id"].tolist() == ["cd-core-1", "cd-core-2"]


TAKEN = {
    "en": (
        "“名称” as Name (Chinese)",
        "“占地（亩）”, in mu (亩), as Stated area (km²)",
    ),
    "zh": (
        "“名称”作为名称（中文）",
        "“占地（亩）”（单位：亩）作为公布面积（平方公里）",
    ),
}


@pytest.mark.parametrize("language", TAKEN)
def test_it_is_said_which_columns_were_taken_for_what(tmp_path, language):
    file = tmp_path / "parks.csv"
    file.write_text(
        "名称,经度,纬度,占地（亩）,产业\n甲园,104.1,30.7,600,软件\n", "utf-8"
    )
    made = run("--lang", language, "new", tmp_path / "plan", "--from", file)
    assert made.exit_code == 0, made.output
    assert all(part in made.output for part in TAKEN[language])
    # import and check say the same
    for arguments in (("check", file), ("import", file, "--into", tmp_path / "plan")):
        said = run("--lang", language, *arguments).output
        assert all(part in said for part in TAKEN[language])


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
