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
PAGE = ROOT / "layers" / "page"


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
        known = {"streamlit", "streamlit_folium"} if path.parent == PAGE else set()
        upward = FORBIDDEN[package] & set(imported(path)) - known
        assert not upward, f"{path.relative_to(ROOT)} imports {upward}"


def test_nothing_rests_on_the_page():
    others = {*(ROOT / "layers").rglob("*.py"), *(ROOT / "geo").rglob("*.py")}
    for path in others - set(PAGE.glob("*.py")):
        assert "layers.page" not in path.read_text(encoding="utf-8"), path


def test_no_test_is_imported_by_the_program():
    for package in FORBIDDEN:
        for path in (ROOT / package).rglob("*.py"):
            assert "tests" not in set(imported(path))


HEAVY = ("geopandas", "pandas", "pyogrio", "matplotlib", "folium", "streamlit")


def test_the_command_line_starts_without_what_only_its_commands_need():
    """Help and mistyped options come at once; nothing heavy for them."""
    assert not modules_after("import geo.commands.cli") & set(HEAVY)


def modules_after(code):
    """Give the names of all modules that some code has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return set(done.stdout.decode().split())


def test_the_server_listens_before_anything_heavy_is_imported():
    heavy = {"pandas", "numpy", "geopandas", "shapely", "pyarrow", "folium", "orjson"}
    assert not modules_after("import app") & heavy


def test_the_first_map_is_drawn_before_what_opens_a_plan_is_imported():
    loaded = modules_after("import layers.page.main, folium.plugins")
    assert not loaded & {"geopandas", "shapely", "pyproj", "layers.opened"}


def test_the_page_starts_without_what_only_charts_and_downloads_need():
    loaded = modules_after("import layers.page.views")
    assert not loaded & {"altair", "matplotlib", "scipy", "openpyxl", "ezdxf"}
