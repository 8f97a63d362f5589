"""The page as a reader meets it: a real server, a real browser, no network."""

import json
from pathlib import Path

import pytest

from beltmap.geo.plan.plan import read_plan
from beltmap.layers.palette import kind_looks
from tests.browser.harness import (
    CANARY,
    FRAME,
    at_rest,
    looks_like,
    open_tab,
    served,
    shows,
)
from tests.elsewhere import write_flat
from tests.rfc7946 import faults

pytestmark = pytest.mark.browser

SHANDONG_ROAD = (36.2137, 120.5299)
"""A place on the belt's axis, lat and lon, where no other zone lies."""


@pytest.fixture
def page(browser):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        yield tab
        assert tab.strays == []


def the_map(page):
    """Wait for the map and give its frame."""
    page.wait_for_selector(FRAME, timeout=30_000)
    frame = page.query_selector(FRAME).content_frame()
    frame.wait_for_function("window.map?.beltmap?.ready === true", timeout=30_000)
    return frame


def look(page, lat, lon, zoom=12):
    """Bring a place into view and give the map's frame."""
    frame = the_map(page)
    frame.evaluate(f"map.setView([{lat}, {lon}], {zoom}, {{animate: false}})")
    return frame


def pixel(frame, lat, lon):
    return frame.evaluate(f"map.beltmap.pixel({lat}, {lon})")


def colour(kind):
    code = kind_looks()[kind][0]
    return tuple(int(code[at : at + 2], 16) for at in (1, 3, 5))


def click_map(page, frame, lat, lon):
    """Click where a place is on the screen."""
    at = frame.evaluate(f"map.latLngToContainerPoint([{lat}, {lon}])")
    box = page.query_selector(FRAME).bounding_box()
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])


def check(page, label):
    boxes = page.locator(".bm-pick label")
    boxes.filter(has_text=label).first.click()


def drawn(frame):
    """Give the rows that the filters leave, as the map has them."""
    return frame.evaluate(
        "Array.from(map.beltmap.zones.visible).flatMap((v, i) => v ? [i] : [])"
    )


def until(frame, rows):
    """Wait until the map shows these rows and no others."""
    wanted = json.dumps(rows)
    frame.wait_for_function(
        "JSON.stringify(Array.from(map.beltmap.zones.visible)"
        f".flatMap((v, i) => v ? [i] : [])) === JSON.stringify({wanted})",
        timeout=15_000,
    )


def test_all_eleven_zones_are_on_the_map(page, address):
    plan = read_plan()
    page.goto(address)
    frame = the_map(page)
    frame.evaluate("map.beltmap.fitAll({animate: false})")
    located = plan.zones.index[plan.zones.geometry.notna()].tolist()
    assert frame.evaluate("map.beltmap.visibleRows()") == located
    for zone in plan.zones[plan.zones.geometry.notna()].itertuples():
        inside = zone.geometry.representative_point()
        frame.evaluate(f"map.setView([{inside.y}, {inside.x}], 15, {{animate: false}})")
        frame.wait_for_function(f"map.beltmap.pixel({inside.y}, {inside.x})[3] > 0")


def test_the_belt_has_its_colour_where_it_lies_and_a_filter_takes_it_away(
    page, address
):
    page.goto(address)
    frame = look(page, *SHANDONG_ROAD, zoom=14)
    frame.wait_for_function(
        f"map.beltmap.pixel({SHANDONG_ROAD[0]}, {SHANDONG_ROAD[1]})[3] > 0"
    )
    assert looks_like(pixel(frame, *SHANDONG_ROAD), colour("belt"))
    check(page, "Town")
    until(frame, [1, 2, 3])
    frame.wait_for_function(
        f"map.beltmap.pixel({SHANDONG_ROAD[0]}, {SHANDONG_ROAD[1]})[3] === 0"
    )
    assert frame.evaluate("map.getZoom()") == 14
    page.wait_for_url("**kind=town**")


def test_a_click_on_a_zone_opens_its_card(page, address):
    page.goto(address)
    frame = look(page, *SHANDONG_ROAD, zoom=13)
    click_map(page, frame, *SHANDONG_ROAD)
    card = page.locator(".bm-card")
    card.get_by_text("Software and Service Outsourcing Belt").wait_for()
    shows(card, "软件及服务外包产业带")
    page.wait_for_url("**zone=qd-belt**")
    card.get_by_text("Stated in the plan", exact=True).click()
    shows(card, "Qingdao service outsourcing development plan")
    shows(card, "One belt")


