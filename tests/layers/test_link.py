"""A link keeps what is shown, and what makes no sense in it is named."""

import pytest

from beltmap.geo.plan.selection import filters_for
from beltmap.geo.query.filters import Filters, from_query
from beltmap.layers.link import Link, read_link

CITIES = ("Qingdao", "Dalian")


def read(query):
    return read_link(
        query,
        known={"city": CITIES},
        zones=["qd-belt"],
        views=["map", "plan"],
        language="en",
    )


@pytest.mark.parametrize(
    "link",
    [
        Link(Filters()),
        Link(Filters(city=("Dalian",), text="a&b=c")),
        Link(Filters(least_km2=0.5), zone="qd-belt", view="plan"),
    ],
)
def test_a_link_is_read_as_it_was_written(link):
    assert read(link.to_query("en")) == (link, ())


@pytest.mark.parametrize(
    ("query", "dropped"),
    [
        ({"zone": ["nowhere"]}, ("zone",)),
        ({"view": ["<script>"]}, ("view",)),
        ({"lang": ["tlh"]}, ("lang",)),
        ({"quarter": ["3"]}, ("quarter",)),
        ({"city": ["Atlantis"], "zone": [""]}, ("city",)),
    ],
)
def test_what_makes_no_sense_is_named_and_left_out(query, dropped):
    assert read(query) == (Link(Filters()), dropped)


def test_parameters_of_others_are_no_mistake():
    query = {"embed": ["true"], "embed_options": ["x"], "utm_source": ["letter"]}
    assert read(query) == (Link(Filters()), ())


def test_a_kind_of_earlier_versions_opens_as_what_it_is_now():
    known = {"kind": ["park", "town"]}
    filters, dropped = from_query({"kind": ["base", "park"]}, known=known)
    assert (filters.kind, dropped) == (("park",), ())
    # a plan may have a kind of that name
    filters, dropped = from_query({"kind": ["base"]}, known={"kind": ["base"]})
    assert (filters.kind, dropped) == (("base",), ())


def test_a_kind_of_earlier_versions_may_be_typed_as_well(plan):
    assert filters_for(plan, {"kind": ("base", "town")}).kind == ("park", "town")


@pytest.mark.parametrize(
    ("query", "dropped"),
    [
        ({"opacity": ["60"], "places": ["off"], "hidden": ["town"]}, ()),
        ({"basemap": ["osm"]}, ()),
        ({"basemap": ["moon"], "hidden": ["town", "lake"]}, ("basemap", "hidden")),
        ({"opacity": ["200"], "places": ["<b>"]}, ("opacity", "places")),
        ({"opacity": ["nan"]}, ("opacity",)),
    ],
)
def test_looks_of_the_map_are_left_to_it_and_wrong_ones_are_named(query, dropped):
    known = {"kind": ["town"]}
    more = {"zones": [], "views": ["map"], "language": "en", "basemaps": ["osm"]}
    assert read_link(query, known=known, **more) == (Link(Filters()), dropped)
