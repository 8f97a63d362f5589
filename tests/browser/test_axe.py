"""Every view by axe-core: what breaks WCAG 2.2 AA, and is not Streamlit's own."""

import shutil
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.keepsakes.seen import Seen
from beltmap.layers.page.frame import NAMES, VIEWS
from tests.browser.harness import at_rest, open_tab, visit
from tests.browser.test_page import the_map
from tests.choosing import choose
from tests.serving import running

pytestmark = pytest.mark.browser

AXE = Axe()
RUN = "async (options) => (await axe.run(document, options)).violations"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HABITS = ["best-practice"]
LANGUAGES = ("en", "zh")
WIDTHS = (1280, 390)
UPLOADER = "[data-testid=stFileUploaderDropzone]"
NOT_OURS = {
    # a drop zone that has a name and is to be passed over
    "presentation-role-conflict": UPLOADER,
    # its name is written by a style, which browsers read out and axe does not
    "button-name": f"{UPLOADER} button",
}
"""What axe finds and is not ours, by rule, as ``docs/accessibility.md`` lists it."""


READ = """() => [...document.querySelectorAll("[data-testid=stDataFrame]")].every(
  (one) => !one.checkVisibility() || one.querySelector("table")
)"""
"""Each table has the one in it that is read out, which is drawn later."""


def violations(where, *, rules=(*LEVELS, *HABITS)):
    """List what axe finds in a document, with what it is found in."""
    if not where.evaluate("Boolean(window.axe)"):
        where.evaluate(AXE.axe_script)
    options = {"resultTypes": ["violations"], "iframes": False, "runOnly": list(rules)}
    found = where.evaluate(RUN, options)
    return [
        (rule["id"], node["target"], node["html"][:200], node["failureSummary"])
        for rule in found
        for node in rule["nodes"]
        if not is_of_others(where, rule["id"], node["target"])
    ]


def is_of_others(where, rule, target):
    place = NOT_OURS.get(rule)
    return place is not None and where.eval_on_selector(
        target[0], "(found, place) => found.matches(place)", place
    )


@pytest.fixture(scope="module")
def wide(browser, address):
    with open_tab(browser, viewport={"width": 1280, "height": 900}) as tab:
        tab.goto(f"{address}?lang=en&zone=qd-belt")
        the_map(tab)
        yield tab


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_view_has_a_violation_of_ours(wide, language):
    wide.get_by_role("radio", name=NAMES[language]).click()
    at_rest(wide)
    found = []
    for view in VIEWS:
        visit(wide, view)
        for width in WIDTHS:
            wide.set_viewport_size({"width": width, "height": 900})
            wide.wait_for_function(READ)
            found += [(view, width, *one) for one in violations(wide)]
            if view == "map":
                at_map = violations(the_map(wide), rules=LEVELS)
                found += [("frame", width, *one) for one in at_map]
        wide.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert found == []


def test_the_button_for_files_has_a_name_in_both_languages(wide):
    for language, name in (("en", "Choose files"), ("zh", "选择文件")):
        wide.get_by_role("radio", name=NAMES[language]).click()
        at_rest(wide)
        visit(wide, "bring")
        expect(wide.get_by_role("button", name=name, exact=True)).to_have_count(1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_saved_map_has_no_violation(browser, tmp_path, language):
    file = tmp_path / "saved.html"
    seen = Seen(selected="qd-belt", language=language)
    chosen = choose(read_plan())
    file.write_bytes(offline_page(chosen, on=date(2026, 3, 1), seen=seen))
    with open_tab(browser) as tab:
        tab.goto(file.as_uri())
        tab.wait_for_function("Boolean(window.map?.beltmap?.ready)")
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            assert violations(tab) == []


@pytest.fixture(scope="module")
def editable(tmp_path_factory):
    """Serve a copy of Qingdao's plan that may be changed; give its address."""
    folder = shutil.copytree(SHIPPED, tmp_path_factory.mktemp("it") / "data")
    chosen = ("--plan", folder / "qingdao", "--edit")
    with running("beltmap", "serve", *chosen) as (address, _):
        yield address


def at_both_widths(tab, frame):
    """List what axe finds in desk and page."""
    found = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        # what is scrolled half under another thing is no smaller for that
        frame.evaluate("document.querySelector('.beltmap-desk').scrollTo(0, 0)")
        found += [(width, *one) for one in violations(frame, rules=LEVELS)]
    found += [("page", *one) for one in violations(tab)]
    tab.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_has_no_violation(browser, editable, language):
    size = {"width": WIDTHS[0], "height": 900}
    with open_tab(browser, viewport=size) as tab:
        tab.goto(f"{editable}?lang={language}&zone=qd-town-laoshan")
        at_rest(tab)
        tab.locator(".st-key-edit button").click()
        frame = the_map(tab)
        frame.locator(".beltmap-figures dd").first.wait_for()
        frame.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
        at_rest(tab)
        found = {"open": at_both_widths(tab, frame)}
        for tool in ("redraw", "strip", "split", "merge", "new"):
            frame.locator(f".beltmap-do-{tool}").click()
            frame.locator(".beltmap-drawing").wait_for()
            found[tool] = at_both_widths(tab, frame)
            frame.locator(".beltmap-drawing button").last.click()
        # a change that is not saved is offered when the desk is opened again
        frame.locator(".beltmap-desk select").first.select_option("qd-town-laoshan")
        frame.locator(".beltmap-do-remove").click()
        tab.reload()
        at_rest(tab)
        tab.locator(".st-key-edit button").click()
        frame = the_map(tab)
        frame.locator(".beltmap-offer button").first.wait_for()
        found["offer"] = at_both_widths(tab, frame)
        assert {name: one for name, one in found.items() if one} == {}


FOLLOW_FOCUS = """() => {
  const saves = document.querySelector(".beltmap-keep");
  window.under = [];
  document.addEventListener("focusin", ({ target }) => {
    window.atSaves = Boolean(target.closest(".beltmap-keep"));
    if (window.atSaves || !target.matches("input, textarea")) return;
    const [own, over] = [target, saves].map((one) => one.getBoundingClientRect());
    if (own.bottom > over.top + 1) window.under.push(target.outerHTML);
  });
}"""
"""Notes what has the focus and is under what saves, until that has it."""


def test_what_has_the_focus_at_the_desk_is_not_under_what_saves(browser, editable):
    with open_tab(browser, viewport={"width": 1280, "height": 700}) as tab:
        tab.goto(f"{editable}?lang=en&zone=qd-town-laoshan")
        at_rest(tab)
        tab.locator(".st-key-edit button").click()
        frame = the_map(tab)
        frame.locator(".beltmap-figures dd").first.wait_for()
        frame.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
        frame.evaluate(FOLLOW_FOCUS)
        frame.locator(".beltmap-desk header button").focus()
        while not frame.evaluate("window.atSaves"):
            tab.keyboard.press("Tab")
        assert frame.evaluate("window.under") == []
