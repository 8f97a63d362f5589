"""
Measure the saved map of the shipped plans against folium's of the same zones.

    python -m tests.bench.saved [--runs 7] [--quick]

Both are one file that needs no network: folium's has its scripts and styles written
into it.
"""

import argparse
import gzip
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.layers.assets import LEAFLET
from beltmap.layers.keepsakes.offline import offline_page
from tests.bench.folium_map import folium_map
from tests.bench.page import open_tab
from tests.bench.results import finish, row, show
from tests.browser.conftest import CHROMIUM, FLAGS

MOST_MB, MOST_PACKED_MB, SOONER = 0.4, 0.17, 3
PAINTED = """new Promise((done) => {
  const told = () => {
    const one = performance.getEntriesByName("first-contentful-paint")[0];
    if (one) done(one.startTime);
    else setTimeout(told, 5);
  };
  told();
})"""


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--quick", action="store_true")
    chosen = options.parse_args()
    plan = read_plan()
    selection = Selection(plan, Filters())
    ours = offline_page(selection, on=datetime.now(UTC).date())
    plain = inlined(folium_map(selection.zones))
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        files = [Path(temporary, name) for name in ("ours.html", "plain.html")]
        for file, page in zip(files, (ours, plain), strict=True):
            file.write_bytes(page)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        pairs = [
            [painted_ms(chromium, one) for one in files] for _ in range(chosen.runs)
        ]
        chromium.close()
    n, against = len(plan.zones), "folium's map, its scripts inlined"
    sizes = [
        ("saved map", MOST_MB, len(ours), len(plain)),
        ("saved map, compressed", MOST_PACKED_MB, packed(ours), packed(plain)),
    ]
    rows = [
        row(
            job,
            n=n,
            unit="MB",
            ours=[mine / 1e6],
            theirs=[other / 1e6],
            against=against,
            limit=limit,
        )
        for job, limit, mine, other in sizes
    ]
    ours_ms, plain_ms = zip(*pairs, strict=True)
    rows.append(
        row(
            "saved map: first paint",
            n=n,
            unit="ms",
            ours=list(ours_ms),
            theirs=list(plain_ms),
            against=against,
            least=SOONER,
        )
    )
    show(rows)
    finish("saved", rows, kept=not chosen.quick)


def packed(page):
    return len(gzip.compress(page, 9))


def inlined(drawing):
    """Write folium's page with every script and style that it links to in it."""
    names = {"leaflet": "leaflet.js", "leaflet-css": "leaflet.css"}
    drawing.default_js = [("leaflet", names["leaflet"])]
    drawing.default_css = [("leaflet-css", names["leaflet-css"])]
    page = drawing.get_root().render()
    script = (LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    style = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    page = re.sub(
        r'<script src="leaflet.js"></script>',
        lambda _: f"<script>{script}</script>",
        page,
    )
    page = re.sub(
        r'<link rel="stylesheet" href="leaflet.css"/>',
        lambda _: f"<style>{style}</style>",
        page,
    )
    return page.encode()


def painted_ms(chromium, file):
    """Open a file; give milliseconds to its first paint."""
    with open_tab(chromium) as tab:
        tab.goto(file.as_uri())
        return tab.evaluate(PAINTED)


if __name__ == "__main__":
    main()
