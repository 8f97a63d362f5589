"""The whole page works under its content policy, which lets no text be a script."""

import json
import time

import pytest

from tests.browser.harness import AT_REST, FRAME, open_tab
from tests.browser.test_page import SHANDONG_ROAD, check, click_map, drawn
from tests.geo.intake.recipes import collection, feature, polygon, ring

pytestmark = pytest.mark.browser

LISTENING = """
window.violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  violations.push(`${violatedDirective} ${blockedURI}`));
"""
PROBE = "script-src wasm-eval"
"""What Streamlit's own protobuf tries once, and then does without."""

PARK = feature(
    polygon(ring(120.55, 36.2, 120.57, 36.22)),
    {"name": "Own Park", "kind": "park", "city": "Qingdao"},
    id="own",
)


@pytest.fixture
def tab(browser):
    """Open a tab that listens for violations; there must be none, and no error."""
    size = {"width": 1280, "height": 1000}
    with open_tab(browser, viewport=size, bypass_csp=False) as tab:
        tab.add_init_script(LISTENING)
        tab.told = []
        tab.on("console", lambda one: tab.told.append(one.text))
        yield tab
        wait(tab, f"({AT_REST})()")
        assert tab.main_frame.evaluate("violations") == [PROBE]
        for frame in tab.main_frame.child_frames:
            assert frame.evaluate("violations") == []
        assert [one for one in tab.told if "Content Security Policy" in one] == []
        assert tab.errors == []


def wait(frame, condition, patience=60):
    """Wait for a condition without `eval`, which Playwright's own wait needs."""
    last = time.monotonic() + patience
    while not frame.evaluate(condition):
        assert time.monotonic() < last, condition
        time.sleep(0.05)


def the_map(tab, n=0):
    """Wait for a map and give its frame."""
    tab.locator(FRAME).nth(n).wait_for()
    frame = tab.query_selector_all(FRAME)[n].content_frame()
    wait(frame, "window.map?.beltmap?.ready === true")
    return frame


REFUSED = """new Promise((done) => setTimeout(() => {
  try { done(new Function("return 'ran'")()); } catch (error) { done(error.name); }
}))"""


def test_page_and_map_come_with_a_policy_that_evaluates_nothing(browser, address):
    with open_tab(browser, bypass_csp=False) as tab:
        answers = []
        tab.on("response", lambda one: answers.append(one))  # noqa: PLW0108
        tab.goto(address)
        the_map(tab)
        documents = [one for one in answers if one.request.resource_type == "document"]
        assert len(documents) == 2
        for document in documents:
            policy = document.headers["content-security-policy"]
            given = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
            assert given["default-src"] == ["'self'"]
            assert given["script-src"] == ["'self'", "'unsafe-inline'"]
            assert given["font-src"] == ["'self'", "data:"]
            assert given["img-src"][:3] == ["'self'", "data:", "blob:"]
            assert all(host.startswith("https://") for host in given["img-src"][3:])
            assert "unsafe-eval" not in policy
        assert [one.evaluate(REFUSED) for one in tab.frames] == ["EvalError"] * 2


def test_filters_and_clicks_work(tab, address):
    tab.goto(address)
    frame = the_map(tab)
    lat, lon = SHANDONG_ROAD
    frame.evaluate(f"map.setView([{lat}, {lon}], 13, {{animate: false}})")
    tab.get_by_text("Clear all filters").wait_for()
    check(tab, "Belt")
    wait(frame, "map.beltmap.zones.visible.join('') === '100000000000'")
    assert drawn(frame) == [0]
    click_map(tab, frame, *SHANDONG_ROAD)
    tab.locator(".bm-card").get_by_text("Outsourcing Belt").first.wait_for()
    tab.get_by_test_id("stDataFrame").first.wait_for()
    tab.locator(".bm-chart").first.wait_for()


@pytest.mark.parametrize("view", ["compare", "plan", "audit"])
def test_every_view_works(tab, address, view):
    tab.goto(f"{address}?view={view}")
    if view == "compare":
        assert len(drawn(the_map(tab))) + len(drawn(the_map(tab, 1))) == 12
        return
    tab.get_by_test_id(
        "stExpander" if view == "plan" else "stDataFrame"
    ).first.wait_for()
    wait(tab, f"({AT_REST})()")
    if view == "plan":
        # their lengths are styles of their own
        bar = tab.locator(".bm-bar > i").first
        assert bar.evaluate("(one) => one.getBoundingClientRect().width") > 10


def test_a_file_is_brought_and_the_map_taken_along(tab, address):
    tab.goto(f"{address}?view=bring")
    content = json.dumps(collection(PARK)).encode()
    field = tab.locator("input[type=file]")
    field.wait_for(state="attached")
    field.set_input_files({"name": "own.geojson", "mimeType": "x/x", "buffer": content})
    with tab.expect_download() as taken:
        tab.get_by_role("button", name="Download the receipt").click()
    assert taken.value.suggested_filename == "receipt.csv"
    tab.get_by_role("radio", name="Map").click()
    frame = the_map(tab)
    assert frame.evaluate("map.beltmap.set.rows") == 13
