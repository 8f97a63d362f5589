"""GCJ-02 and BD-09, against pairs that others have published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from beltmap.geo.geometry.datum import DATUMS, from_wgs84, to_wgs84

GEOD = Geod(ellps="WGS84")
CM = 0.01

# github.com/googollee/eviltransform, python/test.py: lon, lat in WGS 84 and GCJ-02
COMPUTED = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]

# github.com/hujiulong/gcoord, test/fixtures/china-cities.json: what the map
# services themselves answer for Zhumadian, Tai'an, Liaoyang and Shenyang
ANSWERED = [
    ((114.0164322, 33.0133556), (114.022306, 33.0115324), (114.0287781, 33.0176697)),
    ((117.0815563, 36.2000071), (117.0876215, 36.2002574), (117.0941183, 36.2062086)),
    ((123.2312099, 41.2651725), (123.2369518, 41.2672464), (123.2433178, 41.2736074)),
    ((123.4253306, 41.8032629), (123.4314787, 41.8057023), (123.438095, 41.8114013)),
]
SERVICE_NOISE_M = 0.75


def metres(one, other):
    (a, b), (c, d) = np.ravel(one), np.ravel(other)
    return GEOD.inv(a, b, c, d)[2]


@pytest.mark.parametrize(("wgs84", "gcj02"), COMPUTED)
def test_gcj02_is_what_others_compute(wgs84, gcj02):
    assert metres(from_wgs84(np.array([wgs84]), datum="gcj02"), gcj02) < 1e-6


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09"), ANSWERED)
def test_datums_are_what_the_services_answer_but_for_their_noise(wgs84, gcj02, bd09):
    for datum, answer in (("gcj02", gcj02), ("bd09", bd09)):
        moved = from_wgs84(np.array([wgs84]), datum=datum)
        assert metres(moved, answer) < SERVICE_NOISE_M
        assert metres(moved, wgs84) > 300


@pytest.mark.parametrize(("gcj02", "bd09"), [pair[1:] for pair in ANSWERED])
def test_bd09_is_gcj02_shaken(gcj02, bd09):
    # the way from one displaced datum to the other has no noise of a service
    back = to_wgs84(np.array([gcj02]), datum="gcj02")
    assert metres(from_wgs84(back, datum="bd09"), bd09) < CM


@pytest.mark.parametrize("datum", DATUMS)
@given(lon=st.floats(75, 135), lat=st.floats(4, 53))
def test_inverse_is_exact_to_a_centimetre(datum, lon, lat):
    there = from_wgs84(np.array([[lon, lat]]), datum=datum)
    assert metres(to_wgs84(there, datum=datum), (lon, lat)) < CM


def test_points_elsewhere_stay():
    paris = np.array([[2.35, 48.86]])
    assert from_wgs84(paris, datum="gcj02").tolist() == paris.tolist()
    assert to_wgs84(paris, datum="gcj02").tolist() == paris.tolist()


def test_many_points_are_moved_as_one_by_one():
    points = np.random.default_rng(1).uniform((120, 36), (122, 39), (50, 2))
    together = from_wgs84(points, datum="bd09")
    alone = [from_wgs84(point[None], datum="bd09")[0] for point in points]
    assert np.array_equal(together, np.array(alone))


def test_no_points_give_none():
    assert from_wgs84(np.empty((0, 2)), datum="gcj02").shape == (0, 2)
