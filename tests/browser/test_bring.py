"""A reader's own file: asked about, told about, drawn, and seen by no one else."""

import json
import shutil
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import expect

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.shipped import SHIPPED
from tests.browser.harness import CANARY, FRAME, at_rest, open_tab, shows
from tests.browser.test_page import check, the_map, until
from tests.serving import running

pytestmark = pytest.mark.browser

PAIRS = (("Aardvark", "Beeswax"), ("Beeswax", "Aardvark"))
NAME = f"园区 {CANARY} ![x](http://127.0.0.1:1/x)"


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


def test_an_upload_is_asked_about_and_drawn(browser, address, upload):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.goto(f"{address}?view=bring")
        tab.locator("input[type=file]").set_input_files(str(upload))
        tab.get_by_text("does not say in which unit").first.wait_for()
        tab.get_by_text("hectares").click()
        tab.get_by_role("button", name="Read the file with this answer").click()
        tab.get_by_role("button", name="Download the layer as it was read").wait_for()
        assert "1 row: 1 drawn" in tab.content()
        tab.get_by_role("radio", name="Map").click()
        frame = the_map(tab)
        assert frame.evaluate("map.beltmap.set.rows") == 13
        # hers are marked in the legend, and no sum of the plan counts them
        shows(frame.locator(".beltmap-body"), "Park, from your files")
        tiles = tab.locator(".bm-tiles")
        expect(tiles.locator("dd").first).to_have_text("12 of 12")
        own = "From your files, not counted above: zones: 1; stated area 0.1 km²"
        shows(tab.locator(".bm-under").first, own)
        assert tab.get_by_text("+ yours: 1").count() >= 2
        frame.evaluate("map.setView([36.21, 120.56], 14, {animate: false})")
        frame.wait_for_function("map.beltmap.pixel(36.212, 120.562)[3] > 0")
        at = frame.evaluate("map.latLngToContainerPoint([36.212, 120.562])")
        box = tab.query_selector(FRAME).bounding_box()
        tab.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
        card = tab.locator(".bm-card")
        card.get_by_text("From your file").wait_for()
        shows(card, NAME)
        shows(card, "0.07 km²")
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


def zone_file(name, west):
    square = json.loads(shapely.to_geojson(shapely.box(west, 36.2, west + 0.02, 36.22)))
    properties = {"name": name, "kind": "park", "city": name, "sectors": "software"}
    feature = {"type": "Feature", "geometry": square, "properties": properties}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    return {"name": f"{name}.geojson", "mimeType": "text/plain", "buffer": content}


def bring(tab, address, file):
    tab.goto(f"{address}?view=bring")
    tab.locator("input[type=file]").wait_for(state="attached")
    tab.locator("input[type=file]").set_input_files(file)
    tab.get_by_role("button", name="Download the layer as it was read").wait_for()


