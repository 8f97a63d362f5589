"""Three thousand zones that reach the browser as tiles, as a million would."""

import numpy as np
import pytest
import shapely
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.layers.assets import STORE
from beltmap.layers.map.map import map_state, plan_map
from beltmap.layers.map.view import View
from beltmap.layers.palette import kind_looks
from beltmap.layers.payload.zones import zone_payload
from beltmap.layers.routes import routes
from beltmap.layers.tiles.tiles import Tiles
from tests.browser.harness import (
    looks_like,
    map_page,
    open_tab,
    serving,
    shows,
    state_script,
)

pytestmark = pytest.mark.browser

CENTRE = View(lat=37.0, lon=121.0, zoom=10)
SETTLED = (
    "map.beltmap?.ready && !map.beltmap.zones._loading && map.beltmap.zones.settled()"
)


SAMPLE = """[...Array(24)].map((_, i) => [...Array(16)].map((_, j) =>
  map.beltmap.pixel(36.75 + i / 48, 120.6 + j / 20)))"""


@pytest.fixture(scope="module")
def zones():
    return synthetic_zones(3_000, sectors=list(read_plan().sectors["code"]))


@pytest.fixture(scope="module")
def tiles(zones):
    return Tiles(zones)


@pytest.fixture(scope="module")
def drawings(zones, tiles):
    begun = map_state(np.ones(len(zones), bool), tiles=tiles, view=CENTRE)
    return {
        "tiled": plan_map({"zones": STORE.put(tiles.head())}, begun),
        "whole": plan_map({"zones": STORE.put(zone_payload(zones))}),
    }


@pytest.fixture(scope="module")
def address(drawings):
    def show(request):
        return HTMLResponse(map_page(drawings[request.path_params["name"]]))

    frame = Route("/beltmap/page-{name}", show)
    app = Starlette(routes=[frame, *routes()])
    with serving(app) as here:
        yield f"{here}/beltmap/page-"


def ask(asked, url):
    """Note what is asked for zones; what lies under them is asked for when it likes."""
    if "/beltmap/tiles/" in url:
        asked.append(url)


@pytest.fixture
def shown(browser, address, tiles, zones):
    """Open the tiled map; give its tab and a function that tells it a state."""
    with open_tab(browser) as tab:
        tab.asked = []
        tab.on("request", lambda request: ask(tab.asked, request.url))
        tab.goto(f"{address}tiled")

        def tell(mask=None, **state):
            everything = np.ones(len(zones), bool)
            wanted = map_state(
                everything if mask is None else mask, tiles=tiles, **state
            )
            tab.evaluate(state_script(wanted))
            tab.wait_for_function(SETTLED)

        tell(view=CENTRE)
        yield tab, tell
        assert tab.errors == []
        assert tab.strays == []


def close_the_door(tab):
    """Answer no more tiles: what is shown from now on, the browser has itself."""
    tab.route("**/beltmap/tiles/**", lambda route: route.abort())


def in_view(tab, zones, mask):
    """Give the rows whose boxes touch the map's view."""
    south, west, north, east = tab.evaluate(
        "(({_southWest: s, _northEast: n}) => [s.lat, s.lng, n.lat, n.lng])"
        "(map.getBounds())"
    )
    bounds = shapely.bounds(zones.geometry.to_numpy())
    touching = (
        (bounds[:, 0] <= east)
        & (bounds[:, 2] >= west)
        & (bounds[:, 1] <= north)
        & (bounds[:, 3] >= south)
    )
    return np.flatnonzero(touching & mask).tolist()


def alone(tab, zones, mask):
    """Choose a zone in view that no other one meets, and a point inside it."""
    rows = in_view(tab, zones, mask)
    geometries = zones.geometry.to_numpy()
    meets = shapely.STRtree(geometries).query(geometries, predicate="intersects")[0]
    single = np.bincount(meets) == 1
    east = tab.evaluate("map.getBounds().getEast() - 0.25")
    row = next(
        row
        for row in rows
        if single[row]
        and abs(shapely.get_y(shapely.centroid(geometries[row])) - CENTRE.lat) < 0.2
        and CENTRE.lon - 0.3 < shapely.get_x(shapely.centroid(geometries[row])) < east
    )
    point = geometries[row].representative_point()
    return row, point.y, point.x


def colour(zones, row):
    code = kind_looks()[zones["kind"][row]][0]
    return tuple(int(code[at : at + 2], 16) for at in (1, 3, 5))


def pixel(tab, lat, lon):
    return tab.evaluate(f"map.beltmap.pixel({lat}, {lon})")


def on_screen(tab, lat, lon):
    at = tab.evaluate(f"map.latLngToContainerPoint([{lat}, {lon}])")
    box = tab.locator("#map").bounding_box()
    return box["x"] + at["x"], box["y"] + at["y"]


def test_zones_are_where_they_belong(shown, zones):
    tab, _ = shown
    row, lat, lon = alone(tab, zones, np.ones(len(zones), bool))
    assert looks_like(pixel(tab, lat, lon), colour(zones, row))
    assert any("/all/10/" in url for url in tab.asked)


