"""The map in frames of other kinds: sharp, narrow, and without its payload."""

import pytest
from harness import BELT, looks_like, map_page, open_tab

from layers.map import plan_map

pytestmark = pytest.mark.browser


def test_a_lost_payload_is_told(map_server, tab):
    pages, address = map_server
    pages["lost"] = map_page(plan_map({"zones": "../../beltmap/" + "0" * 64}))
    tab.goto(f"{address}lost")
    tab.locator(".beltmap-notice").wait_for(state="visible")
    assert "could not be loaded" in tab.locator(".beltmap-notice").inner_text()


@pytest.mark.parametrize("ratio", [1, 2])
def test_tiles_are_as_sharp_as_the_screen(map_server, browser, plan, ratio):
    pages, address = map_server
    pages["sharp"] = map_page(plan())
    with open_tab(browser, device_scale_factor=ratio) as tab:
        tab.goto(f"{address}sharp")
        tab.wait_for_function("map.beltmap?.ready")
        widths = tab.evaluate(
            "[...map.beltmap.zones.canvases.values()].map(({canvas}) => canvas.width)"
        )
        assert set(widths) == {512 * ratio}
        assert looks_like(tab.evaluate("map.beltmap.pixel(35.98, 119.97)"), BELT)


def test_a_narrow_map_begins_with_the_legend_closed(map_server, browser, plan):
    pages, address = map_server
    pages["narrow"] = map_page(plan())
    with open_tab(browser, viewport={"width": 400, "height": 700}) as tab:
        tab.goto(f"{address}narrow")
        tab.wait_for_function("map.beltmap?.ready")
        legend = tab.get_by_role("button", name="Legend")
        assert legend.get_attribute("aria-expanded") == "false"
        legend.press("Enter")
        assert tab.get_by_label("Belt", exact=True).is_visible()
