"""Names that want to be code stay text: in map, table, card and messages."""

import json
import re

import pytest

from tests.browser.harness import open_tab
from tests.browser.test_page import served, the_map
from tests.intake.recipes import (
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
from tests.intake.test_worker import canary  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

DRAWN = re.findall(
    r"\w+",
    "E08 E09 E13 E15 E21 E22 E23 E26 J14 J21 J23 J24 J25 J26 J27 J29 J30 J31 J32 "
    "J37 J39 J40",
)
CLOSING = "</script><script>window.ran=1</script>"
RUNS = "<img src=x onerror=\"window.ran=1;document.title='run'\">"
BROKEN = ("![x]({canary}/name).geojson", "{{7*7*1009}}.geojson", f"{SCRIPT[:4]}.kml")


@pytest.fixture(scope="module")
def address():
    with served() as here:
        yield here


@pytest.fixture
def tab(browser, address):
    """Open the view for files; nothing may run, call out or break."""
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.dialogs = []
        tab.on("dialog", lambda one: (tab.dialogs.append(one.message), one.dismiss()))
        tab.goto(f"{address}?view=bring")
        yield tab
        whole = "".join(frame.content() for frame in tab.frames)
        assert "49441" not in whole
        assert "Traceback" not in whole
        assert [frame.evaluate("window.ran") for frame in tab.frames] == [None] * len(
            tab.frames
        )
        assert tab.title() == "beltmap"
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
    frame.evaluate(f"Streamlit.setComponentValue({{row: {row}, n: {row + 1000}}})")
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


@pytest.mark.parametrize(
    "words", [RUNS, CLOSING, MARKDOWN, BREAKOUT, *JINJA.values(), "a\u202eb `${1}`"]
)
def test_a_hostile_name_stays_text_everywhere(tab, canary, words):  # noqa: F811
    here, calls = canary
    words = words.replace("http://127.0.0.1:9", here)
    shown = words.replace("\u202e", "‹U+202E›")
    properties = {"name": words, words: words, "city": words, "sectors": words}
    properties |= {"kind": words, "status": words, "source": words}
    zone = feature(polygon(ring(120.55, 36.2, 120.57, 36.22)), properties, id=words)
    document = collection(zone, zone, name=words)
    bring(tab, [("a.geojson", json.dumps(document).encode())])
    # the receipt names the sector and the kind that are not known
    receipt = tab.locator("[data-testid=stDataFrame] table").first
    assert shown.strip()[:20] in receipt.text_content()
    tab.get_by_role("radio", name="Map").click()
    frame = the_map(tab)
    card = card_of(tab, frame, 12)
    card.get_by_text("From your file").wait_for()
    assert shown.strip() in card.inner_text()
    table = tab.locator("[data-testid=stDataFrame] table").first
    table.wait_for(state="attached")
    frame.evaluate("map.setView([36.21, 120.56], 14, {animate: false})")
    at = frame.evaluate("map.latLngToContainerPoint([36.212, 120.562])")
    box = tab.query_selector("iframe[title*=folium]").bounding_box()
    tab.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
    tab.mouse.move(box["x"] + at["x"] + 3, box["y"] + at["y"] + 3)
    tip = frame.wait_for_selector(".beltmap-tip:not([hidden])")
    assert shown.split()[0][:10] in tip.inner_text()
    assert tip.query_selector("img, script, a") is None
    assert calls == []


def test_hostile_words_in_errors_and_questions_stay_text(tab, canary):  # noqa: F811
    here, calls = canary
    name = BROKEN[0].format(canary=here)
    files = [
        (name, b"{"),
        (BROKEN[1], b"<html>" + RUNS.encode()),
        ("layers.gpkg", geopackage(layers=(f"![x]({here}/q)", JINJA["a"]))),
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


def unknown_crs(words):
    """Give a layer in metres whose CRS is a name that wants to be code."""
    crs = {"type": "name", "properties": {"name": words}}
    far = polygon(ring(500_000, 4_000_000, 501_000, 4_001_000))
    return collection(feature(far), crs=crs)
