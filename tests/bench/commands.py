"""
Measure what a command costs from its start to its end, the interpreter's included.

    python -m tests.bench.commands [--runs 7]

Each run of a command has one of ``import geopandas`` beside it. The clock has a bound;
the processor time of a command and all that it starts stands beside it, without one.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.results import finish, row, show
from tests.serving import ROOT

PLAIN = ("-c", "import geopandas")
AGAINST = "import geopandas"
FILES = 10
MOST = {
    "beltmap --help": 0.2,
    "beltmap summary": 1.1,
    "beltmap export x.geojson": 1.2,
    "beltmap check, a small file": 1.5,
    "beltmap check, ten small files": 2,
}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--quick", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        jobs = commands(Path(temporary))
        rows = [row for name in MOST for row in measured(name, jobs[name], chosen.runs)]
    finish("commands", rows, kept=not chosen.quick)


def commands(place):
    """Give the arguments of each command, and write the files that they read."""
    parks = place / "parks.geojson"
    run("-m", "beltmap", "export", parks, "--kind", "park")
    copies = [place / f"parks{n}.geojson" for n in range(FILES)]
    for one in copies:
        one.write_bytes(parks.read_bytes())
    return {
        "beltmap --help": ["--help"],
        "beltmap summary": ["summary"],
        "beltmap export x.geojson": ["export", place / "x.geojson"],
        "beltmap check, a small file": ["check", parks],
        "beltmap check, ten small files": ["check", *copies],
    }


def measured(name, arguments, runs):
    """Run a command and the import in turn, the first of each uncounted."""
    pairs = [(run("-m", "beltmap", *arguments), run(*PLAIN)) for _ in range(runs + 1)][
        1:
    ]
    rows = [
        row(
            name + what,
            n=12,
            unit="ms",
            ours=[ours[cost] for ours, _ in pairs],
            theirs=[theirs[cost] for _, theirs in pairs],
            against=AGAINST,
            most=most,
        )
        for cost, (what, most) in enumerate([("", MOST[name]), (": CPU", None)])
    ]
    show(rows)
    return rows


def run(*arguments):
    """Run Python; give milliseconds on the clock, and of processors."""
    start, before = time.perf_counter(), spent()
    subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return (time.perf_counter() - start) * 1e3, (spent() - before) * 1e3


def spent():
    """Give the processor time of processes that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
