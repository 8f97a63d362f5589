"""Ledger, overlaps and totals as a reader sees them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from layers.ledger import (
    MOST_ACROSS,
    ledger_table,
    overlap_square,
    overlap_table,
    zone_labels,
)


@pytest.fixture(scope="module")
def everything(plan):
    return np.ones(len(plan.zones), bool)


def test_the_ledger_says_area_basis_verdict_and_source(plan, everything):
    table = ledger_table(plan, everything).set_index("Zone")
    belt = table.loc["Software and Service Outsourcing Belt"]
    assert belt["Stated (km²)"] == 40
    assert (belt["Basis"], belt["Verdict"]) == ("declared", "exact")
    assert belt["Source"].startswith("Qingdao service outsourcing")
    assert (belt["Place in it"], belt["How known"]) == ("One belt", "stated")
    zone = table.loc["Dalian High-tech Industrial Zone"]
    assert zone["Basis"] == "published elsewhere"
    assert zone["Claim"] == "dl-hitech.declared_area"
    park = table.loc["Planned software park in the high-tech zone"]
    assert (park["Basis"], park["Verdict"]) == ("not drawn", "not stated")


@pytest.mark.parametrize(("unit", "head", "area"), [
    ("ha", "Stated (ha)", 440), ("mu", "Stated (mu (亩))", 6600),
])  # fmt: skip
def test_units_are_named_and_followed(plan, everything, unit, head, area):
    table = ledger_table(plan, everything, unit=unit).set_index("Zone")
    assert table.loc["Qingdao Laoshan Service Outsourcing Town", head] == area


def test_the_ledger_follows_the_choice_and_keeps_its_rows(plan):
    mask = (plan.zones["kind"] == "town").to_numpy()
    table = ledger_table(plan, mask)
    assert table.index.tolist() == np.flatnonzero(mask).tolist()


def test_the_largest_overlap_comes_first_with_its_shares(plan, everything):
    table = overlap_table(plan, everything)
    assert table["Shared land (km²)"].is_monotonic_decreasing
    belt = table[table["Zone"].str.endswith("Belt")].set_index("Overlaps")
    assert belt.loc["Business Process Outsourcing Park", "% of the other"] == 100
    assert overlap_table(plan, ~everything).empty


def test_the_square_is_symmetric_and_leaves_out_who_overlaps_nobody(plan, everything):
    square = overlap_square(plan, everything)
    assert square.equals(square.T)
    assert "Haier Information Industrial Park" not in square.index
    assert square.iloc[0, 0] == pytest.approx(40, abs=0.05)
    assert overlap_square(plan, ~everything).empty


def test_a_large_square_is_cut(plan):
    belt = plan.zones.iloc[[0]]
    many = [belt.assign(id=f"z{n}") for n in range(MOST_ACROSS + 30)]
    zones = pd.concat(many, ignore_index=True)
    square = overlap_square(replace(plan, zones=zones), np.ones(len(zones), bool))
    assert 0 < len(square) <= MOST_ACROSS
    assert square.index.is_unique


def test_zones_of_one_name_are_told_apart():
    names = {"name_en": ["X", "X", None], "name_zh": [None] * 3}
    twice = pd.DataFrame({"id": ["a", "b", "c"], **names}, dtype=object)
    assert zone_labels(twice) == ["X (a)", "X (b)", "c"]
