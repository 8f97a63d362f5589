"""The payload: what goes in comes out, to its decimals."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from beltmap.geo.errors import PlanError
from beltmap.layers.payload.encode import decode, encode
from beltmap.layers.payload.zones import regions
from tests.chance import cases

HALF_STEP = 0.5e-6 + 1e-12

HOLED = shapely.Polygon(
    [(120, 36), (121, 36), (121, 37), (120, 37)],
    [[(120.2, 36.2), (120.4, 36.2), (120.4, 36.4), (120.2, 36.4)]],
)
TWO = shapely.MultiPolygon([HOLED, shapely.box(122, 36, 122.5, 36.5)])
MIXED = [
    HOLED,
    None,
    TWO,
    shapely.Polygon(),
    shapely.Point(120.1234567, 36.7654321),
    shapely.LineString([(120, 36), (120.5, 36.25), (121, 36)]),
    shapely.MultiPoint([(120, 36), (121, 37)]),
    shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3), (4, 2)]]),
    shapely.MultiPolygon([shapely.box(-180, -90, 180, 90)]),
    shapely.MultiPolygon(),
    shapely.box(120, 36, 120.001, 36.001),
]


def column(geometries):
    return np.array(geometries, dtype=object)


def around(geometries, **options):
    return decode(encode(column(geometries), {}, meta={}, **options))[0]


def test_every_type_comes_back():
    back = around(MIXED)
    for before, after in zip(MIXED, back, strict=True):
        if before is None:
            assert after is None
            continue
        assert after.geom_type == before.geom_type
        assert after.is_empty == before.is_empty
        given_rings = shapely.get_coordinates(shapely.orient_polygons(before))
        got = shapely.get_coordinates(after)
        assert np.abs(given_rings - got).max(initial=0) <= HALF_STEP


def test_holes_stay_holes():
    (after,) = around([HOLED])
    assert len(after.interiors) == 1
    assert after.area == pytest.approx(HOLED.area, abs=1e-9)


def test_parts_of_a_multipolygon_keep_their_own_holes():
    (after,) = around([TWO])
    assert [len(part.interiors) for part in after.geoms] == [1, 0]


def test_rings_are_wound_for_nonzero_fill():
    clockwise = shapely.Polygon(
        list(HOLED.exterior.coords)[::-1],
        [list(hole.coords)[::-1] for hole in HOLED.interiors],
    )
    (after,) = around([shapely.reverse(clockwise)])
    assert after.exterior.is_ccw
    assert not after.interiors[0].is_ccw


def test_leaps_longer_than_sixteen_bits_survive():
    far = [shapely.Point(-179.999999, -89.999999), shapely.Point(180, 90)] * 3
    assert around(far).tolist() == far


def test_seven_decimals_at_the_edge_of_the_world():
    far = [shapely.Point(-179.9999999, -89.9), shapely.Point(180, 90)]
    assert around(far, decimals=7).tolist() == far


@pytest.mark.parametrize("geometries", [[], [None], [None, shapely.Polygon()]])
def test_a_layer_with_nothing_to_draw(geometries):
    assert around(geometries).tolist() == geometries


@pytest.mark.parametrize("values", [["a", None, "崂山 😀", ""], [1.5, None, -2.0, 3.0]])
def test_columns_come_back(values):
    payload = encode(column([None] * 4), {"c": values}, meta={"n": 1})
    _, columns, meta = decode(payload)
    assert columns == {"c": values}
    assert meta == {"n": 1}


def test_many_different_texts_come_back():
    names = [f"区 {i}" if i % 7 else None for i in range(2_000)]
    _, columns, _ = decode(encode(column([None] * 2_000), {"name": names}, meta={}))
    assert columns["name"] == names


def test_a_coded_column_has_codes_however_many_values_it_has():
    kinds = [f"k{i}" for i in range(2_000)]
    payload = encode(column([None] * 2_000), {"kind": kinds}, meta={}, coded=["kind"])
    assert b'"kind:codes"' in payload
    assert decode(payload)[1]["kind"] == kinds


HOSTILE = ["{{7*7*1009}}", "100{% off", "<img src=x onerror=1>", "`${1}`", "\u2028"]


def test_hostile_text_stays_letter_for_letter():
    payload = encode(column([None] * 5), {"name": HOSTILE}, meta={"words": HOSTILE})
    _, columns, meta = decode(payload)
    assert columns["name"] == HOSTILE
    assert meta["words"] == HOSTILE


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (shapely.Point(181, 0), "E_COORDINATES"),
        (shapely.Point(0, 91), "E_COORDINATES"),
        (shapely.from_wkt("LINESTRING (0 0, 1 inf)"), "E_COORDINATES"),
        (shapely.GeometryCollection([shapely.Point(0, 0)]), "E_COLLECTION"),
    ],
)
def test_what_cannot_be_drawn_is_refused(geometry, code):
    with pytest.raises(PlanError) as refused:
        around([shapely.Point(0, 0), geometry])
    assert [fault.code for fault in refused.value.faults] == [code]


def test_no_payload_is_refused():
    with pytest.raises(ValueError, match="not a payload"):
        decode(b"GIF89a")


def degrees(most):
    return st.floats(-most, most, allow_nan=False, width=64)


POINTS = st.tuples(degrees(180), degrees(90))
SHAPES = st.one_of(
    st.none(),
    st.builds(shapely.Point, POINTS),
    st.builds(shapely.MultiPoint, st.lists(POINTS, min_size=1, max_size=4)),
    st.builds(shapely.LineString, st.lists(POINTS, min_size=2, max_size=9)),
    st.builds(
        lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
        degrees(170),
        degrees(80),
        st.floats(1e-5, 9),
        st.floats(1e-5, 9),
    ),
)


@cases(60)
@given(st.lists(SHAPES, max_size=8))
def test_round_trip(geometries):
    back = around(geometries)
    assert [g is None for g in back] == [g is None for g in geometries]
    before = shapely.get_coordinates(shapely.orient_polygons(column(geometries)))
    after = shapely.get_coordinates(back)
    assert before.shape == after.shape
    assert np.abs(before - after).max(initial=0) <= HALF_STEP


def test_a_zone_somewhere_in_another_lights_that_one_up(plan):
    lit = dict(zip(plan.zones["id"], regions(plan.zones), strict=True))
    belt = plan.zones["id"].tolist().index("qd-belt")
    assert lit["qd-park-bpo"] == lit["qd-park-logistics"] == belt
    assert lit["qd-town-film"] == -1
    assert lit["qd-town-laoshan"] is None
    apart = plan.zones[plan.zones["id"] == "qd-park-bpo"]
    assert regions(apart) == [-1]


def test_a_strip_longer_than_its_circle_has_none(plan):
    """Each part of the belt may be 18 km off; a circle would leave out its ends."""
    lit = dict(zip(plan.zones["id"], regions(plan.zones), strict=True))
    assert lit["qd-belt"] == -1
    assert lit["dl-hitech"] is None
    # a placeholder measures nothing, so its circle is all that is known
    assert lit["qd-park-shinan"] is lit["qd-base-laoshan"] is None
    far = plan.zones.assign(location_uncertainty_m=30_000.0)
    assert regions(far[far["id"] == "qd-belt"]) == [None]
