"""What the cases say must not be lost is in what was read."""

import json

import pytest
import shapely

from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.repaired import repaired_geojson
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.units import GIVEN_AREA_UNITS, UNITS
from tests.geo.intake.recipes import (
    BREAKOUT,
    CASES,
    FORMULAS,
    JINJA,
    LAND,
    MARKDOWN,
    PROTOTYPES,
    SCRIPT,
    WORDS,
    collection,
    feature,
    point,
)

LEAVE = Answers(leave_out=True)


def read(identity, **answers):
    name, make = CASES[identity]
    return read_upload(Upload(name, make()), answers=Answers(**answers))


def values(identity, column, **answers):
    return read(identity, **answers).rows.columns[column]


def said(identity, code, **answers):
    notices = read(identity, **answers).receipt.notices
    return next(one for one in notices if one.code == code)


def exported(identity, **answers):
    return json.loads(repaired_geojson(read(identity, **answers)))["features"]


@pytest.mark.parametrize(
    ("identity", "column", "expected"),
    [
        ("A19", "a", [1, "Qing\ufffddao"]),
        ("E01", "n", [9007199254740993]),
        ("E02", "n", ["18446744073709551617"]),
        ("E09", "geometry_1", ["text"]),
        ("E12", "note", ["青岛软件园" * 80_000]),
        ("E23", "w", list(WORDS)),
        ("G01", "use", [LAND]),
        ("G02", "use", [LAND]),
        ("G05", "use", [LAND, "青岛崂山"]),
        ("G08", "use", ["商业用", "青岛崂"]),
        ("G10", "use", [LAND, "青岛崂山"]),
        ("G11", "用地性质", [LAND, "青岛崂山"]),
        ("G14", "use", ["商业", "公园"]),
        ("G14", "code", ["0101", "0702"]),
        ("H00", "code", ["0101", "0702"]),
        ("J14", "description", [SCRIPT]),
        ("J21", "name", [SCRIPT]),
        ("J24", "name", [JINJA["a"]]),
        ("J25", "b", [JINJA["b"]]),
        ("J25", "c", [JINJA["c"]]),
        ("J26", "name", [JINJA["d"]]),
        ("J27", JINJA["a"], [1]),
        ("J29", BREAKOUT, [1]),
        ("J30", "name", ["</script><script>alert(1)"]),
        ("J31", "name", [MARKDOWN]),
        ("J32", "v", list(FORMULAS)),
        ("K14", "folder", ["带", "城", "园"]),
        ("K18", "name", ["R2"]),
        ("K18", "code", ["0101"]),
        ("K31", "name_2", ["b"]),
    ],
)
def test_values_stay(identity, column, expected):
    assert values(identity, column) == expected


def test_keys_stay_apart():
    assert set(read("E08").rows.columns) == {"name", "Name", "NAME"}
    assert set(read("E13").rows.columns) == {"column_1", "column_2"}
    assert len(read("E19").rows.columns) == 500
    assert dict(exported("E26")[0]["properties"]) == PROTOTYPES
    assert len(read("E21").rows.columns) == 3


def test_a_missing_member_is_not_null():
    properties = [feature["properties"] for feature in exported("E06")]
    assert properties == [{"a": 1}, {"b": None}, {}]


def test_ids_stay_as_given():
    ids = [feature.get("id", "none") for feature in exported("E16")]
    assert ids == [1, "1", 2.5, "none"]


def test_both_values_of_a_key_given_twice_are_named():
    assert said("A09", "W_DUP_KEY").values == {"member": "a", "values": ["1", "2"]}


def test_nested_values_stay():
    assert json.loads(values("E04", "a")[0]) == {"b": [1, {"c": LAND}]}
    assert [json.loads(text) for text in values("E05", "a")] == [[1, 2], []]


def test_positions_stay_to_a_billionth_of_a_degree():
    lon, lat = read("C13").rows.geometries[0].coords[0]
    assert abs(lon - 120.123456789012345) < 1e-9
    assert abs(lat - 36.123456789012345) < 1e-9
    coordinates = exported("C13")[0]["geometry"]["coordinates"]
    assert coordinates == [pytest.approx(lon, abs=1e-9), pytest.approx(lat, abs=1e-9)]


def test_heights_stay():
    assert read("K18").rows.geometries[0].z == 12


def test_a_ring_across_180_is_two_parts():
    assert len(exported("C15")[0]["geometry"]["coordinates"]) == 2


def test_collections_keep_their_parts():
    assert len(read("B22").rows.geometries[0].geoms) == 3
    assert len(read("I06").rows.geometries[0].geoms) == 5000


@pytest.mark.parametrize(
    ("identity", "area"),
    [
        ("D03", 2.0),
        ("D05", 15.0),
        ("D06", 16.0),
        ("D08", 32.0),
        ("D09", 28.0),
        ("D19", 16.0),
    ],
)
def test_repairs_keep_the_land(identity, area):
    geometry = read(identity).rows.geometries[0]
    assert geometry.is_valid
    assert geometry.area == pytest.approx(area)


def test_a_repair_tells_the_area_before_and_after():
    one = said("D09", "W_MADE_VALID")
    parts = [shapely.box(0, 0, 4, 4), shapely.box(2, 2, 6, 6)]
    assert one.place == {"feature": 1}
    assert one.values["before_km2"] == pytest.approx(sum(areas_m2(parts)) / 1e6)
    whole = areas_m2([shapely.union_all(parts)])[0] / 1e6
    assert one.values["after_km2"] == pytest.approx(whole, rel=1e-6)


