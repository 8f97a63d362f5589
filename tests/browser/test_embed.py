"""The map alone in a frame of another site, and what both say to each other."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.browser.harness import at_rest, open_tab, serving
from tests.browser.test_page import the_map
from tests.browser.test_policy import wait
from tests.serving import running

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
THERE = "https://plans.example.org"
"""Where the document has its server."""

PORTAL = """<!doctype html><title>Portal</title><script>
window.heard = [];
addEventListener("message", ({ data }) =>
  data?.type?.startsWith("beltmap:") && heard.push(data));
const tell = (message) =>
  document.querySelector("iframe").contentWindow.postMessage(message, "*");
</script>CODE"""


@pytest.fixture(scope="module")
def portal():
    """Serve a page of another site; give what it shows, and its address."""
    shown = {}
    page = Route("/", lambda _: HTMLResponse(PORTAL.replace("CODE", shown["code"])))
    with serving(Starlette(routes=[page])) as address:
        yield shown, address


@pytest.fixture(scope="module")
def address(portal):
    with running("beltmap", "serve", "--embed-in", portal[1]) as (here, _):
        yield here


def copied(tab, name):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = tab.get_by_role("button", name=name, exact=True)
    what = button.get_attribute("data-copy")
    button.click()
    expect(tab.locator(f"button[data-copy={what}]")).to_have_text("Copied")
    expect(tab.locator("#bm-voice")).to_have_text("Copied")
    return tab.evaluate("navigator.clipboard.readText()")


def heard(tab, kind):
    """Give the last thing that the portal heard of a kind."""
    wait(tab.main_frame, f"heard.some(({{ type }}) => type === 'beltmap:{kind}')")
    return tab.evaluate(f"heard.findLast(({{ type }}) => type === 'beltmap:{kind}')")


def test_the_map_alone_talks_with_the_page_around_it(browser, portal, address):
    shown, at = portal
    with open_tab(browser, viewport={"width": 1280, "height": 900}) as tab:
        tab.goto(f"{address}?kind=town&lang=zh")
        the_map(tab)
        at_rest(tab)
        tab.get_by_role("radio", name="English").click()
        tab.get_by_role("button", name="Copy embed code").wait_for()
        at_rest(tab)
        shown["code"] = copied(tab, "Copy embed code")
        live = copied(tab, "Copy the address")
    assert live == f"{address}ogc/kind=town&lang=en/"
    assert "kind=town" in shown["code"]
    assert "embed=map" in shown["code"]
    with open_tab(browser, bypass_csp=False) as tab:
        tab.goto(at)
        told = heard(tab, "ready")
        assert "qd-town-film" in told["zones"]
        page = tab.main_frame.child_frames[0]
        assert page.get_by_role("radio").count() == 0
        assert page.locator("table, [data-testid=stDataFrame], h1").count() == 0
        box = page.locator("iframe[title^=beltmap]").bounding_box()
        assert box["height"] == pytest.approx(620, abs=4)
        inner = page.child_frames[0]
        assert inner.evaluate("map.beltmap.zones.visible.filter(Boolean).length") == 3
        tab.evaluate("tell({ type: 'beltmap:select', zone: 'qd-town-film' })")
        wait(tab.main_frame, "heard.at(-1).zone === 'qd-town-film'")
        wait(page, "location.search.includes('zone=qd-town-film')")
        tab.evaluate("tell({ type: 'beltmap:fly', lat: 38.9, lon: 121.5, zoom: 12 })")
        wait(inner, "Math.abs(map.getCenter().lng - 121.5) < 0.01")
        assert inner.evaluate("map.getZoom()") == 12
        tab.evaluate("tell({ type: 'beltmap:fly', zone: 'qd-town-film' })")
        wait(inner, "Math.abs(map.getCenter().lng - 120.5) < 0.5")
        # what makes no sense is not done
        for wrong in ({"zone": "nowhere"}, {"zone": 3}, {"lat": "x", "lon": {}}, {}):
            for kind in ("select", "fly"):
                message = json.dumps({"type": f"beltmap:{kind}", **wrong})
                tab.evaluate(f"tell({message})")
        tab.evaluate("tell({ type: 'beltmap:select', zone: null })")
        wait(tab.main_frame, "heard.at(-1).zone === null")
        assert tab.errors == []


def test_the_page_that_the_document_shows_hears_and_asks(browser, portal, address):
    """The blocks of the document, with the address of a server for the one there."""
    shown, at = portal
    document = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    code = "".join(re.findall("```html\n(.*?)```", document, re.DOTALL))
    assert code.count(THERE) == 2
    shown["code"] = code.replace(THERE, address.rstrip("/"))
    with open_tab(browser, bypass_csp=False) as tab:
        said = []
        tab.on("console", lambda one: said.append(one.text))
        tab.goto(at)
        first = heard(tab, "ready")["zones"][0]
        inner = tab.main_frame.child_frames[0].child_frames[0]
        # the last zone is of the other city
        wait(inner, "map.getCenter().lng > 121")
        tab.evaluate(f"tell({json.dumps({'type': 'beltmap:select', 'zone': first})})")
        wait(tab.main_frame, f"heard.at(-1).zone === {json.dumps(first)}")
        assert first in said
        assert tab.errors == []


def test_code_to_embed_is_offered_only_where_a_site_may_frame_the_page(browser):
    with running("beltmap", "serve") as (here, _), open_tab(browser) as tab:
        tab.goto(f"{here}?kind=town")
        the_map(tab)
        at_rest(tab)
        link = copied(tab, "Copy link")
        assert "kind=town" in link
        # who gets it may have another browser
        assert "lang=en" in link
        assert tab.get_by_role("button", name="Copy embed code").count() == 0


def test_a_link_that_may_not_be_copied_is_shown_and_not_called_copied(tab, address):
    tab.goto(f"{address}?lang=en")
    at_rest(tab)
    tab.evaluate(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));"
        "document.execCommand = () => false"
    )
    shown = []
    tab.on("dialog", lambda one: (shown.append(one.default_value), one.dismiss()))
    button = tab.get_by_role("button", name="Copy link")
    with tab.expect_event("dialog"):
        button.click()
    at_rest(tab)
    assert shown[0].startswith(f"{address}?")
    assert "lang=en" in shown[0]
    assert button.count() == 1
    assert tab.errors == []
