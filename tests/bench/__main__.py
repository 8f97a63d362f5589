"""
Run every benchmark, one process each, draw their costs, and write their table.

    python -m tests.bench [--quick]

Ends with 1 where a figure exceeds its bound. With ``--quick`` in some five minutes:
few runs, what a million zones or a page of folium would take longest is left out,
and nothing is kept.
"""

import subprocess
import sys

QUICK = (
    ("server", "--quick"),
    ("clicks", "--quick", "--runs", "5"),
    ("desk", "--quick"),
)
WHOLE = (
    *(("server",), ("browser",), ("page",), ("desk",), ("load",)),
    *(("processes",), ("clicks",), ("worst",), ("hostile",)),
)
AFTER = (("plot",), ("table",))


def main():
    quick = sys.argv[1:] == ["--quick"]
    measured = [run(*one) for one in (QUICK if quick else WHOLE)]
    if not quick:
        measured += [run(*one) for one in AFTER]
    if max(measured):
        sys.exit(1)


def run(script, *arguments):
    """Run one of the benchmarks; give its status."""
    print(f"-- {script}", flush=True)
    command = [sys.executable, "-m", f"tests.bench.{script}", *arguments]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    main()
