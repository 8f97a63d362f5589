"""Goals, base year and outcomes set side by side, and two cities too."""

import pytest

from beltmap.geo.audit.comparison import COMPARISON_COLUMNS, comparison
from beltmap.geo.audit.progress import PROGRESS_COLUMNS, progress
from tests.claimrows import claim, table

MEASURED = {"city": "A", "stance": "measured", "year_basis": "stated"}
GOAL = {"city": "A", "stance": "goal", "year_basis": "stated"}


@pytest.fixture(scope="module")
def way(plan):
    return progress(plan.claims, city="Qingdao").set_index("claim")


def test_offshore_business_from_base_to_goals_in_one_unit(way):
    rows = way[way["attribute"] == "offshore_business"]
    assert set(rows["unit"]) == {"billion USD"}
    assert rows["value"].tolist() == [0.016, 0.8, 4.0, 1.63, 2.42]
    assert rows["share"].round(4).tolist() == [0.004, 0.2, 1.0, 0.4075, 0.605]
    assert rows["role"].tolist() == ["base", "goal", "goal", "outcome", "outcome"]
    assert rows["horizon"].tolist() == [0, 1, 2, 0, 0]


def test_money_of_two_currencies_is_never_compared(way):
    business = way[way["attribute"] == "business"]
    in_cny = business[business["measure"] == "CNY"]
    assert in_cny["value"].tolist() == [40, 120]
    in_usd = business[business["measure"] == "USD"]
    assert in_usd["value"].tolist() == [1.71, 2.99]
    assert in_usd["share"].isna().all()
    assert (way.groupby(["attribute", "measure"])["unit"].nunique() == 1).all()


def test_the_base_is_the_group_nearest_to_the_goals(way):
    base = way[way["role"] == "base"]
    assert all(name.startswith("qd-2006-outsourcing.") for name in base.index)
    assert base.loc["qd-2006-outsourcing.employees", "share"] == 0.005


def test_rivals_averages_and_durations_are_left_out(way):
    assert "qd-goal-2.business.tv" not in way.index
    assert not way["attribute"].str.contains("turnover|size|horizon").any()


def test_a_single_goal_is_its_own_measure(way):
    assert way.loc["qd-goal-1.demonstration_bases", "share"] == 1


def test_the_last_goal_counts_whatever_the_order_of_claims():
    claims = table(
        claim("late", "jobs", 200, year=2015, **GOAL),
        claim("early", "jobs", 100, year=2010, **GOAL),
        claim("now", "jobs", 50, year=2005, **MEASURED),
        claim("then", "jobs", 150, year=2012, **MEASURED),
    )
    rows = progress(claims, city="A")
    assert rows["value"].tolist() == [50, 100, 200, 150]
    assert rows["share"].tolist() == [0.25, 0.5, 1.0, 0.75]


def test_without_goals_there_is_no_progress(plan):
    for claims in (table(), table(claim("now", "jobs", 5, year=2005, **MEASURED))):
        rows = progress(claims, city="A")
        assert (len(rows), tuple(rows.columns)) == (0, PROGRESS_COLUMNS)
    assert len(progress(plan.claims, city="Atlantis")) == 0


def test_goals_without_a_base_year_stand_alone(plan):
    rows = progress(plan.claims, city="Dalian")
    assert rows["role"].unique().tolist() == ["goal"]
    assert rows["year"].isna().tolist() == [False, True]


def test_two_cities_are_compared_by_indicator(plan):
    rows = comparison(plan.claims).set_index("claim")
    assert rows.loc["dl-2010.enterprises", "share"] == 1
    assert rows.loc["qd-2006.enterprises", "share"] == pytest.approx(436 / 941)
    exports = rows[rows["indicator"] == "exports"]
    assert exports["value"].tolist() == [0.19, 0.016, 1.8]
    assert set(exports["unit"]) == {"billion USD"}


def test_revenue_in_two_currencies_stands_side_by_side_without_a_share(plan):
    rows = comparison(plan.claims)
    revenue = rows[rows["indicator"] == "revenue"]
    assert revenue["unit"].tolist() == ["billion CNY", "billion USD"]
    assert revenue["share"].isna().all()
    assert rows.loc[rows["indicator"] != "revenue", "share"].notna().all()


def test_only_base_years_and_no_single_pattern_are_compared(plan):
    rows = comparison(plan.claims)
    assert not rows["claim"].str.contains("actual|four-parks").any()


def test_one_city_is_not_compared(plan):
    qingdao = plan.claims[plan.claims["city"] == "Qingdao"]
    for claims in (qingdao, table()):
        rows = comparison(claims)
        assert (len(rows), tuple(rows.columns)) == (0, COMPARISON_COLUMNS)
