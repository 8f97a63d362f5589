"""Packed geometries: the same as plain ones, and none is lost."""

import pickle
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from geopandas.array import GeometryArray
from pyarrow import parquet

from beltmap.geo.charter.reading import DEFAULT
from beltmap.geo.claims.table import read_sectors
from beltmap.geo.errors import PlanError
from beltmap.geo.export.write import write
from beltmap.geo.intake.context import context_of
from beltmap.geo.intake.overlay import with_zones
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.geo.query.filters import Filters
from beltmap.geo.query.summary import totals
from beltmap.geo.report.origin import data_version
from beltmap.geo.zones import packed as module
from beltmap.geo.zones.bulk import read_bulk
from beltmap.geo.zones.packed import PackedArray, pack
from beltmap.layers.commands.demo import write_demo
from beltmap.layers.payload.mercator import TILE_PX, px_per_unit, world_x, world_y
from beltmap.layers.payload.zones import row_payload
from beltmap.layers.prepared import Prepared
from beltmap.layers.tiles.tiles import Tiles
from tests.choosing import choose

CODES = read_sectors(DEFAULT)["code"].tolist()
MANY = 60


@pytest.fixture
def few(monkeypatch):
    """Let a few zones be many; in several batches."""
    monkeypatch.setattr(module, "MOST_SHAPES", 20)
    monkeypatch.setattr("beltmap.geo.zones.bulk.MOST_SHAPES", 20)
    monkeypatch.setattr(module, "BATCH", 7)
    monkeypatch.setattr("beltmap.geo.zones.bulk.BATCH", 13)


@pytest.fixture
def plain():
    """Give made-up zones: two without geometry and one in parts."""
    zones = synthetic_zones(MANY, sectors=CODES)
    shapes = zones.geometry.to_numpy().copy()
    shapes[[3, 40]] = None
    shapes[5] = shapely.MultiPolygon([shapely.box(120, 36, 121, 37)])
    return zones.set_geometry(shapes, crs=4326)


@pytest.fixture
def packed(few, plain):  # noqa: ARG001 - few come first
    array = PackedArray(pack(plain.geometry), crs=4326)
    frame = plain.drop(columns="geometry")
    return gpd.GeoDataFrame(frame, geometry=array, crs=4326)


def is_packed(frame):
    return isinstance(frame.geometry.array, PackedArray)


def assert_same(found, expected):
    """Tell frames, series or arrays of geometries equal, missing ones too."""
    if isinstance(expected, gpd.GeoDataFrame):
        others = [c for c in expected.columns if c != "geometry"]
        pd.testing.assert_frame_equal(
            pd.DataFrame(found[others]), pd.DataFrame(expected[others])
        )
        found, expected = found.geometry, expected.geometry
    if isinstance(expected, gpd.GeoSeries):
        pd.testing.assert_index_equal(found.index, expected.index)
        found, expected = found.array, expected.array
    assert found.crs == expected.crs
    found, expected = (np.asarray(one, dtype=object) for one in (found, expected))
    assert shapely.to_wkb(found).tolist() == shapely.to_wkb(expected).tolist()


ROWS = np.arange(MANY)
SHUFFLED = np.random.default_rng(1).permutation(MANY)

