"""The gate leaves nothing to chance, and passes over nothing unsaid."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CASES = """\
from hypothesis import given, strategies as st
from tests.chance import cases

drawn = []

@cases(10)
@given(st.integers())
def test_cases(n):
    drawn.append(n)

def test_told():
    print("drawn", len(drawn), hash(tuple(drawn)))
"""
SKIPS = {
    "mark": "@pytest.mark.skip('why')\ndef test_it(): pass",
    "call": "def test_it(): pytest.skip('why')",
    "module": "pytest.skip('why', allow_module_level=True)",
}


def run(folder, files, *options, ci=""):
    """Run some files of tests with the settings of ours; give the last line."""
    for name, code in files.items():
        (folder / f"test_{name}.py").write_text(f"import pytest\n{code}\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-s", "-ra"]
    command += ["-c", os.devnull, "--rootdir", str(folder), "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "--continue-on-collection-errors", *options, str(folder)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def drawn(folder, *options):
    """Give how many cases were drawn, and a number that tells them from others."""
    said = run(folder, {"cases": CASES}, *options)
    (line,) = [one for one in said.splitlines() if "drawn" in one]
    return line.partition("drawn")[2].split()


def test_the_gate_draws_the_same_few_every_time(tmp_path):
    once, again = drawn(tmp_path), drawn(tmp_path)
    assert once == again
    assert once[0] == "10"


def test_deep_draws_many_by_its_seed(tmp_path):
    deep = "--hypothesis-profile=deep"
    once, other = (drawn(tmp_path, deep, f"--hypothesis-seed={n}") for n in (1, 2))
    assert once[0] == other[0] == "500"
    assert once != other


def test_what_is_passed_over_fails_in_ci_alone(tmp_path):
    here, there = run(tmp_path, SKIPS), run(tmp_path, SKIPS, ci="true")
    assert " 3 skipped in " in here
    assert " 1 failed, 2 errors in " in there
    assert "passed over in CI: Skipped: why" in there
