"""Points and lines join a plan with outlines that are marked as nominal."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import drawn_area_km2
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.repaired import unnamed
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.plan.adopt import adopted_plan
from beltmap.geo.plan.append import GIVEN, join_plan
from beltmap.geo.plan.footprints import Sizes, outlined
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.template import new_plan

LIST = (
    "名称,面积（公顷）,经度,纬度\n甲园,400,120.38,36.07\n乙园,,120.48,36.17\n丙园,,,\n"
)
LINES = 'name,wkt\nA,"LINESTRING (120 36, 120.1 36)"\n'
MIXED = "GEOMETRYCOLLECTION (POINT (120 36), LINESTRING (120.1 36, 120.2 36))"


def outcome_of(content, name="plan.csv"):
    outcome = read_upload(Upload(name, content.encode()))
    assert outcome.rows is not None, outcome.receipt.as_text()
    return outcome


def zones(content):
    return outcome_of(content).zones.assign(kind="park")


@pytest.fixture
def plan(tmp_path):
    new_plan(tmp_path / "plan")
    return tmp_path / "plan"


def test_a_point_becomes_as_large_as_it_declares_or_nominal():
    drawn = outlined(zones(LIST), Sizes(footprint_km2=0.25))
    assert (drawn.declared, drawn.nominal, drawn.lines) == (1, 1, 0)
    areas = drawn_area_km2(drawn.zones.iloc[:2])
    assert areas.tolist() == pytest.approx([4, 0.25], rel=1e-6)
    assert drawn.zones["drawn_area_km2"][:2].tolist() == pytest.approx([4, 0.25])
    assert drawn.zones["declared_area_km2"].isna().tolist() == [False, True, True]
    assert drawn.zones["area_basis"].tolist() == ["declared", "nominal", None]
    assert drawn.zones["boundary"].tolist() == ["nominal", "nominal", "not located"]
    inside = shapely.contains(
        drawn.zones.geometry.array[0], shapely.Point(120.38, 36.07)
    )
    assert inside


def test_a_line_becomes_as_wide_as_is_said():
    drawn = outlined(zones(LINES), Sizes(width_m=100))
    length_km = 9.02
    (area,) = drawn_area_km2(drawn.zones)
    assert drawn.lines == 1
    assert area == pytest.approx(length_km * 0.1, rel=0.02)


def test_all_parts_of_a_mixture_are_kept():
    drawn = outlined(zones(f'name,wkt\nA,"{MIXED}"\n'), Sizes())
    (shape,) = drawn.zones.geometry
    assert shape.geom_type == "MultiPolygon"
    assert len(shape.geoms) == 2


def test_polygons_stay_as_they_are():
    before = zones('name,wkt\nA,"POLYGON ((120 36, 120.1 36, 120.1 36.1, 120 36))"\n')
    drawn = outlined(before, Sizes())
    assert drawn.zones is before
    assert (drawn.declared, drawn.nominal, drawn.lines) == (0, 0, 0)


@pytest.mark.parametrize("content", [LIST, LINES.replace("LINESTRING", "MULTIPOINT")])
def test_points_join_a_plan(plan, content):
    outcome = outcome_of(content)
    drawn = outlined(zones(content), Sizes())
    n = len(drawn.zones)
    before = len(read_plan(plan).zones)
    made = [unnamed(outcome)]
    assert (
        sum(join_plan([drawn.zones], plan, unnamed=made, only_try=True).added.values())
        == n
    )
    assert len(read_plan(plan).zones) == before
    join_plan([drawn.zones], plan, unnamed=made)
    assert len(read_plan(plan).zones) == before + n
    join_plan([drawn.zones], plan, unnamed=made)
    assert read_plan(plan).zones["id"].is_unique


def test_a_kind_that_the_plan_does_not_have_is_refused(plan):
    drawn = outlined(zones(LIST), Sizes()).zones.assign(kind=["park", "belt", "park"])
    before = read_plan(plan).zones["id"].tolist()
    with pytest.raises(PlanError, match="E_UNKNOWN_KIND"):
        join_plan([drawn[drawn["kind"] == "belt"]], plan, unnamed=[np.array([True])])
    assert read_plan(plan).zones["id"].tolist() == before


def test_what_is_no_zone_is_nobody_s_parent(plan):
    table = "id,name,part_of,lon,lat\na,A,b,120,36\nb,B,370200,120.1,36\n"
    outcome = outcome_of(table)
    drawn = outlined(zones(table), Sizes())
    join_plan([drawn.zones], plan, unnamed=[unnamed(outcome)])
    joined = read_plan(plan).zones.set_index("id")
    assert joined.loc["a", "part_of"] == "b"
    assert joined["part_of"].isna()["b"]
    kept = gpd.read_file(plan / "parks.geojson").set_index("id")
    assert kept.loc["b", GIVEN] == "370200"


QUALIFIED = (
    "id,name,面积（公顷）,lon,lat\na,A,不低于250,120,36\nb,B,约400,120.1,36\n"
    "c,C,250-300,120.2,36\nd,D,不超过30,120.3,36\ne,E,600,120.4,36\n"
)


@pytest.mark.parametrize("new", [False, True])
def test_an_area_that_is_not_exact_becomes_a_claim(tmp_path, plan, new):
    outcome = outcome_of(QUALIFIED)
    drawn = outlined(zones(QUALIFIED), Sizes()).zones
    if new:
        plan = tmp_path / "made"
        adopted_plan(drawn, plan)
    else:
        join_plan([drawn], plan, unnamed=[unnamed(outcome)])
    claims = read_plan(plan).claims.set_index("subject")
    claims = claims.reindex([*"abcd"])
    assert claims["qualifier"].tolist() == ["at least", "about", "range", "at most"]
    assert claims["value"].tolist() == pytest.approx([2.5, 4, 2.5, 0.3])
    assert claims.loc["c", "value_max"] == pytest.approx(3)
    assert set(claims["source"]) == {"plan.csv"}
    assert "e" not in set(read_plan(plan).claims["subject"])
