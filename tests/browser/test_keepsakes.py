"""What leaves the page: the saved map and the brief, as the reader sees the plan."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.harness import at_rest, open_tab
from tests.browser.test_offline import until
from tests.browser.test_page import check, the_map

pytestmark = pytest.mark.browser

MOST_BYTES = 1_500_000
LINK = "?city=Dalian&zone=dl-hitech&lang=zh&lat=38.85&lon=121.4&z=11"
MINE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "我的园区", "kind": "park", "city": "青岛"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[120.3, 36.2], [120.32, 36.2], [120.32, 36.22], [120.3, 36.2]]
                ],
            },
        }
    ],
}


def taken(tab, key):
    """Click a download; give its content and its name."""
    button = tab.locator(f".st-key-{key} button")
    button.wait_for(timeout=30_000)
    with tab.expect_download(timeout=60_000) as waiting:
        button.click()
    return waiting.value.path().read_bytes(), waiting.value.suggested_filename


def test_the_saved_map_is_what_the_reader_sees(browser, address, tmp_path):
    with open_tab(browser) as tab:
        tab.goto(f"{address}{LINK}")
        the_map(tab)
        content, name = taken(tab, "take-map")
    assert "dalian" in name
    assert len(content) < MOST_BYTES
    file = tmp_path / name
    file.write_bytes(content)
    with open_tab(browser, offline=True) as tab:
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(file.as_uri())
        until(tab, "Boolean(map.beltmap?.ready)")
        seen = tab.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
        assert seen == pytest.approx([38.85, 121.4, 11], abs=1e-3)
        said = tab.locator("body").inner_text()
        for part in ("城市：大连", "图例", "153平方公里", "来源", "大连高新区"):
            assert part in said
        expect(tab.locator("tr[data-row]")).to_have_count(2)
        assert all(url.startswith("file:") for url in asked)
        assert tab.errors == []


def test_the_brief_comes_on_the_sheet_that_was_chosen(browser, address):
    with open_tab(
        browser, locale="zh-CN", viewport={"width": 1200, "height": 1800}
    ) as tab:
        tab.goto(f"{address}?city=Dalian")
        the_map(tab)
        content, name = taken(tab, "take-brief")
        assert content.startswith(b"%PDF")
        assert re.fullmatch(r".*dalian.*\.pdf", name)
        tab.locator(".st-key-sheet [role=combobox]").click()
        tab.get_by_role("option", name="A3 SVG").click()
        tab.get_by_role("option").first.wait_for(state="detached")
        at_rest(tab)
        content, name = taken(tab, "take-brief")
        assert name.endswith(".svg")
        assert "大连" in content.decode()
        assert "A3 纸张" in content.decode()


def test_zones_of_the_reader_s_own_are_in_the_saved_map(browser, address):
    upload = {
        "name": "mine.geojson",
        "mimeType": "application/geo+json",
        "buffer": json.dumps(MINE).encode(),
    }
    with open_tab(browser, locale="zh-CN") as tab:
        tab.goto(f"{address}?view=bring")
        tab.locator("input[type=file]").set_input_files(upload)
        tab.get_by_text("可以绘制").wait_for(timeout=60_000)
        tab.get_by_role("radio", name="地图").or_(
            tab.get_by_role("button", name="地图")
        ).first.click()
        the_map(tab)
        check(tab, "园区")
        tab.wait_for_url("**kind=park**")
        at_rest(tab)
        content, _ = taken(tab, "take-map")
    assert "我的园区" in content.decode()
