"""The map in a real browser: what is drawn where, filtered, clicked, remembered."""

import numpy as np
import pytest
from playwright.sync_api import expect

from beltmap.layers.basemap.basemaps import BASEMAPS
from beltmap.layers.map.map import map_state
from beltmap.layers.map.view import View
from tests.browser.harness import (
    BELT,
    CANARY,
    looks_like,
    map_page,
    shows,
    state_script,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("shown")]

CENTRE = View(lat=36.0, lon=120.0, zoom=11)
TOWN = (0xD5, 0x5E, 0x00)


@pytest.fixture
def shown(map_server, tab, plan):
    """Open the map in a tab; give a function that tells it a new state."""
    pages, address = map_server
    pages["layer"] = map_page(plan(map_state(view=CENTRE)))

    def tell(*arguments, **state):
        tab.evaluate(state_script(map_state(*arguments, **state)))

    tab.goto(f"{address}layer?kind=park&lat=1")
    tab.wait_for_function("map.beltmap.ready")
    yield tell
    assert tab.errors == []


def pixel(tab, lat, lon):
    return tab.evaluate(f"map.beltmap.pixel({lat}, {lon})")


def on_screen(tab, lat, lon):
    at = tab.evaluate(f"map.latLngToContainerPoint([{lat}, {lon}])")
    box = tab.locator("#map").bounding_box()
    return box["x"] + at["x"], box["y"] + at["y"]


def click(tab, lat, lon):
    tab.mouse.click(*on_screen(tab, lat, lon))


def test_zones_are_where_they_belong(tab):
    assert looks_like(pixel(tab, 36.0, 119.95), BELT)
    assert pixel(tab, 36.0, 120.15)[3] == 0
    assert looks_like(pixel(tab, 36.0995, 120.0), BELT)


def test_a_hole_is_a_hole(tab):
    assert pixel(tab, 36.05, 119.95)[3] == 0


def test_an_outline_goes_all_around(tab):
    edges = [(36.1, 120.0), (35.9, 120.0), (36.0, 119.9), (36.0, 120.1)]
    assert [pixel(tab, *edge)[3] for edge in edges] == [255] * 4


def test_every_part_is_drawn(tab):
    assert pixel(tab, 36.0, 119.8)[3] > 0
    assert pixel(tab, 35.9, 119.8)[3] > 0
    assert pixel(tab, 35.95, 119.8)[3] == 0


def test_a_small_zone_lies_over_a_large_one(tab):
    inside = pixel(tab, 35.95, 120.05)
    beside = pixel(tab, 35.95, 119.95)
    assert inside[0] > beside[0] + 40


def test_a_zone_of_a_few_pixels_is_a_dot(shown, tab):
    shown(view=View(lat=38.9, lon=121.5, zoom=8, n=1))
    assert looks_like(pixel(tab, 38.9, 121.5), (0, 0x9E, 0x73))


def test_a_mask_hides_zones_and_keeps_the_view(shown, tab):
    tab.evaluate("map.setView([36.01, 120.01], 12, {animate: false})")
    tab.evaluate("window.before = map")
    shown(np.array([False, True, True, True, True]), view=CENTRE)
    assert pixel(tab, 36.0, 119.99)[3] == 0
    assert looks_like(pixel(tab, 35.95, 120.05), TOWN)
    assert tab.evaluate("map.getZoom()") == 12
    assert tab.evaluate("map === window.before")
    assert tab.evaluate("map.beltmap.visibleRows()") == [1]
    shown(view=CENTRE)
    assert pixel(tab, 36.0, 119.99)[3] > 0


def test_the_same_state_twice_changes_nothing(shown, tab):
    shown(selected=2)
    tab.evaluate("window.moved = 0; map.on('moveend', () => { moved++ }); 0")
    shown(selected=2)
    # a move that was under way would end before the next
    tab.evaluate("void map.setView([36.5, 120.25], 10, {animate: false})")
    assert tab.evaluate("moved") == 1


def test_a_click_reports_the_smallest_zone_first(tab):
    click(tab, 35.95, 120.05)
    assert tab.evaluate("window.sent") == [{"zone": "town", "n": 1}]
    assert tab.evaluate("map.beltmap.selected") == 1


def test_a_second_click_reports_the_zone_below(tab):
    for n in range(3):
        click(tab, 35.95, 120.05)
        tab.wait_for_function(f"sent.length === {n + 1}")
    assert [value["zone"] for value in tab.evaluate("window.sent")] == [
        "town",
        "belt",
        "town",
    ]


