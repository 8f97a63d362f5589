"""What stands on the page where its parts have not come yet: no white hole."""

import pytest

from tests.browser.harness import at_rest, open_tab
from tests.browser.test_page import the_map

pytestmark = pytest.mark.browser

LATE = ("DataFrame", "ComponentInstance")
"""Scripts of Streamlit's that draw tables and maps, by their names."""

PLACES = ":is([class*=st-key-map-], .stPrintFixedWidth):has(> [data-testid=stSkeleton])"
"""Of maps and tables."""

ONLY_THEY = f"""() => {{
  const all = document.querySelectorAll("[data-testid=stSkeleton]").length;
  return all > 0 && all === document.querySelectorAll("{PLACES}").length;
}}"""
SHAPES = """(places) => places.map((place) => {
  const { backgroundImage } = getComputedStyle(place.firstElementChild);
  return [place.firstElementChild.clientHeight, backgroundImage !== "none"];
})"""
HEIGHTS = """() => [...document.querySelectorAll(
  "[data-testid=stDataFrame], iframe[title^=beltmap]"
)].map((one) => one.clientHeight)"""
SPINNER = """() => {
  const place = document.createElement("div");
  place.dataset.testid = "stElementContainer";
  place.innerHTML = "<div class='stSpinner' data-testid='stSpinner'></div>";
  document.querySelector("[data-testid=stMain] [data-testid=stVerticalBlock]")
    .append(place);
  const { height, backgroundImage } = getComputedStyle(
    place.firstElementChild, "::after"
  );
  place.remove();
  return [parseFloat(height) || 0, backgroundImage !== "none"];
}"""


@pytest.mark.parametrize("view", ["map", "audit", "compare"])
@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_what_comes_late_has_its_room_and_shape(browser, address, view, size):
    held = []

    def hold(route):
        if any(name in route.request.url for name in LATE):
            held.append(route)
        else:
            route.fallback()

    width, height = size
    with open_tab(browser, viewport={"width": width, "height": height}) as tab:
        tab.context.route("**/*.js", hold)
        zone = "&zone=qd-belt" if view == "map" else ""
        tab.goto(f"{address}?view={view}{zone}")
        tab.locator(".bm-foot").wait_for(timeout=30_000)
        tab.wait_for_function(ONLY_THEY, timeout=30_000)
        shapes = tab.locator(PLACES).evaluate_all(SHAPES)
        for one in held:
            one.continue_()
        at_rest(tab)
        if view != "audit":
            the_map(tab)
        tab.wait_for_function(f"({HEIGHTS})().every((height) => height !== 150)")
        if width < height:
            # a map on a phone is as high as it was asked to be, then as has room
            tab.wait_for_function(f"({HEIGHTS})().every((height) => height < 600)")
        # a table that a phone shows as cards takes no room either way
        heights = tab.evaluate(HEIGHTS)
        assert len(shapes) == len(heights) > 0
        for (room, shaped), after in zip(shapes, heights, strict=True):
            assert room == pytest.approx(after, abs=4)
            assert shaped


def test_while_it_is_made_a_view_has_the_shapes_of_what_will_stand_there(tab, address):
    tab.goto(f"{address}?view=plan")
    at_rest(tab)
    height, drawn = tab.evaluate(SPINNER)
    assert height > 300
    assert drawn
    # beside a map there is no hole, and nothing must move it
    tab.goto(address)
    at_rest(tab)
    assert tab.evaluate(SPINNER)[0] == 0
