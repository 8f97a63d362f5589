"""What documents and docstrings refer to is there: files, folders, modules, names."""

import ast
import builtins
import importlib
import re

import pytest

from beltmap.layers.commands.main import main
from tests.test_examples import DOCUMENTS, FENCE, HISTORY, ROOT, commands

FOLDERS = ("geo", "layers", "data", "tests")
SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
ENDING = "css|csv|geojson|html|ipynb|js|json|md|po|png|py|toml|txt"
PATH = re.compile(rf"\.?[\w-]+(?:/[\w.-]+)*(?:/|\.(?:{ENDING}))")
"""Folders end with a slash, files with an ending."""

PLANS = (
    ROOT / "data",
    *(ROOT / "data" / name for name in ("default", "qingdao", "dalian")),
)
"""Folders of plans: documents name its files as a reader finds them there."""

THEIRS = {
    ".venv/",
    "bio-city/plan.toml",
    "field_names.csv",
    "scenarios/",
    "sectors.csv",
    "__init__.py",
}
"""Files of exports, of a user's plan and of a wheel."""

LOGS = {"beltmap.intake": "geo/intake/apart/worker.py"}
"""What is no module but a log, and the file that writes to it."""

DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")
NAMED = re.compile(r"[A-Za-z_]\w*(?:\(\))?")
IN_FILE = re.compile(r"((?:`\w+`(?:, | and | or )?)+) in `([\w./-]+)`")
OPTION = re.compile(r"--[a-z][a-z-]*")
ROOMS = re.compile(r"^\| in `(\w+)/` \|")


def spans(path):
    """Find what stands in backticks in running text and tables."""
    return SPAN.findall(FENCE.sub("", path.read_text(encoding="utf-8")))


def tables(path):
    """Read the rows of a document's tables, each with the head of its table."""
    head = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            head = head or line
            yield head, line
        else:
            head = None


def known_documents():
    return [path for path in DOCUMENTS if path.name != HISTORY]


@pytest.fixture(params=known_documents(), ids=lambda it: str(it.relative_to(ROOT)))
def document(request):
    return request.param


def test_a_path_in_a_document_is_there(document):
    roomy = {
        span
        for head, line in tables(document)
        if ROOMS.match(head)
        for span in SPAN.findall(line)
    }
    named = {span for span in spans(document) if PATH.fullmatch(span)} - roomy
    gone = [
        span
        for span in named - THEIRS
        if not any((base / span).exists() for base in (ROOT, document.parent, *PLANS))
    ]
    assert gone == []


@pytest.mark.parametrize("floor", ["geo", "layers"])
def test_every_room_stands_in_the_table_of_rooms(floor):
    """And each that stands there is there, as are the modules and rooms within."""
    within = ROOT / floor
    told = set()
    for head, line in tables(ROOT / "CONTRIBUTING.md"):
        if ROOMS.match(head) and ROOMS.match(head)[1] == floor and line != head:
            first, about = line.strip("|").split("|")[:2]
            rooms = SPAN.findall(first)
            told |= set(rooms)
            for name in rooms:
                assert exists(within, name), name
            for name in SPAN.findall(about):
                places = [within, *(within / room for room in rooms)]
                assert (
                    any(exists(place, name) for place in places)
                    or any((base / name).exists() for base in (ROOT, *PLANS))
                    or name in names_under(within)
                ), name
    there = {
        f"{path.name}/"
        for path in within.iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }
    assert there <= told


def exists(folder, name):
    if name.endswith("/"):
        return (folder / name).is_dir()
    return (folder / f"{name}.py").is_file() or (
        folder / name / "__init__.py"
    ).is_file()


def names_under(folder):
    return {
        node.name
        for path in folder.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }


def test_a_name_in_a_file_is_in_that_file(document):
    words = document.read_text(encoding="utf-8").replace("\n", " ")
    for names, path in IN_FILE.findall(words):
        if path.endswith(".py"):
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert set(SPAN.findall(names)) <= names_in(tree), path


def test_the_table_of_what_is_added_names_files_and_names():
    path = ROOT / "CONTRIBUTING.md"
    lines = [line for head, line in tables(path) if head.startswith("| to add |")][2:]
    assert len(lines) >= 8
    for line in lines:
        assert [span for span in SPAN.findall(line) if PATH.fullmatch(span)], line
    assert sum(len(IN_FILE.findall(line)) for line in lines) >= 3


def test_an_option_in_a_document_is_one(document):
    known = {
        option
        for _, command in commands(main)
        for parameter in command.get_params(main.context_class(command))
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for span in spans(document):
        if OPTION.match(span):
            name = OPTION.match(span)[0]
            # options of Streamlit have a section before their name
            assert name in known or streamlit_has(span), span


def streamlit_has(span):
    from streamlit.config import get_options_for_section

    section, _, name = span.removeprefix("--").partition(".")
    return name.split()[0] in get_options_for_section(section)


def test_a_dotted_name_in_a_document_resolves(document):
    for span in spans(document):
        first = span.partition(".")[0]
        if is_dotted(span) and first in {*FOLDERS, "beltmap"}:
            log = ROOT / LOGS.get(span, "")
            if log.is_file():
                assert f'getLogger("{span}")' in log.read_text(encoding="utf-8")
            else:
                assert resolves(span), span


def sources():
    paths = [ROOT / "app.py", ROOT / "beltmap.py"]
    for folder in ("geo", "layers", "tests"):
        paths += sorted((ROOT / folder).rglob("*.py"))
    return paths


def docstrings(tree):
    """Find docstrings, and the texts that stand below a name that they explain."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(words))):
                yield re.sub(r"\n\s*", " ", words)


def names_in(tree):
    """Gather the names that a file makes, imports, takes or uses."""
    found = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found |= {node.name, node.asname or node.name}
    return found


def is_dotted(span):
    return DOTTED.fullmatch(span) and not PATH.fullmatch(span)


def resolves(dotted):
    """Tell whether a dotted name is a module, or something that one holds."""
    first = dotted.partition(".")[0]
    whole = f"beltmap.{dotted}" if first in FOLDERS[:3] else dotted
    parts = whole.split(".")
    for n in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        for part in parts[n:]:
            if not hasattr(found, part):
                return part in getattr(found, "__annotations__", {})
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize(
    "path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_reference_in_a_docstring_resolves(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    here = names_in(tree) | {"beltmap", "app", *FOLDERS}
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    gone = []
    for words in docstrings(tree):
        for span in SPAN.findall(words):
            if NAMED.fullmatch(span):
                there = span.removesuffix("()") in here
            elif is_dotted(span):
                # what the file itself holds may be called by its own name
                there = resolves(span) or resolves(f"{module}.{span}")
            elif PATH.fullmatch(span) and "/" in span:
                there = (ROOT / span).exists() or (path.parent / span).exists()
            else:
                there = True
            gone += [] if there else [span]
    assert gone == []
