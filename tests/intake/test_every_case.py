"""Each of the 180 cases of cases.csv is run by a test that names it."""

import csv
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
RUN_BY = {
    "file": ("tests/intake/test_cases.py", r"::test_case\[(\w+)\]"),
    "query": ("tests/test_page.py", r"::test_every_odd_link\w+\[(\w+)\]"),
    "concurrency": ("tests/browser", r"::test_(t\d\d)_"),
}
"""Where the cases of a kind are run, and how those tests name them."""


def test_each_of_the_180_cases_is_run_by_a_test_that_names_it():
    with (Path(__file__).parent / "cases.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert len({row["id"] for row in rows}) == 180
    files = [file for file, _ in RUN_BY.values()]
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for kind, (file, pattern) in RUN_BY.items():
        lines = "\n".join(line for line in listed.splitlines() if file in line)
        run = {identity.upper() for identity in re.findall(pattern, lines)}
        assert run == {row["id"] for row in rows if row["kind"] == kind}
