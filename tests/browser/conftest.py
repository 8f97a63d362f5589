"""A browser without a network, a server that shows maps, and a plan for them."""

import os
from functools import partial
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from playwright.sync_api import expect, sync_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from beltmap.layers.assets import STORE
from beltmap.layers.map.map import plan_map
from beltmap.layers.payload.ground import places_payload
from beltmap.layers.payload.zones import zone_payload
from beltmap.layers.routes import routes
from tests.browser.harness import CANARY, open_tab, served, serving

CHROMIUM = os.environ.get("BELTMAP_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

# what is waited for comes later on a machine that has much to do
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def address():
    """Serve the shipped plans' page for all tests of a process; give its address."""
    with served() as here:
        yield here


@pytest.fixture(scope="session")
def browser():
    """Open Chromium once; it reaches nothing but this machine."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail(f"no Chromium at {CHROMIUM}, and CI must have one")
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser):
    """Give a tab of 1000 by 700 pixels."""
    with open_tab(browser) as page:
        yield page


@pytest.fixture(scope="session")
def map_server():
    """Serve maps where their document is, beside what it asks for."""
    pages = {}

    def show(request):
        return HTMLResponse(pages[request.path_params["name"]])

    frame = Route("/beltmap/page-{name}", show)
    with serving(Starlette(routes=[frame, *routes()])) as address:
        yield pages, f"{address}/beltmap/page-"


def square(lon, lat, half, holes=()):
    shell = shapely.box(lon - half, lat - half, lon + half, lat + half)
    return shapely.difference(shell, shapely.union_all(list(holes)))


@pytest.fixture(scope="module")
def layer():
    """
    Make five zones: a belt with a hole, a town within it, others apart.

    Half a side is 0.1 degrees for the belt, 0.02 for its hole and the town.
    """
    hole = square(119.95, 36.05, 0.02)
    return gpd.GeoDataFrame(
        {
            "id": ["belt", "town", "far", "lost", "two"],
            "name_en": ["Belt", CANARY, "Far Park", "Lost", "Two Parts"],
            "name_zh": ["产业带", "城", "园", None, "区"],
            "kind": ["belt", "town", "park", "park", "zone"],
            "city": ["Qingdao", "Qingdao", "Dalian", "Dalian", "Qingdao"],
            "boundary": [
                "described",
                "schematic",
                "nominal",
                "not located",
                "schematic",
            ],
            "area_basis": ["declared", "declared", "nominal", None, "published"],
            "declared_area_km2": [40.0, 4.4, None, None, 153.0],
            "drawn_area_km2": [40.0, 4.4, 0.5, None, 153.0],
            "location_uncertainty_m": [500.0, 2000.0, 400.0, None, 500.0],
        },
        geometry=[
            square(120.0, 36.0, 0.1, [hole]),
            square(120.05, 35.95, 0.02),
            square(121.5, 38.9, 0.001),
            None,
            shapely.MultiPolygon(
                [square(119.8, 36.0, 0.02), square(119.8, 35.9, 0.02)]
            ),
        ],
        crs=4326,
    )


@pytest.fixture(scope="module")
def plan(layer):
    """Give a function that draws the map anew, as each rerun does."""
    rival = gpd.GeoDataFrame(
        {"name_en": ["Rival Park"], "name_zh": ["候选"], "role": ["rival"]},
        geometry=[shapely.Point(120.2, 36.0)],
        crs=4326,
    )
    addresses = {
        "zones": STORE.put(zone_payload(layer)),
        "places": STORE.put(places_payload(rival)),
    }
    return partial(plan_map, addresses)
