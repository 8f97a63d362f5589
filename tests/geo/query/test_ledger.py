"""The area ledger and the overlaps, checked by hand."""

import geopandas as gpd
import numpy as np
import pytest

from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.geometry.overlap import overlap_matrix, overlaps
from beltmap.geo.query.ledger import LEDGER_COLUMNS, area_ledger
from beltmap.geo.units import convert
from tests.claimrows import claim, table


@pytest.fixture
def cell_km2(zones):
    return areas_m2(zones.geometry.to_numpy()[2:3])[0] / 1e6


def declaring(zones, areas):
    return zones.assign(declared_area_km2=np.array(areas, dtype=float))


def test_verdicts_follow_the_difference(zones, cell_km2):
    areas = [4 * cell_km2 * 1.0005, 1.005 * cell_km2, 2 * cell_km2, 7.0]
    ledger = area_ledger(declaring(zones, areas), table())
    assert ledger["verdict"].tolist() == ["exact", "within 1 %", "off", "not drawn"]
    assert ledger["difference_percent"].round(2).tolist()[:3] == [-0.05, -0.5, -50.0]
    assert ledger["drawn"][0] == pytest.approx(4 * cell_km2, rel=1e-6)
    assert tuple(ledger.columns) == LEDGER_COLUMNS


def test_what_no_one_declares_is_not_stated(zones):
    ledger = area_ledger(zones, table())
    assert ledger["verdict"].tolist()[2:] == ["not stated", "not stated"]
    assert ledger["difference"].isna().tolist() == [False, False, True, True]


def test_source_and_place_come_from_the_first_claim_or_the_zone(zones):
    zones = zones.assign(
        source=["Q, One belt", "Q, Three towns", "D, paragraph 3", "D"]
    )
    claims = table(
        claim("z0", "declared_area", 5, "km²", source="Q", place="One belt"),
        claim("z0", "declared_area", 6, "km²", rival="old", source="R", place="p. 1"),
        claim("z0", "focus", text="software"),
    )
    ledger = area_ledger(zones, claims)
    assert ledger["claim"].tolist() == ["z0.declared_area", None, None, None]
    assert ledger["source"].tolist() == ["Q", "Q", "D", "D"]
    assert ledger["place"].tolist()[:3] == ["One belt", "Three towns", "paragraph 3"]
    assert ledger["method"].tolist() == ["stated", None, None, None]


@pytest.mark.parametrize(("unit", "factor"), [("ha", 100), ("mu", 1500)])
def test_units_change_areas_and_nothing_else(zones, unit, factor):
    in_km2 = area_ledger(zones, table())
    ledger = area_ledger(zones, table(), unit=unit)
    for column in ("declared", "drawn", "difference"):
        assert np.allclose(ledger[column], in_km2[column] * factor, equal_nan=True)
    same = ["difference_percent", "verdict"]
    assert ledger[same].equals(in_km2[same])
    assert set(ledger["unit"]) == {unit}


def test_units_of_other_measures_do_not_convert():
    with pytest.raises(ValueError, match="measure different things"):
        convert(1.0, of="km", to="km²")


def test_a_ledger_of_nothing(zones):
    ledger = area_ledger(zones.iloc[:0], table())
    assert (len(ledger), tuple(ledger.columns)) == (0, LEDGER_COLUMNS)


def test_overlaps_name_each_pair_once(zones, cell_km2):
    [pair] = overlaps(zones).to_dict("records")
    assert (pair["a"], pair["b"]) == ("z0", "z1")
    assert pair["overlap_km2"] == pytest.approx(cell_km2 / 2, rel=1e-6)
    assert pair["share_of_a"] == pytest.approx(1 / 8, rel=1e-6)
    assert pair["share_of_b"] == pytest.approx(1 / 2, rel=1e-6)


def test_touching_zones_do_not_overlap(zones):
    beside = zones.geometry.translate(xoff=0.01).iloc[[2]]
    both = gpd.GeoDataFrame(
        {"id": ["a", "b"]}, geometry=[zones.geometry[2], beside[2]], crs=4326
    )
    assert overlaps(both).empty


def test_the_matrix_is_symmetric_with_areas_on_its_diagonal(zones, cell_km2):
    matrix = overlap_matrix(zones, unit="ha")
    assert matrix.index.tolist() == ["z0", "z1", "z2"]
    assert matrix.equals(matrix.T)
    assert matrix.loc["z0", "z1"] == pytest.approx(50 * cell_km2, rel=1e-6)
    assert matrix.loc["z2", "z2"] == pytest.approx(100 * cell_km2, rel=1e-6)
    assert matrix.loc["z1", "z2"] == 0


def test_overlaps_of_nothing(zones):
    assert overlaps(zones.iloc[:0]).empty
    assert overlaps(zones.iloc[3:]).empty
    assert overlap_matrix(zones.iloc[3:]).empty


@pytest.mark.parametrize("dtype", [object, "str"])
def test_a_zone_without_a_claim_has_none_however_texts_are_kept(plan, dtype):
    claims = plan.claims.assign(id=plan.claims["id"].astype(dtype))
    ledger = area_ledger(plan.zones, claims).set_index("id")
    assert ledger.loc["qd-park-haier", "claim"] is None
    assert ledger.loc["qd-belt", "claim"] == "qd-belt.declared_area"
