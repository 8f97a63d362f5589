"""The quick cover equals the plain union, for any choice of zones."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import beltmap.geo.geometry.cover as covers
from beltmap.geo.geometry import pairs
from beltmap.geo.geometry.cover import cover
from beltmap.geo.plan.synthetic import synthetic_zones
from tests.geo.geometry.covering import covered_km2

# small, so that where a geodesic edge is cut makes no difference
SIDE = 0.00002
boxes = st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 4)).map(
    lambda at: shapely.box(
        120 + at[0] * SIDE,
        36 + at[1] * SIDE,
        120 + (at[0] + at[2]) * SIDE,
        36 + 9 * SIDE,
    )
)


@given(st.lists(boxes | st.none(), min_size=1, max_size=9), st.data())
def test_cover_equals_union(zones, data):
    mask = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(zones), max_size=len(zones)))
    )
    chosen = np.array([*zones, None], dtype=object)[:-1][mask]
    expected = covered_km2(shapely.union_all(chosen)) if mask.any() else 0
    assert cover(zones).km2(mask) == pytest.approx(expected, rel=1e-7, abs=1e-12)


def test_union_is_never_more_than_the_sum():
    near = shapely.box(120, 36, 120.02, 36.01)
    prepared = cover([near, near, shapely.box(121, 36, 121.01, 36.01)])
    assert prepared.km2(np.ones(3, bool)) < prepared.areas_km2.sum()


def discs(*places, vertices=64):
    """Draw circles of (lon, lat, radius) in degrees."""
    around = max(1, vertices // 4)
    return np.array(
        [shapely.Point(x, y).buffer(size, quad_segs=around) for x, y, size in places]
    )


HEAP = discs(*((120 + n / 5000, 36 + n % 3 / 5000, 0.001) for n in range(40)))


def equals_the_plain_union(zones):
    chosen = np.arange(len(zones)) % 4 > 0
    prepared = cover(zones)
    expected = covered_km2(shapely.union_all(zones[chosen]))
    assert prepared.km2(chosen) == pytest.approx(expected, rel=1e-7)
    return prepared


def test_zones_within_zones_within_zones():
    nest = discs(*((120, 36, size / 5000) for size in range(1, 9)))
    prepared = equals_the_plain_union(nest)
    assert len(prepared.inner) == 28
    assert not prepared.tangled.any()


def test_many_that_meet_at_one_place():
    prepared = equals_the_plain_union(HEAP)
    assert len(prepared.threes)


@pytest.mark.parametrize(
    ("place", "name"),
    [(pairs, "MOST_WEDGES"), (covers, "MOST_WORK"), (pairs, "MOST_PAIRS")],
)
def test_beyond_every_bound_zones_are_merged(monkeypatch, place, name):
    monkeypatch.setattr(place, name, 0)
    monkeypatch.setattr(pairs, "FEWEST_PAIRS", 0)
    assert equals_the_plain_union(HEAP).tangled.all()


def test_a_heap_of_zones_is_not_taken_apart_in_pairs():
    """A thousand on one spot are half a million pairs, and one merging."""
    heap = np.repeat(discs((120, 36, 0.001)), 1_000)
    prepared = cover(heap)
    assert prepared.tangled.all()
    assert prepared.km2(np.ones(1_000, bool)) == pytest.approx(
        covered_km2(heap[:1]), rel=1e-9
    )


def test_a_zone_of_a_million_vertices_is_no_partner_for_many():
    zones = synthetic_zones(500, sectors=["software"]).geometry.to_numpy()
    coast = discs((121, 37.5, 1.2), vertices=1_000_000)
    prepared = cover(np.append(zones, coast))
    assert len(prepared.inner) > 50
    assert prepared.tangled[-1]
    assert prepared.km2(np.ones(501, bool)) > covered_km2(coast)
