"""The audit of the shipped plan finds by itself what is known not to fit."""

import pytest

from beltmap.geo.audit.audit import audit
from beltmap.geo.query.ledger import EXACT, area_ledger


@pytest.fixture(scope="module")
def findings(plan):
    return audit(plan.zones, plan.claims, sectors=plan.sectors, places=plan.places)


def by_rule(findings, rule):
    return [finding for finding in findings if finding.rule == rule]


def test_no_finding_is_an_error(findings):
    assert [each.say() for each in findings if each.severity == "error"] == []


def test_large_companies_would_earn_more_than_the_whole_offshore_goal(findings):
    [finding] = by_rule(findings, "currency_misread")
    assert finding.claims[0] == "qd-goal-1.large_offshore_turnover"
    assert "1.35 billion" in finding.say()
    assert "800 million USD" in finding.say()
    assert "Likely reading: 5 million USD" in finding.say()


def test_nearly_all_enterprises_of_the_sector_sit_in_the_parks(findings):
    [parks] = by_rule(findings, "part_nearly_whole")
    assert parks.claims == ("one-base-four-parks.enterprises", "qd-2006.enterprises")
    assert "91.3 %" in parks.say()


def test_both_goals_of_2015_are_missed_by_other_measures(findings):
    assert by_rule(findings, "goal_missed") == []
    said = [finding.say() for finding in by_rule(findings, "goal_measured_otherwise")]
    assert len(said) == 2
    assert "registered executed contract value" in said[0]
    assert "2.42 billion USD in 2015, 60.5 % of the goal of 4 billion USD" in said[0]
    assert "244,000 in 2015, 81.3 % of the goal of more than 300,000" in said[1]


def test_declared_areas_count_the_towns_twice_if_they_lie_in_the_belt(findings):
    [finding] = by_rule(findings, "counted_twice_unknown")
    assert finding.zones[0] == "qd-belt"
    assert set(finding.zones[1:]) == {
        "qd-town-laoshan",
        "qd-town-aoshanwei",
        "qd-town-film",
    }
    assert "between 40 km² and 59.4 km²" in finding.say()
    assert "Animation Town is unknown" in finding.say()


@pytest.mark.parametrize(
    "rule",
    [
        "pattern_incomplete",
        "stated_of_another",
        "year_not_attested",
        "focus_not_stated",
        "sector_without_words",
        "uncertainty_too_small",
        "uncertainty_differs",
        "away_from_anchor",
        "drawn_inside",
        "drawn_on",
        "measure_not_said",
    ],
)
def test_what_the_second_reading_found_is_gone(findings, rule):
    assert [finding.say() for finding in by_rule(findings, rule)] == []


def test_six_priorities_are_named_in_no_focus(findings):
    [finding] = by_rule(findings, "priority_general")
    assert finding.say().startswith("6 of 9 priorities")
    assert len(finding.claims) == 6


def test_two_areas_of_the_high_tech_zone_disagree(findings):
    [finding] = by_rule(findings, "sources_disagree")
    assert finding.zones == ("dl-hitech",)
    assert "153 km²" in finding.say()
    assert "35.6 km²" in finding.say()


def test_three_priorities_have_no_zone(findings):
    served = [finding.claims for finding in by_rule(findings, "priority_unserved")]
    assert served == [(f"qd-priority-{n}.sectors",) for n in (3, 7, 8)]


def test_no_priority_names_training(findings):
    [finding] = by_rule(findings, "sector_unprioritised")
    assert finding.zones == ("qd-belt", "qd-town-aoshanwei")


def test_the_year_of_the_first_horizon_is_only_inferred(findings):
    inferred = by_rule(findings, "year_inferred")
    [goal] = [each for each in inferred if each.claims[0] == "qd-goal-1.business"]
    assert (goal.severity, len(goal.claims)) == ("warning", 11)


def test_drawn_areas_keep_to_a_thousandth_of_the_declared_ones(plan):
    ledger = area_ledger(plan.zones, plan.claims)
    given = ledger[ledger["declared"].notna()]
    assert len(given) == 5
    assert (given["difference_percent"].abs() <= EXACT * 100).all()
    assert set(ledger["verdict"]) == {"exact", "not stated"}
    assert given["claim"].notna().all()
