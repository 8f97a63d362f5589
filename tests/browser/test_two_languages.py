"""The page in the language of the browser, of the link, and of the reader's choice."""

import pytest

from geo.plan import read_plan
from tests.browser.harness import open_tab
from tests.browser.test_page import served, the_map
from tests.test_languages import NAMES, english

pytestmark = pytest.mark.browser

STREAMLIT = {"Skip to main content"}
"""What Streamlit itself says to readers with screen readers."""


@pytest.fixture(scope="module")
def address():
    with served() as here:
        yield here


@pytest.fixture(scope="module")
def names():
    plan = read_plan()
    return {*plan.zones["name_en"], *plan.places["name_en"], *NAMES, *STREAMLIT}


def said(tab):
    return tab.locator("body").inner_text()


@pytest.mark.parametrize("view", ["map", "plan", "audit", "bring"])
def test_a_chinese_browser_gets_a_chinese_page(browser, address, names, view):
    with open_tab(
        browser, locale="zh-CN", viewport={"width": 1280, "height": 1400}
    ) as tab:
        tab.goto(f"{address}?view={view}&zone=qd-belt")
        tab.get_by_text("青岛“一带三城五园”").wait_for(timeout=30_000)
        if view == "map":
            frame = the_map(tab)
            assert "图例" in frame.locator("body").inner_text()
            assert english(frame.locator("body").inner_text(), names) == []
        tab.wait_for_timeout(1_500)
        assert english(said(tab), names) == []
        assert tab.strays == []
        assert tab.errors == []


def test_the_link_decides_over_the_browser(browser, address):
    with open_tab(browser, locale="en-GB") as tab:
        tab.goto(f"{address}?lang=zh")
        tab.get_by_text("清除全部筛选").wait_for(timeout=30_000)
        assert "lang=zh" in tab.url


def test_the_reader_changes_the_language_and_the_link_keeps_it(browser, address):
    with open_tab(browser, locale="en-GB") as tab:
        tab.goto(f"{address}?kind=town")
        the_map(tab)
        tab.get_by_role("radio", name="中文").or_(
            tab.get_by_role("button", name="中文")
        ).first.click()
        tab.get_by_text("清除全部筛选").wait_for(timeout=30_000)
        tab.wait_for_url("**lang=zh**")
        assert "kind=town" in tab.url
        frame = the_map(tab)
        assert "图例" in frame.locator("body").inner_text()
