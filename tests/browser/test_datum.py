"""Basemaps of other datums: a cross on the tiles meets the zone's corner."""

import io
import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image, ImageDraw
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from beltmap.geo.geometry.datum import from_wgs84
from beltmap.layers.assets import STORE
from beltmap.layers.basemap.basemaps import EMBEDDED, Basemap
from beltmap.layers.map.map import map_state, plan_map
from beltmap.layers.map.view import View
from beltmap.layers.payload.zones import zone_payload
from tests.browser.harness import map_page, serving, settled, shows, state_script

pytestmark = pytest.mark.browser

PLACES = {"Qingdao": (120.4810, 36.1475), "Dalian": (121.5223, 38.8561)}
"""A place in each city, WGS 84 longitude and latitude: the corner of a zone."""

TILE = 256
GREY = (230, 230, 230)
CROSS = (255, 0, 255)
EDGE = (0xC9, 0x85, 0x00)
"""Colour of the outline of a zone of kind zone."""

WITHIN_M = 2.0
ZOOMS = (16, 18)


def moved(lon, lat, datum):
    """Give a place in a datum."""
    if datum in {"gcj02", "bd09"}:
        return from_wgs84(np.array([[lon, lat]]), datum=datum)[0]
    return lon, lat


def world_pixel(lon, lat, zoom):
    """Give a place in pixels of the whole world's map."""
    size = TILE * 2**zoom
    y = math.asinh(math.tan(math.radians(lat))) / math.pi
    return (lon + 180) / 360 * size, (1 - y) / 2 * size


def tile(request):
    """Draw a tile with a cross wherever one of the places is in its datum."""
    path = request.path_params
    image = Image.new("RGB", (TILE, TILE), GREY)
    draw = ImageDraw.Draw(image)
    for place in PLACES.values():
        x, y = world_pixel(*moved(*place, path["datum"]), path["z"])
        x, y = x - path["x"] * TILE, y - path["y"] * TILE
        # arms one pixel wide, from half a pixel before the place to half behind
        column, row = math.floor(x), math.floor(y)
        draw.line([(column, row - 300), (column, row + 300)], CROSS, 1)
        draw.line([(column - 300, row), (column + 300, row)], CROSS, 1)
    content = io.BytesIO()
    image.save(content, "PNG")
    headers = {"Access-Control-Allow-Origin": "*"}
    return Response(content.getvalue(), media_type="image/png", headers=headers)


@pytest.fixture(scope="module")
def tiles():
    """Serve tiles of every datum on this machine."""
    route = Route("/{datum}/{z:int}/{x:int}/{y:int}.png", tile)
    with serving(Starlette(routes=[route])) as address:
        yield address


