"""The plan view's tables say what was claimed, and lead to its source."""

from dataclasses import replace

import pytest

from beltmap.geo.claims.chapters import chapters
from beltmap.geo.report.goals import (
    MOST_ZONES,
    ORIGIN,
    comparison_in_words,
    matrix_in_words,
    not_compared,
    priorities_in_words,
    progress_in_words,
)
from beltmap.geo.report.headers import headed
from beltmap.geo.report.statements import statements


@pytest.fixture(scope="module")
def way(plan):
    return progress_in_words(plan)


def test_every_figure_leads_to_its_source(plan, way):
    titles = set(plan.sources["title"])
    for told in (way, comparison_in_words(plan)):
        assert set(told["claim"]) <= set(plan.claims["id"])
        assert set(told["source"]) <= titles
        assert (told["method"].str.len() > 0).all()
        assert set(ORIGIN) <= set(told.columns)


def test_the_year_of_a_goal_is_said_with_its_basis(way):
    steps = way[way["role"] == "goal"].groupby("horizon")["step"].unique()
    assert steps[1].tolist() == ["Goal 1: 2010 (inferred)"]
    assert steps[2].tolist() == ["Goal 2: 2015 (partly inferred)"]
    said = way.set_index("claim")
    assert said.loc["qd-2006-outsourcing.employees", "year"] == "2006 (inferred)"
    assert said.loc["qd-2006-outsourcing.employees", "step"] == "Base year 2006"
    assert said.loc["qd-2006-outsourcing.employees", "said"] == "about 1,500"


def test_a_currency_is_named_where_there_are_two(way):
    labels = set(way["label"])
    assert "Service outsourcing business (CNY)" in labels
    assert "Service outsourcing business (USD)" in labels
    assert "Offshore business" in labels


def test_what_cannot_be_compared_is_said(way):
    business, enterprises, *others = not_compared(way)
    assert "1.71 billion USD (2013), 2.99 billion USD (2015)" in business
    assert "not converted" in business
    assert "no goal names it" in enterprises
    assert "222 (2010 (inferred)), 547 (2013), 944 (2015 (inferred))" in enterprises
    assert len(others) == 2


def test_two_cities_name_whose_figure_it_is(plan):
    told = comparison_in_words(plan)
    assert set(told["series"]) == {
        "Qingdao 2006, software and information services",
        "Qingdao 2006, software outsourcing",
        "Dalian 2010",
    }
    assert told["label"].unique().tolist()[0] == "Enterprises"


def test_priorities_name_zones_or_say_that_there_is_none(plan):
    told = priorities_in_words(plan).set_index("priority")
    assert told.loc["qd-priority-7", "zones"] == "No zone"
    assert told["served"].eq(0).sum() == 3
    assert told.loc["qd-priority-5", "zones"] == "Modern Logistics Information Park"
    assert told.loc["qd-priority-9", "sectors"].startswith("Call centre, Business")
    assert told.loc["qd-priority-9", "place"] == "Developmental priorities, item 9"
    assert told.loc["qd-priority-9", "title"] == "Customer service call centre"


def test_the_matrix_marks_served_and_unserved_priorities(plan):
    cells = matrix_in_words(plan)
    assert len(cells) == 9 * 11
    none = cells[cells["state"] == "none"]
    assert set(none["priority"]) == {f"qd-priority-{n}" for n in (3, 7, 8)}
    assert set(none["zone"]) == {"No zone"}
    served = cells[cells["state"] == "served"]
    assert (served["sectors"].str.len() > 0).all()
    general = cells[cells["state"] == "general"]
    assert len(served) + len(general) == priorities_in_words(plan)["served"].sum()
    assert set(served["priority"]) == {f"qd-priority-{n}" for n in (1, 2, 5)}
    unnamed = set(general["priority"]) - set(served["priority"])
    assert unnamed == {f"qd-priority-{n}" for n in (4, 6, 9)}


def test_bars_whose_measures_differ_say_so(plan):
    told = comparison_in_words(plan)
    shares = told[told["label"] == "Japan's share, as worded"]
    assert shares["agreement"].eq("differ").all()
    assert "not clear as worded" in set(shares["counts"])


def test_the_matrix_of_a_large_plan_keeps_the_zones_that_serve(plan):
    import pandas as pd

    idle = plan.zones[plan.zones["id"] == "qd-park-haier"]
    many = [idle.assign(id=f"z{n}", sectors=None) for n in range(2 * MOST_ZONES)]
    large = replace(plan, zones=pd.concat([*many, plan.zones], ignore_index=True))
    cells = matrix_in_words(large)
    assert cells["zone"].nunique() == MOST_ZONES + 1
    assert "Modern Logistics Information Park" in set(cells["zone"])


def test_headers_are_words_and_missing_columns_are_left_out(plan):
    existing = chapters(plan.claims)["existing"]
    table = headed(statements(plan, existing), ("subject", "said", "share", "claim"))
    assert table.columns.tolist() == ["About", "Figure", "Claim"]
    assert len(table) == len(existing)


def test_a_plan_without_claims_has_empty_tables(plan):
    bare = replace(plan, claims=plan.claims.iloc[:0])
    for told in (
        progress_in_words,
        comparison_in_words,
        priorities_in_words,
        matrix_in_words,
    ):
        assert told(bare).empty
    assert not_compared(progress_in_words(bare)) == []
