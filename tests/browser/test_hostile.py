"""Names that want to be code stay text: in map, table, card and messages."""

import json
import re
import time

import pytest

from tests.browser.harness import FRAME, at_rest, in_frames, open_tab, shows
from tests.browser.test_page import the_map
from tests.geo.intake.apart.test_worker import canary  # noqa: F401 - a fixture
from tests.geo.intake.recipes import (
    BREAKOUT,
    CASES,
    JINJA,
    MARKDOWN,
    SCRIPT,
    collection,
    feature,
    geopackage,
    polygon,
    ring,
)

pytestmark = pytest.mark.browser

DRAWN = re.findall(
    r"\w+",
    "E08 E09 E13 E15 E21 E22 E23 E26 J14 J21 J23 J24 J25 J26 J27 J29 J30 J31 J32 "
    "J37 J39 J40",
)
CLOSING = "</script><script>window.ran=1</script>"
RUNS = "<img src=x onerror=\"window.ran=1;document.title='run'\">"
NAMES = (RUNS, CLOSING, MARKDOWN, BREAKOUT, *JINJA.values(), "a\u202eb `${1}`")
WHOLE = "document.documentElement.outerHTML"
BROKEN = ("![x]({canary}/name).geojson", "{{7*7*1009}}.geojson", f"{SCRIPT[:4]}.kml")


@pytest.fixture
def tab(browser, address):
    """Open the view for files; nothing may run, call out or break."""
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.dialogs = []
        tab.on("dialog", lambda one: (tab.dialogs.append(one.message), one.dismiss()))
        tab.goto(f"{address}?view=bring")
        yield tab
        whole = "".join(in_frames(tab, WHOLE))
        assert "49441" not in whole
        assert "Traceback" not in whole
        assert set(in_frames(tab, "window.ran")) == {None}
        assert tab.title() == "Belt, towns, parks and zones"
        assert (tab.strays, tab.errors, tab.dialogs) == ([], [], [])


def bring(tab, files):
    """Drop files, and wait until each has its receipt."""
    payloads = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in files
    ]
    tab.locator("input[type=file]").set_input_files(payloads)
    receipts = tab.get_by_role("button", name="Download the receipt")
    receipts.nth(len(files) - 1).wait_for(timeout=120_000)
    tab.get_by_test_id("stSpinner").wait_for(state="detached", timeout=60_000)


def card_of(tab, frame, row):
    """Select a zone as a click on the map does, and give its card."""
    frame.evaluate(f"map.beltmap.zones.find({row}, (one) => map.beltmap.picked(one))")
    return tab.locator(".bm-card")


def test_every_hostile_file_of_the_table_stays_text(tab, canary):  # noqa: F811
    _, calls = canary
    bring(tab, [(CASES[i][0], CASES[i][1]()) for i in DRAWN])
    words = tab.locator("[data-testid=stMain]").inner_text()
    assert CASES["J40"][0] in words
    assert CASES["J37"][0][:70] in words
    assert "plan‹U+202E›nosjoeg.geojson" in words
    tab.get_by_role("radio", name="Map").click()
    frame = the_map(tab)
    assert frame.evaluate("map.beltmap.set.rows") > 12 + len(DRAWN)
    # every name is on the map's side, whole, as data
    names = frame.evaluate("JSON.stringify(map.beltmap.set)")
    assert names
    table = tab.get_by_test_id("stDataFrame").first
    table.wait_for()
    assert calls == []


def test_hostile_names_stay_text_everywhere(tab, canary):  # noqa: F811
    here, calls = canary
    names = [one.replace("http://127.0.0.1:9", here) for one in NAMES]
    shown = [one.replace("\u202e", "‹U+202E›") for one in names]
    files = []
    for place, words in enumerate(names):
        zone = named(words, place)
        # an id that is given twice is told with the others
        document = collection(*[zone] * (1 + (place == 0)), name=words)
        files.append((f"{place}.geojson", json.dumps(document).encode()))
    bring(tab, files)
    # the receipts name the sectors and the kinds that are not known
    receipts = tab.locator("[data-testid=stMain]").inner_text()
    assert [one for one in shown if one.strip()[:20] not in receipts] == []
    tab.get_by_role("radio", name="Map").click()
    frame = the_map(tab)
    for place, said in enumerate(shown):
        card = card_of(tab, frame, 13 + place)
        card.get_by_text(said.strip(), exact=False).first.wait_for()
        card.get_by_text("From your file").wait_for()
        tip = tip_over(tab, frame, place)
        assert said.split()[0][:10] in tip.inner_text()
        assert tip.query_selector("img, script, a") is None
    tab.locator("[data-testid=stDataFrame] table").first.wait_for(state="attached")
    assert calls == []


