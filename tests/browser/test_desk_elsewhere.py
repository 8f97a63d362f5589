"""The desk on a plan in a store, and where several plans are open; comments on both."""

import shutil

import pytest
from playwright.sync_api import expect

from beltmap.geo.claims.comments import read_comments
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import pull, push
from tests import storing
from tests.browser.harness import at_rest, open_tab
from tests.browser.test_desk import TOWN, answered, desk, figure, opened, sign
from tests.browser.test_page import the_map
from tests.serving import running

pytestmark = pytest.mark.browser

TITLES = ("Qingdao: one belt, three towns, five parks", "Dalian: high-tech zone")
WIDE = {"viewport": {"width": 1280, "height": 1000}}
WORDS = "Too small? <b>&amp;</b> =1+1"


def remark(tab, words, by, about=None):
    """Leave a comment on what is selected, or on the place in the middle of the map."""
    box = tab.locator(".st-key-comments")
    if not box.get_by_label("Comment", exact=True).is_visible():
        box.locator("summary").click()
    if about is not None:
        choice = box.locator("[data-testid=stSelectbox] input")
        choice.focus()
        choice.press("ArrowDown")
        tab.keyboard.type(about)
        tab.keyboard.press("Enter")
        at_rest(tab)
    box.get_by_label("Comment", exact=True).fill(words)
    box.get_by_label("Your name (unverified)").fill(by)
    box.get_by_role("button", name="Leave the comment").click()
    box.get_by_text("The comment stands in the plan.").wait_for(timeout=120_000)
    at_rest(tab)


def move(frame):
    """Move a zone by keyboard, and give it its stated area again."""
    frame.locator(".beltmap-corners summary").press("Enter")
    frame.locator("[data-move=east]").fill("250")
    frame.get_by_role("button", name="Move the zone").press("Enter")
    frame.locator(".beltmap-do-grow").press("Enter")


def test_a_town_of_a_store_is_scaled_there_and_remarked_on(browser, tmp_path):
    with storing.own_server() as server:
        plan = f"{server.address}/template1#plan"
        push(SHIPPED / "qingdao", read_address(plan))
        with (
            running("beltmap", "serve", "--plan", plan, "--edit") as (address, _),
            desk(browser, (address,)) as (tab, frame),
        ):
            move(frame)
            shown = figure(frame, "area")
            sign(frame, by="Office")
            frame.get_by_role("button", name="Save to the plan").press("Enter")
            answered(tab, "Saved.")
            assert figure(opened(tab), "area") == shown
            # their own change is no news to them
            assert tab.get_by_text("W_PLAN_CHANGED").count() == 0
        history = storing.sql(plan, "select via, who from plan.versions")
        assert ("beltmap page", "Office") in history
        pull(read_address(plan), tmp_path / "pulled")
        zones = read_plan(tmp_path / "pulled").zones.set_index("id")
        assert zones["drawn_area_km2"][TOWN] == pytest.approx(shown, abs=5e-7)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Serve copies of both shipped plans that may be changed; give their folder."""
    data = shutil.copytree(SHIPPED, tmp_path_factory.mktemp("it") / "data")
    given = ["--plan", data / "qingdao", "--plan", data / "dalian"]
    with running("beltmap", "serve", *given, "--edit") as (address, _):
        yield address, data


def test_with_two_plans_open_it_is_clear_which_is_changed(browser, two):
    address, data = two
    dalian = (data / "dalian").iterdir()
    before = {path: path.read_bytes() for path in dalian if path.is_file()}
    with open_tab(browser, **WIDE) as tab:
        tab.goto(f"{address}?lang=en")
        at_rest(tab)
        for name in TITLES:
            tab.get_by_role("button", name=f"Change {name} on the map").wait_for()
        tab.goto(f"{address}?lang=en&zone={TOWN}")
        at_rest(tab)
        tab.get_by_role("button", name=f"Change this zone of {TITLES[0]}").click()
        frame = opened(tab)
        assert frame.locator(".beltmap-desk h2").inner_text().endswith(TITLES[0])
        zones = frame.locator(".beltmap-desk > label option")
        expect(zones).to_have_count(1 + len(read_plan(data / "qingdao").zones))
        move(frame)
        shown = figure(frame, "area")
        sign(frame)
        frame.get_by_role("button", name="Save to the plan").press("Enter")
        answered(tab, "Saved.")
        assert tab.errors == []
    saved = read_plan(data / "qingdao").zones.set_index("id")
    assert saved["drawn_area_km2"][TOWN] == pytest.approx(shown, abs=5e-7)
    assert {path: path.read_bytes() for path in before} == before


def test_comments_are_left_shown_settled_and_printed(browser, two, tmp_path):
    address, data = two
    with open_tab(browser, accept_downloads=True, **WIDE) as tab:
        tab.goto(f"{address}?lang=en&zone={TOWN}")
        at_rest(tab)
        remark(tab, WORDS, "Reader One")
        tab.locator(".st-key-comments").get_by_text("Too small? <b>").wait_for()
        remark(tab, "Where from?", "Reader One", about="area: 4.4 km²")
        # the name was typed once
        tab.get_by_role("button", name="Close the card").click()
        at_rest(tab)
        frame = the_map(tab)
        frame.evaluate("map.setView([36.1, 120.4], 12, {animate: false})")
        tab.wait_for_function("location.search.includes('zoom=12')")
        remark(tab, "A school stands here.", "Reader One")
        told = read_comments(data / "qingdao").set_index("text")
        claim = told["about"]["Where from?"]
        assert told["about"][f"{WORDS}"] == TOWN
        assert claim.startswith(TOWN)
        assert claim != TOWN
        here = told.loc["A school stands here."]
        assert (here["lat"], here["lon"]) == pytest.approx((36.1, 120.4), abs=0.01)
        assert not (data / "dalian" / "comments.csv").exists()
        tab.get_by_text("With comments").click()
        at_rest(tab)
        with tab.expect_download() as waiting:
            tab.locator(".st-key-take-map button").click()
        waiting.value.save_as(tmp_path / "map.html")
        page = (tmp_path / "map.html").read_text(encoding="utf-8")
        assert "A school stands here." in page
        assert "Too small? &lt;b&gt;" in page
        tab.get_by_role("button", name="Settle").first.click()
        tab.get_by_text("(settled)").wait_for()
        assert tab.errors == []
        assert tab.strays == []
    states = read_comments(data / "qingdao")["state"].tolist()
    assert sorted(states) == ["open", "open", "settled"]
