"""
Measure what hostile uploads cost the process of the page: its own time and memory.

    python -m tests.bench.hostile

Each is read apart, checked, shown and shown again in a fresh process, beside which
nothing else is counted; the file itself, which a page holds, is not either.
"""

import json
import subprocess
import sys
import time
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
    """Read and show one upload; give seconds of this process and megabytes more."""
    from beltmap.geo.intake.apart.worker import read_apart
    from beltmap.geo.intake.uploads import Upload
    from beltmap.layers.views.receipt import match_table

    file, make = SHAPES[name]
    # what is loaded once for all uploads is loaded by a small one
    small = Upload("a.csv", b"lon,lat,name\n120.3,36.1,a\n")
    for upload in (small, Upload(file, make())):
        Path("/proc/self/clear_refs").write_text("5")
        before, start = peak_mb(), time.process_time()
        outcome = read_apart(upload, brief=True, limits=PATIENT)
        for _ in range(2):
            outcome.receipt.told()
            match_table(outcome.matches)
            outcome.receipt.summary()
        cost = time.process_time() - start, peak_mb() - before
    return *cost, len(outcome.receipt.notices)


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
        seconds, megabytes, _ = zip(*runs, strict=True)
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
