"""What a reader sees before a file is drawn, and of another version of the plan."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.plan.plan import read_plan
from tests.browser.harness import FRAME, open_tab
from tests.geo.intake.recipes import CASES
from tests.rfc7946 import faults

pytestmark = pytest.mark.browser


def drop(tab, address, name, content, language="en"):
    tab.goto(f"{address}?view=bring&lang={language}")
    field = tab.locator("input[type=file]")
    field.wait_for(state="attached")
    field.set_input_files({"name": name, "mimeType": "x/x", "buffer": content})


def maps(tab, n):
    """Wait for so many maps and give their frames."""
    tab.locator(FRAME).nth(n - 1).wait_for()
    frames = [one.content_frame() for one in tab.query_selector_all(FRAME)]
    assert len(frames) == n
    for frame in frames:
        frame.wait_for_function("window.map?.beltmap?.ready === true", timeout=30_000)
    return frames


def test_candidates_for_a_missing_crs_are_drawn_and_none_is_taken_unasked(
    browser, address
):
    name, make = CASES["F12"]
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        drop(tab, address, name, make(), language="zh")
        (frame,) = maps(tab, 1)
        assert frame.evaluate("map.beltmap.set.rows") == 3
        labels = frame.evaluate(
            "Object.values(map.beltmap.meta.kinds).map(k => k.label)"
        )
        assert any("GCJ-02" in label for label in labels)
        assert any("BD-09" in label for label in labels)
        # why each may be it is said in the reader's language
        tab.get_by_text("距规划中心").first.wait_for()
        answers = tab.locator("[class*=st-key-answer] input")
        expect(answers).to_have_count(3)
        assert not any(one.is_checked() for one in answers.all())
        go = tab.get_by_role("button", name="按此选择读取文件")
        tab.get_by_text("GCJ-02（高德、腾讯）").last.click()
        go.click()
        tab.locator("[class*=st-key-repaired]").wait_for()
        assert tab.errors == []


def test_another_version_is_shown_before_and_after_with_its_sources(browser, address):
    zones = read_plan().zones
    edited = zones[zones["id"] != "qd-park-bpo"].copy()
    town = edited.index[edited["id"] == "qd-town-film"][0]
    edited.loc[town, ["declared_area_km2", "source"]] = [7.5, "Survey of 2026"]
    park = edited.index[edited["id"] == "qd-park-haier"][0]
    edited.loc[[park], "geometry"] = edited.loc[[park]].translate(0.01, 0)
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        drop(tab, address, "edited.geojson", dumps(edited))
        # why its zones are not on the map stands where they could be put there
        tab.get_by_text("is read as another version of it").wait_for()
        tab.get_by_text("Compare with the plan").click()
        before, after = maps(tab, 2)
        shown = "map.beltmap.visibleRows().length"
        # what is gone is not compared; the old outlines lie under the new ones
        assert (before.evaluate(shown), after.evaluate(shown)) == (2, 4)
        # both begin where something changed, not with all of the plan
        west, south, east, north = edited.loc[[town, park]].total_bounds
        place = f"[[{south}, {west}], [{north}, {east}]]"
        for one in (before, after):
            assert one.evaluate(f"map.getBounds().contains({place})")
            assert one.evaluate(f"map.getBoundsZoom({place}) - map.getZoom()") <= 1
        words = tab.locator("[data-testid=stMain]").inner_text()
        totals = re.findall(r"(.*): (\d+) zones, ([\d.]+) km² stated", words)
        assert [(n, km2) for _, n, km2 in totals] == [("11", "212.4"), ("11", "214.9")]
        assert "the file does not have are not compared: 1" in words
        assert "removed" not in words
        assert "Stated area (km²): 5.0 -> 7.5" in words
        assert "-> Survey of 2026" in words
        assert "moved by 900 m" in words
        # a button that is made anew while it is clicked downloads nothing
        tab.locator("[data-test-script-state=notRunning]").wait_for()
        with tab.expect_download() as taken:
            tab.get_by_role("button", name="Download the difference (GeoJSON)").click()
        content = Path(taken.value.path()).read_bytes()
        assert faults(content) == []
        versions = [one["id"] for one in json.loads(content)["features"]]
        assert len(versions) == 4
        with tab.expect_download() as taken:
            tab.get_by_role("button", name="Download the difference (text)").click()
        lines = Path(taken.value.path()).read_text(encoding="utf-8").splitlines()
        assert len([line for line in lines if line.startswith("* ")]) == 2
        assert tab.errors == []
