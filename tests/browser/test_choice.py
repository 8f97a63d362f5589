"""The panel of filters: the browser finds what Python finds, and at once."""

import json
import random
import signal
import unicodedata
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import numpy as np
import pytest
import shapely
from playwright.sync_api import expect

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.query.filters import FACETS, Filters, read_choice
from beltmap.geo.query.matches import fold, index_zones, matches
from beltmap.layers.assets import STATIC
from beltmap.layers.page.parts.sidebar import choice_told
from beltmap.layers.payload.choice import choice_payload
from tests.browser.harness import at_rest, open_tab, started
from tests.browser.test_page import drawn, the_map, until

SCRIPT = STATIC / "choice" / "matching.js"
TRIED = """(choices) => choices.map((choice) =>
  columns.knows(choice) ? packed(columns.matches(choice)) : "")"""
WORDS = (
    "Park",
    "software",
    "软件",
    "Ｂ",
    "qd-",
    "ÉÎ",
    "straße",
    "青岛 BPO",
    "  ",
    "no such",
)


@pytest.fixture(scope="module")
def matching(browser):
    """Open a tab that has the panel's way of filtering, and nothing else."""
    with open_tab(browser) as tab:
        names = "Object.assign(window, { Columns, fold, packed, FOLDED_ALIKE });"
        tab.add_script_tag(type="module", content=SCRIPT.read_text() + names)
        tab.wait_for_function("() => Boolean(window.Columns)")
        yield tab


def made_up(dice, rows):
    """Make zones with everything that can be filtered, and gaps in all of it."""

    def some(values):
        return [dice.choice([*values, None]) for _ in range(rows)]

    areas = [0.0, 0.1, 0.1 + 0.2, 0.3, 1.5, 40.0, 1e-9, 1e9]
    names = [
        "Straße Park",
        "Lǚshùn ＩＴ",
        "ĲSSEL ŉ",
        "软件园",
        "İzmir",
        "a\u200bb",
        "ΣΑΣ",
    ]
    return gpd.GeoDataFrame(
        {
            "id": [f"Z-{row}" for row in range(rows)],
            "name_en": some(names),
            "name_zh": some(["城", "产业 园"]),
            "focus_en": some(["logistics", "BPO ; ITO"]),
            "focus_zh": some(["物流"]),
            "city": some(["Mu", "Lemuria", "<b>", "é"]),
            "kind": some(["park", "town", "belt"]),
            "patterns": some(["a;b", "b", "a"]),
            "sectors": some(["x;y;z", "y", "z;x"]),
            "boundary": some(["described", "schematic"]),
            "area_basis": some(["declared"]),
            "drawn_area_km2": np.array(some(areas), float),
            "declared_area_km2": np.array(some(areas), float),
        },
        geometry=[shapely.Point(120, 36)] * rows,
        crs=4326,
    )


def any_filters(dice, known):
    def few(values):
        return tuple(
            dice.sample(values, min(len(values), dice.choice([0, 0, 1, 2, 3])))
        )

    def area():
        return dice.choice([None, None, 0.0, 0.1, 0.3, 0.1 + 0.2, 1.5, 39.999, 40.0])

    picked = {facet: few([*known[facet], "unknown"]) for facet in FACETS}
    picked = {
        facet: tuple(v for v in picked[facet] if v in known[facet]) for facet in FACETS
    }
    least, most = area(), area()
    if least is not None and most is not None and least > most:
        least, most = most, least
    words = dice.choice([""] * 3 + list(WORDS))
    return Filters(**picked, least_km2=least, most_km2=most, text=words)


def bits(mask):
    packed = np.packbits(mask).tobytes()
    return None if mask.all() else packed


def agree(tab, index, tried):
    """Hold what the browser finds against what Python finds."""
    import base64

    told = [choice_told(one) for one in tried]
    content = choice_payload(index).decode()
    tab.evaluate(f"window.columns = new Columns({content})")
    found = tab.evaluate(TRIED, told)
    known = 0
    for one, text, said in zip(tried, found, told, strict=True):
        assert read_choice(json.loads(json.dumps(said))) == one
        if text == "":
            continue
        known += 1
        there = None if text is None else base64.b64decode(text)
        assert there == bits(matches(index, one)), one
    return known


def test_browser_and_python_agree_on_random_filters(matching):
    dice = random.Random(7)
    for rows in (1, 8, 203):
        index = index_zones(made_up(dice, rows), sectors=["x", "nobody's"])
        tried = [any_filters(dice, index.known) for _ in range(300)]
        assert agree(matching, index, tried) == len(tried)
    index = read_plan().index
    agree(matching, index, [any_filters(dice, index.known) for _ in range(300)])


@pytest.mark.deep
def test_browser_and_python_agree_on_many_random_filters(matching):
    dice = random.Random()
    for _ in range(30):
        index = index_zones(made_up(dice, dice.randrange(1, 500)), sectors=["x"])
        agree(matching, index, [any_filters(dice, index.known) for _ in range(500)])


def test_browser_and_python_fold_every_character_alike(matching):
    every = [chr(n) for n in range(0x20, 0x10000) if not 0xD800 <= n < 0xE000]
    every = [one for one in every if unicodedata.category(one) != "Cn"]
    alike = matching.evaluate(
        "(all) => all.map((one) => FOLDED_ALIKE.test(one))", every
    )
    # with a letter before it, as marks and final letters have one
    tried = [f"a{one}" for one, same in zip(every, alike, strict=True) if same]
    assert len(tried) > 20_000
    folded = matching.evaluate("(all) => all.map(fold)", tried)
    differ = [
        (one, ours, theirs)
        for one, ours, theirs in zip(tried, map(fold, tried), folded, strict=True)
        if ours.split() != theirs.split()
    ]
    assert not differ


