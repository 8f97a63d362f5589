"""The GeoJSON writer, against a checker and a reader that are not its own."""

import json

import geopandas as gpd
import pytest
import shapely

from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.geojson import dumps
from tests.rfc7946 import faults


def test_clockwise_rings_and_holes_come_out_right():
    hole = shapely.box(1, 1, 2, 2, ccw=True)
    clockwise = shapely.Polygon(
        shapely.box(0, 0, 9, 9, ccw=False).exterior, [hole.exterior]
    )
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[clockwise], crs=4326)
    assert faults(dumps(frame)) == []
    assert shapely.area(shapely.from_geojson(dumps(frame))) == 80


def test_values_survive_letter_for_letter():
    hostile = '{{7*7*1009}} <b>`${x}` 100{% off \\ " 产业带 🌏'
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b"], "n": [float("nan"), 1.5], hostile: [hostile, None]},
        geometry=[shapely.Point(1, 2), None],
        crs=4326,
    )
    first, second = json.loads(dumps(frame, name=hostile))["features"]
    assert first["properties"] == {"id": "a", "n": None, hostile: hostile}
    assert second == {
        "type": "Feature",
        "id": "b",
        "geometry": None,
        "properties": {"id": "b", "n": 1.5, hostile: None},
    }
    assert json.loads(dumps(frame, name=hostile))["name"] == hostile


def test_infinity_becomes_null():
    frame = gpd.GeoDataFrame({"n": [float("inf")]}, geometry=[None], crs=4326)
    assert json.loads(dumps(frame))["features"][0]["properties"] == {"n": None}


def test_other_crs_is_brought_to_wgs84():
    here = gpd.GeoSeries([shapely.Point(120.4, 36.1)], crs=4326)
    written = json.loads(dumps(here.to_crs(4549).to_frame("geometry")))
    assert written["features"][0]["geometry"]["coordinates"] == [120.4, 36.1]


def test_no_more_than_seven_decimals():
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(1 / 3, 2 / 3)], crs=4326)
    assert b"[0.3333333,0.6666667]" in dumps(frame)


def test_heights_are_left_out():
    roof = shapely.Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5)])
    written = dumps(gpd.GeoDataFrame(geometry=[roof], crs=4326))
    (feature,) = json.loads(written)["features"]
    assert feature["geometry"]["coordinates"][0][0] == [0, 0]


def test_no_zones_give_an_empty_collection(zones):
    assert json.loads(dumps(zones[:0]))["features"] == []


def test_missing_crs_is_an_error(zones):
    with pytest.raises(PlanError, match="E_CRS_MISSING"):
        dumps(zones.set_crs(None, allow_override=True))


def test_export_then_read_is_identity(plan, tmp_path):
    path = tmp_path / "plan.geojson"
    path.write_bytes(dumps(plan.zones, name="plan"))
    assert faults(path.read_bytes()) == []
    again = gpd.read_file(path)
    assert again["id"].tolist() == plan.zones["id"].tolist()
    assert again.geometry.geom_equals_exact(plan.zones.geometry, 1e-9).sum() == 11
    for column in ("name_zh", "sectors", "declared_area_km2"):
        assert again[column].dropna().tolist() == plan.zones[column].dropna().tolist()


def test_what_reaches_over_the_antimeridian_is_cut():
    over = gpd.GeoDataFrame(
        {"id": ["east", "west", "here"]},
        geometry=[
            shapely.box(179, 0, 182, 1),
            shapely.box(-181, 0, -179, 1),
            shapely.box(0, 0, 1, 1),
        ],
        crs=4326,
    )
    content = dumps(over)
    assert faults(content) == []
    east, west, _ = json.loads(content)["features"]
    assert shapely.from_geojson(json.dumps(east["geometry"])).equals(
        shapely.union(shapely.box(179, 0, 180, 1), shapely.box(-180, 0, -178, 1))
    )
    assert west["geometry"]["type"] == "MultiPolygon"


def test_further_members_stand_beside_the_features(zones):
    content = dumps(zones, members={"claims": [{"id": "a"}]})
    assert faults(content) == []
    assert json.loads(content)["claims"] == [{"id": "a"}]
    assert len(json.loads(content)["features"]) == len(zones)
