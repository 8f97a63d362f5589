"""The saved map on a phone, from a file: touch, sheet and cards."""

from datetime import date

import pytest

from beltmap.geo.plan.plan import read_plan
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.keepsakes.seen import Seen
from tests.browser.harness import open_tab
from tests.browser.test_reach import centre, swipe
from tests.choosing import choose

pytestmark = pytest.mark.browser

HIGH = 844


@pytest.fixture(scope="module")
def saved(browser, tmp_path_factory):
    file = tmp_path_factory.mktemp("saved") / "saved.html"
    chosen = choose(read_plan())
    file.write_bytes(
        offline_page(chosen, on=date(2026, 3, 1), seen=Seen(language="zh"))
    )
    size = {"viewport": {"width": 390, "height": HIGH}, "has_touch": True}
    with open_tab(browser, is_mobile=True, **size) as tab:
        tab.goto(file.as_uri())
        tab.wait_for_function("Boolean(window.map?.beltmap?.ready)")
        yield tab
        assert tab.errors == []


def test_the_map_comes_first_and_leaves_room(saved):
    box = saved.locator("#map").bounding_box()
    assert 0 < box["height"] <= 0.6 * HIGH
    assert (
        saved.locator(".bm-tiles").first.bounding_box()["y"] > box["y"] + box["height"]
    )
    assert saved.evaluate("document.scrollingElement.scrollWidth") == 390


def test_one_finger_moves_the_page_and_two_move_the_map(saved):
    saved.evaluate("scrollTo(0, 0)")
    before = centre(saved)
    swipe(saved, (200, 450), across=0, down=-250)
    saved.wait_for_function("scrollY > 100")
    assert centre(saved) == before
    saved.evaluate("scrollTo(0, 0)")
    swipe(saved, (150, 300), (250, 300), across=60, down=60)
    saved.wait_for_function(f"map.getCenter().lng < {before[1]} - 0.01")


def test_the_card_is_a_sheet_that_closes(saved):
    saved.evaluate("map.beltmap.pick(0)")
    sheet = saved.locator(".bm-sheet")
    box = sheet.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(HIGH, abs=1)
    assert box["height"] <= 0.5 * HIGH
    saved.get_by_role("button", name="关闭").tap()
    assert saved.locator(".bm-of-zone:visible").count() == 0
    assert saved.evaluate("map.beltmap.selected") == -1


def test_a_row_of_the_table_is_a_card_that_names_what_it_says(saved):
    row = saved.locator("tr[data-row]").first
    assert row.bounding_box()["width"] <= 390
    cell = row.locator("td").nth(1)
    head = cell.evaluate("(one) => getComputedStyle(one, '::before').content")
    assert head == f'"{saved.locator("th").nth(1).text_content()}"'
    row.tap()
    assert row.get_attribute("aria-selected") == "true"
