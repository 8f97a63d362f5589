"""Grown shapes have the area asked for, stay on land, or are refused."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.geometry.grow import TOLERANCE, grow, reach_m, spread

SHORE = shapely.box(120, 36, 121, 37)
INLAND = shapely.Point(120.5, 36.5)
AT_THE_SHORE = shapely.Point(120.001, 36.5)
AXIS = shapely.LineString([(120.4, 36.4), (120.5, 36.5), (120.6, 36.45)])


def km2(shape):
    return areas_m2([shape])[0] / 1e6


@pytest.mark.parametrize("area_km2", [0.5, 7.5, 153])
@pytest.mark.parametrize("seed", [INLAND, AT_THE_SHORE, AXIS])
def test_a_shape_has_its_area_and_stays_on_land(seed, area_km2):
    shape = grow(seed, area_km2=area_km2, land=SHORE)
    thin = seed is AXIS and area_km2 < 1
    assert km2(shape) == pytest.approx(area_km2, rel=2e-4 if thin else TOLERANCE)
    assert shape.is_valid
    assert shape.difference(SHORE.buffer(1e-7)).is_empty
    assert shape.buffer(1e-7).covers(seed)


@pytest.mark.parametrize("seed", [INLAND, AXIS])
def test_a_tiny_shape_is_right_to_a_centimetre_along_its_outline(seed):
    shape = grow(seed, area_km2=0.01, land=SHORE)
    outline_m = Geod(ellps="WGS84").geometry_length(shape.boundary)
    assert abs(km2(shape) - 0.01) * 1e6 < 0.01 * outline_m


def test_rounding_is_nudged_away():
    shape = grow(AT_THE_SHORE, area_km2=0.05, land=SHORE)
    assert km2(shape) == pytest.approx(0.05, rel=TOLERANCE)


def test_coordinates_have_seven_decimals():
    xy = shapely.get_coordinates(grow(INLAND, area_km2=4, land=SHORE))
    assert np.abs(xy - np.round(xy, 7)).max() < 1e-12


def test_inland_a_shape_is_round():
    reach = reach_m(INLAND, area_km2=np.pi, land=SHORE)
    # a polygon of 64 corners within the circle must reach a little further
    assert reach == pytest.approx(
        1000 * np.sqrt(np.pi / (32 * np.sin(np.pi / 32))), rel=1e-5
    )


def test_at_the_shore_a_shape_reaches_further():
    wide = reach_m(AT_THE_SHORE, area_km2=4, land=SHORE)
    assert wide > 1.3 * reach_m(INLAND, area_km2=4, land=SHORE)


def test_water_within_reach_is_left_out():
    lake = INLAND.buffer(0.02).difference(INLAND.buffer(0.005))
    shape = grow(INLAND, area_km2=20, land=SHORE.difference(lake))
    assert km2(shape) == pytest.approx(20, rel=TOLERANCE)
    assert shape.intersection(lake.buffer(-1e-6)).area == 0


def test_all_land_within_the_distance_is_taken():
    shape = spread(INLAND, distance_m=3000, land=SHORE)
    assert spread(INLAND, distance_m=2900, land=SHORE).within(shape)
    assert spread(shapely.Point(0, 0), distance_m=3000, land=SHORE).is_empty


def test_the_same_request_gives_the_same_shape():
    again = [grow(AXIS, area_km2=5, land=SHORE) for _ in range(2)]
    assert again[0].wkb == again[1].wkb


@pytest.mark.parametrize(
    ("seed", "area_km2", "codes"),
    [
        (INLAND, 0, ["E_AREA_NOT_POSITIVE"]),
        (INLAND, -4, ["E_AREA_NOT_POSITIVE"]),
        (INLAND, float("nan"), ["E_AREA_NOT_POSITIVE"]),
        (INLAND, float("inf"), ["E_AREA_NOT_POSITIVE"]),
        (shapely.Point(36.5, 120.5), 1, ["E_SEED_OFF_LAND"]),
        (shapely.Point(), 1, ["E_SEED_OFF_LAND"]),
        (shapely.Point(0, 0), 0, ["E_AREA_NOT_POSITIVE", "E_SEED_OFF_LAND"]),
        (INLAND, 12_000, ["E_TOO_LITTLE_LAND"]),
    ],
)
def test_each_impossible_request_is_refused(seed, area_km2, codes):
    with pytest.raises(PlanError) as refused:
        grow(seed, area_km2=area_km2, land=SHORE)
    assert [fault.code for fault in refused.value.faults] == codes
    assert all(fault.hint for fault in refused.value.faults)


def test_land_too_far_away_is_no_land():
    island = shapely.box(120, 36, 120.1, 36.1)
    far = shapely.MultiPolygon([island, shapely.box(150, 36, 151, 37)])
    with pytest.raises(PlanError, match="E_TOO_LITTLE_LAND"):
        grow(shapely.Point(120.05, 36.05), area_km2=500, land=far)


def test_what_meets_a_grown_shape_is_not_rounded():
    shape = grow(INLAND, area_km2=4, land=SHORE)
    east = 120.500000001234
    half = shape.intersection(shapely.box(120, 36, east, 37))
    assert half.bounds[2] == east
