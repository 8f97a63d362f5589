"""Tiles hold every zone of their view and nothing else, and only those exist."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from starlette.applications import Starlette

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.layers.payload.encode import decode
from beltmap.layers.payload.mercator import (
    WORLD,
    boxes_of,
    px_per_unit,
    tile_box,
    tiles_across,
    world_x,
    world_y,
)
from beltmap.layers.payload.simplify import simplify
from beltmap.layers.payload.zones import zone_payload
from beltmap.layers.routes import routes
from beltmap.layers.tiles.source import (
    CELL_PX,
    DOT_PX,
    MARGIN_PX,
    cut_tile,
    extent,
    extents,
    spacing_px,
)
from beltmap.layers.tiles.tiles import Shown, Tiles
from tests.asking import ask, asked_together

APP = Starlette(routes=routes())
VIEWS = [(5, 13, 6), (7, 53, 24), (9, 214, 98), (11, 858, 394), (14, 6860, 3150)]


@pytest.fixture(scope="module")
def zones():
    made = synthetic_zones(3_000, sectors=list(read_plan().sectors["code"]))
    geometries = made.geometry.to_numpy().copy()
    geometries[7] = None
    geometries[8] = shapely.MultiPolygon([shapely.box(120, 36, 120.1, 36.1)])
    geometries[9] = shapely.box(119, 35, 123, 40) - shapely.box(120, 36, 122, 39)
    return made.set_geometry(geometries, crs=4326)


@pytest.fixture(scope="module")
def layer(zones):
    return Tiles(zones, key="test")


def boxes(zones):
    """Give boxes in world units; far away where nothing is drawn."""
    bounds = shapely.bounds(zones.geometry.to_numpy())
    found = np.full((len(zones), 4), -9)
    drawn = ~np.isnan(bounds[:, 0])
    found[drawn] = boxes_of(bounds[drawn])
    return found


def touching(zones, zoom, x, y, *, margin_px):
    west, north, east, south = tile_box(zoom, x, y, margin_px=margin_px)
    found = boxes(zones)
    return np.flatnonzero(
        (found[:, 0] <= east)
        & (found[:, 2] >= west)
        & (found[:, 1] <= south)
        & (found[:, 3] >= north)
    )


def px(zones, zoom):
    found = boxes(zones)
    return (found[:, 2:] - found[:, :2]).max(axis=1) * px_per_unit(zoom)


def cell(points, zoom):
    """Give the cells of dots, in the middle of which no rounding matters."""
    at = np.array([[world_x(p.x), world_y(p.y)] for p in points]).reshape(-1, 2)
    return at * px_per_unit(zoom) / CELL_PX


@pytest.mark.parametrize(("zoom", "x", "y"), VIEWS)
def test_a_tile_holds_all_that_is_visible_and_nothing_else(zones, layer, zoom, x, y):
    geometries, columns, _ = decode(cut_tile(layer.source, zoom, x, y))
    rows = np.array(columns["row"], int)
    assert len(np.unique(rows)) == len(rows)
    expected = touching(zones, zoom, x, y, margin_px=MARGIN_PX)
    assert set(rows) <= set(expected)
    large = expected[px(zones, zoom)[expected] >= DOT_PX]
    assert set(large) <= set(rows)
    assert [columns["kind"][at] for at in range(len(rows))] == [
        zones["kind"][row] for row in rows
    ]
    dots = np.array([geometry.geom_type == "Point" for geometry in geometries])
    stands = np.zeros(len(expected), bool)
    for kind in zones["kind"].unique():
        mine = dots & (zones["kind"].to_numpy()[rows] == kind)
        tree = shapely.STRtree(
            [shapely.Point(at) for at in cell(geometries[mine], zoom)]
        )
        wanted = np.isin(expected, large) | (zones["kind"].to_numpy()[expected] != kind)
        stands |= wanted & np.isin(expected, large)
        small = np.flatnonzero(~wanted)
        centres = shapely.centroid(shapely.envelope(zones.geometry.to_numpy()))
        at = [shapely.Point(c) for c in cell(centres[expected[small]], zoom)]
        if at and mine.any():
            _, far = tree.query_nearest(at, return_distance=True, all_matches=False)
            stands[small] = far < 2
    assert stands.all()


@pytest.mark.parametrize(("zoom", "x", "y"), VIEWS)
def test_outlines_in_a_tile_are_true_to_half_a_pixel(zones, layer, zoom, x, y):
    geometries, columns, _ = decode(cut_tile(layer.source, zoom, x, y))
    window = tile_box(zoom, x, y)
    tolerance = 1.0 / px_per_unit(zoom)
    checked = 0
    for geometry, row in zip(geometries, columns["row"], strict=True):
        if geometry.geom_type == "Point":
            continue
        there, here = (
            shapely.transform(
                shape,
                lambda at: np.column_stack([world_x(at[:, 0]), world_y(at[:, 1])]),
            )
            for shape in (zones.geometry[int(row)], geometry)
        )
        view = shapely.box(window[0], window[1], window[2], window[3])
        seen = shapely.intersection(there.boundary, view)
        if not seen.is_empty:
            assert (
                shapely.hausdorff_distance(
                    seen, shapely.intersection(here.boundary.buffer(tolerance), seen)
                )
                <= tolerance
            )
            assert here.boundary.buffer(tolerance).covers(seen)
            checked += 1
    assert checked or zoom < 7


def test_a_tile_shows_what_the_mask_leaves(zones, layer):
    mask = (zones["kind"] == "park").to_numpy()
    shown = layer.show(mask)
    _, columns, _ = decode(cut_tile(layer.source, 7, 53, 24, shown=shown.bits))
    assert set(columns["kind"]) == {"park"}
    everything = decode(cut_tile(layer.source, 7, 53, 24))[1]
    parks = [
        row
        for row, kind in zip(everything["row"], everything["kind"], strict=True)
        if kind == "park"
    ]
    assert sorted(columns["row"]) == sorted(parks)


def test_the_same_choice_has_the_same_name(zones, layer):
    mask = (zones["kind"] == "park").to_numpy()
    assert layer.state(mask) == layer.state(mask.copy())
    assert layer.state(mask) != layer.state(~mask)
    assert layer.state(np.ones(len(zones), bool))["filter"] == "all"
    assert layer.state(np.zeros(len(zones), bool))["extent"] is None


def test_choices_are_forgotten_when_there_are_too_many(zones):
    layer = Tiles(zones, most_bytes=3 * len(zones) // 8)
    masks = [np.arange(len(zones)) == row for row in range(5)]
    names = [layer.show(mask).digest for mask in masks]
    assert [layer.shown(name) is not None for name in names] == [False] * 2 + [True] * 3


def test_a_tile_is_served_once_cut(layer):
    address = f"/beltmap/tiles/{layer.source.digest}/all/7/53/24"
    status, head, body = ask(APP, address)
    assert status == 200
    assert body == cut_tile(layer.source, 7, 53, 24)
    assert "immutable" in head["cache-control"]
    assert ask(APP, address, **{"if-none-match": head["etag"]})[0] == 304


def test_a_row_is_served_exactly(zones, layer):
    body = ask(APP, f"/beltmap/tiles/{layer.source.digest}/zone/9")[2]
    geometries, columns, _ = decode(body)
    assert columns["row"] == [9]
    assert columns["id"] == [zones["id"][9]]
    assert shapely.equals_exact(
        shapely.normalize(geometries[0]),
        shapely.normalize(zones.geometry[9]),
        tolerance=1e-6,
    )


@pytest.mark.parametrize(
    "rest",
    [
        "{d}/none/7/53/24",
        "{d}/" + "0" * 32 + "/7/53/24",
        "0000/all/7/53/24",
        "{d}/all/3/0/0",
        "{d}/all/19/0/0",
        "{d}/all/7/64/0",
        "{d}/all/7/-1/0",
        "{d}/all/7/1e3/0",
        "{d}/all/7/1.5/0",
        "{d}/all/7/" + "9" * 5000 + "/0",
        "{d}/all/7/٣/0",
        "{d}/all/7/%00/0",
        "{d}/all/7/53",
        "{d}/zone/3000",
        "{d}/zone/-1",
        "{d}/zone/x",
        "{d}/../all/7/53/24",
    ],
)
def test_what_does_not_exist_is_not_found(layer, rest):
    address = f"/beltmap/tiles/{rest.format(d=layer.source.digest)}"
    assert ask(APP, address)[0] == 404


def test_a_layer_is_gone_with_the_last_who_holds_it(zones):
    layer = Tiles(zones, key="other")
    address = f"/beltmap/tiles/{layer.source.digest}/all/7/53/24"
    assert ask(APP, address)[0] == 200
    del layer
    assert ask(APP, address)[0] == 404


def test_a_tile_of_many_zones_is_no_larger_than_its_pixels():
    sectors = list(read_plan().sectors["code"])
    sizes = {}
    for n in (20_000, 80_000):
        source = Tiles(synthetic_zones(n, sectors=sectors)).source
        sizes[n] = len(cut_tile(source, 4, 6, 3))
    assert sizes[80_000] < 1.6 * sizes[20_000]


def test_nothing_is_lost_by_simplifying(zones):
    given = zones.geometry.to_numpy()
    for zoom in (0, 5, 9):
        simplified = simplify(given, zoom=zoom)
        assert (shapely.is_missing(simplified) == shapely.is_missing(given)).all()
        assert not shapely.is_empty(simplified).any()


def test_a_payload_for_a_zoom_keeps_all_rows_and_is_small(zones):
    exact, coarse = zone_payload(zones), zone_payload(zones, zoom=8)
    geometries, columns, _ = decode(coarse)
    assert columns["id"] == list(zones["id"])
    assert (shapely.is_missing(geometries) == zones.geometry.isna()).all()
    given = shapely.get_num_coordinates(zones.geometry.to_numpy()).sum()
    assert shapely.get_num_coordinates(geometries).sum() < given / 2.5
    assert len(coarse) < 0.6 * len(exact)


@pytest.mark.parametrize("zoom", range(1, 19))
def test_tiles_cover_the_world(zoom):
    last = tiles_across(zoom) - 1
    assert tile_box(zoom, last, last)[2:] == (2**30, 2**30)


def test_a_layer_without_zones_has_empty_tiles(zones):
    layer = Tiles(zones.iloc[:0])
    geometries, columns, _ = decode(cut_tile(layer.source, 7, 53, 24))
    assert len(geometries) == 0
    assert columns["row"] == []
    assert layer.state(np.zeros(0, bool))["filter"] == "all"
    assert decode(layer.head())[2]["tiles"]["extent"] is None


def test_a_zone_of_a_million_vertices_is_cut_quickly(zones):
    angle = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    radius = 0.5 + 0.01 * np.sin(5_000 * angle)
    ring = np.column_stack([121 + radius * np.cos(angle), 37 + radius * np.sin(angle)])
    giant = zones.iloc[:3].copy()
    giant.loc[0, "geometry"] = shapely.Polygon(ring)
    source = Tiles(giant).source
    for zoom in (5, 8, 12, 15):
        x = int(world_x(121.5) * px_per_unit(zoom) / 512)
        y = int(world_y(37.0) * px_per_unit(zoom) / 512)
        payload = cut_tile(source, zoom, x, y)
        assert 0 in decode(payload)[1]["row"]
        assert len(payload) < 400_000


def test_a_tile_of_very_many_has_no_more_dots_than_its_bound(monkeypatch):
    """More zones are more dots only as far as they can be told apart."""
    zoom, sizes = 6, []
    few = synthetic_zones(30_000, sectors=["software"])
    monkeypatch.setattr("beltmap.layers.tiles.source.MOST_DOTS", 2_000)
    for part in (10_000, 20_000, 30_000):
        layer = Tiles(few.iloc[:part])
        unit = WORLD // tiles_across(zoom)
        x, y = int(world_x(121) // unit), int(world_y(37.5) // unit)
        _, columns, _ = decode(cut_tile(layer.source, zoom, x, y))
        sizes.append(len(columns["row"]))
        rows = np.array(columns["row"], int)
        assert set(few["kind"]) == set(few["kind"].to_numpy()[rows])
    assert max(sizes) <= 2_000
    assert sizes[-1] < 1.5 * sizes[0]


def test_no_tile_looks_fuller_than_the_next(monkeypatch):
    """The spacing of dots is one for all tiles of a zoom, and wider for more zones."""
    monkeypatch.setattr("beltmap.layers.tiles.source.MOST_DOTS", 2_000)
    many = synthetic_zones(30_000, sectors=["software"])
    layer = Tiles(many)
    everything = layer.shown("all")
    chosen = []
    for zoom in (5, 6, 7, 12):
        layer.cut(everything, zoom, 26, 12)
        chosen.append(everything.spacing_px[zoom])
    assert chosen == sorted(chosen, reverse=True)
    assert chosen[0] > chosen[-1] == CELL_PX
    few = layer.show((many["kind"] == "belt").to_numpy())
    assert spacing_px(layer.source, 6, shown=few.bits) == CELL_PX


def test_tiles_asked_for_at_once_find_their_spacing_once(layer, monkeypatch):
    asked = []

    def slowly(*given, shown):
        asked.append((given, shown))
        asked_together(Tiles.cut, 4)
        return CELL_PX

    monkeypatch.setattr("beltmap.layers.tiles.tiles.spacing_px", slowly)
    shown = Shown("some", None, None)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda x: layer.cut(shown, 8, x, 97), range(212, 216)))
    assert len(asked) == 1


@pytest.mark.parametrize("groups", [1, 7, 3_000, 9_000])
def test_boxes_of_many_groups_are_those_of_each(layer, groups):
    group = np.random.default_rng(1).integers(0, groups, 3_000)
    found = extents(layer.source, group, n=groups)
    assert len(found) == groups
    for number in range(0, groups, 1 + groups // 50):
        assert found[number] == extent(layer.source, group == number), number
