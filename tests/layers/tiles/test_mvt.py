"""Vector tiles: GDAL, which shares nothing with the writer, finds what was written."""

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from beltmap.layers.tiles.mvt import EXTENT, MARGIN, tile_box, write_tile
from tests.layers.services.served import get, serve

Z, X, Y = 9, 427, 200
WIDTH_DEG = 360 / 2**Z
UNIT_M = 40_075_016.7 / 2**Z / EXTENT


def read_back(tile, folder, *, z=Z, x=X, y=Y):
    path = folder / "tile.pbf"
    path.write_bytes(tile)
    options = {"X": str(x), "Y": str(y), "Z": str(z), "CLIP": "NO"}
    return pyogrio.read_dataframe(f"MVT:{path}", **options)


def test_everything_in_a_tile_is_found_again(tmp_path, plan):
    west, south, east, north = tile_box(Z, X, Y)
    zones = plan.zones[plan.zones.geometry.notna()]
    within = zones[zones.intersects(shapely.box(west, south, east, north))]
    assert len(within) > 5
    found = read_back(write_tile(within, name="zones", z=Z, x=X, y=Y), tmp_path)
    assert sorted(found["id"]) == sorted(within["id"])
    assert not found.geometry.isna().any()
    found = found.set_index("id")
    cut = within.to_crs(3857).clip(gpd.GeoSeries(
        [shapely.box(west, south, east, north)], crs=4326).to_crs(3857)
    ).set_index("id")  # fmt: skip
    for zone, row in cut.iterrows():
        other = found.loc[zone]
        # half a unit of rounding and half of simplifying, to each side
        assert other.geometry.hausdorff_distance(row.geometry) < 3 * UNIT_M
        assert other["name_zh"] == row["name_zh"]
        assert other["drawn_area_km2"] == row["drawn_area_km2"]


def test_holes_parts_lines_and_points_are_kept(tmp_path):
    west, south, *_ = tile_box(Z, X, Y)
    west, south = west + WIDTH_DEG / 2, south + WIDTH_DEG / 2
    square = shapely.box(west, south, west + 0.1, south + 0.1)
    hole = shapely.box(west + 0.02, south + 0.02, west + 0.05, south + 0.05)
    far = shapely.box(west + 0.1, south + 0.1, west + 0.2, south + 0.2)
    shapes = {
        "hole": square.difference(hole),
        "parts": shapely.MultiPolygon([hole, far]),
        "line": shapely.LineString([(west, south), (west + 0.1, south + 0.03)]),
        "point": shapely.Point(west + 0.01, south + 0.02),
        "points": shapely.MultiPoint([(west, south), (west + 0.1, south)]),
    }
    for name, shape in shapes.items():
        frame = gpd.GeoDataFrame({"id": [name]}, geometry=[shape], crs=4326)
        tile = write_tile(frame, name="x", z=Z, x=X, y=Y)
        [found], [wanted] = (
            read_back(tile, tmp_path).geometry,
            frame.to_crs(3857).geometry,
        )
        assert found.geom_type.endswith(wanted.geom_type.removeprefix("Multi"))
        assert shapely.get_num_geometries(found) == shapely.get_num_geometries(wanted)
        assert np.isclose(found.area, wanted.area, rtol=0.02)
        assert found.hausdorff_distance(wanted) < 3 * UNIT_M


def test_what_vanishes_or_lies_elsewhere_is_left_out():
    west, south, *_ = tile_box(Z, X, Y)
    tiny = shapely.box(west + 0.1, south + 0.1, west + 0.10001, south + 0.10001)
    far = shapely.box(west - 20, south, west - 19, south + 1)
    for shape in (tiny, far):
        frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shape], crs=4326)
        assert write_tile(frame, name="x", z=Z, x=X, y=Y) == b""


def test_a_tile_has_a_margin():
    west, south, east, north = tile_box(Z, X, Y)
    assert east - west == pytest.approx(WIDTH_DEG * (1 + 2 * MARGIN / EXTENT))
    next_west = tile_box(Z, X + 1, Y)[0]
    assert next_west < east
    assert tile_box(Z, X, Y - 1)[1] < north
    assert south < north


def test_the_service_gives_tiles_in_rows_and_columns(tmp_path, plan):
    app = serve()
    tiles = "/ogc/collections/park/tiles/WebMercatorQuad"
    status, head, body = get(app, f"{tiles}/{Z}/{Y}/{X}")
    assert (status, head["content-type"]) == (200, "application/vnd.mapbox-vector-tile")
    found = read_back(body, tmp_path)
    parks = plan.zones[plan.zones["kind"] == "park"]
    near = parks.intersects(shapely.box(*tile_box(Z, X, Y)))
    assert sorted(found["id"]) == sorted(parks["id"][near])
    status, _, body = get(app, f"{tiles}/{Z}/0/0")
    assert (status, body) == (200, b"")
