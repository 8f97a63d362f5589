"""
Measure the map in Chromium against what folium draws of the same zones.

    python -m tests.bench.browser [--zones 100000] [--runs 5] [--slow-runs 5]

Folium needs minutes at 100 000 zones; `--slow-runs` says how often it runs.
"""

import argparse
import time

from playwright.sync_api import sync_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.layers.assets import LEAFLET, STORE, file_address
from beltmap.layers.map.map import plan_map
from beltmap.layers.payload.zones import zone_payload
from beltmap.layers.routes import routes
from beltmap.layers.tiles.tiles import MOST_WHOLE, Tiles
from tests.bench.folium_map import folium_map
from tests.bench.results import finish, row, show
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.harness import map_page, open_tab, serving

PATIENCE_MS = 300_000
MOST_FRAME_MS = 20
SEE_ALL = [[35, 119], [40, 123]]
SETTLED = "!map.beltmap.zones._loading && map.beltmap.zones.settled()"
# resolves once the browser has painted twice more
PAINTED = "new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
OURS_ZOOM = """(zoom) => new Promise((done) => {
  const start = performance.now();
  map.beltmap.zones.once('load', () =>
    requestAnimationFrame(() => done(performance.now() - start)));
  map.setZoom(zoom, {animate: false});
})"""
THEIR_ZOOM = """(zoom) => new Promise((done) => {
  const start = performance.now();
  map.setZoom(zoom, {animate: false});
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
FRAMES = """() => {
  window.frames_ms = [];
  let last = performance.now();
  const tick = (now) => {
    window.frames_ms.push(now - last);
    last = now;
    window.ticking = requestAnimationFrame(tick);
  };
  window.ticking = requestAnimationFrame(tick);
}"""


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--zones", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--slow-runs", type=int, default=5)
    chosen = options.parse_args()
    sectors = list(read_plan().sectors["code"])
    zones = synthetic_zones(chosen.zones, sectors=sectors)
    pages, layer = {}, None

    def send(request):
        return HTMLResponse(pages[request.path_params["name"]])

    if len(zones) > MOST_WHOLE:
        layer = Tiles(zones)
    payload = layer.head() if layer else zone_payload(zones)
    pages["ours"] = map_page(plan_map({"zones": STORE.put(payload)}))
    pages["svg"] = folium_page(zones)
    pages["canvas"] = folium_page(zones, canvas=True)
    frame = Route("/beltmap/page-{name}", send)
    app = Starlette(routes=[frame, *routes()])
    with serving(app) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = {}
        for name in pages:
            runs = chosen.runs if name == "ours" else chosen.slow_runs
            found[name] = [
                measure(chromium, f"{address}/beltmap/page-{name}", ours=name == "ours")
                for _ in range(runs)
            ]
        chromium.close()
    rows = compare(found, len(zones))
    show(rows)
    finish(f"browser {len(zones)}", rows)


def folium_page(zones, *, canvas=False):
    """Write folium's page, with Leaflet from this machine and nothing else."""
    drawing = folium_map(zones, canvas=canvas)
    drawing.default_js = [("leaflet", file_address((LEAFLET / "leaflet.js",)))]
    drawing.default_css = [("leaflet-css", file_address((LEAFLET / "leaflet.css",)))]
    page = drawing.get_root().render()
    return page.replace(
        "</html>", f"<script>map = {drawing.get_name()};</script></html>"
    )


def measure(chromium, address, *, ours):
    """Load a page, then zoom and pan it; give milliseconds and megabytes."""
    with open_tab(chromium) as tab:
        tab.set_default_timeout(PATIENCE_MS)
        start = time.perf_counter()
        tab.goto(address, timeout=PATIENCE_MS)
        tab.wait_for_function("window.map?.beltmap?.ready" if ours else "window.map")
        tab.evaluate(f"void map.fitBounds({SEE_ALL}, {{animate: false}})")
        settle(tab, ours=ours)
        load = (time.perf_counter() - start) * 1000
        heap = heap_mb(tab)
        zoom = tab.evaluate("map.getZoom()")
        steps = []
        for to in (zoom + 1, zoom + 2, zoom + 1):
            steps.append(tab.evaluate(OURS_ZOOM if ours else THEIR_ZOOM, to))
            settle(tab, ours=ours)
        return {"load": load, "heap": heap, "zoom": sum(steps) / 3, "pan": pan(tab)}


def settle(tab, *, ours):
    if ours:
        tab.wait_for_function(SETTLED)
    tab.evaluate(PAINTED)


def heap_mb(tab):
    """Give what scripts hold, typed arrays included."""
    session = tab.context.new_cdp_session(tab)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    parts = ("usedSize", "embedderHeapUsedSize", "backingStorageSize")
    return sum(usage.get(part, 0) for part in parts) / 1e6


def pan(tab):
    """Drag the map as a hand does; give the time that 95 of 100 frames keep."""
    tab.evaluate(FRAMES)
    tab.mouse.move(300, 250)
    tab.mouse.down()
    for step in range(90):
        tab.mouse.move(300 + 4 * step, 250 + 2 * step)
        tab.wait_for_timeout(8)
    tab.mouse.up()
    tab.evaluate("cancelAnimationFrame(window.ticking)")
    frames = sorted(tab.evaluate("window.frames_ms"))
    return frames[int(0.95 * len(frames))]


def compare(found, n):
    """Make the rows of the table."""
    rows = []
    for theirs in ("svg", "canvas"):
        for key, unit, least in (("load", "ms", 50), ("heap", "MB", 8)):
            runs = [[one[key] for one in found[name]] for name in ("ours", theirs)]
            job = {"load": "browser: load", "heap": "browser: heap"}[key]
            rows.append(
                row(
                    job,
                    n=n,
                    unit=unit,
                    ours=runs[0],
                    theirs=runs[1],
                    against=f"folium {theirs}",
                    least=least,
                )
            )
    for key, least in (("zoom", 6), ("pan", None)):
        runs = [[one[key] for one in found[name]] for name in ("ours", "canvas")]
        job = {"zoom": "browser: zoom step", "pan": "browser: pan, p95 frame"}[key]
        rows.append(
            row(
                job,
                n=n,
                unit="ms",
                ours=runs[0],
                theirs=runs[1],
                against="folium canvas",
                least=least,
                limit=None if least else MOST_FRAME_MS,
            )
        )
    return rows


if __name__ == "__main__":
    main()
