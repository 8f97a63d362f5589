"""Zones open from any of their files, and a second time quickly, unchanged."""

import json
import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from beltmap.geo import schema
from beltmap.geo.cache import keep, key_of
from beltmap.geo.charter.reading import DEFAULT, default_charter
from beltmap.geo.claims.table import read_sectors
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.zones import files as zonefiles
from beltmap.geo.zones.bulk import read_bulk
from beltmap.geo.zones.files import read_layers
from beltmap.geo.zones.layerfile import read_layer
from beltmap.layers.commands.demo import write_demo

CODES = read_sectors(DEFAULT)["code"].tolist()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("BELTMAP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def many():
    """Give made-up zones, one without geometry and one in parts with a hole."""
    zones = synthetic_zones(50, sectors=CODES)
    ring = shapely.box(120, 36, 121, 37).difference(
        shapely.box(120.2, 36.2, 120.4, 36.4)
    )
    zones.loc[3, "geometry"] = None
    both = shapely.MultiPolygon([ring, shapely.box(122, 36, 123, 37)])
    zones.loc[4, "geometry"] = shapely.orient_polygons(both)
    return zones


def write(zones, path, **options):
    if path.suffix == ".fgb":
        zones.to_file(path, driver="FlatGeobuf", engine="pyogrio")
    else:
        zones.to_parquet(path, **options)
    return path


def assert_same(layer, zones):
    assert layer.faults == ()
    pd.testing.assert_frame_equal(
        layer.columns, pd.DataFrame(zones[list(schema.COLUMNS)]), check_like=False
    )
    expected = zones.geometry.to_numpy()
    assert shapely.equals_exact(layer.geometries, expected, 1e-12).sum() == sum(
        shape is not None for shape in expected
    )
    assert [shape is None for shape in layer.geometries] == [
        shape is None for shape in expected
    ]


def test_a_table_holds_the_zones_as_they_were(tmp_path, many):
    path = write(many, tmp_path / "zones.parquet")
    assert_same(read_bulk(path, sectors=CODES), many)


def test_flatgeobuf_holds_the_zones_as_they_were(tmp_path, many):
    drawn = many.dropna(subset="geometry")
    drawn = drawn.set_geometry(
        [
            shapely.MultiPolygon([g]) if g.geom_type == "Polygon" else g
            for g in drawn.geometry
        ]
    )
    path = write(drawn, tmp_path / "zones.fgb")
    layer = read_bulk(path, sectors=CODES)
    order = layer.columns["id"].str[1:].astype(int).argsort()
    layer = zonefiles.Layer(
        layer.columns.iloc[order].reset_index(drop=True), layer.geometries[order]
    )
    assert_same(layer, drawn.reset_index(drop=True))


def test_a_table_in_another_crs_is_brought_to_wgs84(tmp_path, many):
    path = write(many.to_crs(4549), tmp_path / "zones.parquet")
    layer = read_bulk(path, sectors=CODES)
    assert (
        shapely.equals_exact(layer.geometries, many.geometry.to_numpy(), 1e-7).sum()
        == 49
    )


def test_columns_that_no_zone_has_are_not_read(tmp_path, many):
    many = pd.concat(
        [many, pd.DataFrame({f"x{n}": [n] * 50 for n in range(300)})], axis=1
    )
    layer = read_bulk(write(many, tmp_path / "zones.parquet"), sectors=CODES)
    assert tuple(layer.columns) == schema.COLUMNS


def spoilt(zones, **values):
    zones = zones.copy()
    for column, value in values.items():
        zones.loc[7, column] = value
    return zones


@pytest.mark.parametrize("name", ["zones.parquet", "zones.fgb"])
@pytest.mark.parametrize(
    ("spoil", "code_where"),
    [
        (lambda z: spoilt(z, status="dreamt"), ("E_UNKNOWN_STATUS", "row")),
        (lambda z: spoilt(z, sectors="fishing"), ("E_UNKNOWN_SECTORS", "row")),
        (lambda z: spoilt(z, kind=None), ("E_WRONG_KIND", "row")),
        (lambda z: spoilt(z, drawn_area_km2=-1.0), ("E_NOT_A_NUMBER", "row")),
        (
            lambda z: z.drop(columns=["city", "status"]),
            ("E_MISSING_PROPERTY", "zones."),
        ),
        (lambda z: z.assign(city=7), ("E_COLUMN_TYPE", "zones.")),
        (lambda z: z.assign(drawn_area_km2="4"), ("E_COLUMN_TYPE", "zones.")),
        (lambda z: z.set_crs(None, allow_override=True), ("E_CRS_MISSING", "zones.")),
        (
            lambda z: z.set_geometry(z.translate(xoff=70)),
            ("E_BAD_GEOMETRY", "outside the world"),
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_each_fault_of_a_table_is_found(tmp_path, many, name, spoil, code_where):
    code, where = code_where
    drawn = many.dropna(subset="geometry").reset_index(drop=True)
    path = write(spoil(drawn), tmp_path / name)
    faults = read_bulk(path, sectors=CODES).faults
    assert {fault.code for fault in faults} == {code}
    assert where in str(faults[0])
    assert all(fault.hint for fault in faults)


def test_a_bow_tie_in_a_table_is_named(tmp_path, many):
    many.loc[7, "geometry"] = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    (fault,) = read_bulk(write(many, tmp_path / "zones.parquet"), sectors=CODES).faults
    assert fault.where == "zones.parquet, row 8 (z8)"
    assert "Self-intersection" in fault.what


@pytest.mark.parametrize("name", ["zones.parquet", "zones.fgb"])
@pytest.mark.parametrize(
    "content",
    [b"", b"<OGRVRTDataSource/>", b"PAR1" + bytes(90), b"fgb\x03fgb\x00" + bytes(90)],
    ids=["empty", "virtual", "parquet", "flatgeobuf"],
)
def test_a_file_of_another_format_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    (fault,) = read_bulk(path, sectors=CODES).faults
    assert fault.code == "E_TABLE_FORMAT"


def test_a_file_that_points_elsewhere_is_refused(tmp_path, many):
    elsewhere = write(many.dropna(subset="geometry"), tmp_path / "other.fgb")
    path = tmp_path / "zones.fgb"
    path.write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="other">'
        f"<SrcDataSource>{elsewhere}</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    (fault,) = read_bulk(path, sectors=CODES).faults
    assert "first bytes" in fault.what


def test_plain_parquet_is_no_table_of_zones(tmp_path):
    pd.DataFrame({"id": ["a"]}).to_parquet(tmp_path / "zones.parquet")
    (fault,) = read_bulk(tmp_path / "zones.parquet", sectors=CODES).faults
    assert fault.code == "E_TABLE_FORMAT"


def test_a_cut_off_table_is_refused(tmp_path, many):
    path = write(many, tmp_path / "zones.parquet")
    path.write_bytes(path.read_bytes()[:-50])
    (fault,) = read_bulk(path, sectors=CODES).faults
    assert fault.code == "E_TABLE_FORMAT"


def test_a_table_of_no_zones_is_no_fault(tmp_path, many):
    layer = read_bulk(write(many[:0], tmp_path / "zones.parquet"), sectors=CODES)
    assert (layer.faults, len(layer.columns)) == ((), 0)


def test_a_table_and_layers_together_are_refused(tmp_path, many):
    write(many, tmp_path / "zones.parquet")
    shutil.copy(SHIPPED / "qingdao" / "belt.geojson", tmp_path)
    (layer,) = zonefiles.read_layers(tmp_path, sectors=CODES)
    (fault,) = layer.faults
    assert "zones.parquet, belt.geojson" in fault.where


def as_parks(zones):
    return zones.assign(kind=pd.Series(["park"] * len(zones), dtype=object))


def parks(zones, path):
    path.write_bytes(dumps(as_parks(zones)))
    return path


def test_a_large_layer_opens_a_second_time_from_the_cache(
    tmp_path, monkeypatch, many, cache
):
    monkeypatch.setattr(zonefiles, "LARGE_BYTES", 0)
    path = parks(many, tmp_path / "parks.geojson")
    first = zonefiles.open_layer(path, kind="park", sectors=CODES)
    assert_same(first, as_parks(many))
    assert len(list(cache.iterdir())) == 1
    monkeypatch.setattr(zonefiles, "parse_layer", None)
    assert_same(zonefiles.open_layer(path, kind="park", sectors=CODES), as_parks(many))


def test_a_layer_that_changed_is_read_anew(tmp_path, monkeypatch, many):
    monkeypatch.setattr(zonefiles, "LARGE_BYTES", 0)
    path = parks(many, tmp_path / "parks.geojson")
    zonefiles.open_layer(path, kind="park", sectors=CODES)
    path.write_bytes(path.read_bytes().replace(b'"z1"', b'"y1"'))
    again = zonefiles.open_layer(path, kind="park", sectors=CODES)
    assert again.columns["id"][0] == "y1"


def test_the_cache_does_not_hide_what_is_wrong_elsewhere(tmp_path, monkeypatch, many):
    monkeypatch.setattr(zonefiles, "LARGE_BYTES", 0)
    path = parks(many, tmp_path / "parks.geojson")
    assert not zonefiles.open_layer(path, kind="park", sectors=CODES).faults
    assert zonefiles.open_layer(path, kind="town", sectors=CODES).faults
    assert zonefiles.open_layer(path, kind="park", sectors=["BPO"]).faults


def test_a_layer_with_faults_is_not_kept(tmp_path, monkeypatch, many, cache):
    monkeypatch.setattr(zonefiles, "LARGE_BYTES", 0)
    path = parks(many, tmp_path / "parks.geojson")
    assert zonefiles.open_layer(path, kind="town", sectors=CODES).faults
    assert not cache.exists()


def test_something_else_in_the_cache_is_passed_over(tmp_path, monkeypatch, many):
    monkeypatch.setattr(zonefiles, "LARGE_BYTES", 0)
    path = parks(many, tmp_path / "parks.geojson")
    keep(key_of(path.read_bytes(), zonefiles.VERSION, "park", *sorted(CODES)), b"x")
    layer = zonefiles.open_layer(path, kind="park", sectors=CODES)
    assert_same(layer, as_parks(many))


def test_a_small_layer_is_not_kept(tmp_path, many, cache):
    path = parks(many[:3], tmp_path / "parks.geojson")
    assert not zonefiles.open_layer(path, kind="park", sectors=CODES).faults
    assert not cache.exists()


def test_a_missing_layer_is_a_fault(tmp_path):
    layer = zonefiles.open_layer(tmp_path / "towns.geojson", kind="town", sectors=CODES)
    assert (
        layer.faults
        == read_layer(tmp_path / "towns.geojson", kind="town", sectors=CODES).faults
    )


@pytest.mark.parametrize("n", [1, 60])
@pytest.mark.parametrize("most_geojson", [0, 100])
def test_a_demo_is_a_plan(tmp_path, monkeypatch, n, most_geojson):
    monkeypatch.setattr("beltmap.layers.commands.demo.MOST_GEOJSON", most_geojson)
    write_demo(tmp_path / "demo", zones=n)
    plan = read_plan(tmp_path / "demo")
    made = synthetic_zones(n, sectors=CODES)
    assert sorted(plan.zones["id"]) == sorted(made["id"])
    back = plan.zones.set_index("id").loc[made["id"]]
    assert back.geometry.geom_equals(made.set_index("id").geometry).all()
    assert back["name_zh"].tolist() == made["name_zh"].tolist()


def test_a_demo_is_written_only_where_nothing_is(tmp_path):
    (tmp_path / "mine.txt").touch()
    with pytest.raises(ValueError, match="E_FOLDER_NOT_EMPTY"):
        write_demo(tmp_path, zones=3)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_made_up_zones_are_as_they_should_be():
    zones = synthetic_zones(2_000, sectors=CODES)
    assert zones.is_valid.all()
    assert zones["id"].is_unique
    corners = shapely.get_num_coordinates(zones.geometry.to_numpy()) - 1
    assert (corners.min(), corners.max()) == (20, 59)
    west, south, east, north = zones.total_bounds
    assert west >= 119
    assert south >= 35
    assert east <= 123
    assert north <= 40
    inner = zones.dropna(subset="part_of")
    outer = zones.set_index("id").loc[inner["part_of"]]
    assert len(inner) == 300
    assert shapely.contains(outer.geometry.to_numpy(), inner.geometry.to_numpy()).all()
    assert set(zones["kind"]) == set(default_charter().by_kind)


def test_the_same_seed_makes_the_same_zones():
    first, again, other = (
        synthetic_zones(20, sectors=CODES, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first.geometry.geom_equals(other.geometry).any()
    assert len(synthetic_zones(0, sectors=CODES)) == 0


def test_a_table_opens_with_geopandas_too(tmp_path, monkeypatch):
    monkeypatch.setattr("beltmap.layers.commands.demo.MOST_GEOJSON", 0)
    write_demo(tmp_path / "demo", zones=30)
    path = tmp_path / "demo" / "zones.parquet"
    assert len(gpd.read_parquet(path)) == 30
    assert len(gpd.read_parquet(path, bbox=(119, 35, 121, 36.5))) < 30


def test_numbers_of_a_layer_are_floats(tmp_path, many):
    path = parks(many, tmp_path / "parks.geojson")
    columns = read_layer(path, kind="park", sectors=CODES).columns
    assert [columns[name].dtype for name in schema.NUMBERS] == [np.float64] * 3
    assert json.loads(path.read_bytes())["features"][3]["geometry"] is None


def test_a_layer_of_an_earlier_kind_is_not_lost_in_silence(tmp_path):
    (tmp_path / "base.geojson").write_text("{}", encoding="utf-8")
    [layer] = read_layers(tmp_path, sectors=[])
    [fault] = layer.faults
    assert (fault.code, fault.where) == ("E_OLD_LAYER", "base.geojson")