def test_the_download_is_what_the_filters_leave(page, address):
    page.goto(f"{address}?sectors=BPO&city=Qingdao")
    the_map(page)
    with page.expect_download() as waiting:
        page.locator(".st-key-download button").click()
    name = waiting.value.suggested_filename
    assert name.endswith("_qingdao-bpo.geojson")
    content = Path(waiting.value.path()).read_bytes()
    assert faults(content) == []
    assert [feature["id"] for feature in json.loads(content)["features"]] == [
        "qd-belt",
        "qd-town-laoshan",
        "qd-town-aoshanwei",
        "qd-park-bpo",
    ]


def test_a_link_restores_filters_selection_and_view(page, address):
    page.goto(f"{address}?kind=town&zone=qd-town-film&lat=36.28&lon=120.6&zoom=12")
    frame = the_map(page)
    until(frame, [1, 2, 3])
    assert frame.evaluate("map.getZoom()") == 12
    assert frame.evaluate("map.getCenter().lat") == pytest.approx(36.28, abs=1e-3)
    assert frame.evaluate("map.beltmap.selected") == 3
    shows(page.locator(".bm-card"), "青岛影视动漫城")


def test_moving_the_map_is_kept_in_the_link(page, address):
    page.goto(address)
    frame = look(page, 38.86, 121.5, zoom=11)
    page.wait_for_url("**lat=38.86**")
    frame.evaluate("map.setZoom(12, {animate: false})")
    page.wait_for_url("**zoom=12**")


def test_the_view_outlives_a_look_at_the_plan(page, address):
    page.goto(address)
    look(page, 38.86, 121.5, zoom=12)
    page.wait_for_url("**zoom=12**")
    page.get_by_role("radio", name="Plan").click()
    page.get_by_text("Goals and results").first.wait_for()
    page.get_by_role("radio", name="Map").click()
    frame = the_map(page)
    assert frame.evaluate("map.getZoom()") == 12
    assert frame.evaluate("map.getCenter().lat") == pytest.approx(38.86, abs=1e-3)


def test_a_row_of_the_table_selects_on_the_map(page, address):
    page.goto(f"{address}?kind=zone")
    frame = the_map(page)
    table = page.locator("[data-testid=stDataFrame]").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 52)
    frame.wait_for_function("map.beltmap.selected === 11", timeout=15_000)
    shows(page.locator(".bm-card"), "大连高新技术产业园区")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Copy the plan with a hostile name for a town."""
    folder = tmp_path_factory.mktemp("hostile") / "plan"
    write_flat(folder)
    towns = folder / "towns.geojson"
    collection = json.loads(towns.read_text(encoding="utf-8"))
    collection["features"][0]["properties"]["name_en"] = CANARY
    collection["features"][0]["properties"]["name_zh"] = "100{% off ![x](http://x)"
    towns.write_text(json.dumps(collection), encoding="utf-8")
    return folder


def test_hostile_names_stay_text(page, hostile):
    with served(hostile) as address:
        page.goto(f"{address}?zone=qd-town-laoshan")
        frame = the_map(page)
        look(page, 36.1475, 120.481, 13)
        at = frame.evaluate("map.latLngToContainerPoint([36.1551, 120.475])")
        box = page.query_selector(FRAME).bounding_box()
        page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
        frame.wait_for_selector(".beltmap-tip:not([hidden])")
        card = page.locator(".bm-card").inner_text()
        assert CANARY in card
        assert "100{% off ![x](http://x)" in card
        assert CANARY in frame.inner_text(".beltmap-tip")
        everything = page.content() + frame.content()
        assert "49441" not in everything
        assert page.title() == "Belt, towns, parks and zones"
        assert page.errors == []


def test_the_page_fits_a_phone(browser, address):
    with open_tab(browser, viewport={"width": 400, "height": 800}) as phone:
        phone.goto(address)
        the_map(phone)
        wide = phone.evaluate("document.documentElement.scrollWidth")
        assert wide <= 400
        assert phone.strays == []


def test_a_click_on_a_priority_shows_its_zones_on_the_map(page, address):
    page.goto(f"{address}?view=plan")
    # the panel hears of clicks once its script has come
    page.locator(".bm-pick[data-ready=true]").wait_for()
    at_rest(page)
    page.locator("a[data-ask^='priority:']").first.click()
    frame = the_map(page)
    page.wait_for_url("**sectors=**")
    assert "view=plan" not in page.url
    assert len(frame.evaluate("map.beltmap.visibleRows()")) < 11
