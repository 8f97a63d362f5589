"""What the browser tests rest on: that each tab is a reader of its own."""

import pytest

from tests.browser.harness import open_tab

pytestmark = pytest.mark.browser

KEPT = "[document.cookie, Object.keys(localStorage).length]"
CAME = """performance.getEntriesByType("resource").map(
  ({ name, transferSize }) => [name, transferSize]
).filter(([name]) => name.endsWith(".js"))"""


def test_a_tab_has_files_of_the_one_before_and_nothing_of_its_reader(browser, address):
    seen = []
    for _ in range(2):
        with open_tab(browser) as tab:
            tab.goto(f"{address}robots.txt")
            assert tab.evaluate(KEPT) == ["", 0]
            tab.goto(address)
            tab.get_by_test_id("stMain").wait_for()
            tab.evaluate("document.cookie = 'who=me'; localStorage.who = 'me'")
            assert "who=me" in tab.evaluate(KEPT)[0]
            seen.append(dict(tab.evaluate(CAME)))
    first, second = seen
    assert first
    assert all(second[name] == 0 for name in first.keys() & second.keys())


def test_two_tabs_at_once_share_nothing(browser, address):
    with open_tab(browser) as one, open_tab(browser) as two:
        for tab in (one, two):
            tab.goto(f"{address}robots.txt")
        one.evaluate("document.cookie = 'who=me'; localStorage.who = 'me'")
        assert two.evaluate(KEPT) == ["", 0]
