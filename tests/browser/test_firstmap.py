"""The first map stands before the rest, and stays when the rest comes."""

import re
from urllib.parse import urlsplit

import pytest

from beltmap.geo.plan.plan import read_plan
from beltmap.layers.page.main import MOST_SECONDS
from tests.browser.harness import at_rest, open_tab, served
from tests.browser.test_page import click_map, look, the_map, until

pytestmark = pytest.mark.browser

ZONES = read_plan().zones
LOCATED = ZONES.index[ZONES.geometry.notna()].tolist()
"""Rows of the zones that have a place."""

SEEN = """
window.seen = [];
new MutationObserver((changes) => {
  for (const { addedNodes, removedNodes } of changes) {
    const framed = (node) =>
      node.tagName === "IFRAME" || node.querySelector?.("iframe");
    for (const node of addedNodes) {
      if (framed(node)) seen.push("map");
      const words = node.textContent ?? "";
      if (words.includes("Aoshanwei") || words.includes("152.98")) seen.push("rest");
    }
    for (const node of removedNodes) {
      if (framed(node)) seen.push("gone");
    }
  }
}).observe(document, { childList: true, subtree: true });
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BELTMAP_CACHE", str(tmp_path_factory.mktemp("cache")))
        with served() as here:
            yield here


def visit(browser, address, width=1280):
    with open_tab(browser, viewport={"width": width, "height": 1000}) as tab:
        tab.add_init_script(SEEN)
        tab.goto(address)
        frame = the_map(tab)
        tab.get_by_text("No zone selected").wait_for()
        yield tab, frame
        assert tab.errors == []


@pytest.mark.parametrize("width", [1280, 400])
def test_the_map_stands_first_and_stays(browser, address, width):
    for turn in range(2):
        for tab, frame in visit(browser, address, width):
            # on a phone it is there as cards
            tab.get_by_test_id("stDataFrame").first.wait_for(state="attached")
            assert "gone" not in tab.evaluate("seen")
            frame.evaluate("map.beltmap.fitAll({animate: false})")
            assert frame.evaluate("map.beltmap.visibleRows()") == LOCATED
            assert tab.get_by_text("59.4").first.is_visible()
            if turn:
                order = tab.evaluate("seen")
                assert order[0] == "map"


def test_the_map_stays_through_reruns(browser, address):
    for tab, frame in visit(browser, address):
        frame.evaluate("window.mine = 1")
        for label, mask in (
            ("Dalian", ZONES["city"] == "Dalian"),
            ("Qingdao", ZONES["city"].notna()),
            ("Park", ZONES["kind"] == "park"),
        ):
            tab.locator("label").filter(has_text=label).first.click()
            until(frame, ZONES.index[mask].tolist())
            at_rest(tab)
        at = ZONES.geometry[6].representative_point()
        look(tab, at.y, at.x, zoom=15)
        click_map(tab, frame, at.y, at.x)
        tab.locator(".bm-card").wait_for()
        assert frame.evaluate("window.mine") == 1
        assert tab.evaluate("seen").count("gone") == 0


def test_on_a_slow_line_the_table_waits_for_the_map(browser, address):
    asked = []

    def late(route):
        # longer than a page waits whose browser is on the same machine
        tab.wait_for_timeout(1000 * MOST_SECONDS + 2_000)
        route.continue_()

    for _ in visit(browser, address):
        # the first visit keeps the map
        pass
    far = {"X-Forwarded-For": "203.0.113.9"}
    with open_tab(browser, extra_http_headers=far) as tab:
        tab.on("request", lambda one: asked.append(urlsplit(one.url).path))
        tab.route(re.compile(r"/beltmap/[0-9a-f]{32,}$"), late, times=1)
        tab.goto(address)
        tab.get_by_test_id("stDataFrame").first.wait_for(state="attached")
        table = next(n for n, one in enumerate(asked) if "DataFrame" in one)
        assert table > next(n for n, one in enumerate(asked) if one.endswith("/drawn"))
        assert tab.errors == []
