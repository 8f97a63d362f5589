"""
Measure what a command costs from its start to its end, the interpreter's included.

    python -m tests.bench.commands [--runs 7]

Each run of a command has one of ``import geopandas`` beside it.
"""

import argparse
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
        rows = [measured(name, jobs[name], chosen.runs) for name in MOST]
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
    ours, theirs = [], []
    for turn in range(runs + 1):
        pair = run("-m", "beltmap", *arguments), run(*PLAIN)
        if turn:
            ours.append(pair[0])
            theirs.append(pair[1])
    made = row(
        name,
        n=12,
        unit="ms",
        ours=ours,
        theirs=theirs,
        against=AGAINST,
        most=MOST[name],
    )
    show([made])
    return made


def run(*arguments):
    """Run Python; give milliseconds."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    main()
