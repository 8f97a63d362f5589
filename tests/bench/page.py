"""
Measure the whole page: server, Streamlit and Chromium together.

    python -m tests.bench.page [filter] [large] [start] [--runs 5]

``filter`` compares a change of a filter at 10 000 zones with the plain page,
``large`` opens 100 000 and 1 000 000 zones, ``start`` compares the shipped plan
with an empty Streamlit page.
"""

import argparse
import os
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import shapely
from playwright.sync_api import Error, sync_playwright

from beltmap.geo.plan.plan import read_plan
from beltmap.layers.commands.demo import write_demo
from tests.bench.results import finish, keep, row, show
from tests.bench.serve import memory_mb, serving_page
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.harness import AT_REST, FRAME

HERE = Path(__file__).parent
PATIENCE_MS = 120_000
SETTLED = (
    "map.beltmap?.ready && !map.beltmap.zones._loading && map.beltmap.zones.settled()"
)
LARGE = (100_000, 1_000_000)


def main():
    jobs = {"filter": filtering, "large": large, "start": starting, "clicks": clicking}
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("jobs", nargs="*", default=list(jobs))
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--plans", type=Path, help="where made-up plans are kept")
    chosen = options.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for job in chosen.jobs:
            plans = chosen.plans or Path(temporary)
            rows = jobs[job](chromium, plans, chosen.runs)
            show(rows)
            keep(f"page {job}", rows)
            found += rows
        chromium.close()
    finish("page", found, kept=False)


@contextmanager
def open_tab(chromium, **options):
    """Open a tab that nobody watches: to look at each request would take time."""
    # the page's policy refuses how Playwright waits for a function
    context = chromium.new_context(reduced_motion="reduce", bypass_csp=True, **options)
    try:
        yield context.new_page()
    finally:
        context.close()


def calm(tab):
    """Wait until a page rests, and what follows the end of a run is over as well."""
    tab.wait_for_function(AT_REST)
    tab.wait_for_timeout(400)


def plan_of(plans, n):
    """Give a folder with a made-up plan, kept from an earlier run if there is one."""
    folder = plans / f"p{n}"
    if not folder.exists():
        write_demo(folder, zones=n)
    return folder


def opened(tab, address):
    """Open our page; give the frame of its map once everything is drawn."""
    tab.set_default_timeout(PATIENCE_MS)
    tab.goto(address)
    tab.wait_for_selector(FRAME)
    frame = tab.query_selector(FRAME).content_frame()
    frame.wait_for_function(f"window.map && {SETTLED}")
    return frame


def check(tab, label):
    """Click a box of the sidebar, or of the plain page."""
    tab.locator("label").filter(has_text=label).first.click()


def repaint_ms(tab, frame, label):
    """Click a filter; give the time until the map has painted its zones."""
    mark = "map.beltmap.zones.wanted?.filter ?? map.beltmap.zones.mask"
    before = frame.evaluate(mark)
    start = time.perf_counter()
    check(tab, label)
    frame.wait_for_function(f"(before) => ({mark}) !== before && {SETTLED}", arg=before)
    frame.evaluate("new Promise((r) => requestAnimationFrame(r))")
    return (time.perf_counter() - start) * 1000


def plain_repaint_ms(tab, label, count):
    """Click a filter of the plain page; give the time until its zones are drawn."""
    start = time.perf_counter()
    check(tab, label)
    while True:
        paths = -1
        # it may give way to another while it is asked
        with suppress(Error):
            frame = tab.query_selector("iframe[title*=folium]").content_frame()
            paths = frame.locator("path.leaflet-interactive").count() if frame else -1
        if paths == count:
            break
        time.sleep(0.01)
        if time.perf_counter() - start > PATIENCE_MS / 1000:
            raise TimeoutError(f"{paths} outlines, not {count}")
    frame.evaluate("new Promise((r) => requestAnimationFrame(r))")
    return (time.perf_counter() - start) * 1000


MOST = "kind=town&kind=park&kind=zone"
"""All kinds but the belt: then a click on it changes few zones of many."""


def filtering(chromium, plans, runs, *, n=10_000):
    """Compare filters at 10 000 zones with the plain page."""
    folder = plan_of(plans, n)
    kinds = read_plan(folder).zones["kind"].to_numpy()
    ours, theirs = [], []
    with serving_page(None, folder) as (address, _), open_tab(chromium) as tab:
        frame = opened(tab, f"{address}?{MOST}")
        for _ in range(runs):
            tab.wait_for_timeout(2_000)
            ours.append(repaint_ms(tab, frame, "Belt"))
    plain = HERE / "plain_page.py"
    with serving_page(plain, folder) as (address, _), open_tab(chromium) as tab:
        tab.set_default_timeout(PATIENCE_MS)
        tab.goto(address)
        tab.wait_for_selector("iframe[title*=folium]")
        for turn in range(runs):
            tab.wait_for_timeout(8_000)
            count = n if turn % 2 else int((kinds != "belt").sum())
            theirs.append(plain_repaint_ms(tab, "belt", count))
    against = "the plain st_folium page"
    return [
        row(
            "filter change to repaint",
            n=n,
            unit="ms",
            ours=ours,
            theirs=theirs,
            against=against,
            least=20,
        )
    ]


