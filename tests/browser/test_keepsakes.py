"""What leaves the page: the saved map, the brief; and two maps side by side."""

import pytest

from tests.browser.harness import open_tab
from tests.browser.test_page import served, the_map

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address():
    with served() as here:
        yield here


def test_map_and_brief_can_be_taken_along(browser, address):
    with open_tab(browser, locale="zh-CN") as tab:
        tab.goto(f"{address}?city=Dalian")
        the_map(tab)
        for key, begins in (("save", b"<!doctype html>"), ("print-a4", b"%PDF")):
            with tab.expect_download() as waiting:
                tab.locator(f".st-key-{key} button").click()
            content = waiting.value.path().read_bytes()
            assert content.startswith(begins)
            assert "dalian" in waiting.value.suggested_filename
            if key == "save":
                assert "城市：大连" in content.decode()


def test_two_cities_stand_side_by_side(browser, address):
    with open_tab(browser, viewport={"width": 1400, "height": 1000}) as tab:
        tab.goto(f"{address}?view=compare")
        tab.wait_for_function(
            "[...document.querySelectorAll('iframe')].filter((one) =>"
            " one.contentWindow?.map?.beltmap?.ready).length === 2",
            timeout=30_000,
        )
        tab.wait_for_timeout(500)
        frames = "[...document.querySelectorAll('iframe')]"
        scales = tab.evaluate(
            f"{frames}.map((one) => one.contentWindow.map).filter(Boolean)"
            ".map((map) => 2 ** map.getZoom()"
            " / Math.cos(map.getCenter().lat * Math.PI / 180))"
        )
        assert scales[0] == pytest.approx(scales[1], rel=1e-3)
        assert tab.errors == []
