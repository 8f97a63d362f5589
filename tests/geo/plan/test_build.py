"""The committed layers are what the build makes, and as the plan says."""

import json
import math

import geopandas as gpd
import numpy as np
import pytest
import shapely

from beltmap.geo import schema
from beltmap.geo.charter.reading import default_charter, read_charter, shipped_plans
from beltmap.geo.claims.table import claimed_value
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.geometry.grow import reach_m
from beltmap.geo.plan.build import NOMINAL_KM2, build_layers, write_layers
from beltmap.geo.plan.places import read_anchors
from beltmap.geo.shipped import SHIPPED
from tests.elsewhere import write_flat
from tests.rfc7946 import faults

QINGDAO = SHIPPED / "qingdao"
PLANS = tuple(shipped_plans())
FILES = [
    f"{name}/{file}"
    for name, folder in shipped_plans().items()
    for file in read_charter(folder).files.values()
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    for plan in PLANS:
        (folder / plan).mkdir()
        write_layers(SHIPPED / plan, out=folder / plan)
    return folder


@pytest.fixture
def zones(plan):
    return plan.zones.set_index("id")


@pytest.mark.parametrize("file", FILES)
def test_committed_layers_are_what_the_build_makes(built, file):
    assert (built / file).read_bytes() == (SHIPPED / file).read_bytes()


@pytest.mark.parametrize("file", FILES)
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
        nowhere = math.nan if zone["geometry"] is None else area
        assert zone["drawn_area_km2"] == pytest.approx(nowhere, abs=1e-6, nan_ok=True)


def test_declared_areas_are_those_of_the_document(zones):
    declared = zones.loc[zones["area_basis"] == "declared", "declared_area_km2"]
    assert declared.to_dict() == {
        "qd-belt": 40.0,
        "qd-town-laoshan": 4.4,
        "qd-town-aoshanwei": 10.0,
        "qd-town-film": 5.0,
    }
    assert zones.loc["dl-hitech", "area_basis"] == "published"


def test_a_zone_of_unknown_place_touches_no_other(zones):
    lost = zones[zones["boundary"] == schema.PLACE_UNKNOWN]
    assert lost.index.tolist() == ["qd-town-film"]
    others = zones.drop(lost.index).geometry.dropna()
    for zone in lost.geometry:
        near = shapely.distance(zone, others.to_numpy()).min()
        assert near > 0.02  # degrees, some two kilometres


def test_dalian_s_zone_ends_at_tahewan(zones):
    [anchors] = [read_anchors(SHIPPED / "dalian").set_index("id")]
    zone = zones.loc["dl-hitech"].geometry
    assert zone.bounds[0] >= 121.3362
    assert zone.covers(anchors.geometry["dl-hitech"])
    assert areas_m2([zone])[0] / 1e6 == pytest.approx(153, rel=1e-6)


def test_the_drawn_road_runs_as_far_inland_as_the_card_says(plan):
    axis = gpd.read_file(SHIPPED / "qingdao" / "axis.geojson").set_index("role")
    land = gpd.read_file(SHIPPED / "basemap" / "land.geojson")
    near = land.clip(shapely.box(120, 35.8, 121, 36.8)).to_crs(32651)
    coast = max(near.geometry.explode(), key=lambda part: part.area).exterior
    line = gpd.GeoSeries([axis.geometry["main"]], crs=4326).to_crs(32651)[0]
    steps = shapely.line_interpolate_point(
        line, np.linspace(0, 1, 801), normalized=True
    )
    edge = gpd.GeoSeries([shapely.box(120, 35.8, 121, 36.8).exterior], crs=4326)
    cut = edge.segmentize(0.01).to_crs(32651)[0].buffer(200)
    inland = shapely.distance(steps, coast.difference(cut)) / 1000
    for attribute, measured in (
        ("axis_inland", np.median(inland)),
        ("axis_farthest_inland", inland.max()),
    ):
        claimed = claimed_value(plan.claims, "qd-belt", attribute)
        assert measured == pytest.approx(claimed, abs=0.06)


def test_the_coast_road_is_on_land_and_within_the_belt_s_uncertainty(zones):
    axis = gpd.read_file(SHIPPED / "qingdao" / "axis.geojson").set_index("role")
    land = shapely.union_all(
        gpd.read_file(SHIPPED / "basemap" / "land.geojson").geometry.to_numpy()
    )
    rival = axis.geometry["rival"]
    assert land.covers(rival)
    lines = axis.geometry[["main", "rival"]].to_crs(32651)
    farthest = max(
        lines["main"].distance(shapely.Point(corner))
        for corner in shapely.segmentize(lines["rival"], 100).coords
    )
    # the rival line is uncertain itself
    needed = farthest + axis.loc["rival", "uncertainty_m"]
    assert needed <= zones.loc["qd-belt", "location_uncertainty_m"] < needed + 1000


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
    axis = gpd.read_file(SHIPPED / "qingdao" / "axis.geojson")
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
    parks = build_layers(SHIPPED / "dalian")["park"].set_index("id")
    assert parks.loc["dl-software-park", "area_basis"] is None
    assert parks.geometry["dl-software-park"] is None


@pytest.fixture
def copied(tmp_path):
    """Copy what the build reads, for a test to spoil."""
    folder = write_flat(tmp_path)
    for file in ("plan.toml", *default_charter().files.values()):
        (folder / file).unlink()
    return folder


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
        ("zones.csv", ",town,planned", ",town,hoped", 3 * ["E_UNKNOWN_STATUS"]),
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


def test_zones_that_only_the_layer_has_are_never_lost(copied):
    write_layers(copied)
    parks = copied / "parks.geojson"
    layer = json.loads(parks.read_bytes())
    layer["features"][0]["properties"]["id"] = "drawn-by-hand"
    parks.write_text(json.dumps(layer), encoding="utf-8")
    before = {path: path.read_bytes() for path in copied.glob("*.geojson")}
    with pytest.raises(PlanError) as caught:
        write_layers(copied)
    assert [one.code for one in caught.value.faults] == ["E_BUILD_DROPS"]
    assert "drawn-by-hand" in str(caught.value)
    assert {path: path.read_bytes() for path in copied.glob("*.geojson")} == before
    # what cannot be read is mended by building it anew
    parks.write_bytes(b"{")
    write_layers(copied)
    assert "qd-park-haier" in parks.read_text(encoding="utf-8")


def test_every_zone_that_cannot_grow_is_named(copied):
    spoil(copied, "anchors.csv", ",120.4810,36.1475,", ",122.4810,36.1475,")
    spoil(copied, "anchors.csv", ",120.4650,36.1433,", ",122.4650,36.1433,")
    with pytest.raises(PlanError) as refused:
        build_layers(copied)
    zones = [fault.where.split(",")[0] for fault in refused.value.faults]
    assert zones == ["qd-town-laoshan", "qd-park-hisense"]
