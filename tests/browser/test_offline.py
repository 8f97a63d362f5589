"""The saved map in a real browser, from a file, with no network at all."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.plan.plan import read_plan
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.keepsakes.seen import Seen
from beltmap.layers.map.view import View
from beltmap.layers.palette import kind_looks
from tests.browser.harness import CANARY, looks_like, open_tab, shows
from tests.choosing import choose
from tests.geo.language.test_languages import NAMES, english

pytestmark = pytest.mark.browser

TODAY = date(2026, 3, 1)
BELT = tuple(int(kind_looks()["belt"][0][at : at + 2], 16) for at in (1, 3, 5))
CHENGDU = Path(__file__).parents[1] / "plans" / "chengdu"
SHANDONG_ROAD = (36.2137, 120.5299)


def until(tab, truth, tries=200):
    """Wait without eval, which the file's own policy forbids."""
    for _ in range(tries):
        if tab.evaluate(truth):
            return
        tab.wait_for_timeout(100)
    pytest.fail(f"never came true: {truth}")


@pytest.fixture(scope="module")
def shipped():
    return read_plan()


@pytest.fixture
def opened(browser, tmp_path):
    """Give a function that saves a map, opens the file, and watches for requests."""
    contexts = []

    def open_file(plan, mask=None, **shown):
        file = tmp_path / "saved.html"
        chosen = choose(plan, mask)
        file.write_bytes(offline_page(chosen, on=TODAY, seen=Seen(**shown)))
        context = open_tab(
            browser, viewport={"width": 1280, "height": 900}, offline=True
        )
        tab = context.__enter__()
        contexts.append(context)
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.on("console", lambda message: tab.errors.append(message.text))
        tab.goto(file.as_uri())
        until(tab, "Boolean(map.beltmap?.ready)")
        return tab

    yield open_file
    for context in contexts:
        context.__exit__(None, None, None)


def visible(tab):
    return tab.evaluate(
        "Array.from(map.beltmap.zones.visible).flatMap((v, i) => v ? [i] : [])"
    )


def shown_rows(tab):
    return tab.evaluate(
        "[...document.querySelectorAll('tr[data-row]')]"
        ".filter((row) => !row.hidden).map((row) => Number(row.dataset.row))"
    )


def test_a_plan_without_a_basemap_is_drawn_on_plain_ground(opened):
    plan = read_plan(CHENGDU)
    tab = opened(plan)
    assert visible(tab) == list(range(len(plan.zones)))
    assert tab.errors == []
    # the view may be in the link by now
    assert tab.asked == [tab.url.partition("?")[0]]


LINE = (216, 211, 198)
"""Colour of meridians and parallels on plain ground."""

LINES = f"""Array.from(document.querySelectorAll('#map canvas'), (tile) => {{
    const {{ width, height }} = tile;
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy.drawImage(tile, 0, 0);
    const {{ data }} = copy.getImageData(0, 0, width, height);
    let drawn = 0;
    for (let at = 0; at < data.length; at += 4)
      drawn += {[*LINE]}.every((part, n) => Math.abs(data[at + n] - part) < 3);
    return drawn;
  }}).filter((drawn) => drawn > 100).length"""


def test_plain_ground_has_a_graticule(opened):
    tab = opened(read_plan(CHENGDU))
    until(tab, f"{LINES} > 0")
    assert tab.errors == []


def where(tab):
    return tab.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")


def test_the_map_begins_where_the_plan_says_of_its_city(opened, tmp_path):
    folder = Path(shutil.copytree(CHENGDU, tmp_path / "plan"))
    charter = folder / "plan.toml"
    view = "view = { lon = 104.2, lat = 30.8, zoom = 9 }\n"
    head, city, rest = charter.read_text(encoding="utf-8").partition("[cities.Chengdu]")
    charter.write_text(f"{head}{city}\n{view}{rest}", encoding="utf-8")
    assert where(opened(read_plan(folder))) == pytest.approx([30.8, 104.2, 9], abs=1e-3)


@pytest.mark.parametrize(("east_deg", "both"), [(0.2, True), (10, False)])
def test_plans_near_each_other_are_both_in_the_first_view(
    opened, tmp_path, east_deg, both
):
    folder = Path(shutil.copytree(CHENGDU, tmp_path / "beside"))
    charter = folder / "plan.toml"
    words = charter.read_text(encoding="utf-8")
    charter.write_text(
        words.replace("cities.Chengdu", "cities.Other"), encoding="utf-8"
    )
    for layer in folder.glob("*.geojson"):
        zones = gpd.read_file(layer).assign(city="Other")
        zones = zones.set_geometry(zones.translate(east_deg))
        layer.write_bytes(dumps(zones, name=layer.stem))
    plan = read_plan(CHENGDU, folder)
    tab = opened(plan)
    west, _, east, _ = tab.evaluate("map.getBounds().toBBoxString()").split(",")
    bounds = plan.zones.total_bounds
    assert float(west) < bounds[0]
    assert (float(east) > bounds[2]) == both


