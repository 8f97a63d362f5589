"""Filters, facets and links."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmap.geo.query.filters import FACETS, LONGEST_TEXT, Filters, from_query
from beltmap.geo.query.matches import facet, fold, index_zones, matches

SECTORS = ("software", "ITO", "BPO", "logistics")


@pytest.fixture
def index(zones):
    return index_zones(zones, sectors=SECTORS)


def rows(mask):
    return np.flatnonzero(mask).tolist()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), [0, 1, 2, 3]),
        (Filters(city=("Qingdao",)), [0, 1]),
        (Filters(kind=("belt", "park")), [0, 2, 3]),
        (Filters(sectors=("BPO",)), [0, 1]),
        (Filters(sectors=("BPO", "logistics")), [0, 1, 2]),
        (Filters(sectors=("ITO",)), []),
        (Filters(sectors=("BPO",), kind=("town",)), [1]),
        (Filters(boundary=("not located",)), [3]),
        (Filters(least_km2=1.24), [0, 1]),
        (Filters(most_km2=1.24), [2]),
        (Filters(least_km2=5.0, most_km2=5.0), [0]),
        (Filters(text="park"), [2, 3]),
        (Filters(text="PORT  park"), [2]),
        (Filters(text="物流"), [2]),
        (Filters(text="lushun"), [1]),
        (Filters(text="("), []),
        (Filters(text="' OR 1=1--"), []),
    ],
)
def test_filters_choose(index, filters, expected):
    assert rows(matches(index, filters)) == expected


def test_facet_counts_under_the_other_filters(index):
    table = facet(index, Filters(kind=("town",), sectors=("logistics",)), "sectors")
    assert table["zones"].to_dict() == {
        "software": 0,
        "ITO": 0,
        "BPO": 1,
        "logistics": 0,
    }
    assert table.loc["BPO", "drawn_km2"] == pytest.approx(1.23)
    assert table.loc["ITO", "drawn_km2"] == 0


def test_facet_equals_what_choosing_the_value_gives(index):
    base = Filters(city=("Qingdao", "Dalian"), least_km2=1.0)
    for column in FACETS:
        for value, count in facet(index, base, column)["zones"].items():
            chosen = matches(index, replace(base, **{column: (value,)}))
            assert chosen.sum() == count, (column, value)


choices = {f: st.sets(st.sampled_from(["Qingdao", "belt", "BPO", "x"])) for f in FACETS}


@given(
    st.builds(
        Filters,
        **{f: s.map(tuple) for f, s in choices.items()},
        least_km2=st.none() | st.floats(0, 1e6),
        text=st.text(max_size=20),
    )
)
def test_link_gives_the_filters_back(filters):
    known = {f: ["Qingdao", "belt", "BPO", "x"] for f in FACETS}
    link = filters.to_query()
    again, dropped = from_query(link, known=known)
    assert not dropped
    assert replace(again, least_km2=None) == replace(filters, least_km2=None)
    assert again.least_km2 == (
        None
        if filters.least_km2 is None
        else pytest.approx(filters.least_km2, rel=1e-5)
    )


@pytest.mark.parametrize(
    ("query", "dropped"),
    [
        ({"city": ["Atlantis"]}, ("city",)),
        ({"sectors": ["BPO", "<script>"]}, ("sectors",)),
        ({"least": ["nan"]}, ("least",)),
        ({"most": ["-1"]}, ("most",)),
        ({"most": ["inf"]}, ("most",)),
        ({"least": ["1", "2"]}, ("least",)),
        ({"least": ["5"], "most": ["1"]}, ("least",)),
        ({"utm_source": ["x"], "q": ["a" * 9999]}, ()),
    ],
)
def test_junk_in_a_link_is_dropped(index, query, dropped):
    filters, names = from_query(query, known=index.known)
    assert names == dropped
    assert len(filters.text) <= LONGEST_TEXT


def test_a_filter_only_removes(plan):
    index = index_zones(plan.zones, sectors=plan.sectors["code"])
    for column in FACETS:
        for value in index.known[column]:
            fewer = (
                Filters(city=("Qingdao",), **{column: (value,)})
                if (column != "city")
                else Filters(city=(value,))
            )
            wider = replace(fewer, **{column: ()})
            assert not (matches(index, fewer) & ~matches(index, wider)).any()


def test_fold_ignores_case_accents_and_width():
    assert fold("ＬǙSHÙN") == "lushun"
