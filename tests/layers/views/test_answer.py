"""The sentence at the head of the page: a range of land, disputes, the unknown."""

from dataclasses import replace

import pytest

from beltmap.geo.language.messages import speaking
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.report.findings import findings
from beltmap.layers import prepared
from beltmap.layers.views.answer import FINDING, FINDINGS, LEDGER, answer, stated_land
from beltmap.layers.views.html import Part
from beltmap.layers.views.html import answer as written
from tests.layers.views.test_html import HOSTILE, Reader


@pytest.fixture(scope="module")
def found(plan):
    return findings(plan)


def parts(plan, found, **filters):
    selection = Selection(plan, Filters(**filters))
    return answer(selection, selection.summary, found)


def test_all_zones_take_between_the_belt_alone_and_the_sum(plan, found):
    land, published, *unknown = parts(plan, found, city=("Qingdao",))[:3]
    assert "between 40 and 59.4 km²" in land.words
    assert "Software and Service Outsourcing Belt" in land.words
    assert land.leads_to.startswith(f"{FINDING}counted_twice_unknown qd-belt")
    assert land.leads_to.removeprefix(FINDING) in {one.name for one in found}
    assert "place of one zone" in published.words
    assert published.leads_to == land.leads_to
    assert [one.words for one in unknown] == ["the area of 6 zones is not known"]


def test_what_is_disputed_leads_to_its_finding(plan, found):
    said = parts(plan, found, city=("Dalian",))
    assert [one.words for one in said] == [
        "The 2 chosen zones: no area stated in the plan",
        "153 km² more stated by other sources only",
        "disputed: area of Dalian High-tech Industrial Zone, 153 km² or 35.6 km²",
        "the place of one zone is not known",
        "the area of one zone is not known",
    ]
    assert said[2].leads_to.startswith(f"{FINDING}sources_disagree dl-hitech")
    assert said[0].leads_to == said[4].leads_to == LEDGER


def test_the_range_is_of_the_chosen_zones_alone(plan, found):
    def land(**filters):
        return stated_land(Selection(plan, Filters(**filters)), found)

    towns = land(kind=("town",))
    assert (towns.least_km2, towns.most_km2) == pytest.approx((19.4, 19.4))
    assert towns.why is None
    both = land(kind=("belt", "town"), text="aoshanwei")
    assert both.why is None
    large = land(city=("Qingdao",), least_km2=6.0)
    assert (large.least_km2, large.most_km2) == pytest.approx((40.0, 50.0))


def test_a_part_of_a_chosen_whole_is_counted_once(plan, found):
    zones = plan.zones.copy()
    zones.loc[zones["id"] == "qd-town-aoshanwei", "part_of"] = "qd-belt"
    land = stated_land(Selection(replace(plan, zones=zones)), found)
    assert (land.least_km2, land.most_km2) == pytest.approx((40.0, 49.4))


def test_nothing_is_said_of_no_zones(plan, found):
    assert parts(plan, found, text="no such zone") == ()
    assert Reader(written(())).words == ""


def test_it_is_said_in_chinese(plan, found):
    with speaking("zh"):
        said = "".join(one.words for one in parts(plan, found))
    assert "占地在40至59.4平方公里之间" in said
    assert "153平方公里或35.6平方公里" in said


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_text(words):
    seen = Reader(written([Part(words, words)]))
    assert words in seen.words
    assert seen.tags == ["p", "a"]


def test_a_large_plan_is_not_audited_for_a_sentence(plan, monkeypatch):
    monkeypatch.setattr(prepared, "MOST_ANSWERED", 11)
    opened = prepared.Prepared(plan)
    *said, last = opened.answer(Filters())
    assert said[0].words == "All 12 zones: 59.4 km² of land stated in the plan"
    assert last.leads_to == FINDINGS
    assert "audit" not in opened.answers
