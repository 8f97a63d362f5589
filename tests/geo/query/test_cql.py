"""CQL2: what a filter chooses, and at which character it is not understood."""

import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import speaking
from beltmap.geo.query.cql import DEEPEST, GEOMETRY, LONGEST, NUMBER, TEXT, read_cql

ROWS = [
    ("belt", "Qingdao", 40.0, "it's", shapely.box(0, 0, 4, 1)),
    ("town", "Qingdao", 4.4, "a%b_c", shapely.box(1, 0.5, 2, 2)),
    ("park", "Dalian", None, "Lǚshùn", shapely.box(9, 9, 10, 10)),
    ("park", "大连", 1.5, None, None),
]
ZONES = gpd.GeoDataFrame(
    [row[:4] for row in ROWS],
    columns=["kind", "city", "area", "name"],
    geometry=[row[4] for row in ROWS],
    crs=4326,
)
PROPERTIES = {
    **dict.fromkeys(("kind", "city", "name"), TEXT),
    "area": NUMBER,
    "geometry": GEOMETRY,
}

CHOSEN = [
    ("city = 'Qingdao'", [0, 1]),
    ("city='大连'", [3]),
    ("\"city\" <> 'Qingdao'", [2, 3]),
    ("'Qingdao' = city", [0, 1]),
    ("area > 4.4", [0]),
    ("area >= 4.4", [0, 1]),
    ("area < 1.5e1 and area > -1", [1, 3]),
    ("area <= +1.5", [3]),
    ("area <> 40", [1, 3]),
    ("area = area", [0, 1, 3]),
    ("NOT area > 4.4", [1, 3]),
    ("not not area > 4.4", [0]),
    ("area IS NULL", [2]),
    ("area is not null", [0, 1, 3]),
    ("NOT area IS NULL", [0, 1, 3]),
    ("kind = 'park' OR kind = 'town' AND area > 40", [2, 3]),
    ("(kind = 'park' OR kind = 'town') AND area > 4", [1]),
    # what is unknown is neither true nor false, however it is put
    ("area > 4 OR kind = 'park'", [0, 1, 2, 3]),
    ("NOT (area > 4 AND kind = 'park')", [0, 1, 3]),
    ("NOT (area > 4 OR city = 'Dalian')", [3]),
    ("TRUE", [0, 1, 2, 3]),
    ("FALSE OR kind = 'belt'", [0]),
    ("area BETWEEN 1.5 AND 4.4", [1, 3]),
    ("area NOT BETWEEN 1.5 AND 4.4", [0]),
    ("area BETWEEN 1 AND 5 AND kind = 'town'", [1]),
    ("kind IN ('belt', 'town')", [0, 1]),
    ("kind NOT IN ('belt', 'town')", [2, 3]),
    ("area IN (40, 1.5)", [0, 3]),
    ("name LIKE 'it''s'", [0]),
    (r"name = 'it\'s'", [0]),
    ("city LIKE 'Q%'", [0, 1]),
    ("city NOT LIKE 'Q%'", [2, 3]),
    ("city LIKE '_ingda_'", [0, 1]),
    ("city LIKE '%in%ao'", [0, 1]),
    ("city LIKE 'q%'", []),
    (r"name LIKE 'a\%b\_c'", [1]),
    (r"name LIKE 'a\%b\_d'", []),
    ("name LIKE '%'", [0, 1, 2]),
    ("CASEI(city) = CASEI('QINGDAO')", [0, 1]),
    ("casei(city) LIKE casei('QING%')", [0, 1]),
    ("CASEI(city) IN (CASEI('DALIAN'), CASEI('x'))", [2]),
    ("ACCENTI(name) = ACCENTI('Lushun')", [2]),
    ("CASEI(ACCENTI(name)) = 'lushun'", [2]),
    ("city > DATE('2020-01-31')", [0, 1, 2, 3]),
    ("city < TIMESTAMP('2020-01-31T00:00:00Z')", []),
    ("S_INTERSECTS(geometry, POINT(1.5 0.75))", [0, 1]),
    ("s_intersects(geometry, BBOX(8, 8, 9.5, 9.5))", [2]),
    ("S_INTERSECTS(geometry, BBOX(8, 8, 0, 9.5, 9.5, 100))", [2]),
    ("S_INTERSECTS(POLYGON((0 0, 1 0, 1 1, 0 1, 0 0)), geometry)", [0, 1]),
    ("NOT S_INTERSECTS(geometry, POINT(1.5 0.75))", [2]),
    ("S_DISJOINT(geometry, LINESTRING(1.5 0.75, 3 0.75))", [2]),
    ("S_WITHIN(geometry, BBOX(-1, -1, 5, 5))", [0, 1]),
    ("S_CONTAINS(geometry, MULTIPOINT(9.5 9.5, 9.6 9.6))", [2]),
    ("S_EQUALS(geometry, POLYGON((0 0, 0 1, 4 1, 4 0, 0 0)))", [0]),
    ("S_TOUCHES(geometry, BBOX(4, 0, 5, 1))", [0]),
    ("S_OVERLAPS(geometry, BBOX(3, 0, 5, 1))", [0]),
    ("S_CROSSES(LINESTRING(-1 0.25, 5 0.25), geometry)", [0]),
]