def status(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.case("T02")
def test_two_readers_never_see_each_others_zones_nor_does_anyone_later(
    browser, address
):
    """Map, facets, page source, table, downloads; addresses of data end with them."""
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as third:
        third.goto(address)
        the_map(third)
        found = {}
        with open_tab(browser) as one, open_tab(browser) as two:
            tabs = {"Aardvark": one, "Beeswax": two}
            for n, (name, tab) in enumerate(tabs.items()):
                tab.sent = []
                tab.on("response", lambda reply, tab=tab: tab.sent.append(reply.url))
                bring(tab, address, zone_file(name, 120.5 + n / 10))
            for name, tab in tabs.items():
                (other,) = set(tabs) - {name}
                tab.get_by_role("radio", name="Map").click()
                frame = the_map(tab)
                assert frame.evaluate("map.beltmap.set.rows") == 13
                # a button that is made anew while it is clicked gives no whole file
                at_rest(tab)
                with tab.expect_download() as waiting:
                    tab.locator(".st-key-download button").click()
                file = Path(waiting.value.path()).read_text(encoding="utf-8")
                payloads = {url for url in tab.sent if "/beltmap/" in url}
                found[name] = payloads
                said = tab.content() + frame.content() + file
                assert name in said
                assert other not in said
                tab.get_by_role("radio", name="Does it add up?").click()
                # what the map's view says of it stays until this one is there
                at_rest(tab)
                tab.get_by_text("Figures are of the plan alone").wait_for()
                tab.get_by_text("Count the zones from my files").click()
                tab.get_by_text("Figures are of the plan and of").wait_for()
                tab.get_by_text(name).first.wait_for(state="attached")
                assert other not in tab.content()
                assert tab.errors == []
            # what both have is the basemap and the plan without a file
            own = {name: found[name] - found[other] for name, other in PAIRS}
            for payloads in own.values():
                assert payloads
                assert {status(url) for url in payloads} == {200}
            one.get_by_role("radio", name="Bring your own").click()
            one.get_by_role("button", name="Remove").click()
            one.get_by_text("Aardvark").first.wait_for(state="detached")
            one.get_by_role("radio", name="Map").click()
            assert the_map(one).evaluate("map.beltmap.set.rows") == 12
            assert {status(url) for url in own["Aardvark"]} == {404}
            assert {status(url) for url in own["Beeswax"]} == {200}
        # both browsers are closed now
        end = time.monotonic() + 20
        while {status(url) for url in own["Beeswax"]} != {404}:
            assert time.monotonic() < end
            time.sleep(0.5)
        check(third, "Town")
        until(the_map(third), [1, 2, 3])
        for name in found:
            assert name not in third.content()


POINTS = {
    "name": "points.csv",
    "mimeType": "text/csv",
    "buffer": b"name,lon,lat,city\nNew Park,120.5,36.2,Qingdao\n",
}


def test_zones_are_added_to_a_plan_that_may_be_written(browser, tmp_path):
    """They are in its files then, and no longer the reader's own beside it."""
    folder = shutil.copytree(SHIPPED, tmp_path / "data") / "qingdao"
    before = len(read_plan(folder).zones)
    with (
        running("beltmap", "serve", "--plan", folder, "--edit") as (address, _),
        open_tab(browser) as tab,
    ):
        bring(tab, address, POINTS)
        tab.get_by_role("button", name="Add to this plan").click()
        tab.get_by_text("Added 1 zone to").wait_for()
        tab.get_by_role("button", name="Remove").wait_for(state="detached")
        tab.get_by_role("radio", name="Map").click()
        frame = the_map(tab)
        frame.wait_for_function(f"map.beltmap.set.rows === {before + 1}")
        assert tab.locator(".bm-tiles dd").first.inner_text() == (
            f"{before + 1} of {before + 1}"
        )
        assert tab.errors == []
    zones = read_plan(folder).zones
    assert zones["name_en"].tolist().count("New Park") == 1


def test_a_shipped_plan_is_never_written_but_copied(browser, tmp_path):
    before = {path: path.read_bytes() for path in SHIPPED.rglob("*.geojson")}
    with (
        running("beltmap", "serve", "--plan", "qingdao", "--edit") as (address, _),
        open_tab(browser) as tab,
    ):
        bring(tab, address, POINTS)
        assert tab.get_by_role("button", name="Add to this plan").count() == 0
        with tab.expect_download() as taken:
            tab.get_by_role("button", name="Take a copy of this plan").click()
        with zipfile.ZipFile(taken.value.path()) as archive:
            archive.extractall(tmp_path)
        with tab.expect_download() as taken:
            tab.get_by_role("button", name="Make a plan of this").click()
        with zipfile.ZipFile(taken.value.path()) as archive:
            archive.extractall(tmp_path)
    names = read_plan(tmp_path / "qingdao").zones["name_en"].tolist()
    assert len(names) == len(read_plan(SHIPPED / "qingdao").zones) + 1
    assert "New Park" in names
    assert read_plan(tmp_path / "my-plan").zones["name_en"].tolist() == ["New Park"]
    assert {path: path.read_bytes() for path in before} == before