def test_a_click_beside_all_zones_lets_go(tab):
    click(tab, 36.15, 120.0)
    assert tab.evaluate("window.sent") == []
    click(tab, 36.0, 119.97)
    click(tab, 36.15, 120.0)
    assert [value["zone"] for value in tab.evaluate("window.sent")] == ["belt", None]


def test_a_click_into_a_hole_is_not_on_the_zone(tab):
    click(tab, 36.05, 119.95)
    assert tab.evaluate("window.sent") == []


def test_a_click_does_not_move_the_map_and_the_page_does(shown, tab):
    click(tab, 35.95, 120.05)
    shown(selected=1, view=CENTRE)
    assert tab.evaluate("map.getZoom()") == CENTRE.zoom
    shown(selected=2, view=CENTRE)
    assert tab.evaluate("map.getBounds().contains([38.9, 121.5])")
    assert tab.evaluate("map.beltmap.selected") == 2


def test_the_selected_zone_shows_how_far_its_place_may_be_off(shown, tab):
    shown(selected=1, view=CENTRE)
    expect(tab.locator(".beltmap-selected")).to_have_count(1)
    radius = tab.evaluate(
        "map.beltmap.highlight.chosen.getLayers()"
        ".find((one) => one instanceof L.Circle && one.options.dashArray).getRadius()"
    )
    assert radius == 2000
    dash = tab.locator(".beltmap-selected").get_attribute("stroke-dasharray")
    assert dash == "10.5 7.5"
    shown(selected=None, view=CENTRE)
    assert tab.locator(".beltmap-selected").count() == 0


def test_text_of_a_zone_stays_text(tab):
    tab.mouse.move(*on_screen(tab, 35.95, 120.05))
    tip = tab.locator(".beltmap-tip")
    tip.wait_for(state="visible")
    shows(tip, CANARY)
    assert "4.4 km² stated in the plan" in tip.inner_text()
    assert tab.locator(".beltmap-tip img").count() == 0
    assert tab.title() == "Map of the zones; the table below lists them all"


def test_a_rival_candidate_is_said_to_be_one(tab):
    tab.mouse.move(*on_screen(tab, 36.0, 120.2))
    tip = tab.locator(".beltmap-tip")
    tip.wait_for(state="visible")
    shows(tip, "Rival Park")
    shows(tip, "Possible site")


def test_a_kind_can_be_switched_off_and_stays_off(shown, tab):
    tab.get_by_label("Belt", exact=True).uncheck()
    assert pixel(tab, 36.0, 119.95)[3] == 0
    shown(np.array([True, True, True, True, False]), view=CENTRE)
    assert pixel(tab, 36.0, 119.95)[3] == 0
    assert looks_like(pixel(tab, 35.95, 120.05), TOWN)


def test_buttons_bring_a_city_or_all_into_view(tab):
    tab.get_by_role("button", name="Dalian").click()
    assert tab.evaluate("map.getBounds().contains([38.9, 121.5])")
    tab.get_by_role("button", name="Show all zones").click()
    assert tab.evaluate(
        "map.getBounds().contains([38.9, 121.5])"
        " && map.getBounds().contains([36, 119.8])"
    )


def test_the_view_is_written_into_the_link(tab):
    # a move just after the frame got its size is not the reader's
    tab.wait_for_function(
        "(map.setView([36.5, 120.25], 10, {animate: false}),"
        " new URL(location).searchParams.get('lat') === '36.5000')",
        polling=1_000,
    )
    query = tab.evaluate("Object.fromEntries(new URL(location).searchParams)")
    assert query == {"kind": "park", "lat": "36.5000", "lon": "120.2500", "zoom": "10"}


def test_a_page_of_another_width_leaves_the_link_alone(tab):
    tab.wait_for_url("**lat=36.0000**")
    tab.evaluate("history.replaceState(null, '', '?lat=1')")
    tab.evaluate("map.on('moveend', () => { window.rested = true }); 0")
    tab.clock.install()
    tab.set_viewport_size({"width": 800, "height": 700})
    for _ in range(200):
        tab.clock.run_for(50)
        if tab.evaluate("map.getSize().x < 850 && window.rested"):
            break
    tab.clock.run_for(5_000)
    assert tab.evaluate("rested")
    assert tab.url.endswith("?lat=1")


def test_only_this_machine_is_asked(tab):
    tab.wait_for_load_state("networkidle")
    assert tab.strays == []


def test_unreachable_tiles_give_way_to_the_embedded_basemap(tab):
    tab.get_by_label("Background", exact=True).select_option("osm")
    notice = tab.locator(".beltmap-notice")
    notice.wait_for(state="visible")
    shows(notice, "OpenStreetMap cannot be reached")
    assert tab.evaluate("map.beltmap.background.code") == BASEMAPS[0].code
