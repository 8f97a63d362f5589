"""What a process keeps between two calls is listed in CONTRIBUTING."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]

FIXED = {
    *(
        "frozenset",
        "tuple",
        "Path",
        "range",
        "TypeVar",
        "ParamSpec",
        "TypedDict",
        "NewType",
        "Table",
        "Measures",
    ),
    *("re.compile", "struct.Struct", "MappingProxyType", "dict.fromkeys"),
    *("str.maketrans", "str.join", "getLogger", "object"),
    # made once and changed by nobody: geodesy, types and options of others
    *("pyproj.Geod", "Geod", "pyproj.CRS", "shapely.Point", "np.empty"),
    *("dt.datetime", "datetime.datetime", "datetime"),
    *("alt.Axis", "click.Path", "Option", "Basemap", "Rows", "_Absent"),
}
"""Calls whose values do not change."""

CHANGING = (ast.List, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)


def called(node):
    """Name what is called, and of a method of a literal its type."""
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Constant):
        return f"{type(function.value.value).__name__}.{function.attr}"
    return ast.unparse(function).removeprefix("logging.")


def frozen(node):
    """Tell whether an assignment says that it is final."""
    return isinstance(node, ast.AnnAssign) and "Final" in ast.unparse(node.annotation)


def empty(value):
    """Tell whether a literal begins empty, so that it is there to be filled."""
    return not getattr(value, "keys", getattr(value, "elts", True))


def kept(source):
    """Name the state that a module keeps: caches, and values that change."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Global):
            yield from node.names
        if isinstance(node, ast.FunctionDef) and any(
            re.search(r"\b(lru_cache|cache|cached|cache_resource|cache_data)\b", words)
            for words in map(ast.unparse, node.decorator_list)
        ):
            yield node.name
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        (target,) = node.targets if isinstance(node, ast.Assign) else (node.target,)
        value = node.value
        if (isinstance(value, ast.Call) and called(value) not in FIXED) or (
            isinstance(value, CHANGING) and (not frozen(node) or empty(value))
        ):
            name = ast.unparse(target)
            if not name.startswith("__"):
                yield name


def listed():
    """Read the table of state: module and name."""
    words = (ROOT / "CONTRIBUTING.md").read_text()
    _, _, rest = words.partition("## What a process keeps")
    table = rest.partition("\n## ")[0]
    return set(re.findall(r"^\| `([\w/]+)` \| `(\w+)` \|", table, re.MULTILINE))


def test_what_a_process_keeps_is_listed():
    found = {
        (str(path.relative_to(ROOT).with_suffix("")), name)
        for path in [ROOT / "beltmap.py", ROOT / "app.py"]
        + [one for top in ("geo", "layers") for one in (ROOT / top).rglob("*.py")]
        for name in kept(path.read_text())
    }
    assert found == listed()


def test_state_is_found_in_every_form():
    source = """
from functools import cache
A = []
B: Final = {}
C = {1: 2}
D: Final = Lock()
E: Final = (1, 2)
F: Final = {"a": 1}
G: Final = ("a", "b")
H: Final = frozenset("ab")
I: Final = re.compile("a")
@cache
def j(): ...
@functools.lru_cache(maxsize=1)
def k(): ...
@st.cache_resource(scope="session")
def l(): ...
def m():
    global n
class O:
    @property
    def p(self): ...
Q: Final = [x for x in y]
"""
    assert sorted(kept(source)) == ["A", "B", "C", "D", "j", "k", "l", "n"]
