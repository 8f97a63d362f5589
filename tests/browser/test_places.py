"""What the shipped plan knows of its places, as the map shows it in Chromium."""

import pytest
from playwright.sync_api import expect

from beltmap.layers.assets import STORE
from beltmap.layers.map.map import map_state, plan_map
from beltmap.layers.map.view import View
from beltmap.layers.palette import kind_looks
from beltmap.layers.payload.ground import basemap_payloads
from beltmap.layers.payload.zones import zone_payload
from tests.browser.harness import looks_like, map_page, state_script

pytestmark = pytest.mark.browser

HAIER = (36.1330, 120.4247)
CITY = View(lat=HAIER[0], lon=HAIER[1], zoom=12)


@pytest.fixture
def shown(map_server, tab, shipped):
    """Open the shipped plan in a tab; give a function that tells it a new state."""
    pages, address = map_server
    addresses = {
        "zones": STORE.put(zone_payload(shipped.zones, note=shipped.names_note())),
        "places": STORE.put(basemap_payloads(shipped)["places"]),
    }
    pages["places"] = map_page(plan_map(addresses, map_state(view=CITY)))

    def tell(**state):
        tab.evaluate(state_script(map_state(**state)))
        tab.wait_for_function("map.beltmap.ready && !map.beltmap.zones.waiting.length")

    tab.goto(f"{address}places")
    tab.wait_for_function("map.beltmap.ready && !map.beltmap.zones.waiting.length")
    yield tell
    assert tab.errors == []


@pytest.fixture(scope="module")
def shipped():
    from beltmap.geo.plan.plan import read_plan

    return read_plan()


def row(plan, zone):
    return int(plan.zones.index[plan.zones["id"] == zone][0])


def radii(tab):
    """Give the radii in metres of the circles that a selection draws."""
    return tab.evaluate(
        "map.beltmap.highlight.chosen.getLayers()"
        ".filter((one) => one instanceof L.Circle).map((one) => one.getRadius())"
    )


def park():
    code = kind_looks()["park"][0]
    return tuple(int(code[at : at + 2], 16) for at in (1, 3, 5))


def beside(tab, pixels):
    """Give what is drawn some pixels east of Haier's anchor."""
    at = tab.evaluate(
        f"map.layerPointToLatLng(map.latLngToLayerPoint([{HAIER[0]}, {HAIER[1]}])"
        f".add([{pixels}, 0]))"
    )
    return tab.evaluate(f"map.beltmap.pixel({at['lat']}, {at['lng']})")


@pytest.mark.usefixtures("shown")
def test_a_placeholder_is_a_point_symbol_until_its_street_is_seen(tab):
    # its outline is 26 pixels across here, the symbol 14
    assert looks_like(beside(tab, 0), park())
    assert looks_like(beside(tab, 4), park())
    assert beside(tab, 10)[3] == 0
    tab.evaluate(f"map.setView([{HAIER[0]}, {HAIER[1]}], 15, {{animate: false}})")
    tab.wait_for_function("!map.beltmap.zones.waiting.length")
    assert beside(tab, 10)[3] > 0


def test_a_park_somewhere_in_the_belt_lights_up_the_belt(shown, tab, shipped):
    for zone in ("qd-park-bpo", "qd-park-logistics"):
        shown(selected=row(shipped, zone), view=CITY)
        region = tab.locator(".beltmap-region")
        expect(region).to_have_count(1)
        box = tab.evaluate(
            "(() => { const b = map.beltmap.highlight.chosen.getLayers()"
            ".find((one) => one.options.className === 'beltmap-region').getBounds();"
            "return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; })()"
        )
        belt = shipped.zones.geometry[row(shipped, "qd-belt")].bounds
        assert box == pytest.approx(belt, abs=1e-4)
        assert radii(tab) == []
    shown(selected=row(shipped, "qd-park-hisense"), view=CITY)
    assert tab.locator(".beltmap-region").count() == 0
    assert radii(tab) == [34_000]


def test_a_zone_that_may_be_anywhere_has_no_circle(shown, tab, shipped):
    shown(selected=row(shipped, "qd-town-film"), view=CITY)
    expect(tab.locator(".beltmap-selected")).to_have_count(1)
    assert tab.locator(".beltmap-region").count() == 0
    assert radii(tab) == []


@pytest.mark.usefixtures("shown")
def test_the_legend_names_the_lines_to_and_along_possible_places(tab):
    said = tab.locator(".beltmap-panel").inner_text()
    assert said.count("Another possible axis") == 1
    assert said.count("To a possible place") == 1


@pytest.mark.usefixtures("shown")
def test_the_legend_says_once_that_names_are_translated_back(tab, shipped):
    said = tab.locator("body").inner_text()
    assert said.count(shipped.names_note()) == 1
