"""The sentence at the head of the page leads to its grounds, and they to the map."""

from urllib.parse import urljoin

import pytest

from tests.browser.harness import at_rest, shows
from tests.browser.test_page import the_map

pytestmark = pytest.mark.browser


def test_a_part_that_is_opened_elsewhere_leads_to_the_findings(tab, address):
    """As it is clicked before what takes clicks has come, or into another tab."""
    tab.goto(f"{address}?lang=zh")
    at_rest(tab)
    there = tab.locator(".bm-answer a").first.get_attribute("href")
    tab.goto(urljoin(tab.url, there))
    tab.locator(".bm-findings details").first.wait_for()
    assert (
        tab.get_by_role("radio", name="数据核查").get_attribute("aria-checked")
        == "true"
    )


def test_a_part_leads_to_its_finding_and_the_finding_to_the_map(tab, address):
    tab.goto(address)
    the_map(tab)
    at_rest(tab)
    tab.locator(".bm-answer a", has_text="153 km² or 35.6 km²").click()
    first = tab.locator(".bm-findings details").first
    first.wait_for()
    at_rest(tab)
    assert "view=audit" in tab.url
    assert first.get_attribute("open") is not None
    shows(first, "sources disagree about area")
    first.locator("a", has_text="Dalian High-tech Industrial Zone").click()
    frame = the_map(tab)
    at_rest(tab)
    assert "zone=dl-hitech" in tab.url
    row = frame.evaluate("map.beltmap.selected")
    frame.wait_for_function(f"map.beltmap.visibleRows().includes({row})")
    # the figures that are folded are there for who wants them
    assert not tab.get_by_text("Inside the belt", exact=True).is_visible()
    tab.get_by_text("More figures").click()
    tab.get_by_text("Inside the belt", exact=True).wait_for()
    assert tab.errors == []


def test_a_filter_that_leaves_nothing_in_view_brings_its_zones_there(tab, address):
    tab.goto(f"{address}?lat=36.1&lon=120.4&zoom=11")
    frame = the_map(tab)
    at_rest(tab)
    tab.locator(".bm-pick label").filter(has_text="Dalian").click()
    frame.wait_for_function("map.beltmap.visibleRows().length > 0")
    frame.wait_for_function("map.getCenter().lng > 121")
    at_rest(tab)
    place = frame.evaluate("map.getCenter().lng")
    # what is in view already moves nothing
    tab.locator(".bm-pick label").filter(has_text="High-tech zone").click()
    at_rest(tab)
    assert frame.evaluate("map.getCenter().lng") == pytest.approx(place, abs=0.01)
    assert tab.errors == []


def test_zones_around_the_view_are_offered_and_the_map_stays(tab, address):
    tab.goto(f"{address}?lat=36.2137&lon=120.5299&zoom=14")
    frame = the_map(tab)
    at_rest(tab)
    assert frame.evaluate("map.beltmap.visibleRows().length") > 0
    tab.locator(".bm-pick label").filter(has_text="Town").first.click()
    offer = frame.locator(".beltmap-notice button")
    offer.wait_for()
    assert frame.evaluate("map.getZoom()") == 14
    offer.click()
    frame.wait_for_function("map.beltmap.visibleRows().length === 3")
    offer.wait_for(state="detached")
    assert tab.errors == []


def test_the_map_fills_the_screen_and_comes_back(tab, address):
    tab.goto(address)
    frame = the_map(tab)
    at_rest(tab)
    button = frame.locator(".beltmap-full")
    before = frame.evaluate("map.getSize().y")
    button.click()
    frame.wait_for_function("document.fullscreenElement === map.getContainer()")
    frame.wait_for_function(f"map.getSize().x > {before}")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    frame.wait_for_function("document.fullscreenElement === null")
    frame.wait_for_function(f"map.getSize().y === {before}")
    assert button.get_attribute("aria-pressed") == "false"
    assert tab.errors == []


def test_the_contents_of_a_plan_lead_to_their_places(tab, address):
    tab.goto(f"{address}?view=plan")
    tab.locator(".bm-contents").wait_for()
    at_rest(tab)
    tab.locator(".bm-contents a", has_text="Sources").click()
    place = "document.activeElement"
    assert tab.evaluate(f"{place}.id") == "bm-after-sources"
    assert 0 <= tab.evaluate(f"{place}.getBoundingClientRect().top") < 700
    assert "view=plan" in tab.url
    assert tab.strays == []
