"""CRS of the exports: which there are, which zone is chosen, what is warned of."""

import numpy as np
import pytest

from geo.errors import PlanError
from geo.export.crs import (
    CODES,
    choose_crs,
    crs_label,
    crs_warnings,
    known_crs,
    project,
    unproject,
)
from geo.geometry.area import areas_m2


def of_city(plan, city):
    return plan.zones[plan.zones["city"] == city]


@pytest.mark.parametrize(("city", "epsg"), [("Qingdao", 4549), ("Dalian", 4550)])
def test_gauss_kruger_zone_follows_the_city(shipped, city, epsg):
    assert choose_crs("gk", of_city(shipped, city)).system.to_epsg() == epsg


def test_gauss_kruger_zone_follows_longitude_without_a_city(shipped):
    nowhere = shipped.zones.assign(city=None)
    assert choose_crs("gk", nowhere[nowhere["kind"] == "belt"]).code == "gk120"
    assert choose_crs("gk", nowhere[nowhere.geometry.isna()]).code == "gk120"


def test_file_across_the_zones_border_is_warned_of(shipped):
    crs = choose_crs("gk", shipped.zones)
    assert any("121.5" in said for said in crs_warnings(shipped.zones, crs))
    qingdao = of_city(shipped, "Qingdao")
    assert crs_warnings(qingdao, choose_crs("gk", qingdao)) == ()


def test_areas_that_a_crs_distorts_are_warned_of(shipped):
    qingdao = of_city(shipped, "Qingdao")
    (said,) = crs_warnings(qingdao, choose_crs("mercator", qingdao))
    assert "54 %" in said
    assert crs_warnings(qingdao, choose_crs("utm51n", qingdao)) == ()


@pytest.mark.parametrize("code", CODES)
def test_there_and_back_keeps_areas(shipped, code):
    crs = choose_crs(code, shipped.zones)
    back = unproject(project(shipped.zones, crs), crs)
    before, after = (areas_m2(z.geometry.to_numpy()) for z in (shipped.zones, back))
    assert np.allclose(after, before, rtol=1e-9, equal_nan=True)
    assert back.geometry.isna().tolist() == shipped.zones.geometry.isna().tolist()


@pytest.mark.parametrize(
    ("datum", "least", "most"), [("gcj02", 300, 700), ("bd09", 900, 1500)]
)
def test_chinese_datums_are_far_off_and_say_so(shipped, datum, least, most):
    crs = choose_crs(datum, shipped.zones)
    moved = project(shipped.zones, crs)
    there = moved.set_crs(4326, allow_override=True).to_crs(4549)
    here = shipped.zones.to_crs(4549)
    shift = here.centroid.distance(there.centroid).dropna()
    assert shift.between(least, most).all()
    assert crs.mark == f"_{datum}"
    assert crs.system.to_epsg() is None
    assert crs.system.name == {"gcj02": "GCJ-02", "bd09": "BD-09"}[datum]
    assert len(crs_warnings(shipped.zones, crs)) == 1


def test_unknown_crs_names_the_known_ones():
    with pytest.raises(PlanError, match="E_UNKNOWN_CRS") as said:
        known_crs("EPSG:2000")
    for code in CODES:
        assert code in str(said.value)


@pytest.mark.parametrize("code", CODES)
def test_every_crs_has_a_name(code):
    assert crs_label(code)
