"""Links of the table: read as plain text, whatever they say."""

import csv
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from beltmap.geo.query.filters import Filters, from_query
from beltmap.geo.query.matches import index_zones, matches

with (Path(__file__).parent / "cases.csv").open(encoding="utf-8") as table:
    LINKS = {
        row["id"]: row["recipe"].removeprefix("open /?")
        for row in csv.DictReader(table)
        if row["kind"] == "query"
    }


def filters_of(identity, index):
    query = parse_qs(LINKS[identity], keep_blank_values=True)
    return from_query(query, known=index.known)


@pytest.fixture(scope="module")
def index(plan):
    return index_zones(plan.zones, sectors=plan.sectors["code"])


@pytest.mark.parametrize("identity", sorted(LINKS))
def test_a_link_never_breaks_the_query(identity, index):
    filters, _ = filters_of(identity, index)
    assert len(matches(index, filters)) == len(index.area_km2)


@pytest.mark.parametrize("identity", ["Q14", "Q21"])
def test_a_search_is_plain_text(identity, index):
    filters, _ = filters_of(identity, index)
    assert filters.text
    assert not matches(index, filters).any()


def test_a_bracket_is_searched_as_a_bracket(index):
    filters, _ = filters_of("Q25", index)
    found = matches(index, filters)
    assert found.tolist() == [filters.text in words for words in index.words]


@pytest.mark.parametrize("identity", ["Q15", "Q27"])
def test_what_is_no_filter_filters_nothing(identity, index):
    assert filters_of(identity, index)[0] == Filters()


def test_text_of_any_script_survives_a_link(index):
    filters, _ = filters_of("Q24", index)
    assert filters.text == "🏙"
    assert filters.to_query() == {"q": ["🏙"]}