@pytest.mark.parametrize(("words", "rows"), CHOSEN)
def test_a_filter_chooses(words, rows):
    true, false = read_cql(words, PROPERTIES)(ZONES)
    assert np.flatnonzero(true).tolist() == rows
    assert not (true & false).any()


WRONG = [
    ("", 1, "E_CQL2"),
    ("city", 5, "E_CQL2"),
    ("city = ", 8, "E_CQL2"),
    ("city == 'Q'", 7, "E_CQL2"),
    ("city = 'Q' AND", 15, "E_CQL2"),
    ("city = 'Q' kind", 12, "AND, OR"),
    ("city = 'Q", 8, "E_CQL2"),
    ("town = 'Q'", 1, "city"),
    ("  town = 'Q'", 3, "town"),
    ("area = 'Q'", 8, "number"),
    ("city > 5", 8, "number"),
    ("city = area", 8, "number"),
    ("area LIKE '4%'", 11, "E_CQL2"),
    ("city LIKE kind", 11, "E_CQL2"),
    ("city IN ()", 10, "E_CQL2"),
    ("city IN ('a' 'b')", 14, "E_CQL2"),
    ("area BETWEEN 1 OR 2", 16, "AND"),
    ("area + 1 > 2", 6, "E_CQL2"),
    ("(city = 'Q'", 12, "E_CQL2"),
    ("city = 'Q')", 11, "E_CQL2"),
    ("geometry = 'Q'", 1, "geometry"),
    ("S_INTERSECTS(city, POINT(0 0))", 14, "city"),
    ("S_INTERSECTS(geometry, POINT(0))", 24, "POINT(0)"),
    ("S_INTERSECTS(geometry, POINT(0 0)", 34, "E_CQL2"),
    ("S_INTERSECTS(geometry, BBOX(0, 0, 1))", 24, "BBOX"),
    ("S_INTERSECTS(geometry, BBOX(0, 0, 1e999, 1))", 24, "BBOX"),
    ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", 24, "POLYGON"),
    ("city > DATE('yesterday')", 13, "E_CQL2"),
    ("city = $1", 8, "E_CQL2"),
    ("city = 'Q'; DROP", 11, "E_CQL2"),
    ("CASEI(area) = 'x'", 7, "E_CQL2"),
]


@pytest.mark.parametrize(("words", "character", "said"), WRONG)
def test_what_is_wrong_is_told_with_its_place(words, character, said):
    with pytest.raises(PlanError, match=f"filter, character {character}:") as error:
        read_cql(words, PROPERTIES)
    assert said in str(error.value)
    with speaking("zh"), pytest.raises(PlanError, match=f"第{character}个字符"):
        read_cql(words, PROPERTIES)


@pytest.mark.parametrize(
    "words",
    [
        "(" * (LONGEST - 1),
        "(" * DEEPEST + "(area=1" + ")" * DEEPEST + ")",
        "CASEI(" * 300 + "city",
        "NOT " * 499 + "x",
        "'" + "a" * (LONGEST + 1) + "'",
    ],
)
def test_brackets_without_end_end_at_once(words):
    with pytest.raises(PlanError):
        read_cql(words, PROPERTIES)


def test_long_filters_are_answered():
    for joined in (" OR ", " AND "):
        words = joined.join(["area = 1"] * 140)
        assert not read_cql(words, PROPERTIES)(ZONES)[0].any()


def test_a_pattern_never_goes_back():
    zones = ZONES.assign(city="a" * 200)
    begin = time.process_time()
    true, _ = read_cql(f"city LIKE '{'%a' * 60}b'", PROPERTIES)(zones)
    # one that goes back over what it has found would take longer than the world is old
    assert time.process_time() - begin < 60
    assert not true.any()


@given(st.text(max_size=40) | st.lists(st.sampled_from(
    ["city", "area", "geometry", "=", "<", "(", ")", ",", "'x'", "1", "NOT", "AND",
     "IN", "LIKE", "BETWEEN", "IS", "NULL", "CASEI", "S_INTERSECTS", "POINT", "BBOX",
     "DATE", "-", "TRUE", '"']
), max_size=12).map(" ".join))  # fmt: skip
def test_anything_is_understood_or_refused(words):
    try:
        condition = read_cql(words, PROPERTIES)
    except PlanError:
        return
    true, false = condition(ZONES)
    assert not (true & false).any()