SOON = """async (label) => {
  const names = [...document.querySelectorAll(".bm-pick label span")];
  const one = names.find((name) => name.textContent === label);
  const map = [...document.querySelectorAll("iframe[title^=beltmap]")]
    .map((frame) => frame.contentWindow.map).find(Boolean);
  const seen = () => map.beltmap.zones.visible.join("");
  const before = seen();
  const start = performance.now();
  one.parentElement.querySelector("input").click();
  while (seen() === before && performance.now() - start < 5000) {
    await new Promise((done) => setTimeout(done));
  }
  return performance.now() - start;
}"""


@pytest.fixture(scope="module")
def page():
    with started() as found:
        yield found


@pytest.fixture
def panel(browser, page):
    """Open the page, its panel ready to filter by itself."""
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.goto(page[0])
        the_map(tab)
        tab.locator(".bm-pick[data-ready=true]").wait_for(timeout=30_000)
        at_rest(tab)
        yield tab
        assert tab.errors == []
        assert tab.strays == []


def asked(tab):
    """Give what the link asks for."""
    return parse_qs(urlsplit(tab.url).query)


def test_the_map_follows_a_click_before_the_server_answers(panel, page):
    frame = the_map(panel)
    page[1].send_signal(signal.SIGSTOP)
    try:
        taken = panel.evaluate(SOON, "Town")
        assert drawn(frame) == [1, 2, 3]
        panel.evaluate(SOON, "Belt")
        assert drawn(frame) == [0, 1, 2, 3]
        panel.get_by_role("searchbox", name="Search").fill("aoshanwei")
        until(frame, [2])
        assert "kind" not in asked(panel)
    finally:
        page[1].send_signal(signal.SIGCONT)
    assert taken < 1000  # of two busy cores; some 20 of quiet ones
    panel.wait_for_function("location.search.includes('q=aoshanwei')")
    at_rest(panel)
    assert asked(panel)["kind"] == ["belt", "town"]
    assert drawn(frame) == [2]
    panel.get_by_role("button", name="Clear all filters").click()
    until(frame, list(range(12)))
    panel.wait_for_function("!location.search.includes('kind')")
    expect(panel.get_by_role("button", name="Clear all filters")).to_be_disabled()


def test_a_click_looks_up_the_styles_of_what_it_changes_alone(panel):
    panel.evaluate(SOON, "Town")
    at_rest(panel)
    panel.wait_for_timeout(500)
    panel.context.browser.start_tracing(page=panel, categories=["devtools.timeline"])
    panel.evaluate(SOON, "Town")
    at_rest(panel)
    told = json.loads(panel.context.browser.stop_tracing())["traceEvents"]
    looked_up = [
        one["args"]["elementCount"]
        for one in told
        if one["name"] == "UpdateLayoutTree" and "elementCount" in one["args"]
    ]
    there = panel.locator("body *").count()
    assert max(looked_up) < there / 2, looked_up


def test_a_range_and_words_narrow_by_keyboard_alone(panel):
    frame = the_map(panel)
    panel.get_by_role("searchbox", name="Search").focus()
    panel.keyboard.type("Park")
    panel.keyboard.press("Enter")
    panel.wait_for_function("location.search.includes('q=Park')")
    panel.locator("summary", has_text="Area").focus()
    panel.keyboard.press("Enter")
    panel.keyboard.press("Tab")
    panel.keyboard.type("0.5")
    panel.keyboard.press("Tab")
    panel.wait_for_function("location.search.includes('least=0.5')")
    at_rest(panel)
    index = read_plan().index
    wanted = Filters(least_km2=0.5, text="Park")
    assert drawn(frame) == np.flatnonzero(matches(index, wanted)).tolist()


@pytest.mark.parametrize(
    ("language", "town", "count"),
    [("en", "Town", "3 · 19.4 km²"), ("zh", "产业城", "3个，19.4平方公里")],
)
def test_boxes_have_plain_names_and_their_counts_as_description(
    browser, page, language, town, count
):
    with open_tab(browser, viewport={"width": 390, "height": 800}) as tab:
        tab.goto(f"{page[0]}?lang={language}&kind=town")
        the_map(tab)
        at_rest(tab)
        if not tab.locator(".bm-pick").is_visible():
            tab.get_by_test_id("stExpandSidebarButton").click()
        boxes = tab.locator(".bm-pick").get_by_role("checkbox")
        assert boxes.count() > 10
        box = tab.locator(".bm-pick").get_by_role("checkbox", name=town, exact=True)
        expect(box).to_be_checked()
        expect(box).to_have_accessible_description(count)
        assert not any(sign in boxes.nth(0).inner_html() for sign in (":gray", "\\"))
        assert tab.errors == []


def test_what_another_control_chooses_is_what_the_panel_shows(panel):
    panel.get_by_role("searchbox", name="Search").fill("no such zone")
    again = panel.get_by_test_id("stMain").get_by_text("Clear all filters")
    again.click()
    expect(panel.get_by_role("searchbox", name="Search")).to_have_value("")
    until(the_map(panel), list(range(12)))
