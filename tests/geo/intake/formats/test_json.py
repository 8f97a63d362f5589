"""JSON of other makes: TopoJSON, Esri JSON, and what ECharts packs."""

import json
import math
from dataclasses import replace

import pytest
import shapely

from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.raw.curves import STEP_DEGREES
from tests.geo.intake.formats.reading import codes, read, sentences


def topology(**members):
    """Two squares that share a side, in quantised coordinates."""
    square = {"type": "Polygon", "arcs": [[0, 1]], "properties": {"名称": "甲园"}}
    other = {
        "type": "MultiPolygon",
        "arcs": [[[-1, 2]]],
        "id": "b",
        "properties": {"名称": "乙园"},
    }
    point = {"type": "Point", "coordinates": [5, 5], "properties": {"名称": "站"}}
    return {
        "type": "Topology",
        "transform": {"scale": [0.01, 0.01], "translate": [120, 36]},
        "objects": {
            "zones": {
                "type": "GeometryCollection",
                "geometries": [square, other, point],
            }
        },
        "arcs": [
            [[10, 0], [0, 10]],
            [[10, 10], [-10, 0], [0, -10], [10, 0]],
            [[10, 0], [10, 0], [0, 10], [-10, 0]],
        ],
    } | members


def packed(value):
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["a.topojson", "a.json", "a.geojson", "a.txt", "a"])
def test_a_topology_is_read_whatever_its_ending(name):
    outcome = read(name, packed(topology()))
    assert outcome.receipt.format == "topojson"
    assert outcome.rows.columns["名称"] == ["甲园", "乙园", "站"]
    first, second, point = outcome.rows.geometries
    assert first.normalize().equals_exact(
        shapely.box(120, 36, 120.1, 36.1).normalize(), 1e-9
    )
    assert second.area == pytest.approx(0.01)
    assert first.intersection(second).length == pytest.approx(0.1)
    assert point.equals_exact(shapely.Point(120.05, 36.05), 1e-9)


def test_the_objects_of_a_topology_are_its_layers():
    objects = topology()["objects"]
    data = packed(topology(objects=objects | {"道路": objects["zones"]}))
    assert read("a.json", data).layers == ("zones", "道路")
    assert read("a.json", data, layer="道路").receipt.drawn == 3


@pytest.mark.parametrize(
    "members",
    [
        {"arcs": None},
        {"arcs": [[["a", 0]]]},
        {"objects": {}},
        {"objects": {"zones": None}},
        {"transform": {"scale": 1}},
    ],
)
def test_a_damaged_topology_is_refused_in_a_sentence(members):
    outcome = read("a.topojson", packed(topology(**members)))
    assert codes(outcome) == {"E_TOPOLOGY"}


@pytest.mark.parametrize("arcs", [[[9]], [["x"]], 3, [[[0]]], [[True]], None])
def test_a_shape_whose_arcs_are_missing_is_refused_alone(arcs):
    bad = {"type": "Polygon", "arcs": arcs}
    good = topology()["objects"]["zones"]["geometries"]
    whole = {"type": "GeometryCollection", "geometries": [bad, *good]}
    outcome = read("a.topojson", packed(topology(objects={"zones": whole})))
    assert outcome.receipt.refused == 1
    assert outcome.receipt.drawn == 3


def test_a_cut_topology_is_named_by_line():
    data = packed(topology())
    assert codes(read("a.topojson", data[: len(data) // 2])) == {"E_JSON_SYNTAX"}


def test_arcs_that_are_taken_a_million_times_are_counted():
    data = topology(arcs=[[[0, 0]] * 1000])
    ring = {"type": "LineString", "arcs": [0] * 1000}
    data["objects"] = {"zones": ring}
    limits = replace(Limits(), vertices=10_000)
    assert codes(read("a.topojson", packed(data), limits)) == {"E_TOO_MANY_VERTICES"}


def test_collections_in_collections_are_not_followed_for_ever():
    inner = {"type": "Point", "coordinates": [0, 0]}
    for _ in range(200):
        inner = {"type": "GeometryCollection", "geometries": [inner]}
    outcome = read("a.topojson", packed(topology(objects={"zones": inner})))
    assert codes(outcome) == {"E_TOPOLOGY"}


def esri(**members):
    ring = [[120, 36], [120, 36.1], [120.1, 36.1], [120.1, 36], [120, 36]]
    hole = [[120.02, 36.02], [120.04, 36.02], [120.04, 36.04], [120.02, 36.02]]
    far = [[121, 36], [121, 36.1], [121.1, 36.1], [121, 36]]
    return {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 4326},
        "fields": [
            {"name": "名称", "type": "esriFieldTypeString"},
            {"name": "建成", "type": "esriFieldTypeDate"},
            {
                "name": "类",
                "type": "esriFieldTypeInteger",
                "domain": {"codedValues": [{"code": 2, "name": "商业用地"}]},
            },
        ],
        "features": [
            {
                "attributes": {"名称": "甲园", "建成": 0, "类": 2},
                "geometry": {"rings": [ring, hole, far]},
            }
        ],
    } | members


def feature(geometry):
    return [{"attributes": {"名称": "甲"}, "geometry": geometry}]


@pytest.mark.parametrize("name", ["a.json", "a.geojson", "a.esrijson", "a"])
def test_esri_json_is_read_whatever_its_ending(name):
    outcome = read(name, packed(esri()))
    assert outcome.receipt.format == "esrijson"
    (shape,) = outcome.rows.geometries
    assert shape.geom_type == "MultiPolygon"
    assert shape.area == pytest.approx(0.01 - 0.0002 + 0.005)
    row = {name: values[0] for name, values in outcome.rows.columns.items()}
    assert row == {"名称": "甲园", "建成": "1970-01-01T00:00:00Z", "类": "商业用地"}


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        ({"x": 120, "y": 36}, "Point"),
        ({"x": 120, "y": 36, "spatialReference": {"wkid": 4326}}, "Point"),
        ({"points": [[120, 36], [120, 37]]}, "MultiPoint"),
        ({"paths": [[[120, 36], [120, 37]]]}, "LineString"),
        (
            {"paths": [[[120, 36], [120, 37]], [[121, 36], [121, 37]]]},
            "MultiLineString",
        ),
        ({"rings": [[[120, 36], [120, 37], [121, 37]]]}, "Polygon"),
        ({"xmin": 120, "ymin": 36, "xmax": 121, "ymax": 37}, "Polygon"),
    ],
)
def test_every_kind_of_esri_geometry(geometry, kind):
    data = packed(esri(features=feature(geometry)))
    assert read("a.json", data).rows.geometries[0].geom_type == kind


