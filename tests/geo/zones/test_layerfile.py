"""A broken layer says which file, which feature, what and how to mend it."""

import json

import orjson
import pytest
import shapely

from beltmap.geo.zones.layerfile import read_layer
from tests.conftest import zone

SQUARE = json.loads(shapely.to_geojson(shapely.box(0, 0, 1, 1)))
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


def feature(geometry=SQUARE, **properties):
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": zone(1, **properties),
    }


def read(tmp_path, features):
    document = features
    if isinstance(features, list):
        document = {"type": "FeatureCollection", "features": features}
    path = tmp_path / "parks.geojson"
    path.write_bytes(
        document if isinstance(document, bytes) else orjson.dumps(document)
    )
    return read_layer(path, kind="park", sectors={"BPO", "ITO"})


def test_a_good_layer_has_no_faults(tmp_path):
    layer = read(tmp_path, [feature(sectors="BPO;ITO"), feature(geometry=None)])
    assert layer.faults == ()
    assert [g is None for g in layer.geometries] == [False, True]


@pytest.mark.parametrize(
    ("document", "code", "where"),
    [
        (b"", "E_JSON_SYNTAX", "parks.geojson, line 1, column 1"),
        (b'{"type":\n"FeatureCollection",}', "E_JSON_SYNTAX", "line 2, column 20"),
        ({"type": "Topology"}, "E_ROOT_TYPE", "parks.geojson"),
        ({"type": "FeatureCollection"}, "E_FEATURES_NOT_ARRAY", "parks.geojson"),
        ([{"type": "Feature"}], "E_NO_PROPERTIES", "feature 1"),
        ([{"properties": {"id": "z9"}}], "E_MISSING_PROPERTY", "feature 1 (z9)"),
        ([feature(), 7], "E_NO_PROPERTIES", "feature 2"),
        ([feature(id="")], "E_BAD_ID", "feature 1"),
        ([feature(kind="town")], "E_WRONG_KIND", "feature 1 (z1)"),
        ([feature(sectors="BPO;fishing")], "E_UNKNOWN_SECTORS", "feature 1 (z1)"),
        ([feature(patterns="ring")], "E_UNKNOWN_PATTERNS", "feature 1 (z1)"),
        ([feature(status="dreamt")], "E_UNKNOWN_STATUS", "feature 1 (z1)"),
        ([feature(declared_area_km2=-1)], "E_NOT_A_NUMBER", "feature 1 (z1)"),
        ([feature(declared_area_km2="4")], "E_NOT_A_NUMBER", "feature 1 (z1)"),
        ([feature(name_en=["a"])], "E_NOT_TEXT", "feature 1 (z1)"),
        (
            [feature(geometry={"type": "Point", "coordinates": [0, 0]})],
            "E_BAD_GEOMETRY",
            "feature 1 (z1)",
        ),
        ([feature(geometry={"type": "Polygon"})], "E_BAD_GEOMETRY", "feature 1 (z1)"),
        ([feature(geometry=BOW_TIE)], "E_BAD_GEOMETRY", "feature 1 (z1)"),
        (
            [
                feature(
                    geometry=json.loads(shapely.to_geojson(shapely.box(0, 0, 1, 99)))
                )
            ],
            "E_BAD_GEOMETRY",
            "feature 1 (z1)",
        ),
    ],
)
def test_each_fault_is_found_where_it_is(tmp_path, document, code, where):
    faults = read(tmp_path, document).faults
    assert [fault.code for fault in faults] == [code]
    assert where in faults[0].where
    assert faults[0].hint


def test_unknown_sector_names_the_vocabulary(tmp_path):
    (fault,) = read(tmp_path, [feature(sectors="fishing")]).faults
    assert "BPO" in fault.hint
    assert "sectors.csv" in fault.hint


def test_a_missing_file_is_a_fault(tmp_path):
    (fault,) = read_layer(tmp_path / "towns.geojson", kind="town", sectors=()).faults
    assert fault.code == "E_FILE_MISSING"
    assert "towns.geojson" in fault.where


def test_all_faults_come_at_once(tmp_path):
    faults = read(tmp_path, [feature(sectors="x"), feature(status="y")]).faults
    assert len(faults) == 2