def test_a_dropped_line_is_named():
    assert said("D19", "W_MADE_VALID").values["dropped"] == ["LINESTRING (4 4, 8 8)"]


@pytest.mark.parametrize(("identity", "row"), [("D02", 2), ("D13", 2), ("H19", 2)])
def test_a_refused_row_is_named_and_the_other_drawn(identity, row):
    asked = read(identity)
    assert [next(iter(q.notice.place.values())) for q in asked.questions] == [row]
    assert (asked.receipt.drawn, asked.receipt.refused) == (1, 1)
    agreed = read(identity, leave_out=True)
    assert agreed.receipt.verdict.name == "WARN"
    assert agreed.rows.numbers == [1]


def test_a_row_of_which_no_shape_is_left_is_kept():
    agreed = read("D07", leave_out=True)
    assert len(agreed.rows) == 1
    assert agreed.zones["boundary"].tolist() == ["not located"]


def test_overlaps_are_measured():
    one = said("D20", "W_OVERLAP")
    strip = areas_m2([shapely.box(120.399, 36.1, 120.4, 36.2)])[0] / 1e6
    assert one.values["n"] == 1
    assert one.values["area_km2"] == pytest.approx(strip, rel=1e-4)
    assert said("D16", "W_DUPLICATE_GEOMETRY").values["pairs"] == ["1 = 2"]


def test_rows_without_coordinates_are_numbered_as_in_a_spreadsheet():
    assert said("K28", "W_NULL_GEOMETRY").place == {"rows": [3, 4]}


def test_blanks_after_commas_make_no_positions():
    assert len(read("K12").rows.geometries[0].coords) == 2


def test_names_of_layers():
    assert read("G16").receipt.layer == "图层"
    assert read("J23").rows.name == SCRIPT


@pytest.mark.parametrize(
    ("identity", "answer", "lon_lat"),
    [
        ("F04", "EPSG:4546", (111, 36)),
        ("F11", "EPSG:4527", (118, 36)),
        ("F12", "WGS84", (120.35, 36.15)),
        ("F14", "GCJ-02", (120.345, 36.15)),
        ("C07", "swapped", (120.35, 36.15)),
        ("F09", "swapped", (120.3, 36.1)),
        ("K03", "EPSG:4326", (120.3, 36.1)),
        ("F10", "EPSG:4326", (120.35, 36.15)),
    ],
)
def test_an_answer_puts_the_layer_where_it_belongs(identity, answer, lon_lat):
    asked = read(identity)
    options = [
        option.value for question in asked.questions for option in question.options
    ]
    assert read(identity, crs=answer).receipt.drawn
    middle = read(identity, crs=answer).rows.geometries[0].centroid
    assert (middle.x, middle.y) == pytest.approx(lon_lat, abs=0.05)
    wanted = "swapped EPSG:4326" if answer == "swapped" else answer
    assert {"WGS84": "EPSG:4326"}.get(wanted, wanted) in options


def test_stated_projections_are_obeyed():
    for identity, lon in (("F01", 111), ("F13", 117)):
        middle = read(identity).rows.geometries[0].centroid
        assert (middle.x, middle.y) == pytest.approx((lon, 36), abs=0.1)
    assert "EPSG:4548" in read("F13").receipt.crs


def test_every_candidate_has_an_outline():
    (question,) = read("F12").questions
    assert [option.value for option in question.options] == [
        "EPSG:4326",
        "GCJ-02",
        "BD-09",
    ]
    for option in question.options:
        assert len(option.outline) >= 4


def test_an_encoding_that_a_file_states_wrongly_is_asked_for():
    (question,) = read("G07").questions
    assert question.about == "encoding"
    assert question.options[0].value == "gb18030"
    assert values("G07", "use", encoding="gb18030") == [LAND, "青岛崂山"]


def test_every_layer_of_a_file_can_be_had():
    asked = read("K02")
    assert asked.layers == ("zones", "parks")
    assert [read("K02", layer=layer).receipt.rows_in for layer in asked.layers] == [
        2,
        2,
    ]


@pytest.mark.parametrize("unit", [u for u in UNITS if UNITS[u].measure != "area"])
def test_areas_are_given_in_units_of_area_alone(unit):
    one = said("K01", "E_UNKNOWN_ANSWER", area_unit=unit)
    assert one.worded().hint.endswith(", ".join(GIVEN_AREA_UNITS))


def test_every_unit_of_area_is_taken():
    areas = {unit for unit in UNITS if UNITS[unit].measure == "area"}
    assert areas == set(GIVEN_AREA_UNITS)
    for unit in (*GIVEN_AREA_UNITS, "km2", "m2"):
        assert read("K01", area_unit=unit).receipt.rows_in


def test_an_unknown_answer_is_refused():
    wrong = [{"area_unit": unit} for unit in ("acre", "CNY", "km", "year")]
    for answers in ({"crs": "Klingon"}, {"layer": "x"}, *wrong):
        one = said("K01", "E_UNKNOWN_ANSWER", **answers)
        assert str(one.values["known"]).split(",")[0] in one.worded().hint


def test_a_repaired_layer_keeps_its_heights():
    document = collection(
        feature({"type": "Point", "coordinates": [120.1234567, 36.1, 12.25]}),
        feature(point(120.2, 36.2)),
    )
    outcome = read_upload(Upload("a.geojson", json.dumps(document).encode()))
    layer = json.loads(repaired_geojson(outcome))
    places = [one["geometry"]["coordinates"] for one in layer["features"]]
    assert places == [[120.1234567, 36.1, 12.25], [120.2, 36.2]]
