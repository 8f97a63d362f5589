"""The committed layers are what the build makes, and as the plan says."""

import shutil

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import schema
from geo.build import NOMINAL_KM2, build_layers, write_layers
from geo.claims.table import claimed_value
from geo.errors import PlanError
from geo.folder import SHIPPED
from geo.geometry.area import areas_m2
from geo.geometry.grow import reach_m
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


@pytest.fixture
def copied(tmp_path):
    """Copy what the build reads, for a test to spoil."""
    for path in [*SHIPPED.glob("*.csv"), *SHIPPED.glob("axis*.geojson")]:
        shutil.copy(path, tmp_path)
    (tmp_path / "basemap").mkdir()
    shutil.copy(SHIPPED / "basemap" / "land.geojson", tmp_path / "basemap")
    return tmp_path


def spoil(folder, file, old, new):
    path = folder / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("zones.csv", "E_FILE_MISSING"),
        ("anchors.csv", "E_FILE_MISSING"),
        ("basemap/land.geojson", "E_FILE_MISSING"),
        ("axis.geojson", "E_NO_SEED"),
    ],
)
def test_a_missing_file_stops_the_build_before_it_writes(copied, tmp_path, file, code):
    (copied / file).unlink()
    with pytest.raises(PlanError, match=code):
        write_layers(copied)
    assert not (tmp_path / "towns.geojson").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "codes"),
    [
        ("zones.csv", ",town,", ",twon,", 3 * ["E_UNKNOWN_KIND"]),
        ("zones.csv", ",base,existing", ",base,exists", ["E_UNKNOWN_STATUS"]),
        ("zones.csv", ",one-base-four-parks,", ",both,", ["E_UNKNOWN_PATTERNS"]),
        ("zones.csv", "dl-hitech,", "qd-belt,", 2 * ["E_DUPLICATE_ID"]),
        ("zones.csv", ",Laoshan Software Park,", ",,", ["E_EMPTY_CELL"]),
        ("zones.csv", "not located", "nominal", ["E_NO_SEED"]),
        ("axis.geojson", '"role"', '"part"', ["E_BAD_AXIS"]),
        ("axis.geojson", "{", "", ["E_BAD_AXIS"]),
    ],
)
def test_a_spoilt_table_is_refused(copied, file, old, new, codes):
    spoil(copied, file, old, new)
    with pytest.raises(PlanError) as refused:
        build_layers(copied)
    assert [fault.code for fault in refused.value.faults] == codes


def test_every_zone_that_cannot_grow_is_named(copied):
    spoil(copied, "anchors.csv", ",120.4810,36.1475,", ",122.4810,36.1475,")
    spoil(copied, "anchors.csv", ",120.4650,36.1433,", ",122.4650,36.1433,")
    with pytest.raises(PlanError) as refused:
        build_layers(copied)
    zones = [fault.where.split(",")[0] for fault in refused.value.faults]
    assert zones == ["qd-town-laoshan", "qd-park-hisense"]
