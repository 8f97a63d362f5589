"""A reader's own file: asked about, told about, drawn, and seen by no one else."""

import json

import pytest
import shapely

from tests.browser.harness import CANARY, open_tab
from tests.browser.test_page import served, the_map

pytestmark = pytest.mark.browser

NAME = f"园区 {CANARY} ![x](http://127.0.0.1:1/x)"


@pytest.fixture(scope="module")
def address():
    with served() as here:
        yield here


@pytest.fixture
def upload(tmp_path):
    """Write a file whose areas do not say their unit."""
    square = json.loads(shapely.to_geojson(shapely.box(120.55, 36.2, 120.57, 36.22)))
    properties = {"名称": NAME, "面积": "7", "kind": "park", "city": "Qingdao"}
    feature = {"type": "Feature", "geometry": square, "properties": properties}
    path = tmp_path / "mine.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}),
        encoding="utf-8",
    )
    return path


def test_an_upload_is_asked_about_and_drawn(
    browser, address, upload
):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.goto(f"{address}?view=bring")
        tab.locator("input[type=file]").set_input_files(str(upload))
        tab.get_by_text("does not say in which unit").first.wait_for()
        tab.get_by_text("hectares").click()
        tab.get_by_role("button", name="Read the file with this answer").click()
        tab.get_by_role("button", name="Download the layer as it was read").wait_for()
        assert "1 rows = 1 drawn" in tab.content()
        tab.get_by_role("radio", name="Map").click()
        frame = the_map(tab)
        assert frame.evaluate("map.beltmap.set.rows") == 13
        frame.evaluate("map.setView([36.21, 120.56], 14, {animate: false})")
        frame.wait_for_function("map.beltmap.pixel(36.212, 120.562)[3] > 0")
        at = frame.evaluate("map.latLngToContainerPoint([36.212, 120.562])")
        box = tab.query_selector("iframe[title*=folium]").bounding_box()
        tab.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
        card = tab.locator(".bm-card")
        card.get_by_text("From your file").wait_for()
        assert NAME in card.inner_text()
        assert "0.07 km²" in card.inner_text()
        assert "49441" not in tab.content() + frame.content()
        assert tab.strays == []
        assert tab.errors == []
        with open_tab(browser) as other:
            other.goto(address)
            assert the_map(other).evaluate("map.beltmap.set.rows") == 12
            assert "mine.geojson" not in other.content()


def test_a_hostile_file_is_refused_in_words(browser, address, tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text("<OGRVRTDataSource><SrcDataSource>/etc/passwd", encoding="utf-8")
    with open_tab(browser) as tab:
        tab.goto(f"{address}?view=bring")
        tab.locator("input[type=file]").set_input_files(str(path))
        tab.get_by_text("refused").first.wait_for()
        assert "Traceback" not in tab.content()
        assert "root:" not in tab.content()
