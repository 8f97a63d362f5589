"""A scenario on the page: kept at the desk, compared, linked, taken along, printed."""

import json
import shutil

import pytest
from playwright.sync_api import expect

from beltmap.geo.changes.between import difference_between
from beltmap.geo.changes.scenarios import list_scenarios
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.scenarios import plan_with
from beltmap.geo.shipped import SHIPPED
from tests.browser.harness import at_rest, open_tab
from tests.browser.test_desk import answered, desk, drag, figure, sign
from tests.browser.test_page import the_map
from tests.serving import running

pytestmark = pytest.mark.browser

TOWNS = ("qd-town-laoshan", "qd-town-aoshanwei")
NAME = "两城 east"


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """Keep a scenario of two moved towns at the desk; give address and folder."""
    folder = (
        shutil.copytree(SHIPPED, tmp_path_factory.mktemp("it") / "data") / "qingdao"
    )
    with running("beltmap", "serve", "--plan", folder, "--edit") as (address, _):
        with desk(browser, (address,)) as (tab, frame):
            for zone in TOWNS:
                frame.locator(".beltmap-desk > label select").select_option(zone)
                drag(tab, frame, ".beltmap-whole", 80, 0)
            sign(frame)
            frame.locator(".beltmap-source input").nth(2).fill(NAME)
            frame.get_by_role("button", name="Keep as scenario").click()
            answered(tab, "Kept as")
            assert figure(frame, "area") > 0
        yield address, folder


@pytest.fixture
def tab(browser):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        yield tab
        assert tab.errors == []
        assert tab.strays == []


def test_it_is_kept_and_the_plan_stays(page):
    (kept,) = list_scenarios(page[1])
    assert kept.name == NAME
    assert {one.id for one in kept.difference.changes} == set(TOWNS)
    same = difference_between(
        read_plan(SHIPPED / "qingdao").zones, read_plan(page[1]).zones
    )
    assert same.changes == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_compared_with_the_plan(page, tab, language):
    tab.goto(f"{page[0]}?view=compare&scenario={NAME}&lang={language}")
    at_rest(tab)
    said = {"en": f"Scenario “{NAME}”", "zh": f"方案“{NAME}”"}[language]
    tab.get_by_text(said).wait_for()
    title = {"en": "Scenarios beside the plan", "zh": "方案与规划并列"}[language]
    tab.get_by_role("heading", name=title).wait_for()
    # two maps of cities or kinds, and two of what differs
    frames = tab.locator("iframe[title^=beltmap]")
    frames.nth(3).scroll_into_view_if_needed()
    expect(frames).to_have_count(4)


def test_a_link_shows_it_and_what_is_taken_along_says_so(page, tab, tmp_path):
    tab.goto(f"{page[0]}?scenario={NAME}&zone={TOWNS[0]}&lang=en")
    at_rest(tab)
    frame = the_map(tab)
    plan = read_plan(page[1])
    moved = plan_with(plan, list_scenarios(page[1])[0].difference)
    # the totals are those of the scenario
    totals = [f"{Selection(one).summary.covered_km2:.1f}" for one in (moved, plan)]
    assert totals[0] != totals[1]
    tile = tab.locator(".bm-tile", has=tab.get_by_text("Land covered", exact=True))
    tile.get_by_text(totals[0]).wait_for()
    zones = moved.zones
    place = zones.set_index("id").geometry[TOWNS[0]].centroid
    frame.evaluate(f"map.setView([{place.y}, {place.x}], 13, {{animate: false}})")
    frame.wait_for_function(f"map.beltmap.pixel({place.y}, {place.x})[3] > 0")
    for key, name in (("take-map", "it.html"), ("take-brief", "it.pdf")):
        with tab.expect_download() as download:
            tab.locator(f".st-key-{key} button").click()
        download.value.save_as(tmp_path / name)
    assert f"scenario: {NAME}" in (tmp_path / "it.html").read_text(encoding="utf-8")
    assert (tmp_path / "it.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_broken_scenario_leaves_the_plan_on_the_page(page, tab):
    broken = page[1] / "scenarios" / "broken.geojson"
    broken.write_text(json.dumps({"type": "FeatureCollection"}))
    try:
        tab.goto(f"{page[0]}?scenario=broken&lang=en")
        at_rest(tab)
        tab.get_by_text("E_DIFFERENCE").wait_for()
        the_map(tab)
    finally:
        broken.unlink()
