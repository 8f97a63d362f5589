"""Names that would run, call out or hide stay text wherever a reader meets them."""

import http.server
import json
import threading

import pytest
import shapely

from tests.browser.harness import open_tab
from tests.browser.test_page import served, the_map
from tests.intake.recipes import BREAKOUT, CASES, FORMULAS, JINJA, MARKDOWN, SCRIPT

pytestmark = pytest.mark.browser

FILES = [
    *("E21", "E22", "E26", "J14"),
    *(identity for identity in CASES if "J21" <= identity <= "J40"),
]
"""Cases of the table whose text is hostile; all of them can be drawn."""

REFUSED = ["A22", "B38", "J01", "J10", "J19"]
RUN = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"
NAMES = [
    SCRIPT,
    RUN,
    *JINJA.values(),
    BREAKOUT,
    MARKDOWN,
    FORMULAS[3],
    "${window.ran = 1}`$(x)`",
    "pla\u202enosj.exe",
]
"""Names of zones, each in a square of its own along the coast."""


@pytest.fixture(scope="module")
def address():
    with served() as here:
        yield here


@pytest.fixture
def canary():
    """Serve on this machine, and list who calls."""
    calls = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    server.server_close()


def upload(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def zones(canary):
    """Give a file of squares with hostile names that point to the canary."""
    image = f"![x]({canary}/md) <img src={canary}/img> [[l]]({canary}/a)"
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shapely.box(*square(n)))),
            "properties": {"name": name, "kind": "park", "sectors": name, name: name},
        }
        for n, name in enumerate([*NAMES, image])
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document).encode(), [*NAMES, image]


def square(n):
    return 120.6 + n * 0.02, 36.2, 120.618 + n * 0.02, 36.218


def unharmed(tab, calls):
    """Tell whether no text was run, evaluated, fetched or obeyed."""
    seen = "".join(frame.content() for frame in tab.frames)
    assert "49441" not in seen
    assert "Traceback" not in seen
    for frame in tab.frames:
        assert frame.evaluate("window.ran") is None
        strays = "[...document.images].filter((i) => /127.0.0.1:|\\/x$/.test(i.src))"
        assert frame.evaluate(f"{strays}.length") == 0
    assert tab.title().startswith("beltmap")
    assert (calls, tab.strays, tab.errors) == ([], [], [])


def wait_for_receipts(tab, n):
    tab.wait_for_function(
        "(n) => document.querySelectorAll("
        "'[class*=\"st-key-receipt:\"], [class*=st-key-receipt]').length === n",
        arg=n,
        timeout=120_000,
    )


def test_hostile_names_stay_text_in_receipts_errors_and_questions(
    browser, address, canary
):
    here, calls = canary
    files = [upload(name, make()) for name, make in map(CASES.get, FILES + REFUSED)]
    rival = "<img src=x onerror='window.ran=1'> ![x](x) {{7*7*1009}}.geojson"
    files.append(upload(rival, CASES["A03"][1]()))
    # a question that quotes the file: a layer with a hostile name
    asks = {"type": "FeatureCollection", "name": RUN, "features": []}
    asks["features"] = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [120.5, 36.2]},
            "properties": {f"面积 {RUN}": 5, "name": f"![x]({here}/q)", "面积": 5},
        }
    ]
    files.append(upload(f"[ask]({here}/ask).geojson", json.dumps(asks).encode()))
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.goto(f"{address}?view=bring")
        tab.locator("input[type=file]").wait_for(state="attached")
        tab.locator("input[type=file]").set_input_files(files)
        wait_for_receipts(tab, len(files))
        words = tab.locator("[data-testid=stMain]").inner_text()
        for name in (rival, "p" * 80, "plan‹U+202E›nosjoeg", "canary).geojson"):
            assert name in words
        assert "\u202e" not in words
        assert "does not say in which unit" in words
        unharmed(tab, calls)


def test_hostile_names_stay_text_on_map_card_table_and_downloads(
    browser, address, canary
):
    here, calls = canary
    content, names = zones(here)
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.goto(f"{address}?view=bring")
        tab.locator("input[type=file]").wait_for(state="attached")
        file = upload(f"![x]({here}/md){{{{7*7*1009}}}}.geojson", content)
        tab.locator("input[type=file]").set_input_files(file)
        wait_for_receipts(tab, 1)
        for button, ending in (("receipt", ".csv"), ("repaired", ".geojson")):
            with tab.expect_download() as waiting:
                tab.locator(f"[class*=st-key-{button}] button").click()
            assert waiting.value.suggested_filename == f"{button}{ending}"
        tab.get_by_role("radio", name="Map").click()
        frame = the_map(tab)
        card = tab.locator(".bm-card")
        box = tab.query_selector("iframe[title*=folium]").bounding_box()
        for n, name in enumerate(names):
            west, south, east, north = square(n)
            lat, lon = (south + north) / 2, (west + east) / 2
            frame.evaluate(f"map.setView([{lat}, {lon}], 14, {{animate: false}})")
            frame.wait_for_function(f"map.beltmap.pixel({lat}, {lon})[3] > 0")
            at = frame.evaluate(f"map.latLngToContainerPoint([{lat}, {lon}])")
            tab.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
            tab.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
            shown = " ".join(name.replace("\u202e", "‹U+202E›").split())
            card.get_by_text(shown, exact=False).first.wait_for()
            assert shown in frame.inner_text(".beltmap-tip")
            assert "\u202e" not in card.inner_text()
            unharmed(tab, calls)
        with tab.expect_download() as waiting:
            tab.locator(".st-key-download button").click()
        assert "x" not in waiting.value.suggested_filename
        table = tab.locator("[data-testid=stDataFrame]").first
        table.scroll_into_view_if_needed()
        unharmed(tab, calls)
