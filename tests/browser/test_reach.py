"""The map for those who have a phone, or a keyboard alone."""

import pytest

from tests.browser.harness import FRAME, at_rest, open_tab
from tests.browser.test_page import served, the_map

pytestmark = pytest.mark.browser

MAP_TOP = f"document.querySelector('{FRAME}').getBoundingClientRect().top"
LANGUAGE = "document.documentElement.lang"


@pytest.fixture(scope="module")
def address():
    with served() as here:
        yield here


@pytest.fixture(scope="module")
def phone(browser, address):
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    with open_tab(browser, is_mobile=True, **options) as tab:
        tab.goto(f"{address}?lang=zh")
        the_map(tab)
        at_rest(tab)
        yield tab
        assert tab.errors == []


def swipe(tab, *fingers, across, down):
    """Move fingers over the screen as a hand does, in several steps."""
    touch = tab.context.new_cdp_session(tab)

    def send(kind, points):
        told = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        touch.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": told}
        )

    send("Start", fingers)
    for step in range(1, 11):
        part = step / 10
        send("Move", [(x + across * part, y + down * part) for x, y in fingers])
    send("End", [])


def centre(frame):
    return frame.evaluate("[map.getCenter().lat, map.getCenter().lng]")


def test_on_a_phone_the_map_comes_first_and_leaves_room(phone):
    box = phone.locator(FRAME).bounding_box()
    assert 0 < box["height"] <= 0.6 * 844
    assert box["y"] < 140
    assert (
        phone.locator(".bm-tiles").first.bounding_box()["y"] > box["y"] + box["height"]
    )
    assert phone.evaluate("document.scrollingElement.scrollWidth") == 390
    bar = phone.locator(".st-key-views").bounding_box()
    assert bar["y"] + bar["height"] == pytest.approx(844, abs=1)
    assert phone.evaluate(LANGUAGE) == "zh-CN"
    # a table is a list of cards
    assert phone.locator("[data-testid=stDataFrame]").first.is_hidden()
    assert phone.locator(".bm-rows li").first.is_visible()


def test_one_finger_moves_the_page_and_two_move_the_map(phone):
    frame = the_map(phone)
    before, top = centre(frame), phone.evaluate(MAP_TOP)
    swipe(phone, (200, 450), across=0, down=-250)
    phone.wait_for_function(f"{MAP_TOP} < {top} - 100")
    assert centre(frame) == before
    phone.evaluate(f"document.querySelector('{FRAME}').scrollIntoView()")
    swipe(phone, (150, 250), (250, 250), across=60, down=60)
    frame.wait_for_function(f"map.getCenter().lng < {before[1]} - 0.01")


def test_zones_are_reached_and_chosen_by_the_keyboard_alone(phone):
    frame = the_map(phone)
    box = frame.locator("[role=listbox]")
    box.focus()
    assert box.locator("[role=option]").count() == 12
    box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert active == "beltmap-zone-1"
    box.press("Enter")
    phone.locator(".st-key-card-sheet .bm-card").wait_for()
    at_rest(phone)
    said = phone.locator("#bm-voice").inner_text()
    assert phone.locator(".bm-card h3").inner_text() in said
    box.press("Escape")
    phone.locator(".st-key-card-sheet").wait_for(state="detached")
    phone.locator("#bm-voice", has_not_text=said).wait_for(state="attached")
