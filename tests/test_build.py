"""The committed layers are what the build makes, and as the plan says."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import schema
from geo.area import areas_m2
from geo.build import NOMINAL_KM2, build_layers, write_layers
from geo.claims import claimed_value
from geo.grow import reach_m
from geo.plan import SHIPPED
from tests.rfc7946 import faults


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    write_layers(SHIPPED, out=folder)
    return folder


@pytest.fixture
def zones(plan):
    return plan.zones.set_index("id")


@pytest.mark.parametrize("file", schema.LAYER_FILES.values())
def test_committed_layers_are_what_the_build_makes(built, file):
    assert (built / file).read_bytes() == (SHIPPED / file).read_bytes()


@pytest.mark.parametrize("file", schema.LAYER_FILES.values())
def test_layers_are_rfc7946(file):
    assert faults((SHIPPED / file).read_bytes()) == []


def test_twelve_records_of_which_eleven_are_drawn(plan):
    assert len(plan.zones) == 12
    assert plan.zones.loc[plan.zones.geometry.isna(), "id"].tolist() == [
        "dl-software-park"
    ]
    assert list(plan.zones.columns) == [*schema.COLUMNS, "geometry"]


def test_every_zone_has_its_claimed_area(plan):
    measured = areas_m2(plan.zones.geometry.to_numpy()) / 1e6
    for zone, area in zip(plan.zones.to_dict("records"), measured, strict=True):
        claimed = claimed_value(plan.claims, zone["id"], "declared_area")
        if zone["area_basis"] in {"declared", "published"}:
            assert zone["declared_area_km2"] == claimed
            assert area == pytest.approx(claimed, rel=1e-6)
        elif zone["area_basis"] == "nominal":
            assert claimed is None
            assert area == pytest.approx(NOMINAL_KM2, rel=1e-5)
        assert np.isclose(zone["drawn_area_km2"] or 0, area, atol=1e-6) or area == 0


def test_declared_areas_are_those_of_the_document(zones):
    declared = zones.loc[zones["area_basis"] == "declared", "declared_area_km2"]
    assert declared.to_dict() == {
        "qd-belt": 40.0,
        "qd-town-laoshan": 4.4,
        "qd-town-aoshanwei": 10.0,
        "qd-town-film": 5.0,
    }
    assert zones.loc["dl-hitech", "area_basis"] == "published"


def test_zones_lie_on_land(plan):
    land = shapely.union_all(
        gpd.read_file(SHIPPED / "basemap" / "land.geojson").geometry.to_numpy()
    )
    for zone in plan.zones[plan.zones.geometry.notna()].itertuples():
        afloat = shapely.difference(zone.geometry, land)
        assert areas_m2([afloat])[0] < 1000, zone.id


def test_parks_said_to_lie_in_the_belt_do(zones):
    belt = zones.loc["qd-belt"].geometry
    for park in ("qd-park-bpo", "qd-park-logistics"):
        assert belt.covers(zones.loc[park].geometry)
        assert zones.loc[park, "part_of"] == "qd-belt"


def test_the_belt_is_a_strip_of_the_stated_width():
    axis = gpd.read_file(SHIPPED / "axis.geojson")
    line = axis.loc[axis["role"] == "main", "geometry"].iloc[0]
    land = shapely.union_all(
        gpd.read_file(SHIPPED / "basemap" / "land.geojson").geometry.to_numpy()
    )
    assert reach_m(line, area_km2=40, land=land) == pytest.approx(488.5, abs=0.1)


def test_every_sector_has_a_label_in_both_languages(plan):
    assert plan.sectors[["label_en", "label_zh"]].notna().all(axis=None)
    used = plan.zones["sectors"].str.split(schema.SEPARATOR).explode()
    assert set(used) <= set(plan.sectors["code"])


def test_a_zone_without_anchor_or_claim_is_a_record_without_geometry():
    parks = build_layers(SHIPPED)["park"].set_index("id")
    assert parks.loc["dl-software-park", "area_basis"] is None
    assert parks.geometry["dl-software-park"] is None
