"""The view that a link asks for, and junk in its place."""

import pytest

from beltmap.layers.map.view import View, read_view


def test_a_good_view_is_taken():
    view, dropped = read_view({"lat": ["36.1"], "lon": ["120.4"], "zoom": ["12"]})
    assert (view, dropped) == (View(lat=36.1, lon=120.4, zoom=12), ())


def test_zoom_may_be_left_out_or_between():
    assert read_view({"lat": ["1"], "lon": ["2"]})[0].zoom == 11
    assert read_view({"lat": ["39.9"], "lon": ["116.4"], "zoom": ["5.5"]})[1] == ()


@pytest.mark.parametrize(
    ("query", "dropped"),
    [
        ({"lat": ["nan"], "lon": ["116"]}, ("lat", "lon")),
        ({"lat": ["inf"], "lon": ["-inf"]}, ("lat", "lon")),
        ({"lat": ["91"], "lon": ["181"]}, ("lat", "lon")),
        ({"lat": ["1", "2"], "lon": ["3"]}, ("lat", "lon")),
        ({"lat": ["<b>"], "lon": ["3"]}, ("lat", "lon")),
        ({"zoom": ["999"]}, ("zoom",)),
    ],
)
def test_junk_is_dropped(query, dropped):
    assert read_view(query) == (None, dropped)


def test_no_view_is_no_complaint():
    assert read_view({"city": ["Qingdao"]}) == (None, ())


def test_a_zoom_beyond_the_map_is_brought_to_its_nearest():
    view, dropped = read_view({"lat": ["1"], "lon": ["2"], "zoom": ["999"]})
    assert (view.zoom, dropped) == (18, ("zoom",))
