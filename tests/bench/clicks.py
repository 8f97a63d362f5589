"""
Measure what a filter costs, from the click to what follows.

    python -m tests.bench.clicks [--runs 9] [--quick]

Ours stands beside a page of Streamlit alone, with as many boxes, figures and rows,
and beside the page that streamlit-folium makes of the same zones.
"""

import argparse
import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from beltmap.geo.report.zones import MOST_ROWS
from beltmap.geo.shipped import SHIPPED
from tests.bench.page import HERE, calm, open_tab, opened, plain_repaint_ms, plan_of
from tests.bench.results import finish, row, show
from tests.bench.serve import serving_page
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.test_choice import SOON

ZONES = 12
DRAWN = 11  # the place of one is unknown
MANY = 10_000
SOON_MS = 50
TICKS = os.sysconf("SC_CLK_TCK")
AGAINST = "a bare page of Streamlit"
WHOLE = """([labels, label, answers]) => new Promise((done) => {
  const app = document.querySelector("[data-test-script-state]");
  const told = () => answers.map((one) => document.querySelector(one)?.textContent);
  const before = told();
  const ALL = { attributes: true, childList: true, characterData: true, subtree: true };
  const start = performance.now();
  const taken = (then) => then(performance.now() - start);
  const painted = () => new Promise((then) => {
    requestAnimationFrame(() => requestAnimationFrame(() => taken(then)));
  });
  let there = null;
  // of a short run the browser may never see that it runs, but what it says
  new MutationObserver((_, observer) => {
    if (!there && told().every((one, at) => one !== before[at])) there = painted();
    if (!there || app.dataset.testScriptState !== "notRunning") return;
    observer.disconnect();
    done(Promise.all([there, painted()]));
  }).observe(app, ALL);
  const named = (one) => one.textContent.startsWith(label);
  [...document.querySelectorAll(labels)].find(named).querySelector("input").click();
})"""
"""
Clicks, and gives milliseconds until all answers have changed, and until the run that
follows has ended; both as they are drawn.
"""

OURS = (".bm-pick label", "Town", (".bm-pick", ".bm-tiles", ".bm-rows"))
BARE = (
    "[data-testid=stCheckbox] label",
    "box 3",
    ("[data-testid=stMetricValue]", "[data-testid=stMain] [data-testid=stMarkdown]"),
)
"""
What is clicked, and what answers: facet counts, tiles, and what comes with the table
or right after it, whose cells are drawn and are no text.
"""


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=9)
    options.add_argument("--quick", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        rows = few(chromium, chosen.runs)
        show(rows)
        if not chosen.quick:
            rows += many(chromium, Path(temporary), chosen.runs)
            show(rows[-1:])
        chromium.close()
    finish("clicks", rows, kept=not chosen.quick)


def few(chromium, runs):
    """Click on the shipped plans."""
    with serving_page(None) as (address, server), open_tab(chromium) as tab:
        ready(tab, address)
        ours, ours_end, ours_cpu = clicked(tab, server, OURS, runs)
        soon = []
        for _ in range(runs):
            soon.append(tab.evaluate(SOON, "Town"))
            calm(tab)
    bare, bare_end, bare_cpu = bare_clicks(chromium, ZONES, runs)
    plain = plain_clicks(chromium, runs)
    return [
        row(
            "filter click: zones change on the map",
            n=ZONES,
            unit="ms",
            ours=soon,
            against="before the server answers",
            limit=SOON_MS,
        ),
        row(
            "filter click: to repaint",
            n=ZONES,
            unit="ms",
            ours=soon,
            theirs=plain,
            against="the plain st_folium page",
            least=20,
        ),
        row(
            "filter click: counts, tiles and table",
            n=ZONES,
            unit="ms",
            ours=ours,
            theirs=bare,
            against=AGAINST,
            most=1.5,
        ),
        row(
            "filter click: downloads and area summary as well",
            n=ZONES,
            unit="ms",
            ours=ours_end,
            theirs=bare_end,
            against=f"{AGAINST}, which has neither",
        ),
        row(
            "filter click: the server's processor",
            n=ZONES,
            unit="ms",
            ours=ours_cpu,
            theirs=bare_cpu,
            against=AGAINST,
            most=1.3,
        ),
    ]


def many(chromium, plans, runs):
    """Click on a made-up plan, of which the table shows its first zones."""
    with (
        serving_page(None, plan_of(plans, MANY)) as (address, server),
        open_tab(chromium) as tab,
    ):
        ready(tab, address)
        ours, *_ = clicked(tab, server, OURS, runs)
    bare, *_ = bare_clicks(chromium, MOST_ROWS, runs)
    return [
        row(
            "filter click: counts, tiles and table",
            n=MANY,
            unit="ms",
            ours=ours,
            theirs=bare,
            against=AGAINST,
            most=1.7,
        )
    ]


def ready(tab, address):
    """Open our page, its panel ready to filter by itself."""
    opened(tab, address)
    tab.locator(".bm-pick[data-ready=true]").wait_for()
    calm(tab)


def clicked(tab, server, find, runs):
    """Click often; give milliseconds, see `WHOLE`, and the server's processor's."""
    times, ends, costs = [], [], []
    for turn in range(runs + 2):
        before = cpu_ms(server)
        there, end = tab.evaluate(WHOLE, find)
        calm(tab)
        # the first of each choice fills what is kept for the next
        if turn > 1:
            times.append(there)
            ends.append(end)
            costs.append(cpu_ms(server) - before)
    return times, ends, costs


def bare_clicks(chromium, rows, runs):
    """Click on a page of Streamlit alone."""
    os.environ["BENCH_ROWS"] = str(rows)
    page = HERE / "bare_page.py"
    with serving_page(page) as (address, server), open_tab(chromium) as tab:
        tab.goto(address)
        tab.get_by_text("0 boxes").wait_for()
        calm(tab)
        return clicked(tab, server, BARE, runs)


def plain_clicks(chromium, runs):
    """Click on the page of streamlit-folium; give milliseconds to its repaint."""
    found = []
    page = HERE / "plain_page.py"
    with serving_page(page, SHIPPED) as (address, _), open_tab(chromium) as tab:
        tab.goto(address)
        zones = tab.frame_locator("iframe[title*=folium]").locator(
            "path.leaflet-interactive"
        )
        zones.nth(DRAWN - 1).wait_for()
        for turn in range(runs):
            tab.wait_for_timeout(3_000)
            count = DRAWN if turn % 2 else DRAWN - 1
            found.append(plain_repaint_ms(tab, "belt", count))
    return found


def cpu_ms(server):
    """Give the milliseconds of processor that a server has used."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICKS


if __name__ == "__main__":
    main()
