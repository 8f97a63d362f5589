"""The link of the page: it travels, is copied, and goes back and forward."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.harness import at_rest, open_tab
from tests.browser.test_page import check, the_map, until

pytestmark = pytest.mark.browser

LOOK = """({
  basemap: map.beltmap.background.code,
  hidden: [...map.beltmap.look.hidden],
  opacity: map.beltmap.zones.opacity ?? map.beltmap.look.opacity,
  places: map.beltmap.labels.showPlaces,
  boxes: [...document.querySelectorAll("[type=checkbox]")].map((one) => one.checked),
  slider: document.querySelector(".beltmap-body input[type=range]").value,
  choice: document.querySelector(".beltmap-body select").value,
})"""


@pytest.fixture
def tab(browser):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as page:
        yield page
        assert page.errors == []


def test_what_is_switched_on_the_map_travels_in_the_link(tab, address):
    tab.goto(address)
    frame = the_map(tab)
    at_rest(tab)
    # no server of tiles is reached here: the map must not fall back meanwhile
    tab.context.route(re.compile("tile|/[0-9]+/[0-9]+/[0-9]+"), lambda _: None)
    frame.get_by_label("Belt", exact=True).uncheck()
    frame.locator("input[type=range]").fill("60")
    frame.get_by_label("Landmarks and possible sites").uncheck()
    frame.locator(".beltmap-body select").select_option("topo")
    tab.wait_for_url("**basemap=topo**")
    wanted = frame.evaluate(LOOK)
    assert (wanted["hidden"], wanted["opacity"]) == (["belt"], 0.6)
    link = tab.url
    # a run of the page leaves it where it is
    check(tab, "Town")
    tab.wait_for_url("**kind=town**")
    at_rest(tab)
    tab.wait_for_url("**opacity=60**")
    tab.goto("about:blank")
    tab.goto(link)
    again = the_map(tab)
    again.wait_for_function("map.beltmap.background.code === 'topo'")
    assert again.evaluate(LOOK) == wanted
    assert tab.get_by_text("not understood").count() == 0


def test_back_and_forward_go_through_filters_zones_views_and_languages(tab, address):
    tab.goto(f"{address}?lang=en")
    frame = the_map(tab)
    at_rest(tab)
    check(tab, "Town")
    tab.wait_for_url("**kind=town**")
    until(frame, [1, 2, 3])
    at_rest(tab)
    frame.evaluate("map.beltmap.pick(3)")
    tab.wait_for_url("**zone=qd-town-film**")
    at_rest(tab)
    tab.get_by_role("radio", name="Plan", exact=True).click()
    tab.wait_for_url("**view=plan**")
    at_rest(tab)
    tab.get_by_role("radio", name="中文").click()
    tab.get_by_role("radio", name="规划", exact=True).wait_for()
    at_rest(tab)
    tab.go_back()
    chosen = tab.get_by_role("radio", name="Plan", exact=True)
    chosen.wait_for()
    at_rest(tab)
    assert chosen.get_attribute("aria-checked") == "true"
    tab.go_back()
    frame = the_map(tab)
    at_rest(tab)
    assert frame.evaluate("map.beltmap.selected") == 3
    tab.go_back()
    tab.locator(".st-key-card-sheet").wait_for(state="detached")
    at_rest(tab)
    assert "zone=" not in tab.url
    box = tab.get_by_role("checkbox", name="Town", exact=True)
    expect(box).to_be_checked(timeout=30_000)
    tab.go_back()
    until(frame, list(range(12)))
    at_rest(tab)
    expect(box).not_to_be_checked(timeout=30_000)
    assert "kind=" not in tab.url
    tab.go_forward()
    until(frame, [1, 2, 3])
    at_rest(tab)
    tab.go_forward()
    tab.locator(".st-key-card-sheet .bm-card").wait_for()
    at_rest(tab)
    tab.go_forward()
    chosen.wait_for()
    tab.wait_for_url("**view=plan**")
    at_rest(tab)
    assert chosen.get_attribute("aria-checked") == "true"
