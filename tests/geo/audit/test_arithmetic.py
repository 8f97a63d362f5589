"""Rules over claims: each finds its planted fault and nothing else."""

from math import inf

import pytest

from beltmap.geo.audit.audit import CLAIM_RULES
from beltmap.geo.claims.figures import figures_of
from tests.claimrows import claim, table

GOAL = {"city": "A", "stance": "goal", "year": 2015, "year_basis": "stated"}
FOUND = GOAL | {"stance": "measured"}
NO_CURRENCY = "million (currency not stated)"

SOUND = [
    claim("y06", "firms", 100, **FOUND | {"year": 2006}),
    claim("y06", "large_firms", 20, share_of="y06.firms"),
    claim("y06", "class_1", 8, summand_of="y06.large_firms"),
    claim("y06", "class_2", 12, summand_of="y06.large_firms"),
    claim("goal", "firms", 200, qualifier="at least", **GOAL),
    claim("goal", "turnover", 100, "million USD", **GOAL),
    claim(
        "goal",
        "each",
        0.4,
        "million USD",
        each_of="goal.firms",
        share_of="goal.turnover",
    ),
    claim("actual", "firms", 230, **FOUND),
    claim("zone", "declared_area", 4, "km²"),
    claim("zone", "declared_area", 400, "ha", rival="other", source="paper"),
    claim("zone", "focus", text="software"),
]


def found(*planted, without=()):
    rows = [row for row in SOUND if row["id"] not in without]
    figures = figures_of(table(*rows, *planted))
    return [finding for rule in CLAIM_RULES for finding in rule(figures, {})]


def only(*planted, without=()):
    [finding] = found(*planted, without=without)
    assert finding.say()
    return finding


def test_sound_figures_give_no_finding():
    assert found() == []


def test_part_larger_than_its_whole():
    finding = only(claim("y06", "banks", 101, share_of="y06.firms"))
    assert (finding.rule, finding.severity) == ("part_exceeds_whole", "error")
    assert finding.claims == ("y06.banks", "y06.firms")
    assert "101" in finding.say()


def test_a_part_that_may_be_as_small_as_its_whole_is_no_fault():
    assert (
        found(claim("y06", "banks", 105, qualifier="about", share_of="y06.firms")) == []
    )


def test_part_that_is_nearly_its_whole():
    finding = only(claim("y06", "banks", 91, share_of="y06.firms"))
    assert (finding.rule, finding.severity) == ("part_nearly_whole", "note")
    assert "91 %" in finding.say()
    both = {"counts": "firms with a licence"}
    whole = claim("y06", "shops", 100, **both)
    part = claim("y06", "banks", 91, share_of="y06.shops", **both)
    assert found(whole, part) == []
    year = {"year_basis": "stated"}
    finding = only(whole | year | {"year": 2006}, part | year | {"year": 2005})
    assert finding.rule == "part_of_other_year"
    assert "banks of 2005 is part of shops of 2006" in finding.say()
    assert found(claim("y06", "banks", 89, share_of="y06.firms")) == []


def test_parts_in_another_currency_are_not_compared():
    part = claim("goal", "offshore", 900, "million CNY", share_of="goal.turnover")
    assert found(part) == []


def test_product_larger_than_its_total():
    each = claim(
        "goal",
        "each",
        0.6,
        "million USD",
        each_of="goal.firms",
        share_of="goal.turnover",
    )
    finding = only(each, without={"goal.each"})
    assert (finding.rule, finding.severity) == ("product_exceeds_total", "error")
    assert finding.claims == ("goal.each", "goal.firms", "goal.turnover")
    assert "at least 120 million USD" in finding.say()


def test_money_without_currency_that_cannot_be_in_the_currency_of_its_total():
    ties = {"each_of": "goal.firms", "share_of": "goal.turnover"}
    finding = only(claim("goal", "pay", 45, NO_CURRENCY, **ties))
    assert (finding.rule, finding.severity) == ("currency_contradicts", "warning")
    assert "in USD that would exceed" in finding.say()


