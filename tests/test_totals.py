"""Totals say what they count, in any unit, and when they were not computed."""

from dataclasses import replace

import numpy as np
import pytest

from geo.summary import survey, totals
from layers.totals import HEAD, total_tiles


@pytest.fixture
def everything(plan):
    return np.ones(len(plan.zones), bool)


def test_every_total_has_a_tile_with_its_unit(plan, everything):
    found = totals(plan.zones, everything, land=survey(plan.zones))
    tiles = {tile.label: tile for tile in total_tiles(found, unit="ha")}
    assert len(tiles) == len(vars(found))
    assert (tiles["Declared"].value, tiles["Declared"].unit) == ("5,940.0", "ha")
    assert (tiles["Not located"].value, tiles["Not located"].unit) == ("1", "")


def test_the_head_says_of_how_many(plan, everything):
    found = totals(plan.zones, everything, land=survey(plan.zones))
    first, *others = total_tiles(found, names=HEAD, everything=1_200)
    assert (first.value, first.unit) == ("12", "of 1,200")
    assert set(HEAD) < set(vars(found))
    assert len(others) == len(HEAD) - 1


def test_what_was_not_computed_is_no_number(plan, everything):
    found = totals(plan.zones, everything, land=survey(plan.zones))
    (tile,) = total_tiles(
        replace(found, covered_km2=float("nan")), names=["covered_km2"]
    )
    assert tile.value == "–"
    assert "Not computed" in tile.explanation