def large(chromium, plans, runs):
    """Open 100 000 and 1 000 000 zones."""
    found = {n: measure_large(chromium, plan_of(plans, n), runs) for n in LARGE}
    small, big = (found[n] for n in LARGE)
    n = LARGE[1]
    return [
        row(
            "page: first view, server warm",
            n=n,
            unit="ms",
            ours=big["view"],
            theirs=small["view"],
            against="100 000 zones",
            most=3,
        ),
        row(
            "page: first view, server cold",
            n=n,
            unit="ms",
            ours=big["cold"],
            theirs=small["cold"],
            against="100 000 zones",
            most=3,
        ),
        row(
            "page: bytes of the first view",
            n=n,
            unit="kB",
            ours=big["bytes"],
            theirs=small["bytes"],
            against="100 000 zones",
            most=1,
        ),
        row(
            "page: filter change to repaint",
            n=n,
            unit="ms",
            ours=big["filter"],
            against="",
            limit=1_000,
        ),
        row(
            "page: server memory",
            n=n,
            unit="MB",
            ours=big["memory"],
            theirs=big["coordinates"],
            against="raw coordinates",
            most=3,
        ),
        row(
            "page: server memory beyond that of ten zones",
            n=n,
            unit="MB",
            ours=[big["memory"][0] - bare_mb(chromium)],
            theirs=big["coordinates"],
            against="raw coordinates",
            most=3,
        ),
        row(
            "page: server memory, most",
            n=n,
            unit="MB",
            ours=big["most"],
            theirs=big["coordinates"],
            against="raw coordinates",
        ),
    ]


def measure_large(chromium, folder, runs):
    """Open a plan often; give times, bytes of its tiles and memory."""
    found = {name: [] for name in ("cold", "view", "bytes", "filter")}
    with serving_page(None, folder) as (address, server):
        for turn in range(runs + 1):
            with open_tab(chromium, viewport={"width": 1280, "height": 1000}) as tab:
                sizes = []
                tab.on("response", lambda answer, sizes=sizes: sizes.append(answer))
                start = time.perf_counter()
                frame = opened(tab, f"{address}?lat=37.5&lon=121&zoom=8")
                name = "view" if turn else "cold"
                found[name].append((time.perf_counter() - start) * 1000)
                tiles = [one for one in sizes if "/tiles/" in one.url]
                found["bytes"].append(sum(len(one.body()) for one in tiles) / 1000)
                if turn:
                    tab.wait_for_timeout(3_000)
                    found["filter"].append(repaint_ms(tab, frame, FACETS[turn % 4]))
        held, most = memory_mb(server)
    zones = read_plan(folder).zones
    vertices = int(shapely.get_num_coordinates(np.asarray(zones.geometry)).sum())
    return found | {
        "memory": [held],
        "most": [most],
        "coordinates": [vertices * 16 / 2**20],
    }


def bare_mb(chromium):
    """Give the memory of a server that shows the shipped plan."""
    with serving_page(None) as (address, server), open_tab(chromium) as tab:
        opened(tab, address)
        tab.wait_for_timeout(3_000)
        return memory_mb(server)[0]


FACETS = ("Town", "Park", "Belt", "Base")


def starting(chromium, plans, runs):  # noqa: ARG001 - the shipped plan is enough
    """Compare start to first map with an empty page, each in a new process."""
    first, ours, theirs = [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as cache:
            os.environ["BELTMAP_CACHE"] = cache
            first.append(start_ms(chromium))
            ours.append(start_ms(chromium))
        theirs.append(empty_ms(chromium))
    against = "an empty page"
    return [
        row(
            "start to first map",
            n=10,
            unit="ms",
            ours=ours,
            theirs=theirs,
            against=against,
            most=1.5,
        ),
        row(
            "start to first map, the very first time",
            n=10,
            unit="ms",
            ours=first,
            theirs=theirs,
            against=against,
        ),
    ]


def start_ms(chromium):
    """Give the time from the start of the server until its map is drawn."""
    start = time.perf_counter()
    with serving_page(None) as (address, _), open_tab(chromium) as tab:
        opened(tab, address)
        taken = (time.perf_counter() - start) * 1000
        # what is drawn after the map is not to be cut short
        tab.get_by_text("Clear all filters").wait_for()
    return taken


def empty_ms(chromium):
    """Give the time from the start of the server until an empty page stands."""
    start = time.perf_counter()
    page = HERE / "empty_page.py"
    with serving_page(page) as (address, _), open_tab(chromium) as tab:
        tab.goto(address)
        tab.get_by_text("empty page").wait_for()
        return (time.perf_counter() - start) * 1000


QUICK = """async (times) => {
  const box = () => [...document.querySelectorAll(
    ".bm-pick label"
  )].find((label) => label.textContent.startsWith("Town"));
  for (let n = 0; n < times; n++) {
    box().querySelector("input").click();
    await new Promise((done) => setTimeout(done, 100));
  }
}"""


def clicking(chromium, plans, runs):  # noqa: ARG001 - the shipped plan is enough
    """Tell what the server's memory grows by in a hundred quick clicks."""
    grown = []
    for _ in range(runs):
        with serving_page(None) as (address, server), open_tab(chromium) as tab:
            opened(tab, address)
            tab.locator(".bm-pick label").first.wait_for()
            # the first clicks fill what is kept for the others
            tab.evaluate(QUICK, 12)
            calm(tab)
            before = memory_mb(server)[0]
            tab.evaluate(QUICK, 100)
            calm(tab)
            grown.append(memory_mb(server)[0] - before)
    return [
        row(
            "page: memory grown by 100 quick clicks",
            n=12,
            unit="MB",
            ours=grown,
            against="",
            limit=48,
        )
    ]


if __name__ == "__main__":
    main()