def test_money_without_currency():
    finding = only(claim("goal", "pay", 45, NO_CURRENCY))
    assert (finding.rule, finding.claims) == ("currency_not_stated", ("goal.pay",))


@pytest.mark.parametrize("value", [11, 13])
def test_summands_that_do_not_make_their_total(value):
    planted = claim("y06", "class_2", value, summand_of="y06.large_firms")
    finding = only(planted, without={"y06.class_2"})
    assert (finding.rule, finding.severity) == ("sum_differs", "error")
    assert finding.claims == ("y06.large_firms", "y06.class_1", "y06.class_2")


def test_loose_summands_may_make_their_total():
    about = claim("y06", "class_2", 13, qualifier="about", summand_of="y06.large_firms")
    assert found(about, without={"y06.class_2"}) == []


@pytest.mark.parametrize("areas", [(4.4, 10, 5), (1.1, 2.2), (0.7, 0.1)])
def test_decimal_summands_make_their_total(areas):
    total = claim("town", "area", round(sum(areas), 1))
    parts = [
        claim("town", f"part_{area}", area, summand_of="town.area") for area in areas
    ]
    assert found(total, *parts) == []


def test_sources_that_disagree():
    planted = claim("zone", "declared_area", 5, "km²", rival="late", source="news")
    finding = only(planted)
    assert (finding.rule, finding.severity) == ("sources_disagree", "warning")
    assert len(finding.claims) == 3
    assert "4 km² (source doc), 4 km² (source paper), 5 km² (source news)" in (
        finding.say()
    )


def test_figures_of_different_years_do_not_disagree():
    assert found(claim("y06", "firms", 90, rival="late", **FOUND)) == []


def test_a_goal_missed():
    finding = only(claim("actual", "firms", 150, **FOUND), without={"actual.firms"})
    assert (finding.rule, finding.severity) == ("goal_missed", "warning")
    assert finding.claims == ("goal.firms", "actual.firms")
    assert "reached 150 in 2015, 75 % of the goal of at least 200" in finding.say()


@pytest.mark.parametrize("other", [{"year": 2013}, {"city": "B"}])
def test_a_goal_of_another_year_or_city_is_not_missed(other):
    planted = claim("late", "firms", 150, **FOUND | other)
    assert found(planted) == []


def test_a_goal_in_another_currency():
    finding = only(claim("actual", "turnover", 9, "billion CNY", **FOUND))
    assert (finding.rule, finding.severity) == ("goal_not_comparable", "note")


def test_a_goal_without_its_year():
    cells = GOAL | {"year": None, "year_basis": "not stated"}
    finding = only(claim("goal", "schools", 3, **cells))
    assert (finding.rule, finding.severity) == ("year_not_stated", "warning")


def test_figures_whose_year_is_inferred_are_one_finding_a_subject():
    cells = FOUND | {"year_basis": "inferred"}
    finding = only(
        claim("actual", "schools", 3, **cells), claim("actual", "banks", 2, **cells)
    )
    assert (finding.rule, finding.severity) == ("year_inferred", "note")
    assert finding.claims == ("actual.schools", "actual.banks")
    assert "2015" in finding.say()


def test_every_rule_works_on_no_claims():
    assert [list(rule({}, {})) for rule in CLAIM_RULES] == [[]] * len(CLAIM_RULES)


@pytest.mark.parametrize(
    ("qualifier", "low", "high"),
    [
        ("exact", 100, 100),
        ("about", 90, 110),
        ("nearly", 90, 100),
        ("at least", 100, inf),
        ("more than", 100, inf),
        ("above", 100, inf),
        ("range", 100, 140),
    ],
)
def test_a_qualified_number_has_bounds(qualifier, low, high):
    row = claim("a", "b", 100, qualifier=qualifier, value_max=140)
    figure = figures_of(table(row))["a.b"]
    assert (figure.low, figure.high) == (low, high)