def test_a_filter_in_the_browser_is_the_filter_in_python(shown, zones):
    tab, tell = shown
    everything = np.ones(len(zones), bool)
    assert tab.evaluate("map.beltmap.visibleRows()") == in_view(tab, zones, everything)
    row, lat, lon = alone(tab, zones, (zones["kind"] == "park").to_numpy())
    mask = (zones["kind"] == "town").to_numpy()
    tell(mask, view=CENTRE)
    assert tab.evaluate("map.beltmap.visibleRows()") == in_view(tab, zones, mask)
    assert pixel(tab, lat, lon)[3] == 0
    tell(view=CENTRE)
    assert looks_like(pixel(tab, lat, lon), colour(zones, row))


def test_the_same_filter_asks_for_nothing(shown, zones, tiles):
    tab, tell = shown
    mask = (zones["kind"] == "town").to_numpy()
    tell(mask, view=CENTRE)

    def asked_at_once(mask):
        told = state_script(map_state(mask, tiles=tiles))
        return tab.evaluate(
            f"(() => {{ const {{ zones }} = map.beltmap, before = zones.asked;"
            f" {told}; return zones.asked - before; }})()"
        )

    assert asked_at_once(mask.copy()) == 0
    assert asked_at_once(~mask) > 0


def test_a_click_reports_the_zone_of_the_plan(shown, zones):
    tab, tell = shown
    row, lat, lon = alone(tab, zones, np.ones(len(zones), bool))
    tab.mouse.click(*on_screen(tab, lat, lon))
    # its id comes with its exact outline
    tab.wait_for_function("sent.length")
    assert tab.evaluate("window.sent") == [{"zone": zones["id"][row], "n": 1}]
    tab.locator(".beltmap-selected").wait_for(state="attached")
    drawn = tab.evaluate(
        "map.beltmap.chosen.set.latLngs(0)[0].map(([lat, lon]) => [lon, lat])"
    )
    assert (
        shapely.hausdorff_distance(
            shapely.LinearRing(drawn), zones.geometry[row].exterior
        )
        < 1e-6
    )
    hidden = zones["kind"].to_numpy() != zones["kind"][row]
    tell(hidden, selected=row, view=CENTRE)
    assert tab.locator(".beltmap-selected").count() == 0


def test_a_tip_tells_about_the_zone_under_the_pointer(shown, zones):
    tab, _ = shown
    row, lat, lon = alone(tab, zones, np.ones(len(zones), bool))
    tab.mouse.move(*on_screen(tab, lat, lon))
    tip = tab.locator(".beltmap-tip")
    tip.wait_for(state="visible")
    shows(tip, zones["name_en"][row])
    tab.mouse.move(5, 5)
    tip.wait_for(state="hidden")


def test_the_page_can_select_a_zone_out_of_view(shown, zones):
    tab, tell = shown
    far = int(np.argmax(shapely.bounds(zones.geometry.to_numpy())[:, 1]))
    tell(selected=far, view=CENTRE)
    tab.wait_for_function("map.getCenter().lat > 39")
    tab.locator(".beltmap-selected").wait_for(state="attached")


def test_a_kind_can_be_switched_off_without_the_server(shown, zones):
    tab, _ = shown
    everything = np.ones(len(zones), bool)
    row, lat, lon = alone(tab, zones, (zones["kind"] == "park").to_numpy())
    other, y, x = alone(tab, zones, (zones["kind"] == "town").to_numpy())
    close_the_door(tab)
    tab.get_by_label("Park", exact=True).uncheck()
    tab.wait_for_function(f"map.beltmap.pixel({lat}, {lon})[3] === 0")
    assert row not in tab.evaluate("map.beltmap.visibleRows()")
    assert looks_like(pixel(tab, y, x), colour(zones, other))
    tab.get_by_label("Park", exact=True).check()
    tab.wait_for_function(f"map.beltmap.pixel({lat}, {lon})[3] > 0")
    assert tab.evaluate("map.beltmap.visibleRows()") == in_view(tab, zones, everything)


def test_tiles_look_like_the_whole(browser, address, shown):
    """A zone may be a few pixels apart in outline, not in place or colour."""
    tab, _ = shown
    tiled = np.array(tab.evaluate(SAMPLE), int)
    with open_tab(browser) as other:
        other.goto(f"{address}whole")
        other.wait_for_function(SETTLED)
        other.evaluate("void map.setView([37, 121], 10, {animate: false})")
        other.wait_for_function(SETTLED)
        whole = np.array(other.evaluate(SAMPLE), int)
    same = (np.abs(tiled - whole) <= 6).all(axis=2)
    assert (whole[:, :, 3] > 0).mean() > 0.1
    assert same.mean() > 0.9


def test_a_choice_that_is_forgotten_is_told(shown):
    tab, _ = shown
    tab.evaluate("map.beltmap.zones.filter({filter: '0'.repeat(32), extent: null})")
    tab.locator(".beltmap-notice").wait_for(state="visible")
    assert "could not be loaded" in tab.locator(".beltmap-notice").inner_text()