FRAMES = {
    "few of a mask": lambda z: z[ROWS % 5 == 0],
    "most of a mask": lambda z: z[ROWS % 5 != 0],
    "none of a mask": lambda z: z[ROWS < 0],
    "all": lambda z: z[ROWS >= 0],
    "taken": lambda z: z.take([9, 3, 59, 0, 3]),
    "shuffled": lambda z: z.iloc[SHUFFLED],
    "from the end": lambda z: z.iloc[[-1, -57]],
    "head": lambda z: z.head(),
    "tail": lambda z: z.tail(50),
    "slice": lambda z: z.iloc[5:55],
    "steps": lambda z: z.iloc[50:2:-2],
    "no rows": lambda z: z.iloc[:0],
    "by label": lambda z: z.loc[2:5],
    "sorted": lambda z: z.sort_values("name_en", kind="stable"),
    "copy": lambda z: z.copy(),
    "with a column": lambda z: z.assign(more=1),
    "reindexed": lambda z: z.reindex([1, 99, 3]),
    "new rows": lambda z: z.reset_index(drop=True),
    "located": lambda z: z[z.geometry.notna()],
    "dropped": lambda z: z.dropna(subset="geometry"),
    "in another crs": lambda z: z.to_crs(4549),
    "in the same crs": lambda z: z.to_crs(4326),
    "doubled": lambda z: pd.concat([z, z], ignore_index=True),
    "with itself in parts": lambda z: pd.concat([z.iloc[:50], z.iloc[50:]]),
    "filled": lambda z: z.set_geometry(z.geometry.fillna(shapely.Point(1, 2))),
    "where": lambda z: z.set_geometry(z.geometry.where(ROWS % 2 == 0)),
    "shifted": lambda z: z.set_geometry(z.geometry.shift(2)),
    "buffered": lambda z: z.set_geometry(z.geometry.boundary),
    "exploded": lambda z: z.explode(index_parts=False),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_choice_of_packed_zones_is_that_of_plain_ones(packed, plain, name):
    assert is_packed(packed)
    assert_same(FRAMES[name](packed), FRAMES[name](plain))


def test_a_large_choice_stays_packed_and_a_small_one_does_not(packed):
    kept = {name for name in FRAMES if is_packed(FRAMES[name](packed))}
    assert {"most of a mask", "all", "shuffled", "slice", "copy", "doubled"} <= kept
    assert not {"few of a mask", "taken", "head", "no rows", "by label"} & kept
    assert is_packed(pd.concat([packed, packed.iloc[:3]]))


@pytest.mark.parametrize(
    "ask",
    [
        lambda g: g.isna(),
        lambda g: g.bounds,
        lambda g: g.total_bounds,
        lambda g: g.geom_type,
        lambda g: g.is_valid,
        lambda g: g.is_empty,
        len,
        lambda g: g.to_wkt(),
        list,
        lambda g: g.array[::-1].shape,
        lambda g: [g.iloc[row] for row in (0, 3, 4, -1, np.int64(8))],
        lambda g: g.sindex.query(shapely.box(119, 35, 121, 37)),
        lambda g: shapely.bounds(np.asarray(g.array)),
        str,
    ],
)
def test_a_measure_of_packed_zones_is_that_of_plain_ones(packed, plain, ask):
    found, expected = ask(packed.geometry), ask(plain.geometry)
    if isinstance(expected, pd.Series | pd.DataFrame):
        assert found.equals(expected)
    else:
        np.testing.assert_array_equal(found, expected)


def test_packed_zones_join_plain_ones(packed, plain):
    expected = pd.concat([plain, plain.iloc[:9]], ignore_index=True)
    assert_same(pd.concat([packed, plain.iloc[:9]], ignore_index=True), expected)
    mixed = pd.concat([plain, packed.iloc[:30].iloc[:9]], ignore_index=True)
    assert_same(mixed, expected)


def test_packed_zones_are_written_as_plain_ones(tmp_path, packed, plain):
    packed.to_parquet(tmp_path / "packed.parquet")
    plain.to_parquet(tmp_path / "plain.parquet")
    assert (tmp_path / "packed.parquet").read_bytes() == (
        tmp_path / "plain.parquet"
    ).read_bytes()


def test_rows_outside_are_refused(packed):
    array = packed.geometry.array
    for row in (MANY, -MANY - 1):
        with pytest.raises(IndexError):
            array[row]
        with pytest.raises(IndexError):
            array.take([row])
    with pytest.raises(ValueError, match="-1"):
        array.take([-2], allow_fill=True)


def test_packed_zones_survive_a_pickle(packed):
    again = pickle.loads(pickle.dumps(packed))
    assert is_packed(again)
    assert_same(again, packed)


def spot():
    return shapely.box(1, 2, 3, 4)


WRITES = {
    "row": lambda z: z.loc.__setitem__((8, "geometry"), spot()),
    "nothing": lambda z: z.loc.__setitem__((8, "geometry"), None),
    "rows": lambda z: z.loc.__setitem__(([3, 9], "geometry"), spot()),
    "mask": lambda z: z.loc.__setitem__((ROWS > 50, "geometry"), spot()),
    "array": lambda z: z.geometry.array.__setitem__(8, spot()),
    "column": lambda z: z.__setitem__("geometry", z.geometry.translate(1)),
}


@pytest.mark.parametrize("name", WRITES)
def test_what_is_written_into_packed_zones_is_there(packed, plain, name):
    before = packed.copy()
    _ = packed.geometry.array.bounds
    for zones in (packed, plain):
        WRITES[name](zones)
    # before all shapes are made, which finds their bounds anew
    bounds = [zones.geometry.array.bounds for zones in (packed, plain)]
    np.testing.assert_array_equal(*bounds)
    assert_same(packed, plain)
    assert not before.geometry.geom_equals(packed.geometry).all()


def test_what_cannot_be_kept_cannot_be_written(packed):
    array = packed.geometry.array
    with pytest.raises(ValueError, match="read-only"):
        array._data[0] = None
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(array)[0] = None
    with pytest.raises(AttributeError):
        array._data = np.empty(0, object)


def test_geopandas_still_computes_with_the_attribute_that_is_made_on_demand(plain):
    array = plain.geometry.array
    assert isinstance(array, GeometryArray)
    assert isinstance(vars(array)["_data"], np.ndarray)
    assert set(vars(array)) == {"_data", "_crs", "_sindex"}


def test_no_more_shapes_are_made_than_are_asked_for(packed, monkeypatch):
    made = []
    read = module.read_shapes
    monkeypatch.setattr(
        module, "read_shapes", lambda column: made.append(len(column)) or read(column)
    )
    assert packed.geometry.array.isna().sum() == 2
    assert totals(packed, ROWS >= 0, land=None).not_located == 2
    assert len(packed[ROWS % 2 == 0]) == len(packed.iloc[SHUFFLED].iloc[:30]) == 30
    assert packed.geometry.array.nbytes > 16 * MANY
    assert packed.to_crs(4326).crs == packed.crs
    assert made == []
    assert packed.geometry.iloc[7].geom_type == "Polygon"
    assert len(packed.iloc[[1, 50]]) == 2
    assert made == [1, 1, 1]


@pytest.mark.parametrize("suffix", ["parquet", "fgb"])
@pytest.mark.parametrize("crs", [4326, 4549])
def test_a_table_of_many_zones_is_packed(tmp_path, request, plain, suffix, crs):
    located = plain[plain.geometry.notna()].to_crs(crs)
    path = tmp_path / f"zones.{suffix}"
    if suffix == "fgb":
        located.explode().to_file(path, driver="FlatGeobuf")
    else:
        plain.to_crs(crs).to_parquet(path)
    one = read_bulk(path, sectors=CODES)
    request.getfixturevalue("few")
    other = read_bulk(path, sectors=CODES)
    assert isinstance(one.geometries, np.ndarray)
    assert isinstance(other.geometries, PackedArray)
    pd.testing.assert_frame_equal(one.columns, other.columns)
    wkb = shapely.to_wkb(one.geometries).tolist()
    assert shapely.to_wkb(np.asarray(other.geometries)).tolist() == wkb


def bow_tie():
    return shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


SPOILT = {
    "bow tie": (4326, bow_tie()),
    "outside": (4326, shapely.box(179, 0, 181, 1)),
    "point": (4326, shapely.Point(1, 2)),
    "empty": (4326, shapely.Polygon()),
    "heights": (4326, shapely.force_3d(bow_tie(), 7)),
    "projected bow tie": (3857, bow_tie()),
    "nowhere in a projection": (4549, shapely.box(0, 0, 1e9, 1e9)),
}


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.parametrize("many", [1, 50])
def test_wrong_geometries_are_the_same_faults(tmp_path, request, plain, name, many):
    crs, wrong = SPOILT[name]
    plain = plain.to_crs(crs)
    rows = np.flatnonzero(plain.geometry.notna())[-many:]
    plain.loc[rows, "geometry"] = gpd.GeoSeries([wrong] * many, rows, crs=crs)
    plain.loc[rows[0], "status"] = "dreamt"
    path = tmp_path / "zones.parquet"
    plain.to_parquet(path)
    faults = read_bulk(path, sectors=CODES).faults
    request.getfixturevalue("few")
    assert read_bulk(path, sectors=CODES).faults == faults
    assert sum(fault.code == "E_BAD_GEOMETRY" for fault in faults) == many


def test_of_many_wrong_geometries_the_first_are_explained(tmp_path, few, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr("beltmap.geo.zones.screen.MOST_EXPLAINED", 5)
    zones = synthetic_zones(MANY, sectors=CODES).set_geometry([bow_tie()] * MANY)
    path = tmp_path / "zones.parquet"
    zones.set_crs(4326).to_parquet(path)
    faults = read_bulk(path, sectors=CODES).faults
    assert [fault.code for fault in faults[4:]] == ["E_BAD_GEOMETRY", "E_MORE_FAULTS"]
    assert "55" in faults[-1].what


@pytest.mark.parametrize("wkb", [b"", b"no", bytes(40)])
def test_what_is_no_geometry_is_not_missing(tmp_path, request, plain, wkb):
    path = tmp_path / "zones.parquet"
    plain.to_parquet(path)
    table = parquet.read_table(path)
    binary = table["geometry"].to_pylist()
    binary[9] = wkb
    at = table.schema.get_field_index("geometry")
    field = table.schema.field("geometry")
    parquet.write_table(table.set_column(at, field, pa.array(binary, field.type)), path)
    (fault,) = read_bulk(path, sectors=CODES).faults
    request.getfixturevalue("few")
    assert read_bulk(path, sectors=CODES).faults == (fault,)
    assert fault.where.startswith("zones.parquet, row 10")


@pytest.mark.parametrize("flavour", ["iso", "extended"])
def test_the_flavours_of_binary_are_read_alike(plain, flavour):
    shapes = shapely.set_srid(shapely.force_3d(plain.geometry.to_numpy(), 5), 4326)
    srid = flavour == "extended"
    wkb = shapely.to_wkb(shapes, byte_order=0, flavor=flavour, include_srid=srid)
    column = pa.chunked_array([pa.array(wkb, pa.large_binary())])
    assert_same(PackedArray(column).copy(), GeometryArray(shapes))


@pytest.fixture
def plans(packed, plain):
    """Give the same plan packed and plain."""
    plan = read_plan()
    return replace(plan, zones=packed), replace(plan, zones=plain)


@pytest.fixture
def folder(tmp_path, plain):
    """Give a folder with a plan of those zones."""
    write_demo(tmp_path / "demo", zones=3)
    for path in (tmp_path / "demo").glob("*.geojson"):
        path.unlink()
    plain.to_parquet(tmp_path / "demo" / "zones.parquet")
    return tmp_path / "demo"


def test_a_plan_of_many_zones_is_packed(folder, few, plain):  # noqa: ARG001
    zones = read_plan(folder).zones
    assert is_packed(zones)
    assert_same(zones, plain)


def test_a_plan_with_a_bow_tie_among_many_zones_is_refused(folder, few, plain):  # noqa: ARG001
    plain.loc[8, "geometry"] = bow_tie()
    plain.to_parquet(folder / "zones.parquet")
    with pytest.raises(PlanError, match="Self-intersection"):
        read_plan(folder)


def test_tiles_of_packed_zones_are_those_of_plain_ones(packed, plain):
    one, other = Tiles(packed, key="a"), Tiles(plain, key="b")
    for zoom in (5, 8, 11, 14):
        across = TILE_PX / px_per_unit(zoom)
        for lon, lat in ((120, 36), (120.5, 36.5), (122.2, 37.9)):
            x, y = int(world_x(lon) / across), int(world_y(lat) / across)
            shown = (layer.show(ROWS % 3 > 0) for layer in (one, other))
            cut = [
                layer.cut(choice, zoom, x, y)
                for layer, choice in zip((one, other), shown, strict=True)
            ]
            assert cut[0] == cut[1]
    assert [row_payload(packed, r) for r in (3, 5)] == [
        row_payload(plain, r) for r in (3, 5)
    ]


@pytest.mark.parametrize("code", ["geojson", "parquet", "shapefile", "csv"])
@pytest.mark.parametrize("chosen", [ROWS % 5 == 0, ROWS % 5 != 0])
def test_exports_of_packed_zones_are_those_of_plain_ones(plans, code, chosen):
    one, other = (
        write(choose(plan, chosen), format_code=code, crs="wgs84") for plan in plans
    )
    assert one.losses == other.losses
    read = [export.format_.read(export.content).zones for export in (one, other)]
    assert len(read[0]) == chosen.sum()
    assert one.content == other.content or code == "shapefile"


def test_what_is_said_of_packed_zones_is_said_of_plain_ones(plans):
    one, other = plans
    assert data_version(one) == data_version(other)
    assert context_of(one) == context_of(other)
    joined = [with_zones(plan, other.zones.iloc[:2]).zones for plan in plans]
    assert is_packed(joined[0])
    assert_same(*joined)
    here, there = (
        Prepared(plan, key=key) for plan, key in zip(plans, "ab", strict=True)
    )
    assert here.totals(Filters()) == there.totals(Filters())
    assert here.table(Filters()).equals(there.table(Filters()))


def test_bounds_that_are_known_are_not_made_again(packed, plain, monkeypatch):
    both = [packed.geometry.array, plain.geometry.array]
    expected = np.concatenate([one.bounds for one in both])

    def never(_):
        raise AssertionError("shapes were made once more")

    monkeypatch.setattr(module, "read_shapes", never)
    whole = PackedArray._concat_same_type(both)
    assert np.array_equal(whole.bounds, expected, equal_nan=True)
    assert np.array_equal(whole.copy().bounds, expected, equal_nan=True)