@pytest.fixture(scope="module")
def corners():
    """Make zones whose south-western corners are the places."""
    shapes = [shapely.box(x, y, x + 0.02, y + 0.02) for x, y in PLACES.values()]
    columns = {
        "id": list(PLACES),
        "name_en": [None] * 2,
        "kind": ["zone"] * 2,
        "city": list(PLACES),
        "boundary": ["described"] * 2,
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


@pytest.fixture
def shown(map_server, tab, tiles, corners):
    """Open the map with a basemap of each datum; give how to tell it a state."""
    pages, address = map_server
    base = Basemap(code="wgs84", names=("One", "一"), credits=(("own", None),))
    own = [
        replace(
            base,
            code=datum,
            datum=datum,
            urls=(f"{tiles}/{datum}/{{z}}/{{x}}/{{y}}.png",),
        )
        for datum in ("wgs84", "cgcs2000", "gcj02", "bd09")
    ]
    dead = replace(base, code="dead", urls=("http://127.0.0.1:9/{z}/{x}/{y}.png",))
    basemaps = (EMBEDDED, *own, dead)
    setup = {"zones": STORE.put(zone_payload(corners, basemaps=basemaps))}
    pages["datum"] = map_page(plan_map(setup))

    def tell(**state):
        tab.evaluate(state_script(map_state(**state)))

    tab.goto(f"{address}datum")
    tab.wait_for_function("map.beltmap?.ready")
    yield tell
    assert tab.errors == []


def screenshot(tab):
    """Give the screen as an array of red, green and blue."""
    picture = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
    return np.asarray(picture).astype(int)


def pink(pixels):
    """Tell how much of each pixel is the cross."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return np.clip((red + blue) / 2 - green - 20, 0, None)


def golden(pixels):
    """Tell which pixels are the outline of the zone."""
    return (np.abs(pixels - EDGE) <= 40).all(axis=-1).astype(float)


def middle(found):
    """Give the middle of the pixels of a line, as a place between pixels."""
    assert found.sum() > 0, "the line is not on the screen"
    return np.average(np.arange(len(found)), weights=found) + 0.5


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_the_zones_meet_the_tiles(shown, tab, datum, place, zoom):
    lon, lat = PLACES[place]
    shown(basemap=datum, view=View(lat=lat, lon=lon, zoom=zoom, n=1))
    tab.wait_for_function(
        "document.querySelectorAll('img.leaflet-tile-loaded').length > 8"
    )
    settled(tab)
    pixels = screenshot(tab)
    at = tab.evaluate(f"map.latLngToContainerPoint([{lat}, {lon}])")
    x, y = round(at["x"]), round(at["y"])
    # the cross, south and west of the place; the zone's edges, north and east
    cross_x = middle(pink(pixels[y + 40, x - 30 : x + 30])) + x - 30
    cross_y = middle(pink(pixels[y - 30 : y + 30, x - 40])) + y - 30
    edge_x = middle(golden(pixels[y - 45, x - 30 : x + 30])) + x - 30
    edge_y = middle(golden(pixels[y - 30 : y + 30, x + 45])) + y - 30
    metres = 156543.034 * math.cos(math.radians(lat)) / 2**zoom
    off = math.hypot(cross_x - edge_x, cross_y - edge_y) * metres
    assert off <= WITHIN_M, f"{off:.2f} m"


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_shifted_basemap_leaves_view_clicks_and_links_in_wgs84(shown, tab, datum):
    lon, lat = PLACES["Qingdao"]
    shown(basemap="wgs84", selected=0, view=View(lat=lat, lon=lon, zoom=16, n=1))
    before = tab.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    shown(basemap=datum, selected=0, view=View(lat=lat, lon=lon, zoom=16, n=1))
    after = tab.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    assert after == before
    assert tab.evaluate("map.beltmap.selected") == 0
    tab.wait_for_url("**lat=36.1475**")
    at = tab.evaluate(f"map.latLngToContainerPoint([{lat + 0.001}, {lon + 0.001}])")
    tab.evaluate("map.on('click', ({latlng}) => (window.clicked = latlng))")
    tab.mouse.click(at["x"], at["y"])
    assert tab.evaluate("window.clicked.lat") == pytest.approx(lat + 0.001, abs=2e-5)
    assert tab.evaluate("window.clicked.lng") == pytest.approx(lon + 0.001, abs=2e-5)


@pytest.mark.usefixtures("shown")
def test_the_browser_computes_what_the_program_does(tab):
    rng = np.random.default_rng(5)
    points = rng.uniform([110, 30], [125, 42], (50, 2))
    for datum in ("gcj02", "bd09"):
        there = tab.evaluate(
            "([all, datum]) => all.map((one) => beltmap.fromWgs84(one, datum))",
            [points.tolist(), datum],
        )
        assert np.abs(np.array(there) - from_wgs84(points, datum=datum)).max() < 1e-11
        back = tab.evaluate(
            "([all, datum]) => all.map((one) => beltmap.toWgs84(one, datum))",
            [there, datum],
        )
        assert np.abs(np.array(back) - points).max() < 1e-8


@pytest.mark.usefixtures("shown")
def test_a_tile_server_that_is_down_gives_way_with_a_line(tab):
    tab.get_by_label("Background", exact=True).select_option("dead")
    tab.locator(".beltmap-notice").wait_for(state="visible")
    shows(tab.locator(".beltmap-notice"), "One cannot be reached")
    assert tab.evaluate("map.beltmap.background.code") == EMBEDDED.code
