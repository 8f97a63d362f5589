"""Imports point down: app -> layers -> geo -> data."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = {
    "data": {"geo", "layers", "app", "folium", "streamlit"},
    "geo": {"layers", "app", "folium", "branca", "streamlit", "starlette"},
    "layers": {"app", "streamlit", "streamlit_folium"},
}


def imported(path):
    """Give the top-level names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_point_down(package):
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        upward = FORBIDDEN[package] & set(imported(path))
        assert not upward, f"{path.relative_to(ROOT)} imports {upward}"


def test_no_test_is_imported_by_the_program():
    for package in FORBIDDEN:
        for path in (ROOT / package).rglob("*.py"):
            assert "tests" not in set(imported(path))


HEAVY = ("geopandas", "pandas", "pyogrio", "matplotlib", "folium", "streamlit")


def test_the_command_line_starts_without_what_only_its_commands_need():
    """Help and mistyped options come at once; nothing heavy for them."""
    code = "import sys, geo.commands.cli; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.decode().split()}
    assert not loaded & set(HEAVY)


def test_the_page_starts_without_what_only_charts_and_downloads_need():
    code = "import sys, app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True
    )
    loaded = set(done.stdout.decode().split())
    assert not loaded & {"altair", "matplotlib", "scipy", "openpyxl", "ezdxf"}
