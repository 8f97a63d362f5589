"""The map with many zones, sharp, narrow, and without its payload."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from beltmap.layers.assets import STORE
from beltmap.layers.map.map import plan_map
from beltmap.layers.payload.zones import zone_payload
from tests.browser.harness import BELT, CANARY, looks_like, map_page, open_tab

pytestmark = pytest.mark.browser


def test_a_lost_payload_is_told(map_server, tab):
    pages, address = map_server
    pages["lost"] = map_page(plan_map({"zones": "0" * 64}))
    tab.goto(f"{address}lost")
    tab.locator(".beltmap-notice").wait_for(state="visible")
    assert "could not be loaded" in tab.locator(".beltmap-notice").inner_text()


@pytest.mark.parametrize("ratio", [1, 2])
def test_tiles_are_as_sharp_as_the_screen(map_server, browser, plan, ratio):
    pages, address = map_server
    pages["sharp"] = map_page(plan())
    with open_tab(browser, device_scale_factor=ratio) as tab:
        tab.goto(f"{address}sharp")
        tab.wait_for_function("map.beltmap?.ready")
        widths = tab.evaluate(
            "[...map.beltmap.zones.tiles.values()].map(({canvas}) => canvas.width)"
        )
        assert set(widths) == {512 * ratio}
        assert looks_like(tab.evaluate("map.beltmap.pixel(35.98, 119.97)"), BELT)


def test_a_narrow_map_begins_with_the_legend_closed(map_server, browser, plan):
    pages, address = map_server
    pages["narrow"] = map_page(plan())
    with open_tab(browser, viewport={"width": 400, "height": 700}) as tab:
        tab.goto(f"{address}narrow")
        tab.wait_for_function("map.beltmap?.ready")
        legend = tab.get_by_role("button", name="Legend")
        assert legend.get_attribute("aria-expanded") == "false"
        legend.press("Enter")
        assert tab.get_by_label("Belt", exact=True).is_visible()


@pytest.fixture(scope="module")
def many():
    """Make 2 500 octagons of different size with names of their own, some missing."""
    rng = np.random.default_rng(3)
    count = 2_500
    centres = shapely.points(rng.uniform([119, 35], [123, 40], (count, 2)))
    kinds = np.array(["belt", "town", "port", "farm"])
    return gpd.GeoDataFrame(
        {
            "id": [f"z{row}" for row in range(count)],
            "name_en": [
                f"区 {row} {CANARY}" if row % 9 else None for row in range(count)
            ],
            "kind": kinds[rng.integers(0, 4, count)],
            "drawn_area_km2": rng.uniform(0.1, 99, count),
        },
        geometry=shapely.buffer(centres, rng.uniform(0.001, 0.05, count), quad_segs=2),
        crs=4326,
    )


@pytest.fixture
def opened(map_server, tab, many):
    """Open the map of many zones in a tab."""
    pages, address = map_server
    made = plan_map({"zones": STORE.put(zone_payload(many))})
    pages["many"] = map_page(made)
    tab.goto(f"{address}many")
    tab.wait_for_function("map.beltmap?.ready && !map.beltmap.zones.waiting.length")
    yield tab
    assert tab.errors == []


def test_every_attribute_is_read_as_it_was_written(opened, many):
    for name in ("id", "name_en", "kind", "drawn_area_km2"):
        read = opened.evaluate(
            f"[...Array({len(many)}).keys()].map((row) => "
            f"map.beltmap.set.get('{name}', row))"
        )
        assert read == [value if pd.notna(value) else None for value in many[name]]


def test_every_vertex_is_read_to_a_millionth_of_a_degree(opened, many):
    read = opened.evaluate(
        f"[...Array({len(many)}).keys()].flatMap((row) => "
        "map.beltmap.set.latLngs(row)[0])"
    )
    rings = shapely.get_exterior_ring(shapely.orient_polygons(many.geometry.to_numpy()))
    given = np.concatenate([shapely.get_coordinates(ring)[:-1] for ring in rings])
    assert np.abs(np.array(read)[:, ::-1] - given).max() < 1e-6


def test_a_view_finds_the_zones_that_touch_it(opened, many):
    opened.evaluate("map.setView([37.5, 121], 9, {animate: false})")
    box = opened.evaluate("map.getBounds().toBBoxString()")
    west, south, east, north = (float(edge) for edge in box.split(","))
    bounds = many.bounds
    touching = (
        (bounds.minx <= east)
        & (bounds.maxx >= west)
        & (bounds.miny <= north)
        & (bounds.maxy >= south)
    )
    found = opened.evaluate("map.beltmap.visibleRows()")
    assert found == many.index[touching].tolist()
    assert 0 < len(found) < len(many)


@pytest.mark.parametrize("zoom", [7, 9, 11])
def test_many_zones_are_all_drawn(opened, many, zoom):
    opened.evaluate(f"map.setView([37.5, 121], {zoom}, {{animate: false}})")
    opened.wait_for_function("!map.beltmap.zones.waiting.length")
    rows = opened.evaluate("map.beltmap.visibleRows()")
    centres = shapely.centroid(many.geometry.to_numpy()[rows])
    alphas = opened.evaluate(
        "(points) => points.filter((at) => map.getBounds().pad(-0.02).contains(at))"
        ".map(([lat, lon]) => map.beltmap.pixel(lat, lon)[3])",
        shapely.get_coordinates(centres)[:, ::-1].tolist(),
    )
    assert alphas
    assert all(alphas)
