"""A plan's own basemap, cut out of the files that people have."""

import json
import shutil
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from beltmap.geo.errors import PlanError
from beltmap.geo.ground.cut import cut_basemap
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.report.remarks import bare_in_words
from beltmap.layers.commands.main import main

CHENGDU = Path(__file__).parents[2] / "plans" / "chengdu"
LINE = shapely.LineString([(103.9, 30.4), (104.1, 30.55), (104.3, 30.6)])
FAR = shapely.LineString([(110, 30), (111, 31)])


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(CHENGDU, tmp_path / "plan"))


def extract(path, *, crs=4326, **columns):
    """Write lines as an extract of OpenStreetMap has them."""
    shapes = [LINE, shapely.affinity.translate(LINE, 0.02), FAR]
    table = gpd.GeoDataFrame({"osm_id": ["1", "2", "3"], **columns}, geometry=shapes)
    table.set_crs(4326).to_crs(crs).to_file(path, layer="lines")
    return path


def run(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.mark.parametrize(("name", "crs"), [
    ("roads.gpkg", 4544),
    ("roads.shp", 3857),
    ("roads.geojson", 4326),
])  # fmt: skip
def test_roads_of_an_extract_in_any_crs(folder, tmp_path, name, crs):
    path = extract(tmp_path / name, crs=crs, highway=["primary", "footway", "trunk"])
    said = run("basemap", folder, "--from", path)
    assert said.exit_code == 0, said.output
    assert "roads: 1" in said.output
    assert "footway" in said.output
    plan = read_plan(folder)
    assert np.allclose(plan.ground.roads[0].bounds, LINE.intersection(
        shapely.box(*plan.ground.extents.total_bounds)).bounds, atol=1e-3)  # fmt: skip
    assert plan.ground.credits == ("© OpenStreetMap contributors (ODbL-1.0)",)
    assert "ODbL" in (folder / "basemap" / "roads.geojson").read_text()
    assert bare_in_words(plan) == ""


def test_a_zipped_shapefile_and_a_boundary_as_land(folder, tmp_path):
    made = tmp_path / "made"
    made.mkdir()
    land = gpd.GeoDataFrame(geometry=[shapely.box(103, 29, 104.1, 31)], crs=4490)
    land.to_file(made / "districts.shp")
    packed = tmp_path / "districts.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for one in made.iterdir():
            archive.write(one, one.name)
    bad = run("basemap", folder, "--from", f"land={packed}")
    assert "E_BASEMAP_WHOSE" in bad.output
    assert not (folder / "basemap").exists()
    said = run("basemap", folder, "--from", f"land={packed}", "--source", "Survey 测绘")
    assert said.exit_code == 0, said.output
    ground = read_plan(folder).ground
    assert ground.land[0].bounds[2] == pytest.approx(104.1)
    assert "Survey 测绘" in ground.credit


def test_rivers_and_lakes_are_water_and_ditches_are_not(folder, tmp_path):
    lines = extract(tmp_path / "all.gpkg", waterway=["river", "ditch", "river"])
    lake = gpd.GeoDataFrame(
        {"osm_id": ["1"], "natural": ["water"]},
        geometry=[shapely.box(104, 30.45, 104.05, 30.5)],
        crs=4326,
    )
    lake.to_file(lines, layer="multipolygons")
    cut_basemap(folder, read_plan(folder).zones, [("", lines)])
    kinds = {one.geom_type for one in read_plan(folder).ground.water}
    assert kinds == {"Polygon", "LineString"}


def test_an_empty_class_leaves_the_word_to_the_next_column(folder, tmp_path):
    ways = {"highway": ["", "primary", ""], "waterway": ["river", "", ""]}
    lines = extract(tmp_path / "all.gpkg", **ways)
    found = cut_basemap(folder, read_plan(folder).zones, [("", lines)])
    assert found.parts == {"water": 1, "roads": 1}


def test_a_second_cut_takes_the_place_of_the_first(folder, tmp_path):
    first = extract(tmp_path / "a.gpkg", highway=["primary"] * 3)
    second = extract(tmp_path / "b.gpkg", waterway=["river"] * 3)
    for path in (first, second):
        assert run("basemap", folder, "--from", path).exit_code == 0
    ground = read_plan(folder).ground
    assert len(ground.roads) == 0
    assert len(ground.water)


@pytest.mark.parametrize(("name", "content", "code"), [
    ("it.gpkg", "<OGRVRTDataSource/>", "E_BASEMAP_FORMAT"),
    ("it.geojson", '{"type": "gdal_streamed_alg"}', "E_BAD_BASEMAP"),
    ("it.pdf", "%PDF", "E_BASEMAP_FORMAT"),
    ("it.geojson", "{", "E_BAD_BASEMAP"),
])  # fmt: skip
def test_a_file_that_is_none_is_refused(folder, tmp_path, name, content, code):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(PlanError) as error:
        cut_basemap(folder, read_plan(folder).zones, [("roads", path)], source="X")
    assert error.value.faults[0].code == code
    assert not (folder / "basemap").exists()


def test_another_place_and_a_layer_without_crs_are_said(folder, tmp_path):
    far = gpd.GeoDataFrame({"osm_id": ["1"]}, geometry=[FAR], crs=4326)
    far.to_file(tmp_path / "roads.gpkg")
    said = run("basemap", folder, "--from", tmp_path / "roads.gpkg")
    assert "E_BASEMAP_NOTHING" in said.output
    far.to_file(tmp_path / "roads.shp")
    (tmp_path / "roads.prj").unlink()
    said = run("basemap", folder, "--from", tmp_path / "roads.shp")
    assert "E_BASEMAP_CRS" in said.output
    said = run("basemap", folder, "--from", tmp_path / "none.gpkg")
    assert said.exit_code == 2


def test_files_say_whose_they_are_in_each(folder, tmp_path):
    path = extract(tmp_path / "a.gpkg", highway=["primary"] * 3)
    run("basemap", folder, "--from", path, "--source", "City", "--licence", "CC-BY-4.0")
    features = json.loads((folder / "basemap" / "roads.geojson").read_text())
    told = features["features"][0]["properties"]
    assert told["attribution"] == "City"
    assert told["licence"] == "CC-BY-4.0"
