"""The exchange text of land surveys states datum, zone and unit: nothing is asked."""

import pytest
import shapely

from beltmap.geo.intake.checks.crs import known_crs
from beltmap.geo.intake.formats.texts.parcels import read_parcels
from beltmap.geo.intake.limits import Limits
from tests.geo.intake.formats.reading import codes, read

ABOUT = {
    "格式版本号": "1.01版本",
    "数据产生单位": "自然资源部",
    "坐标系": "2000国家大地坐标系",
    "几度分带": "3",
    "投影类型": "高斯克吕格",
    "计量单位": "米",
    "带号": "40",
    "精度": "0.001",
    "转换参数": ",,,,,,",
}
RING = [(3990000, 40520000), (3990000, 40521000), (3991000, 40521000)]
RING += [(3991000, 40520000)]


def parcel(*rings, name="甲园", kind="面", count=None, head=None):
    points = [
        f"J{n},{number},{x},{y}"
        for number, ring in enumerate(rings, start=1)
        for n, (x, y) in enumerate([*ring, ring[0]], start=1)
    ]
    n = len(points) if count is None else count
    first = head or f"{n},100,QD-1,{name},{kind},I51G001001,工业用地,0601,@"
    return "\n".join([first, *points])


def exchange(*parcels, **about):
    stated = "\n".join(f"{key}={value}" for key, value in (ABOUT | about).items())
    return "\n".join(["[属性描述]", stated, "[地块坐标]", *parcels]) + "\n"


def moved(ring, north, east):
    return [(x + north, y + east) for x, y in ring]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_survey_is_read_without_a_question(encoding):
    outcome = read("勘测.txt", exchange(parcel(RING)).encode(encoding))
    assert outcome.receipt.format == "parcels"
    assert not outcome.questions, outcome.receipt.as_text()
    assert outcome.zones["name_zh"].tolist() == ["甲园"]
    assert outcome.zones["id"].tolist() == ["QD-1"]
    assert outcome.zones["declared_area_km2"].tolist() == [1]
    assert outcome.zones["drawn_area_km2"].tolist()[0] == pytest.approx(1, rel=1e-3)
    assert "EPSG:4528" in outcome.receipt.crs
    assert shapely.centroid(outcome.rows.geometries[0]).x == pytest.approx(120.23, 0.01)


@pytest.mark.parametrize(
    ("about", "prefix", "crs"),
    [
        ({}, 40, "CGCS2000 / 3-degree Gauss-Kruger zone 40"),
        ({}, 0, "CGCS2000 / 3-degree Gauss-Kruger CM 120E"),
        ({"几度分带": "6", "带号": "21"}, 21, "CGCS2000 / Gauss-Kruger zone 21"),
        ({"几度分带": "6度", "带号": "21"}, 0, "CGCS2000 / Gauss-Kruger CM 123E"),
        (
            {"坐标系": "80国家大地坐标系"},
            40,
            "Xian 1980 / 3-degree Gauss-Kruger zone 40",
        ),
        ({"坐标系": "西安80"}, 0, "Xian 1980 / 3-degree Gauss-Kruger CM 120E"),
        (
            {"坐标系": "1980西安", "几度分带": "6", "带号": "21"},
            21,
            "Xian 1980 / Gauss-Kruger zone 21",
        ),
        ({"坐标系": "北京54"}, 40, "Beijing 1954 / 3-degree Gauss-Kruger zone 40"),
        (
            {"坐标系": "1954北京坐标系"},
            0,
            "Beijing 1954 / 3-degree Gauss-Kruger CM 120E",
        ),
        (
            {"坐标系": "54", "几度分带": "6", "带号": "21"},
            21,
            "Beijing 1954 / Gauss-Kruger zone 21",
        ),
        (
            {"坐标系": "54", "几度分带": "6", "带号": "21"},
            0,
            "Beijing 1954 / Gauss-Kruger CM 123E",
        ),
        ({"带号": ""}, 40, "CGCS2000 / 3-degree Gauss-Kruger zone 40"),
        ({"坐标系": "青岛地方坐标系"}, 40, None),
        ({"几度分带": ""}, 40, None),
        ({"带号": "39"}, 40, None),
        ({"带号": ""}, 0, None),
        ({"计量单位": "尺"}, 40, None),
    ],
)
def test_the_crs_follows_from_what_is_stated(about, prefix, crs):
    ring = moved(RING, 0, (prefix - 40) * 1_000_000)
    rows = read_parcels(exchange(parcel(ring), **about).encode(), limits=Limits())
    assert (rows.crs and known_crs(rows.crs).name) == crs


