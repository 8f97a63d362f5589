"""Totals that can be checked by hand."""

import numpy as np
import pytest
import shapely

from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.query.matches import index_zones
from beltmap.geo.query.summary import survey, totals, totals_by


def test_totals_name_what_they_count(zones):
    cell = areas_m2(zones.geometry.to_numpy()[2:3])[0] / 1e6
    found = totals(zones, np.ones(4, bool), land=survey(zones))
    assert found.zones == 4
    assert found.declared_km2 == 6.25
    assert found.nominal_km2 == 1.23
    assert found.not_located == 1
    assert found.covered_km2 == pytest.approx(5.5 * cell, rel=1e-6)
    assert found.inside_km2 == pytest.approx(4 * cell, rel=1e-6)
    assert found.outside_km2 == pytest.approx(1.5 * cell, rel=1e-6)
    assert found.overlap_km2 == pytest.approx(0.5 * cell, rel=1e-5)


def test_a_zone_across_two_parts_of_the_belt_counts_in_both(zones):
    zones.loc[2, ["kind", "geometry"]] = ["belt", shapely.box(0.05, 0, 0.06, 0.01)]
    zones.loc[1, "geometry"] = shapely.box(0.03, 0, 0.07, 0.01)
    found = totals(zones, np.array([False, True, False, False]), land=survey(zones))
    assert found.inside_km2 == pytest.approx(found.covered_km2 / 2, rel=1e-6)


@pytest.mark.parametrize("row", [0, 1, 2])
def test_a_zone_without_a_place_is_in_no_sum_of_places(zones, row):
    zones.loc[row, "boundary"] = "place unknown"
    everything, others = np.ones(4, bool), np.arange(4) != row
    land = survey(zones)
    found = totals(zones, everything, land=land)
    without = totals(zones, others, land=land)
    assert found.covered_km2 == pytest.approx(
        found.inside_km2 + found.outside_km2 + found.place_unknown_km2
    )
    for name in ("overlap_km2", "inside_km2", "outside_km2"):
        assert getattr(found, name) == pytest.approx(getattr(without, name)), name
    assert (found.inside_km2 == 0) == (zones.loc[row, "kind"] == "belt")


def test_nothing_chosen_is_all_zero(zones):
    found = totals(zones, np.zeros(4, bool), land=survey(zones))
    assert set(vars(found).values()) == {0}


def test_totals_by_sector_count_a_zone_once_a_sector(zones):
    index = index_zones(zones, sectors=("software", "ITO", "BPO", "logistics"))
    table = totals_by(
        zones, np.ones(4, bool), land=survey(zones), index=index, column="sectors"
    )
    assert table["zones"].to_dict() == {"software": 1, "BPO": 2, "logistics": 1}
    assert table["declared_km2"].dropna().to_dict() == {"software": 5.0, "BPO": 6.25}
    both = table.loc["BPO", "covered_km2"]
    alone = table.loc["software", "covered_km2"]
    assert both == pytest.approx(alone * 4.5 / 4, rel=1e-6)


def test_the_shipped_plan_adds_up(plan):
    found = totals(plan.zones, np.ones(len(plan.zones), bool), land=survey(plan.zones))
    assert (found.zones, found.not_located) == (12, 1)
    assert found.declared_km2 == pytest.approx(59.4)
    assert found.published_km2 == 153
    assert found.nominal_km2 == pytest.approx(3.0, rel=1e-5)
    # cutting a geodesic edge of some kilometres bends it a little
    assert found.inside_km2 == pytest.approx(40, rel=1e-4)


def test_totals_of_indexed_zones_are_the_same(plan):
    index = index_zones(plan.zones, sectors=plan.sectors["code"])
    for mask in (np.ones(len(plan.zones), bool), np.arange(len(plan.zones)) % 2 > 0):
        plain = totals(plan.zones, mask, land=survey(plan.zones))
        assert totals(plan.zones, mask, land=survey(plan.zones), index=index) == plain
