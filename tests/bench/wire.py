"""
Measure what a browser that is far away must fetch before it sees the map.

    python -m tests.bench.wire [--runs 7] [--quick]

The line has 400 kbit/s and 400 ms; first with nothing kept, then with what the
first visit left in the browser.
"""

import argparse
import time

from playwright.sync_api import sync_playwright

from tests.bench.page import calm, open_tab, opened
from tests.bench.results import finish, row, show
from tests.bench.serve import serving_page
from tests.bench.slow_line import slow
from tests.browser.conftest import CHROMIUM, FLAGS

LINE = {"kbit_s": 400, "latency_s": 0.4}
FAST = {"kbit_s": 1_000_000, "latency_s": 0.0}
FAR_AWAY = {"X-Forwarded-For": "203.0.113.9"}
"""As a proxy says of a browser that is not on this machine."""

MOST_MB, MOST_REQUESTS, MOST_COLD_S, MOST_WARM_S = 1.7, 120, 75, 8


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--quick", action="store_true")
    chosen = options.parse_args()
    with sync_playwright() as playwright, serving_page(None) as (address, _):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with slow(address, **FAST) as (there, _), open_tab(chromium) as tab:
            # the server compresses each file once
            tab.set_extra_http_headers(FAR_AWAY)
            opened(tab, there)
            calm(tab)
        found = [visit(chromium, address) for _ in range(chosen.runs)]
        chromium.close()
    megabytes, requests, cold, warm = zip(*found, strict=True)
    rows = [
        row(
            f"first visit: {what}",
            n=12,
            unit=unit,
            ours=list(values),
            against=against,
            limit=limit,
        )
        for what, unit, values, against, limit in (
            ("fetched before the map", "MB", megabytes, "", MOST_MB),
            ("requests before the map", "", requests, "", MOST_REQUESTS),
            ("map on a slow line", "s", cold, "400 kbit/s, 400 ms", MOST_COLD_S),
            ("map again on a slow line", "s", warm, "400 kbit/s, 400 ms", MOST_WARM_S),
        )
    ]
    show(rows)
    finish("wire", rows, kept=not chosen.quick)


def visit(chromium, address):
    """Open the page twice; give megabytes, requests, and seconds of either visit."""
    with slow(address, **LINE) as (there, line), open_tab(chromium) as tab:
        tab.set_extra_http_headers(FAR_AWAY)
        requests = []
        tab.on("request", lambda one: requests.append(one.url))
        start = time.perf_counter()
        opened(tab, there)
        cold = time.perf_counter() - start
        fetched, asked = line.down / 1e6, len(requests)
        calm(tab)
        start = time.perf_counter()
        opened(tab, there)
        return fetched, asked, cold, time.perf_counter() - start


if __name__ == "__main__":
    main()
