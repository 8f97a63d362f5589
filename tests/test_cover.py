"""The quick cover equals the plain union, for any choice of zones."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.geometry.area import union_area_km2
from geo.geometry.cover import cover

# small, so that where a geodesic edge is cut makes no difference
SIDE = 0.0001
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
    expected = union_area_km2(shapely.union_all(chosen)) if mask.any() else 0
    assert cover(zones).km2(mask) == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_union_is_never_more_than_the_sum():
    near = shapely.box(120, 36, 120.02, 36.01)
    prepared = cover([near, near, shapely.box(121, 36, 121.01, 36.01)])
    assert prepared.km2(np.ones(3, bool)) < prepared.areas_km2.sum()
