"""Imports point down: app -> layers -> geo -> data, and never in a circle."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("data", "geo", "layers", "app", "beltmap")
"""Lowest first; the public face stands on top."""

STRANGERS = {
    "data": {"folium", "branca", "streamlit", "streamlit_folium", "starlette"},
    "geo": {"folium", "branca", "streamlit", "streamlit_folium", "starlette", "click"},
    "layers": {"streamlit", "streamlit_folium"},
}
"""Packages of others that a folder does not know; of layers, its page may."""

PAGE = "layers.page"
STARTED = {("layers.commands.main", "app")}
"""What is run by its path, as Streamlit runs a page; nothing is imported so."""


def read(root):
    """
    Read what each file under a folder loads: imports, wherever they stand, names
    of modules in strings, and files that are named by their path.
    """
    files = [root / "app.py", root / "beltmap.py"]
    files += chain.from_iterable((root / one).rglob("*.py") for one in FLOORS[:3])
    modules = {name_of(path, root): path for path in files if path.exists()}
    return {name: set(loaded(path, name, modules)) for name, path in modules.items()}


def name_of(path, root):
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def loaded(path, name, modules):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("beltmap.") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import"
            own = node.module.removeprefix("beltmap.")
            for alias in node.names:
                one = alias.name if own == "beltmap" else f"{own}.{alias.name}"
                yield one if one in modules else own
        elif isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield from named(str(node.value), modules)


def named(words, modules):
    """Find modules that a string names, dotted or as a path."""
    for found in re.findall(r"\bbeltmap((?:\.\w+)+)", words):
        parts = found.split(".")[1:]
        while parts and ".".join(parts) not in modules:
            parts.pop()
        if parts:
            yield ".".join(parts)
    for found in re.findall(r"[\w/]+\.py\b", words):
        dotted = found.removesuffix(".py").strip("/").replace("/", ".")
        ends = [one for one in modules if one == dotted or one.endswith(f".{dotted}")]
        if len(ends) == 1:
            yield ends[0]


GRAPH = read(ROOT)


def own(graph):
    """Give the arrows between files of this project."""
    for name, others in graph.items():
        for other in others:
            if other in graph and (name, other) not in STARTED:
                yield name, other


def upward(graph):
    for name, other in own(graph):
        here, there = (FLOORS.index(one.partition(".")[0]) for one in (name, other))
        if there > here:
            yield f"{name} -> {other}"


def circle(arrows):
    """Give the names on a circle of arrows; none where there is no circle."""
    below = defaultdict(set)
    for name, other in arrows:
        if name != other:
            below[name].add(other)
    try:
        TopologicalSorter(below).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def siblings(graph):
    """Give, for each folder, the arrows between what lies in it."""
    folders = defaultdict(set)
    for name, other in own(graph):
        here, there = name.split("."), other.split(".")
        depth = 0
        while here[: depth + 1] == there[: depth + 1] and depth < len(here):
            depth += 1
        if depth < min(len(here), len(there)):
            folder = ".".join(here[:depth])
            folders[folder].add((here[depth], there[depth]))
    return folders


def test_no_import_points_up():
    assert list(upward(GRAPH)) == []


def test_files_stand_in_no_circle():
    assert circle(own(GRAPH)) == []


def test_folders_stand_in_no_circle():
    folders = siblings(GRAPH)
    assert {"", "geo", "layers", "geo.intake", "geo.export"} <= set(folders)
    circles = {folder: circle(arrows) for folder, arrows in folders.items()}
    assert not {folder: found for folder, found in circles.items() if found}


PLANTED = {
    "in a function": "def late():\n    from beltmap.layers import top\n",
    "by string": 'import_module("beltmap.layers.top")\n',
    "by path": 'PAGE = ROOT / "layers/top.py"\n',
    "of the package": "from beltmap.layers.top import thing\n",
}


@pytest.mark.parametrize("how", PLANTED)
def test_an_import_that_points_up_is_found(tmp_path, how):
    for name in FLOORS[:3]:
        (tmp_path / name).mkdir()
    (tmp_path / "layers" / "top.py").write_text("from beltmap.geo import low\n")
    (tmp_path / "geo" / "low.py").write_text(PLANTED[how])
    graph = read(tmp_path)
    assert list(upward(graph)) == ["geo.low -> layers.top"]
    assert set(circle(own(graph))) == {"geo.low", "layers.top"}
    assert set(circle(siblings(graph)[""])) == {"geo", "layers"}


@pytest.mark.parametrize("folder", STRANGERS)
def test_a_folder_knows_no_package_of_a_higher_one(folder):
    for name, others in GRAPH.items():
        if name.partition(".")[0] == folder and not name.startswith(PAGE):
            met = {other.partition(".")[0] for other in others} & STRANGERS[folder]
            assert not met, f"{name} imports {met}"


def test_nothing_but_the_app_rests_on_the_page():
    for name, other in own(GRAPH):
        if other.startswith(PAGE):
            assert name == "app" or name.startswith(PAGE), f"{name} -> {other}"


def test_no_test_is_imported_by_the_program():
    for name, others in GRAPH.items():
        assert not {other for other in others if other.partition(".")[0] == "tests"}, (
            name
        )


def test_no_folder_has_more_files_than_one_sees_at_a_glance():
    for top in ("geo", "layers", "tests/geo", "tests/layers"):
        for folder in [ROOT / top, *(ROOT / top).rglob("*/")]:
            files = [one for one in folder.glob("*.py") if one.name != "__init__.py"]
            assert len(files) <= 12, folder


HEAVY = ("geopandas", "pandas", "pyogrio", "matplotlib", "folium", "streamlit")


def modules_after(code):
    """Give the names of all modules that some code has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return set(done.stdout.decode().split())


@pytest.mark.parametrize("code", ["beltmap", "beltmap.layers.commands.main"])
def test_the_command_line_starts_without_what_only_its_commands_need(code):
    """Help and mistyped options come at once; nothing heavy for them."""
    assert not modules_after(f"import {code}") & set(HEAVY)


def test_the_server_listens_before_anything_heavy_is_imported():
    heavy = {"pandas", "numpy", "geopandas", "shapely", "pyarrow", "folium", "orjson"}
    assert not modules_after("import app") & heavy


def test_the_first_map_is_drawn_before_what_opens_a_plan_is_imported():
    loaded = modules_after("import beltmap.layers.page.main, folium.plugins")
    assert not loaded & {"geopandas", "shapely", "pyproj", "beltmap.layers.prepared"}


def test_the_page_starts_without_what_only_charts_and_downloads_need():
    loaded = modules_after("import beltmap.layers.page.views")
    assert not loaded & {"altair", "matplotlib", "scipy", "openpyxl", "ezdxf"}
