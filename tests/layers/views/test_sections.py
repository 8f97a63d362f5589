"""Every view's sections, whose words come from the plan alone."""

import pytest

from beltmap.geo.language.messages import speaking
from beltmap.geo.query.matches import matches
from beltmap.layers.views.sections import audit_sections, plan_sections
from tests.choosing import choose


@pytest.fixture(scope="module")
def told(plan):
    return {section.key: section for section in plan_sections(plan)}


def audited(plan, unit="km²"):
    return {s.key: s for s in audit_sections(choose(plan), unit=unit)}


def test_the_plan_is_told_from_goals_to_other_places(told):
    assert list(told)[:3] == ["goals", "priorities", "comparison"]
    assert "chapter-existing" in told
    for section in told.values():
        assert section.title
        assert len(section.table)


def test_each_figure_of_the_plan_leads_to_its_source(told):
    for section in told.values():
        assert section.table["Source"].notna().all()
        assert section.key == "sources" or section.table["Claim"].notna().all()


def test_a_document_whose_address_was_not_found_says_so(plan, told):
    table = told["sources"].table
    unfound = plan.sources["url"].isna() & plan.sources["date"].notna()
    assert unfound.sum() == 3
    assert (table.loc[unfound, "Address"] == "address not found").all()
    assert table.loc[~unfound, "Address"].ne("address not found").all()
    assert table["Publisher"].ne("").all()


def test_a_priority_stands_for_the_zones_that_serve_it(plan, told):
    choices = told["priorities"].choices
    served = {key: matches(plan.index, choice).sum() for key, choice in choices.items()}
    assert [key for key, n in served.items() if n == 0] == [
        "qd-priority-3",
        "qd-priority-7",
        "qd-priority-8",
    ]
    assert served["qd-priority-5"] == 1


def test_the_audit_explains_the_sum_against_the_belt(plan):
    sentence, lost = audited(plan)["totals"].notes
    assert "59.4 km²" in sentence
    assert "40 km²" in sentence
    assert "Place unknown" in lost


def test_areas_follow_the_unit(plan):
    table = audited(plan, unit="mu")["ledger"].table
    assert table.filter(like="Stated").iloc[0, 0] == pytest.approx(60_000)


def test_findings_are_listed_with_their_claims(plan):
    body = audited(plan)["findings"].body
    for part in ("35.6 km²", "398", "currency not stated", "Data backup"):
        assert part in body


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_columns_of_a_table_share_a_heading(plan, language):
    with speaking(language):
        sections = [*plan_sections(plan), *audited(plan).values()]
    for section in sections:
        if section.table is not None:
            assert section.table.columns.is_unique, section.key
