"""The page for those who have a phone, a keyboard alone, or paper."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.harness import FRAME, at_rest, open_tab, shows
from tests.browser.test_page import the_map

pytestmark = pytest.mark.browser

MAP_TOP = f"document.querySelector('{FRAME}').getBoundingClientRect().top"
LANGUAGE = "document.documentElement.lang"
BACKGROUND = "(one) => getComputedStyle(one).backgroundColor"


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
    expect(box.locator("[role=option]")).to_have_count(12)
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


NARROWED = """() => {
  const rest = document.querySelector("[data-testid=stMain]");
  return [document.scrollingElement.scrollWidth, rest.scrollWidth];
}"""
SEEN = """() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return { name: at.tagName, html: at.outerHTML.slice(0, 160), seen };
}"""
MARKS = (":gray[", ":red[", "**", "\\.", "](", "&#")
"""What no name may hold: Markdown and HTML that a reader would hear."""


@pytest.fixture(scope="module")
def wide(browser, address):
    with open_tab(browser, viewport={"width": 1280, "height": 900}) as tab:
        tab.goto(f"{address}?lang=en&zone=qd-belt")
        the_map(tab)
        at_rest(tab)
        yield tab
        assert tab.errors == []


def to_view(tab, name):
    views = tab.locator(".st-key-views")
    views.get_by_role("radio", name=name, exact=True).click()
    at_rest(tab)


def test_filters_come_in_a_sheet_and_its_opener_says_how_many_are_set(phone):
    phone.get_by_role("radio", name="地图").click()
    opener = phone.locator("[data-testid=stExpandSidebarButton]")
    opener.click()
    sheet = phone.locator("[data-testid=stSidebar]")
    phone.get_by_role("checkbox", name="产业城", exact=True).check()
    at_rest(phone)
    box = sheet.bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert box["y"] > 100
    said = "getComputedStyle(document.querySelector"
    place = "'[data-testid=stExpandSidebarButton]'"
    phone.locator("[data-testid=stSidebarCollapseButton] button").click()
    opener.wait_for()
    words = phone.evaluate(f"{said}({place}), '::after').content")
    assert words == '"筛选：1项"'
    opener.click()
    phone.get_by_role("checkbox", name="产业城", exact=True).uncheck()
    at_rest(phone)
    phone.locator("[data-testid=stSidebarCollapseButton] button").click()


def test_the_bar_of_views_fills_the_foot_of_a_phone(phone):
    buttons = phone.locator(".st-key-views [role=radio]")
    boxes = [buttons.nth(n).bounding_box() for n in range(buttons.count())]
    assert boxes[0]["x"] == 0
    assert boxes[-1]["x"] + boxes[-1]["width"] == pytest.approx(390, abs=1)
    assert min(box["height"] for box in boxes) >= 44


def test_focus_is_seen_wherever_the_keyboard_goes(wide):
    to_view(wide, "Map")
    wide.evaluate("document.activeElement.blur()")
    unseen, places = [], set()
    for _ in range(60):
        wide.keyboard.press("Tab")
        at = wide.evaluate(SEEN)
        if at["name"] == "IFRAME":
            at = the_map(wide).evaluate(SEEN)
        places.add(at["html"])
        if not at["seen"] and at["name"] not in {"BODY", "HTML"}:
            unseen.append(at["html"])
    assert len(places) > 30
    assert unseen == []


def test_no_name_that_a_reader_hears_has_marks_in_it(wide):
    for view in ("Map", "Compare", "Plan", "Does it add up?", "Bring your own"):
        to_view(wide, view)
        heard = wide.locator("body").aria_snapshot()
        assert [mark for mark in MARKS if mark in heard] == [], view
    to_view(wide, "Map")
    heard = the_map(wide).locator("body").aria_snapshot()
    assert [mark for mark in MARKS if mark in heard] == []


def test_the_verdict_of_the_audit_is_said_aloud(wide):
    to_view(wide, "Does it add up?")
    voice = wide.locator("#bm-voice[role=status]")
    counts = wide.locator(".bm-counts").first.inner_text()
    shows(voice, counts)
    shows(voice, "Does it add up?")


@pytest.mark.parametrize("zoom", [2, 4])
def test_enlarged_the_page_scrolls_one_way_only(wide, zoom):
    """Enlarge a screen of 1280 pixels: as many fewer are wide and high."""
    size = {"width": 1280 // zoom, "height": 1024 // zoom}
    for view in ("Map", "Compare", "Plan", "Does it add up?", "Bring your own"):
        wide.set_viewport_size({"width": 1280, "height": 900})
        to_view(wide, view)
        wide.set_viewport_size(size)
        wide.wait_for_function(f"Math.max(...({NARROWED})()) <= {size['width']}")
    wide.set_viewport_size({"width": 1280, "height": 900})


def test_colours_of_the_readers_own_leave_what_is_chosen_marked(wide):
    to_view(wide, "Map")
    wide.emulate_media(forced_colors="active")
    chosen = wide.locator(".st-key-views [aria-checked=true]")
    width = "(one) => getComputedStyle(one).outlineWidth"
    assert chosen.evaluate(width) == "3px"
    frame = the_map(wide)
    frame.locator("[role=listbox]").focus()
    assert frame.locator(".beltmap-active").evaluate(width) == "2px"
    # samples of the legend are colours of the plan, which must stay
    adjust = "(one) => getComputedStyle(one).forcedColorAdjust"
    assert frame.locator(".beltmap-row img").first.evaluate(adjust) == "none"
    wide.emulate_media(forced_colors="none")


def test_charts_and_the_card_can_be_read_in_the_readers_own_colours(wide):
    to_view(wide, "Plan")
    bars = wide.locator(".bm-chart i").all()
    plain = [bar.evaluate(BACKGROUND) for bar in bars]
    wide.emulate_media(forced_colors="active")
    # a bar is its colour: without it nothing would be seen
    assert plain
    assert [bar.evaluate(BACKGROUND) for bar in bars] == plain
    to_view(wide, "Map")
    card = wide.locator(".bm-card")
    assert card.evaluate("(one) => getComputedStyle(one).backgroundImage") == "none"
    wide.emulate_media(forced_colors="none")


def test_a_card_shows_that_it_goes_on(wide):
    to_view(wide, "Map")
    card = wide.locator(".bm-card")
    assert card.evaluate("(one) => one.scrollHeight > one.clientHeight + 50")
    # at its edge, beside the letters, it is darker than further up
    end, above = shades(card)
    assert end < above - 10
    card.evaluate("(one) => one.scrollTo(0, one.scrollHeight)")
    end, above = shades(card)
    assert end == pytest.approx(above, abs=4)
    card.evaluate("(one) => one.scrollTo(0, 0)")


def shades(card):
    """Give how light a card is at its lower edge, and some lines above it."""
    seen = Image.open(io.BytesIO(card.screenshot())).convert("L")
    return [seen.getpixel((5, seen.height - up)) for up in (4, 60)]


def test_nothing_moves_for_those_who_ask_for_it(wide):
    frame = the_map(wide)
    lasts = "(one) => getComputedStyle(one).transitionDuration"
    assert frame.locator(".beltmap-two-fingers").evaluate(lasts) == "0s"
    frame.evaluate("map.setView([36, 120], 8, { animate: false })")
    frame.evaluate("map.beltmap.pick(9)")
    # there at once: no flight
    assert frame.evaluate("map.getZoom()") != 8
    button = wide.get_by_role("button", name="Copy link")
    assert button.evaluate(lasts) in {"1e-05s", "0.00001s"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_paper_map_and_card_are_as_wide_as_the_sheet(browser, address, language):
    """Columns of the screen would leave the card a strip with words over words."""
    sheet = {"width": 700, "height": 990}
    with open_tab(browser, viewport={"width": 1280, "height": 900}) as tab:
        tab.goto(f"{address}?lang={language}&zone=qd-belt")
        the_map(tab)
        tab.locator(".bm-card .bm-fact").first.wait_for()
        at_rest(tab)
        tab.set_viewport_size(sheet)
        tab.emulate_media(media="print")
        for part in (FRAME, ".bm-card"):
            assert tab.locator(part).first.bounding_box()["width"] > 600, part
        wide = "one => one.scrollWidth - one.clientWidth"
        for fact in tab.locator(".bm-card .bm-fact").all():
            assert fact.evaluate(wide) <= 1, fact.inner_text()
        assert tab.locator(".st-key-views").is_hidden()
        shows(tab.locator(".bm-paper"), "zone=qd-belt")
        printed = tab.pdf(prefer_css_page_size=True, print_background=True)
        assert 2 <= printed.count(b"/Type /Page\n") <= 5


def test_what_a_phone_folds_of_a_table_is_on_paper(phone, wide):
    to_view(wide, "Plan")
    wide.emulate_media(media="print")
    last = wide.locator(".bm-rest li").last
    assert last.bounding_box()["height"] > 5
    wide.emulate_media(media="screen")
    phone.get_by_role("radio", name="规划", exact=True).click()
    at_rest(phone)
    rest = phone.locator(".bm-rest:visible").first
    assert rest.locator("li").first.is_hidden()
    rest.locator("summary").click()
    assert rest.locator("li").first.is_visible()
    phone.get_by_role("radio", name="地图", exact=True).click()
