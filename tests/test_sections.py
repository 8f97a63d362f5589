"""Every view's sections, whose words come from the plan alone."""

import numpy as np
import pytest

from geo.query import index_zones, matches
from geo.summary import survey, totals
from layers.sections import audit_sections, plan_sections


@pytest.fixture(scope="module")
def told(plan):
    return {section.key: section for section in plan_sections(plan)}


def audited(plan, unit="km²"):
    mask = np.ones(len(plan.zones), bool)
    found = totals(plan.zones, mask, land=survey(plan.zones))
    return {s.key: s for s in audit_sections(plan, mask, found, unit=unit)}


def test_the_plan_is_told_from_goals_to_other_places(told):
    assert list(told)[:3] == ["goals", "priorities", "comparison"]
    assert "chapter-existing" in told
    for section in told.values():
        assert section.title
        assert len(section.table)


def test_each_figure_of_the_plan_leads_to_its_source(told):
    for section in told.values():
        assert section.table["Source"].notna().all()
        assert section.table["Claim"].notna().all()


def test_a_priority_stands_for_the_zones_that_serve_it(plan, told):
    choices = told["priorities"].choices
    index = index_zones(plan.zones, sectors=plan.sectors["code"])
    served = {key: matches(index, choice).sum() for key, choice in choices.items()}
    assert [key for key, n in served.items() if n == 0] == [
        "qd-priority-3",
        "qd-priority-7",
        "qd-priority-8",
    ]
    assert served["qd-priority-2"] == 1


def test_the_audit_explains_the_sum_against_the_belt(plan):
    (sentence,) = audited(plan)["totals"].notes
    assert "59.4 km²" in sentence
    assert "40 km²" in sentence


def test_areas_follow_the_unit(plan):
    table = audited(plan, unit="mu")["ledger"].table
    assert table.filter(like="Stated").iloc[0, 0] == pytest.approx(60_000)


def test_findings_are_listed_with_their_claims(plan):
    body = audited(plan)["findings"].body
    for part in ("35.6 km²", "398", "currency not stated", "Data backup"):
        assert part in body
