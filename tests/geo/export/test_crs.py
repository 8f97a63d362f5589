"""CRS of the exports: which there are, which zone is chosen, what is warned of."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from beltmap.geo.charter.charter import City, Words
from beltmap.geo.charter.force import under
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.errors import PlanError
from beltmap.geo.export.crs import (
    CODES,
    choose_crs,
    crs_label,
    crs_warnings,
    epsg_of,
    known_crs,
    project,
    unproject,
)
from beltmap.geo.geometry.area import areas_m2


def of_city(plan, city):
    return plan.zones[plan.zones["city"] == city]


@pytest.mark.parametrize(("city", "epsg"), [("Qingdao", 4549), ("Dalian", 4550)])
def test_gauss_kruger_zone_follows_the_city(shipped, city, epsg):
    assert choose_crs("gk", of_city(shipped, city)).system.to_epsg() == epsg


def test_gauss_kruger_zone_follows_longitude_without_a_city(shipped):
    nowhere = shipped.zones.assign(city=None)
    assert choose_crs("gk", nowhere[nowhere["kind"] == "belt"]).code == "gk120"
    assert choose_crs("gk", nowhere[nowhere.geometry.isna()]).code == "gk105"


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


def park(west, south=30.6, size=0.01):
    box = shapely.box(west, south, west + size, south + size)
    return gpd.GeoDataFrame({"city": ["Elsewhere"]}, geometry=[box], crs=4326)


@pytest.mark.parametrize(
    ("lon", "family", "epsg"),
    [
        (104, "gk", 4544),
        (103.4, "gk", 4543),
        (73.6, "gk", 4534),
        (135.2, "gk", 4554),
        (104, "gkz", 4523),
        (104, "gk6", 4507),
        (104, "gk6z", 4496),
        (107.9, "gk6z", 4496),
        (108.1, "gk6z", 4497),
        (104, "utm", 32648),
        (-9.2, "gk", 32629),
        (139.7, "gk", 32654),
        (-9.2, "gkz", 32629),
    ],
)
def test_the_zone_follows_the_place(lon, family, epsg):
    assert choose_crs(family, park(lon)).system.to_epsg() == epsg


def test_south_of_the_equator_is_utm_south():
    assert choose_crs("gk", park(-58.5, south=-34.6)).system.to_epsg() == 32721


GRIDS = [*range(4491, 4502), *range(4502, 4513), *range(4513, 4534)]
GRIDS += [*range(4534, 4555), 32601, 32660, 32701, 32760]


@pytest.mark.parametrize("epsg", GRIDS)
def test_every_zone_is_known_by_its_number_and_named(epsg):
    code = known_crs(f"EPSG:{epsg}")
    assert epsg_of(code) == epsg
    assert known_crs(code.upper()) == code
    assert str(epsg) in crs_label(code)
    # a park at the zone's own meridian is drawn in this very zone
    operation = pyproj.CRS.from_epsg(epsg).coordinate_operation
    [lon] = [
        p.value for p in operation.params if "origin" in p.name and "ong" in p.name
    ]
    family = next(one for one in ("gk6z", "gk6", "gkz", "gk", "utm") if one in code)
    south = 10 if epsg // 100 != 327 else -10
    lands = park(lon - 0.005, south=south)
    assert choose_crs(family, lands).system.to_epsg() == epsg
    assert crs_warnings(lands, choose_crs(family, lands)) == ()


@pytest.mark.parametrize("wish", ["EPSG:4555", "gk119", "gkz46", "utm61n", "gk6-120"])
def test_a_zone_that_there_is_not_is_refused(wish):
    with pytest.raises(PlanError, match="E_UNKNOWN_CRS"):
        known_crs(wish)


@pytest.mark.parametrize(
    ("west", "code", "border"),
    [(106.45, "gk", "106.5"), (106.42, "gk", "106.5"), (107.95, "utm", "108")],
)
def test_a_layer_on_both_sides_of_a_border_says_so(west, code, border):
    lands = park(west, size=0.1)
    said, *_ = crs_warnings(lands, choose_crs(code, lands))
    assert f"{border}°" in said
    inside = park(west - 0.2, size=0.1)
    assert f"{border}°" not in " ".join(crs_warnings(inside, choose_crs(code, inside)))


def test_a_city_says_which_crs_is_its_own(shipped):
    lands = of_city(shipped, "Qingdao")
    own = replace(
        default_charter(),
        cities=(City("Qingdao", Words("Q", "青"), crs="EPSG:4528"),),
    )
    with under(own):
        assert choose_crs("gk", lands).system.to_epsg() == 4528
        assert choose_crs("gk6", lands).system.to_epsg() == 4510