def named(words, place):
    """Make a zone of which every word is hostile, beside those before it."""
    west = 120.55 + 0.03 * place
    properties = {"name": words, words: words, "city": words, "sectors": words}
    properties |= {"kind": words, "status": words, "source": words}
    outline = polygon(ring(west, 36.2, west + 0.02, 36.22))
    return feature(outline, properties, id=words)


def tip_over(tab, frame, place):
    """Move the pointer over a zone, and give what the map says of it."""
    lon = 120.562 + 0.03 * place
    tab.mouse.move(5, 5)
    frame.wait_for_selector(".beltmap-tip[hidden]", state="attached")
    # what is told late moves the map to another place
    go = f"""() => {{
      const away = map.distance(map.getCenter(), [36.21, {lon}]) > 50;
      if (away || map.getZoom() !== 14)
        map.setView([36.21, {lon}], 14, {{animate: false}});
      return map.latLngToContainerPoint([36.212, {lon}]);
    }}"""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        at = frame.evaluate(go)
        # a card that comes late moves the map
        box = tab.query_selector(FRAME).bounding_box()
        tab.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
        tab.mouse.move(box["x"] + at["x"] + 3, box["y"] + at["y"] + 3)
        tab.wait_for_timeout(100)
        if tip := frame.query_selector(".beltmap-tip:not([hidden])"):
            return tip
    raise AssertionError(f"nothing is said of the zone at {lon}")


def test_hostile_words_in_errors_and_questions_stay_text(tab, canary):  # noqa: F811
    here, calls = canary
    name = BROKEN[0].format(canary=here)
    files = [
        (name, b"{"),
        (BROKEN[1], b"<html>" + RUNS.encode()),
        ("beltmap.layers.gpkg", geopackage(layers=(f"![x]({here}/q)", JINJA["a"]))),
        ("crs.geojson", json.dumps(unknown_crs(RUNS)).encode()),
    ]
    bring(tab, files)
    words = tab.locator("[data-testid=stMain]").inner_text()
    assert name in words
    assert BROKEN[1] in words
    assert f"![x]({here}/q)" in words
    assert JINJA["a"] in words
    with tab.expect_download() as taken:
        tab.get_by_role("button", name="Download the receipt").first.click()
    assert taken.value.suggested_filename == "receipt.csv"
    assert calls == []


LINKS = (
    "http://evil.example/a",
    "HTTPS://Evil.example",
    "www.evil.example",
    "a@evil.example",
)
ANCHORS = """() => [...document.querySelectorAll("a[href]")]
  .map((link) => link.getAttribute("href")).filter((to) => /evil/i.test(to))"""


def test_no_text_of_a_file_is_a_link(tab):
    """In labels, tables, cards, tips, captions, receipts and the saved map."""
    both = " ".join(LINKS)
    properties = {"name": both, LINKS[2]: both, "city": LINKS[0], "sectors": LINKS[2]}
    properties |= {"kind": LINKS[3], "status": LINKS[1], "source": both}
    rings = (ring(120.55, 36.2, 120.57, 36.22), ring(120.6, 36.2, 120.62, 36.22))
    zones = [
        feature(polygon(one), properties, id=both + str(n))
        for n, one in enumerate(rings)
    ]
    bring(
        tab,
        [
            (f"{LINKS[2]} {LINKS[3]}.geojson", json.dumps(collection(*zones)).encode()),
            ("layers.gpkg", geopackage(layers=(both, LINKS[2]))),
            ("crs.geojson", json.dumps(unknown_crs(both)).encode()),
        ],
    )
    # what is no link is there all the same, letter for letter
    for one in (LINKS[0], LINKS[2], LINKS[3]):
        shows(tab.locator("[data-testid=stMain]"), one)
    seen = 0
    for view in ("Bring your own", "Compare", "Plan", "Does it add up?", "Map"):
        # the views come before what a view lets choose
        tab.get_by_role("radio", name=view, exact=True).first.click()
        at_rest(tab)
        assert not any(in_frames(tab, ANCHORS))
        seen += sum(
            in_frames(tab, "document.documentElement.outerHTML.includes('evil')")
        )
    assert seen >= 5
    frame = the_map(tab)
    card_of(tab, frame, 12).get_by_text("From your file").wait_for()
    assert not any(in_frames(tab, ANCHORS))
    with tab.expect_download() as taken:
        tab.get_by_role("button", name="Save this map").click()
    saved = taken.value.path()
    with open_tab(tab.context.browser) as other:
        other.set_content(saved.read_text(encoding="utf-8"))
        assert "evil" in other.content()
        assert other.evaluate(ANCHORS) == []


def unknown_crs(words):
    """Give a layer in metres whose CRS is a name that wants to be code."""
    crs = {"type": "name", "properties": {"name": words}}
    far = polygon(ring(500_000, 4_000_000, 501_000, 4_001_000))
    return collection(feature(far), crs=crs)
