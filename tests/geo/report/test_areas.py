"""Ledger, overlaps and totals as a reader sees them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from beltmap.geo.report.areas import (
    MOST_ACROSS,
    ledger_table,
    overlap_square,
    overlap_table,
    verdict_words,
    zone_labels,
)
from beltmap.geo.report.headers import headed
from tests.choosing import choose


@pytest.fixture(scope="module")
def everything(plan):
    return choose(plan)


@pytest.fixture(scope="module")
def nothing(plan):
    return choose(plan, kind=("nowhere",))


def test_the_ledger_says_area_basis_verdict_and_source(everything):
    table = ledger_table(everything).set_index("zone")
    belt = table.loc["Software and Service Outsourcing Belt"]
    assert belt["declared"] == 40
    assert (belt["basis"], belt["verdict"]) == ("stated in the plan", "exact")
    assert belt["source"].startswith("Qingdao service outsourcing")
    assert belt["document"] == "Q"
    assert (belt["place"], belt["method"]) == ("One belt", "stated")
    zone = table.loc["Dalian High-tech Industrial Zone"]
    assert zone["basis"] == "from other sources"
    assert zone["claim"] == "dl-hitech.declared_area"
    park = table.loc["Planned software park in the high-tech zone"]
    assert (park["basis"], park["verdict"]) == ("not drawn", "not stated")
    assert set(table["basis"]) == {
        "stated in the plan",
        "from other sources",
        "placeholder",
        "not drawn",
    }
    assert verdict_words("off") == "differs"


@pytest.mark.parametrize(
    ("qualifier", "most", "words"),
    [
        ("at least", None, "stated in the plan: at least 40 km²"),
        ("range", 50.0, "stated in the plan: 40 to 50 km²"),
        ("exact", None, "stated in the plan"),
    ],
)
def test_the_ledger_says_how_a_figure_is_meant(plan, qualifier, most, words):
    claims = plan.claims.copy()
    belt = claims["id"] == "qd-belt.declared_area"
    assert belt.sum() == 1
    claims.loc[belt, ["qualifier", "value_max"]] = [qualifier, most]
    table = ledger_table(choose(replace(plan, claims=claims))).set_index("zone")
    assert table.loc["Software and Service Outsourcing Belt", "basis"] == words


@pytest.mark.parametrize(("unit", "head", "area"), [
    ("ha", "Stated (ha)", 440), ("mu", "Stated (mu (亩))", 6600),
])  # fmt: skip
def test_units_are_named_and_followed(everything, unit, head, area):
    ledger = ledger_table(everything, unit=unit)
    table = headed(ledger, ("zone", "declared"), unit=unit).set_index("Zone")
    assert table.loc["Qingdao Laoshan Service Outsourcing Town", head] == area


def test_the_ledger_follows_the_choice_and_keeps_its_rows(plan):
    mask = (plan.zones["kind"] == "town").to_numpy()
    table = ledger_table(choose(plan, kind=("town",)))
    assert table.index.tolist() == np.flatnonzero(mask).tolist()


def test_the_largest_overlap_comes_first_with_its_shares(everything, nothing):
    table = overlap_table(everything)
    assert table["overlap"].is_monotonic_decreasing
    belt = table[table["a_id"] == "qd-belt"].set_index("b")
    assert belt.loc["Business Process Outsourcing Park", "percent_of_b"] == 100
    assert overlap_table(nothing).empty


def test_the_square_is_symmetric_and_leaves_out_who_overlaps_nobody(
    everything, nothing
):
    square = overlap_square(everything)
    assert square.equals(square.T)
    assert "Haier Information Industrial Park" not in square.index
    assert square.iloc[0, 0] == pytest.approx(40, abs=0.05)
    assert overlap_square(nothing).empty


def test_a_large_square_is_cut(plan):
    belt = plan.zones.iloc[[0]]
    many = [belt.assign(id=f"z{n}") for n in range(MOST_ACROSS + 30)]
    zones = pd.concat(many, ignore_index=True)
    square = overlap_square(choose(replace(plan, zones=zones)))
    assert 0 < len(square) <= MOST_ACROSS
    assert square.index.is_unique


def test_zones_of_one_name_are_told_apart():
    names = {"name_en": ["X", "X", None], "name_zh": [None] * 3}
    twice = pd.DataFrame({"id": ["a", "b", "c"], **names}, dtype=object)
    assert zone_labels(twice) == ["X (a)", "X (b)", "c"]