def test_a_file_opens_without_a_network_and_draws_the_plan(opened, shipped):
    tab = opened(
        shipped, view=View(lat=SHANDONG_ROAD[0], lon=SHANDONG_ROAD[1], zoom=13)
    )
    assert looks_like(tab.evaluate(f"map.beltmap.pixel{SHANDONG_ROAD}"), BELT)
    land = f"map.beltmap.background.embedded[0].pixel(L.latLng{SHANDONG_ROAD})[3]"
    until(tab, f"{land} === 255")
    assert tab.evaluate("map.getZoom()") == 13
    assert [url for url in tab.asked if not url.startswith("file:")] == []
    assert tab.errors == []


def test_kind_and_sector_filter_map_and_table(opened, shipped):
    tab = opened(shipped)
    tab.get_by_label("Town", exact=True).first.check()
    towns = np.flatnonzero(shipped.zones["kind"] == "town").tolist()
    assert visible(tab) == shown_rows(tab) == towns
    tab.get_by_label("Training", exact=True).check()
    assert visible(tab) == shown_rows(tab) == [2]
    shows(tab.locator("output"), "1 of 12 zones")
    tab.get_by_label("Logistics", exact=True).check()
    tab.get_by_label("Training", exact=True).uncheck()
    assert visible(tab) == []
    shows(tab.locator("output"), "No zone matches")
    tab.get_by_role("button", name="Clear all filters").click()
    until(tab, "Array.from(map.beltmap.zones.visible).every(Boolean)")
    assert shown_rows(tab) == shipped.zones.index.tolist()


def test_map_table_and_card_select_together(opened, shipped):
    tab = opened(shipped, selected="qd-belt")
    shows(tab.locator("aside"), "40 km²")
    tab.locator("tr[data-row='11']").press("Enter")
    assert tab.evaluate("map.beltmap.selected") == 11
    shows(tab.locator("aside"), "153 km²")
    assert "40 km²" not in tab.locator("aside").inner_text()
    tab.locator("#map").scroll_into_view_if_needed()
    tab.evaluate("scrollTo(0, 0)")
    view = (
        f"map.setView([{SHANDONG_ROAD[0]}, {SHANDONG_ROAD[1]}], 13, {{animate: false}})"
    )
    tab.evaluate(view)
    at = tab.evaluate(
        f"map.latLngToContainerPoint([{SHANDONG_ROAD[0]}, {SHANDONG_ROAD[1]}])"
    )
    box = tab.locator("#map").bounding_box()
    tab.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    assert tab.locator("tr[aria-selected=true]").get_attribute("data-row") == "0"


def test_the_saved_map_can_be_printed(opened, shipped):
    tab = opened(shipped, selected="qd-belt")
    tab.emulate_media(media="print")
    assert tab.locator(".bm-choice").is_hidden()
    # the map tells its size when it has one
    tab.wait_for_function("map.getContainer().getBoundingClientRect().width <= 800")
    assert looks_like(tab.evaluate(f"map.beltmap.pixel{SHANDONG_ROAD}"), BELT)
    printed = tab.pdf(prefer_css_page_size=True, print_background=True)
    assert printed.startswith(b"%PDF")


def test_chinese_throughout(opened, shipped):
    tab = opened(shipped, language="zh", selected="dl-hitech")
    said = tab.locator("body").inner_text()
    assert "高新区" in said
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    names = {*shipped.zones["name_en"], *shipped.places["name_en"], *NAMES}
    assert english(said, names) == []


def test_hostile_names_stay_text(opened, shipped):
    zones = shipped.zones.copy()
    hostile = f"{CANARY}</script><script>document.title='run'</script>"
    for column in ("name_en", "name_zh", "focus_en", "source"):
        zones.loc[0, column] = hostile
    tab = opened(replace(shipped, zones=zones), selected="qd-belt")
    shows(tab.locator("aside h3").first, hostile)
    shows(tab.locator("tr[data-row='0']"), hostile)
    assert tab.title() == "Belt, towns, parks and zones"
    # but for the samples of the legend
    assert tab.locator("img:not(.beltmap-row > img)").count() == 0
    assert "49441" not in tab.content()
    assert tab.errors == []
