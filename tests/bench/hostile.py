"""
Measure what hostile uploads cost the process of the page: its own time and memory.

    python -m tests.bench.hostile

Each is read apart, checked, shown and shown again in a fresh process; then what was
taken is put beside the shipped plan and drawn, with all that a page says of it. All of
this counts together, and nothing beside it; nor does the file itself, which a page
holds.
"""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from beltmap.geo.intake.limits import Limits
from tests.bench.results import keep, show, within
from tests.geo.intake.hostile import SHAPES

MOST_CPU_S, MOST_MB = 1.0, 100.0
PATIENT = Limits(seconds=600)
"""What ends at a limit of time costs nothing, and shows nothing."""

RUNS = 3


def peak_mb():
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    (found,) = [one.split()[1] for one in lines if one.startswith("VmHWM")]
    return int(found) / 1024


def measure(name):
    """Read, show and draw an upload; give what that took: seconds and megabytes."""
    from beltmap.geo.intake.apart.worker import read_apart
    from beltmap.geo.intake.uploads import Upload
    from beltmap.geo.plan.plan import read_plan
    from beltmap.geo.shipped import SHIPPED
    from beltmap.layers.views.receipt import match_table

    plan = read_plan(SHIPPED)
    file, make = SHAPES[name]
    # what is loaded once for all uploads is loaded by a small one
    small = Upload("a.csv", b"lon,lat,name\n120.3,36.1,a\n")
    for upload in (small, Upload(file, make())):
        with counting() as cost:
            outcome = read_apart(upload, brief=True, limits=PATIENT)
            for _ in range(2):
                outcome.receipt.told()
                match_table(outcome.matches)
                outcome.receipt.summary()
            draw(plan, outcome.zones)
    return cost


@contextmanager
def counting():
    """Count the seconds of this process and the megabytes more at its peak."""
    Path("/proc/self/clear_refs").write_text("5")
    cost = []
    before, start = peak_mb(), time.process_time()
    yield cost
    cost[:] = time.process_time() - start, peak_mb() - before


def draw(plan, zones):
    """Put zones beside a plan's, and ask for all that the page's map asks for."""
    from beltmap.geo.intake.overlay import with_zones
    from beltmap.geo.query.filters import FACETS, Filters
    from beltmap.layers.page.parts.sidebar import facet_told
    from beltmap.layers.prepared import Prepared

    if zones is None:
        return
    opened = Prepared(with_zones(plan, zones), key="bench")
    everything = Filters()
    if opened.tiles is not None:
        opened.tiles.shown(everything)
    _ = opened.addresses, opened.choice, opened.own_totals(everything)
    opened.table(everything)
    opened.ids(everything)
    # the views that count a reader's zones as well ask whether they may
    _ = opened.measured
    for column in FACETS:
        facet_told(opened, everything, column)


def main():
    if sys.argv[1:]:
        print(json.dumps(measure(sys.argv[1])))
        return
    rows = []
    for name in SHAPES:
        command = [sys.executable, "-m", "tests.bench.hostile", name]
        runs = [
            json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            for _ in range(RUNS)
        ]
        seconds, megabytes = zip(*runs, strict=True)
        rows += within(
            f"page, {name}",
            seconds=seconds,
            megabytes=megabytes,
            most_s=MOST_CPU_S,
            most_mb=MOST_MB,
        )
        show(rows[-2:])
    keep("hostile files", rows)


if __name__ == "__main__":
    main()
