"""Areas against pyproj, and against what cutting and merging must keep."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import (
    areas_m2,
    drawn_area_km2,
    mended,
    union,
)
from tests.chance import cases
from tests.geo.geometry.covering import covered_km2

GEOD = Geod(ellps="WGS84")
CLOSE = 1e-8
NOISE_M2 = 1e-3
"""What pyproj itself is unsure of: its sums begin with an eighth of the globe."""


def slow_m2(geometry):
    """Measure one geometry as pyproj does, part by part, holes taken off."""
    if geometry is None:
        return 0.0
    total = 0.0
    for part in getattr(geometry, "geoms", [geometry]):
        outer, *holes = [part.exterior, *part.interiors]
        total += abs(GEOD.geometry_area_perimeter(outer)[0])
        total -= sum(abs(GEOD.geometry_area_perimeter(hole)[0]) for hole in holes)
    return total


def star(rng, *, lon, lat, radius_deg, corners):
    """Draw a ring with uneven corners round a place."""
    turn = np.sort(rng.uniform(0, 2 * np.pi, corners))
    reach = radius_deg * rng.uniform(0.5, 1, corners)
    east = reach * np.cos(turn) / np.cos(np.radians(lat))
    return np.column_stack([lon + east, lat + reach * np.sin(turn)])


def holed(rng, *, lon, lat, radius_deg, clockwise):
    """Draw a polygon with two holes, its rings one way or the other."""
    way = -1 if clockwise else 1
    shell = star(rng, lon=lon, lat=lat, radius_deg=radius_deg, corners=40)[::way]
    holes = [
        star(rng, lon=lon + shift, lat=lat, radius_deg=radius_deg / 9, corners=12)[
            ::way
        ]
        for shift in (-radius_deg / 5, radius_deg / 5)
    ]
    return shapely.Polygon(shell, holes)


def scattered(n, *, radius_deg):
    """Draw polygons with holes and multipolygons all over the inhabited world."""
    rng = np.random.default_rng(11)
    shapes = []
    for number in range(n):
        lon, lat = rng.uniform(-170, 170), rng.uniform(-70, 70)
        one = holed(
            rng, lon=lon, lat=lat, radius_deg=radius_deg, clockwise=bool(number % 2)
        )
        two = holed(
            rng,
            lon=lon + 5 * radius_deg,
            lat=lat,
            radius_deg=radius_deg,
            clockwise=True,
        )
        shapes.append(shapely.MultiPolygon([one, two]) if number % 3 == 0 else one)
    return shapes


@pytest.mark.parametrize("radius_deg", [0.0005, 0.01, 0.2, 2])
def test_areas_equal_pyproj_with_holes_and_parts(radius_deg):
    shapes = scattered(60, radius_deg=radius_deg)
    expected = [slow_m2(shape) for shape in shapes]
    assert areas_m2(shapes) == pytest.approx(expected, rel=CLOSE, abs=NOISE_M2)


@pytest.mark.parametrize("side_km", [0.05, 1, 9, 30, 100])
@pytest.mark.parametrize("lat", [-60, 0, 36, 75])
def test_a_square_of_known_sides(side_km, lat):
    azimuths = (0, 90, 180)
    corner = (120.0, float(lat))
    corners = [corner]
    for azimuth in azimuths:
        lon, lat_, _ = GEOD.fwd(*corners[-1], azimuth, side_km * 1000)
        corners.append((lon, lat_))
    square = shapely.Polygon(corners)
    (area,) = areas_m2([square])
    assert area == pytest.approx(slow_m2(square), rel=CLOSE, abs=NOISE_M2)
    # meridians meet towards the poles: the fourth side is not quite as long
    assert area / 1e6 == pytest.approx(side_km**2, rel=0.001 + side_km / 1000)


@pytest.mark.parametrize("width_m", [1, 100, 5000])
def test_a_strip_of_a_hundred_kilometres_aslant(width_m):
    start, end = (120.3, 36.0), (121.1, 36.6)
    azimuth, _, _ = GEOD.inv(*start, *end)
    aside = [GEOD.fwd(*place, azimuth + 90, width_m)[:2] for place in (end, start)]
    strip = shapely.Polygon([start, end, *aside])
    # a thin strip is the small difference of what its two long sides enclose
    thin = 0.1 if width_m < 1000 else 0
    assert areas_m2([strip])[0] == pytest.approx(slow_m2(strip), rel=CLOSE, abs=thin)


def test_an_edge_over_the_date_line():
    box = shapely.box(179.5, -17, 180.5, -16)
    assert areas_m2([box])[0] == pytest.approx(slow_m2(box), rel=CLOSE)


def test_what_has_no_area_is_zero():
    nothing = [
        None,
        shapely.Polygon(),
        shapely.Point(1, 2),
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.GeometryCollection(),
    ]
    assert areas_m2(nothing).tolist() == [0] * 5
    assert areas_m2([]).tolist() == []


def test_a_collection_counts_its_polygons():
    box = shapely.box(120, 36, 120.1, 36.1)
    mixed = shapely.GeometryCollection(
        [shapely.Point(0, 0), shapely.MultiPolygon([box])]
    )
    assert areas_m2([mixed]) == pytest.approx(areas_m2([box]))


def test_drawn_area_keeps_index_and_gaps(zones):
    zones.index = list("abcd")
    drawn = drawn_area_km2(zones)
    assert drawn.index.tolist() == list("abcd")
    assert np.isnan(drawn["d"])
    assert drawn["c"] == pytest.approx(slow_m2(zones.geometry["c"]) / 1e6, rel=CLOSE)


def test_drawn_area_wants_a_crs(zones):
    with pytest.raises(PlanError, match="E_CRS_MISSING"):
        drawn_area_km2(zones.set_crs(None, allow_override=True))


def test_a_bow_tie_is_mended_before_it_is_merged():
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    assert union([bow_tie]).area == pytest.approx(0.5)
    sound = shapely.box(0, 0, 1, 1)
    assert mended([sound, None, bow_tie])[0] is sound


# on the equator a parallel is a geodesic: a cut edge stays where it was
SIDE = 0.0001
boxes = st.tuples(
    st.integers(0, 9), st.integers(0, 9), st.integers(1, 4), st.integers(1, 4)
).map(lambda at: np.array([at[0], at[1], at[0] + at[2], at[1] + at[3]]) * SIDE)
boxes = boxes.map(lambda bounds: shapely.box(*bounds))


@given(boxes, boxes)
def test_cutting_loses_no_area(whole, knife):
    pieces = [whole.intersection(knife), whole.difference(knife)]
    assert areas_m2(pieces).sum() == pytest.approx(areas_m2([whole])[0], rel=CLOSE)


@cases(50)
@given(st.lists(boxes | st.none(), max_size=8))
def test_union_is_at_most_the_sum_and_equals_union_all(zones):
    together = covered_km2(zones)
    assert together <= areas_m2(zones).sum() / 1e6 * (1 + CLOSE)
    drawn = [zone for zone in zones if zone is not None]
    slow = slow_m2(shapely.union_all(drawn)) / 1e6 if drawn else 0
    assert together == pytest.approx(slow, rel=CLOSE, abs=NOISE_M2 / 1e6)
