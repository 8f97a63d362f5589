"""What the browser tests rest on: that each tab is a reader of its own."""

import pytest

from tests.browser.harness import open_tab

pytestmark = pytest.mark.browser

KEPT = "[document.cookie, Object.keys(localStorage).length]"
KEEP = "document.cookie = 'who=me'; localStorage.who = 'me'"


def test_a_tab_has_nothing_of_the_reader_before(browser, address):
    for _ in range(2):
        with open_tab(browser) as tab:
            tab.goto(f"{address}robots.txt")
            assert tab.evaluate(KEPT) == ["", 0]
            # the page keeps something too
            tab.goto(address)
            tab.get_by_test_id("stMain").wait_for()
            tab.evaluate(KEEP)
            assert "who=me" in tab.evaluate(KEPT)[0]


def test_two_tabs_at_once_share_nothing(browser, address):
    with open_tab(browser) as one, open_tab(browser) as two:
        for tab in (one, two):
            tab.goto(f"{address}robots.txt")
        one.evaluate(KEEP)
        assert two.evaluate(KEPT) == ["", 0]