@pytest.mark.parametrize(
    "geometry",
    [
        {"rings": 3},
        {"rings": [[[120, 36], ["a", 37], [121, 37]]]},
        {"rings": [[[120, 36], [120]]]},
        {"paths": [[[120, 36]]]},
        {"curveRings": [[{"c": [[1, 1], [2, 2]]}]]},
        {"curveRings": [[[120, 36], {"a": [[121, 36], [1, 1], 1, 0]}]]},
        {"x": "a", "y": 36},
        {"q": 1},
        [1],
    ],
)
def test_a_damaged_esri_geometry_is_refused_alone(geometry):
    features = [*feature(geometry), *esri()["features"]]
    outcome = read("a.json", packed(esri(features=features)), leave_out=True)
    assert (outcome.receipt.refused, outcome.receipt.drawn) == (1, 1)


def test_the_arcs_of_esri_are_lines_near_enough_and_it_is_said():
    half = [[500000, 4000000], {"c": [[500200, 4000000], [500100, 4000100]]}]
    data = esri(
        spatialReference={"wkid": 102100, "latestWkid": 3857},
        features=feature({"curveRings": [half]}),
    )
    outcome = read("a.json", packed(data), crs="EPSG:4549")
    assert "W_CURVES" in codes(outcome)
    line = outcome.rows.geometries[0].exterior
    assert shapely.get_num_points(line) == 180 / STEP_DEGREES + 2
    off = 1 - math.cos(math.radians(STEP_DEGREES / 2))
    assert off < 0.0002
    assert any("0.02" in words for words in sentences(outcome))


def test_the_latest_number_of_a_crs_counts():
    data = esri(
        spatialReference={"wkid": 102100, "latestWkid": 3857},
        features=feature({"x": 13358338.9, "y": 4300621.4}),
    )
    outcome = read("a.json", packed(data))
    assert "3857" in outcome.receipt.crs
    assert outcome.rows.geometries[0].x == pytest.approx(120, abs=1e-6)


def test_rows_that_the_server_kept_back_are_said():
    outcome = read("a.json", packed(esri(exceededTransferLimit=True)))
    assert "W_PART_ONLY" in codes(outcome)


def test_esri_json_without_a_crs_is_asked_about():
    data = esri(features=feature({"x": 500000, "y": 4000000}))
    del data["spatialReference"]
    outcome = read("a.json", packed(data))
    assert [one.about for one in outcome.questions] == ["crs"]


def test_a_cut_answer_of_a_server_is_named_by_line():
    data = json.dumps(esri()).encode()
    assert codes(read("a.json", data[: len(data) // 2])) == {"E_JSON_SYNTAX"}


def test_a_packed_map_of_echarts_is_named_with_what_unpacks_it():
    data = {"type": "FeatureCollection", "UTF8Encoding": True, "features": []}
    outcome = read("china.json", packed(data))
    assert codes(outcome) == {"E_ECHARTS"}
    assert any("getMap" in words for words in sentences(outcome))


def test_a_feature_that_speaks_of_topologies_stays_geojson():
    properties = {"type": "Topology", "attributes": 1, "spatialReference": "x"}
    point = {"type": "Point", "coordinates": [120, 36]}
    data = {"type": "Feature", "properties": properties, "geometry": point}
    assert read("a.json", packed(data)).receipt.format == "geojson"
