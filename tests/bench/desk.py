"""
Measure what a movement at the desk costs the browser, from its own trace.

    python -m tests.bench.desk [--moves 60] [--quick]

A corner of a town of the shipped plan is dragged, and one of a zone of 5 000 corners
in its place: area, differences, overlaps and crossings are computed at each movement.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from beltmap.geo.shipped import SHIPPED
from tests.bench.results import finish, row, show
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.harness import at_rest, open_tab
from tests.serving import running

TOWN = "qd-town-laoshan"
MOST_MS = {"shipped plan": 8, "5 000 corners": 50}
MOVED = ("mousemove", "pointermove")
RING = """Array.from({ length: 5000 }, (_, k) => {
  const angle = (2 * Math.PI * k) / 5000;
  const [east, north] = [Math.cos(angle), Math.sin(angle)];
  return [1204800000 + Math.round(4e5 * east), 361500000 + Math.round(3e5 * north)];
})"""


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--moves", type=int, default=60)
    options.add_argument("--quick", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        times = measured(chromium, Path(temporary), chosen.moves)
        chromium.close()
    rows = [
        row(
            f"desk: script a movement, {name}",
            n=1,
            unit="ms",
            ours=times[name],
            against="",
            limit=most,
        )
        for name, most in MOST_MS.items()
    ]
    show(rows)
    finish("desk", rows, kept=not chosen.quick)


def measured(chromium, place, moves):
    """Drag a corner of each zone; give milliseconds of script for each movement."""
    folder = shutil.copytree(SHIPPED, place / "data") / "qingdao"
    with (
        running("beltmap", "serve", "--plan", folder) as (address, _),
        open_tab(chromium, viewport={"width": 1280, "height": 1000}) as tab,
    ):
        tab.set_default_timeout(120_000)
        tab.goto(f"{address}?lang=en&zone={TOWN}")
        at_rest(tab)
        tab.locator(".st-key-edit button").click()
        frame = tab.wait_for_selector("iframe[title^=beltmap]").content_frame()
        frame.locator(".beltmap-figures dd").first.wait_for()
        found = {"shipped plan": dragged(chromium, tab, frame, place, moves)}
        frame.evaluate(f"map.beltmap.editing.desk.put([[{RING}]])")
        frame.evaluate(f"map.beltmap.editing.desk.pick('{TOWN}')")
        found["5 000 corners"] = dragged(chromium, tab, frame, place, moves)
        return found


def dragged(chromium, tab, frame, place, moves):
    """Drag a corner to and fro under a trace, one that lies beside the desk."""
    corners = frame.locator(".beltmap-corner")
    boxes = [corners.nth(n).bounding_box() for n in range(corners.count())]
    box = min(boxes, key=lambda one: one["x"])
    area = frame.locator("dd[data-figure=area]")
    before = area.get_attribute("data-value")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 8, y + 8)
    trace = place / "trace.json"
    chromium.start_tracing(page=tab, path=trace, categories=["devtools.timeline"])
    for n in range(moves):
        tab.mouse.move(x + 10 + n % 20, y + 10 + (3 * n) % 20)
        # each movement is drawn before the next one comes
        frame.evaluate("new Promise((done) => requestAnimationFrame(done))")
    chromium.stop_tracing()
    tab.mouse.up()
    if area.get_attribute("data-value") == before:
        raise RuntimeError("nothing was dragged")
    return script_ms(json.loads(trace.read_bytes())["traceEvents"])


def script_ms(events):
    """Add up what listeners and animation frames took, from movement to movement."""
    named = {"EventDispatch", "FireAnimationFrame"}
    spans = [one for one in events if one.get("ph") == "X" and one["name"] in named]
    found = []
    for one in sorted(spans, key=lambda one: one["ts"]):
        kind = one.get("args", {}).get("data", {}).get("type")
        took = one.get("dur", 0) / 1000
        if kind == "mousemove":
            found.append(took)
        elif found and (kind in MOVED or one["name"] == "FireAnimationFrame"):
            found[-1] += took
    if not found:
        raise RuntimeError("the trace has no movement")
    return found


if __name__ == "__main__":
    main()
