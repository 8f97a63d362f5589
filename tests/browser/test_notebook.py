"""What a plan shows of itself in a notebook, in a real browser, without a network."""

import folium
import pytest
from playwright.sync_api import expect

import beltmap
from tests.browser.harness import BELT, looks_like, open_tab
from tests.elsewhere import write_elsewhere

pytestmark = pytest.mark.browser

SHANDONG_ROAD = (36.2137, 120.5299)
STILL = "{animate: false}"


@pytest.fixture(scope="module")
def chosen():
    return beltmap.read_plan().select(city="Qingdao")


@pytest.fixture
def cell(browser):
    """Give a function that shows an output in a frame; it gives frame, tab and map."""
    with open_tab(browser, viewport={"width": 1000, "height": 960}) as tab:
        tab.context.set_offline(True)
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.on("console", lambda message: tab.errors.append(message.text))

        def show(output):
            tab.set_content(f"<!doctype html><body>{output._repr_html_()}")
            frame = tab.locator("iframe").element_handle().content_frame()
            name = frame.locator("#map, .folium-map").get_attribute("id")
            for _ in range(200):
                if frame.evaluate(f"Boolean({name}.beltmap?.ready)"):
                    return frame, tab, name
                tab.wait_for_timeout(50)
            pytest.fail("the map is never ready")

        yield show


def quiet(tab):
    """Tell whether nothing was asked of anyone, and nothing went wrong."""
    elsewhere = [url for url in tab.asked if not url.startswith(("data:", "about:"))]
    return elsewhere == [] and tab.strays == [] and tab.errors == []


def test_a_selection_shows_itself_as_a_map_that_filters(cell, chosen):
    frame, tab, name = cell(chosen)
    frame.evaluate(f"void {name}.setView({list(SHANDONG_ROAD)}, 13, {STILL})")
    assert looks_like(frame.evaluate(f"{name}.beltmap.pixel{SHANDONG_ROAD}"), BELT)
    frame.get_by_label("Town", exact=True).first.check()
    assert (
        frame.evaluate(f"{name}.beltmap.zones.visible.reduce((n, on) => n + on)") == 3
    )
    assert quiet(tab)


def test_the_map_to_explore_draws_zones_land_and_what_was_added(cell, chosen):
    drawing = chosen.explore()
    folium.CircleMarker(SHANDONG_ROAD, color="#ff0000", radius=9).add_to(drawing)
    frame, tab, name = cell(drawing)
    assert looks_like(frame.evaluate(f"{name}.beltmap.pixel{SHANDONG_ROAD}"), BELT)
    # land, roads, and the plain ground where these do not bear the scale
    assert frame.evaluate(f"{name}.beltmap.background.embedded.length") == 3
    expect(frame.locator("path[stroke='#ff0000']")).to_have_count(1)
    assert quiet(tab)


def test_the_notebook_around_is_left_alone(cell, chosen):
    frame, tab, name = cell(chosen)
    frame.evaluate(f"void {name}.setView({list(SHANDONG_ROAD)}, 12, {STILL})")
    tab.wait_for_timeout(600)
    assert tab.url == "about:blank"
    with pytest.raises(Exception, match=r"cross-origin|Blocked a frame"):
        frame.evaluate("window.parent.document.title")


@pytest.mark.parametrize("show", [lambda plan: plan, lambda plan: plan.explore()])
def test_hostile_names_stay_names(cell, show):
    plan = beltmap.read_plan()
    plan.zones.loc[0, ["name_en", "name_zh"]] = "</script><img src=x onerror=alert(1)>"
    frame, tab, _ = cell(show(plan))
    assert frame.locator("img[src=x]").count() == 0
    assert quiet(tab)


@pytest.mark.parametrize("own", [True, False])
def test_another_place_has_its_own_land_or_neither_land_nor_sea(cell, tmp_path, own):
    elsewhere = beltmap.read_plan(write_elsewhere(tmp_path / "plan", own=own))
    frame, tab, name = cell(elsewhere.explore())
    assert frame.evaluate(f"{name}.beltmap.background.embedded.length") == (1 + 2 * own)
    ground = "getComputedStyle(document.querySelector('.folium-map')).backgroundColor"
    assert (frame.evaluate(ground) == "rgb(244, 242, 237)") is not own
    owner = frame.get_by_text("City of Lisbon")
    expect(owner).to_have_count(int(own))
    assert quiet(tab)