def test_degrees_and_kilometres():
    ring = [(36.0, 120.0), (36.0, 120.1), (36.1, 120.1), (36.1, 120.0)]
    outcome = read("a.txt", exchange(parcel(ring), 计量单位="度").encode())
    assert "EPSG:4490" in outcome.receipt.crs
    assert outcome.rows.geometries[0].bounds == pytest.approx((120, 36, 120.1, 36.1))
    far = [(x / 1000, y / 1000) for x, y in RING]
    outcome = read("a.txt", exchange(parcel(far), 计量单位="千米").encode())
    assert outcome.zones["drawn_area_km2"].tolist()[0] == pytest.approx(1, rel=1e-3)


def test_rings_inside_are_holes_and_others_stand_beside():
    hole = [(x, y) for x, y in [(3990100, 40520100), (3990200, 40520100)]]
    hole += [(3990200, 40520200), (3990100, 40520200)]
    beside = moved(RING, 5000, 0)
    outcome = read("a.txt", exchange(parcel(RING, hole, beside)).encode())
    shape = outcome.rows.geometries[0]
    assert [len(part.interiors) for part in shape.geoms] == [1, 0]
    assert outcome.zones["drawn_area_km2"].tolist()[0] == pytest.approx(1.99, rel=1e-3)


def test_points_and_lines():
    line = parcel(RING, kind="线", name="路")
    point = "1,,QD-2,站,点,,,,@\nJ1,1,3990000,40520000"
    outcome = read("a.txt", exchange(line, point).encode())
    assert [one.geom_type for one in outcome.rows.geometries] == ["LineString", "Point"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("J1,1,3990000,x", "E_COORD_TYPE"),
        ("J1,1,3990000", "E_COORD_LENGTH"),
    ],
)
def test_a_bad_point_refuses_its_parcel_alone(bad, code):
    first = parcel(RING).replace("J2,1,3990000,40521000", bad)
    outcome = read("a.txt", exchange(first, parcel(RING, name="乙园")).encode())
    assert (outcome.receipt.refused, outcome.receipt.rows_in) == (1, 2)
    (said,) = [one for one in outcome.receipt.notices if one.code == code]
    assert said.place["feature"] == 1
    assert said.place["line"] == 14


def test_too_few_points_are_a_short_ring():
    outcome = read("a.txt", exchange(parcel(RING[:2]), parcel(RING)).encode())
    assert "E_RING_SHORT" in codes(outcome)


@pytest.mark.parametrize(("count", "differs"), [(4, False), (5, False), (9, True)])
def test_the_stated_number_of_points_is_checked(count, differs):
    outcome = read("a.txt", exchange(parcel(RING, count=count)).encode())
    assert ("W_PARCEL_POINTS" in codes(outcome)) is differs


def test_fields_past_the_usual_ones_are_kept():
    head = "5,100,QD-1,甲园,面,I51,工业用地,0601,备用,@"
    outcome = read("a.txt", exchange(parcel(RING, head=head)).encode())
    assert outcome.rows.columns["column_9"] == ["备用"]


def test_a_survey_without_parcels_is_refused():
    assert codes(read("a.txt", exchange().encode())) == {"E_PARCELS"}


def test_other_texts_stay_tables():
    data = "名称,经度,纬度\n[地块]甲园,120.38,36.07\n".encode()
    assert read("a.txt", data).receipt.format == "csv"
