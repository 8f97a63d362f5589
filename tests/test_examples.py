"""Every example of the help and of the documents is run, as a reader would."""

import ast
import importlib.util
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import click
import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from beltmap.geo.charter.reading import default_charter
from beltmap.geo.language.messages import LANGUAGES, speaking
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.template import guide
from beltmap.layers.basemap.file import read_basemaps
from beltmap.layers.commands.main import main
from tests.elsewhere import write_flat

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not any(
        part[0] == "." or part == "build" for part in path.relative_to(ROOT).parts
    )
]
PAGES = tuple(
    (path, path.with_name(path.name.replace(".md", ".zh.md")))
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if path.with_name(path.name.replace(".md", ".zh.md")).is_file()
)
"""Pages that there are in both languages: the English one, the Chinese one."""

HISTORY = "CHANGELOG.md"
"""Names commands that were; what it shows as a block is run all the same."""

FENCE = re.compile(r"^ *```(\S*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(apt|beltmap|pip|python3?|streamlit) ")
"""How a span of code begins that is a command."""

FORM = "…"
"""Stands in a span for whatever may follow: such a span is no example."""

PLACEHOLDERS = {
    "FOLDER": "my-plan",
    "FILE": "my-parks.geojson",
    "N": "1",
    "ID": "qd-belt",
}
"""What a reader puts in the place of these words."""

CHANGES = ("build", "scale")
"""Commands that write into the plan, of which they get a copy."""

READING = ("basemap", "serve")
"""Commands whose files and plans do not say in their types that they must exist."""

STORE = "postgresql://office/plans#north"
OFFICE = (
    'pip install "beltmap[office]"',
    f"beltmap push my-plan {STORE}",
    f"beltmap serve --plan {STORE}",
    f"beltmap log {STORE}",
    f"beltmap release {STORE} first",
    f"beltmap diff {STORE}@v1 {STORE}@first",
    f"beltmap pull {STORE} my-copy",
)
"""What needs a database, as the README has it."""

CLUSTER = (
    "dask scheduler --host 127.0.0.1 --dashboard-address 127.0.0.1:8787",
    (
        "dask worker tcp://127.0.0.1:8786 --host 127.0.0.1"
        " --dashboard-address 127.0.0.1:0 --nthreads 1 --nworkers 2"
    ),
    "beltmap summary parts/*.parquet --scheduler tcp://127.0.0.1:8786",
)
"""What needs workers that run, as the document on plans in parts has it."""

REPLICA = tuple(
    f'beltmap serve --plan "postgresql://replica,primary/plans#north" --server.port {n}'
    for n in (8601, 8602)
)
"""What needs two databases, as the document on many readers has it."""

ELSEWHERE = {
    "pip install .": ("tests/test_installed.py", "def test_only_the_wheel_is_found("),
    'pip install "beltmap[cluster]"': ("pyproject.toml", "cluster = ["),
    **dict.fromkeys(
        CLUSTER,
        (
            "tests/geo/batch/test_cluster.py",
            "def test_the_cluster_of_the_document_works_and_stays_on_this_machine(",
        ),
    ),
    "pg_basebackup -D /var/lib/postgresql/15/main -R -d postgresql://primary": (
        "tests/storing.py",
        '"pg_basebackup"',
    ),
    **dict.fromkeys(
        REPLICA,
        (
            "tests/geo/store/test_replica.py",
            "def test_pages_on_a_replica_follow_the_primary_and_outlive_it(",
        ),
    ),
    **dict.fromkeys(
        ("python3 .ci/dev.py docs", "python3 .ci/dev.py docs --keep-pictures"),
        ("tests/test_site.py", "def test_the_site_is_built("),
    ),
    "apt install chromium": (".ci/run", "packages=(chromium "),
    **dict.fromkeys(
        OFFICE,
        (
            "tests/geo/store/test_office.py",
            "def test_the_way_from_one_laptop_to_an_office(",
        ),
    ),
}
"""Examples that no test can run as they stand; where each is done, in which words."""


def blocks(language):
    """Find the fenced blocks of one language in all documents."""
    return [
        (path, block)
        for path in DOCUMENTS
        for name, block in FENCE.findall(path.read_text(encoding="utf-8"))
        if name == language
    ]


def typed(line):
    """Give what is typed in a line, without what is said about it beside it."""
    return re.split(r"\s{2,}", line.strip())[0]


def shown(path):
    """Find what a document tells to type, block by block."""
    for where, block in blocks(""):
        if where == path:
            yield tuple(typed(line) for line in block.splitlines() if line.strip())


def spans(words):
    """Find the commands in running text; with dots at the end they are none."""
    for span in SPAN.findall(FENCE.sub("", words)):
        if COMMAND.match(span) and not span.endswith(FORM):
            yield (span,)


def commands(command=main, path=()):
    """Walk all commands, each with the words that call it."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


def examples_of(command):
    """Give the examples that the help of a command shows."""
    return tuple(command.help.partition("\b\n")[2].splitlines())


def told():
    """Find the commands of running texts, guides of new plans among them."""
    for path in DOCUMENTS:
        if path.name != HISTORY:
            yield from spans(path.read_text(encoding="utf-8"))
    for language in LANGUAGES:
        with speaking(language):
            yield from spans(guide(default_charter()))


def arguments_of(words):
    """Give what follows `beltmap`, or nothing where that is not what is run."""
    if words[0] == "beltmap":
        return words[1:]
    module = [re.sub(r"python3?", "python", words[0]), *words[1:3]]
    return words[3:] if module == ["python", "-m", "beltmap"] else None


def units():
    """
    Give what is run in one folder, one line after the other.

    Blocks of documents are run whole; what else says a line again is not.
    """
    once = dict.fromkeys(block for path in DOCUMENTS for block in shown(path))
    yield from once
    had = {line for block in once for line in block}
    for lines in (*(examples_of(command) for _, command in commands()), *told()):
        new = tuple(line for line in lines if line not in had)
        had.update(new)
        if new:
            yield new


UNITS = list(units())


class Kitchen:
    """Files that examples name, each made once by the program itself."""

    def __init__(self, folder):
        self.folder = folder

    def give(self, name, folder):
        """Put what is called so into a folder; there it may be changed."""
        made = self.folder / name
        if not made.exists():
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(self.folder)
                MADE[name](self)
        copied = shutil.copytree if made.is_dir() else shutil.copyfile
        if not (folder / name).exists():
            copied(made, folder / name)

    def run(self, line):
        """Run a command where the files are made; it must go well."""
        said = CliRunner().invoke(main, shlex.split(line), catch_exceptions=False)
        assert said.exit_code == 0, said.output

    def edit(self, name, old, new):
        path = self.folder / name
        words = path.read_text(encoding="utf-8")
        assert old in words
        path.write_text(words.replace(old, new), encoding="utf-8")


def my_parks(kitchen):
    kitchen.run("demo made-up --zones 60")
    kitchen.run("export my-parks.geojson --plan made-up --kind park")
    path = kitchen.folder / "my-parks.geojson"
    layer = json.loads(path.read_bytes())
    for feature in layer["features"]:
        # they are of a plan whose other zones are not in the file
        feature["properties"]["part_of"] = None
    path.write_text(json.dumps(layer), encoding="utf-8")


def my_plan(kitchen):
    kitchen.run("new my-plan")
    kitchen.run("export known.geojson --kind belt --kind town")
    kitchen.run("import known.geojson --into my-plan")


def edited_plan(kitchen):
    kitchen.give("my-plan", kitchen.folder)
    shutil.copytree(kitchen.folder / "my-plan", kitchen.folder / "my-plan-edited")
    kitchen.edit("my-plan-edited/parks.geojson", "Example Park", "Our Park")


def changes(kitchen):
    kitchen.give("my-plan-edited", kitchen.folder)
    told = CliRunner().invoke(main, ["diff", "--json", "my-plan", "my-plan-edited"])
    (kitchen.folder / "changes.geojson").write_bytes(told.stdout_bytes)


def edited_export(kitchen):
    kitchen.run("export my-edited-export.geojson")
    kitchen.edit("my-edited-export.geojson", "Shinan", "Shinan (new)")


def towns(kitchen):
    kitchen.run("export towns.shp.zip --kind town")
    (kitchen.folder / "towns.shp.zip").rename(kitchen.folder / "towns.zip")


def parts(kitchen):
    kitchen.give("my-plan", kitchen.folder)
    kitchen.run("export all.parquet --plan my-plan")
    zones = gpd.read_parquet(kitchen.folder / "all.parquet")
    folder = kitchen.folder / "parts"
    folder.mkdir()
    for table in (kitchen.folder / "my-plan").glob("*.csv"):
        shutil.copy(table, folder)
    for number, rows in enumerate((zones.iloc[:2], zones.iloc[2:])):
        rows.to_parquet(folder / f"part-{number}.parquet")


def extract(kitchen, name, **columns):
    """Write a shape across the plan as extracts of maps have them."""
    kitchen.give("my-plan", kitchen.folder)
    west, south, east, north = read_plan(kitchen.folder / "my-plan").zones.total_bounds
    across = shapely.LineString([(west, south), (east, north)])
    shape = across if columns else shapely.box(west, south, (west + east) / 2, north)
    frame = gpd.GeoDataFrame({"osm_id": ["1"], **columns}, geometry=[shape], crs=4326)
    frame.to_file(kitchen.folder / name)


MADE = {
    **{
        name: partial(extract, name=name, highway=["primary"])
        for name in ("chengdu.gpkg", "extract.gpkg")
    },
    **{
        name: partial(lambda kitchen, name: kitchen.run(f"new {name}"), name=name)
        for name in ("north", "south")
    },
    "districts.geojson": partial(extract, name="districts.geojson"),
    "data": lambda kitchen: write_flat(kitchen.folder / "data"),
    "bio-city": lambda kitchen: kitchen.run("new bio-city --structure 'one core'"),
    "changes.geojson": changes,
    "many": lambda kitchen: kitchen.run("demo many --zones 60"),
    "my-parks.geojson": my_parks,
    "my-plan": my_plan,
    "my-plan-edited": edited_plan,
    "my-edited-export.geojson": edited_export,
    "parts": parts,
    "towns.zip": towns,
}


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory):
    return Kitchen(tmp_path_factory.mktemp("made"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def needed(arguments):
    """Find the files and folders that must be there for a command to begin."""
    if arguments[0] not in main.commands:
        # an option of all commands, such as the version
        return
    command, arguments = main.commands[arguments[0]], list(arguments)
    while isinstance(command, click.Group) and len(arguments) > 1:
        command, arguments = command.commands[arguments[1]], arguments[1:]
    context = click.Context(command, **command.context_settings)
    given, _, _ = command.make_parser(context).parse_args(arguments[1:])
    for parameter in command.params:
        value = given.get(parameter.name)
        if isinstance(parameter.type, click.Path) and parameter.type.exists:
            values = value if isinstance(value, list | tuple) else [value]
            yield from (one for one in values if isinstance(one, str))


def begin_page(arguments, monkeypatch):
    """Run a command up to where Streamlit takes over, which must know the rest."""
    from streamlit.web.cli import main_run

    begun = []
    # what the page is told by its environment is told no other test
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(sys, "argv", ["beltmap", *arguments])
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: begun.append(name))
    main(arguments, standalone_mode=False)
    assert begun == ["streamlit"]
    page, *options = sys.argv[2:]
    assert Path(page) == ROOT / "app.py"
    assert main_run.make_context("streamlit", [page, *options])


def run_beltmap(arguments, kitchen, folder, monkeypatch):
    """Run a command as typed, here; what it writes to a file by `>` too."""
    arguments, _, out = split_at(arguments, ">")
    # of a map's file, the part that it plays may stand before its name
    named = {word.rpartition("=")[2] for word in arguments} & set(MADE)
    read = named if arguments[0] in READING else set()
    for name in (*needed(arguments), *sorted(read)):
        kitchen.give(name.partition("/")[0] if "*" in name else name, folder)
    arguments = list(expanded(arguments))
    if arguments[0] == "serve":
        begin_page(arguments, monkeypatch)
        return
    if arguments[0] in CHANGES and "--plan" not in arguments:
        kitchen.give("data", folder)
        monkeypatch.setattr("beltmap.geo.shipped.SHIPPED", folder / "data")
    before = files_in(folder)
    said = CliRunner().invoke(main, arguments, catch_exceptions=False)
    # a name alone, which running text gives, may be told what it needs
    alone = not arguments[1:] and said.exit_code == 2
    assert said.exit_code == 0 or alone, f"{arguments}: {said.output}"
    if out:
        assert said.stdout_bytes
        (folder / out[0]).write_bytes(said.stdout_bytes)
    assert said.output or files_in(folder) != before


def expanded(words):
    """Put names of files in the place of a pattern, as a shell does."""
    for word in words:
        yield from sorted(map(str, Path().glob(word))) if "*" in word else [word]


def split_at(words, mark):
    place = words.index(mark) if mark in words else len(words)
    return words[:place], words[place : place + 1], words[place + 1 :]


def files_in(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def run_script(words, monkeypatch):
    """Run a script or module of the project up to the programs that it starts."""
    started = []

    def start(command, **_):
        started.append([str(word) for word in command])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", start)
    if words[1] == "-m":
        monkeypatch.setattr(sys, "argv", words[2:])
        runpy.run_module(f"{words[2]}.__main__", run_name="__main__")
    else:
        monkeypatch.setattr(sys, "argv", words[1:])
        with pytest.raises(SystemExit) as end:
            runpy.run_path(str(ROOT / words[1]), run_name="__main__")
        assert end.value.code == 0
    assert started
    for command in started:
        assert command[1] == "-m"
        assert importlib.util.find_spec(command[2]), command


@pytest.mark.parametrize("lines", UNITS, ids="; ".join)
def test_examples_work(lines, kitchen, folder, monkeypatch):
    for line in lines:
        if line in ELSEWHERE:
            continue
        words = [PLACEHOLDERS.get(word, word) for word in shlex.split(line)]
        arguments = arguments_of(words)
        with monkeypatch.context() as patch:
            if arguments is None:
                run_script(words, patch)
            else:
                run_beltmap(arguments, kitchen, folder, patch)


@pytest.mark.parametrize("line", ELSEWHERE)
def test_what_is_not_run_here_is_done_there(line):
    assert any(line in lines for lines in UNITS)
    path, words = ELSEWHERE[line]
    assert words in (ROOT / path).read_text(encoding="utf-8")


PYTHON = {ast.dump(ast.parse(block)): block for _, block in blocks("python")}


@pytest.mark.parametrize("block", PYTHON.values(), ids=range(len(PYTHON)))
def test_a_block_of_python_works(block, kitchen, folder):
    for name in re.findall(r'read_upload\("([^"]+)"', block):
        kitchen.give(name, folder)
    exec(compile(block, "example", "exec"), {})


@pytest.mark.parametrize("block", [block for _, block in blocks("toml")])
def test_a_block_of_settings_is_read(block, tmp_path):
    (tmp_path / "mine.toml").write_text(block, encoding="utf-8")
    embedded, *own = read_basemaps(tmp_path / "mine.toml")
    assert embedded.code not in block
    assert [one.code for one in own] == re.findall(
        r'^code = "(.*)"', block, re.MULTILINE
    )
    assert own


def test_no_block_is_passed_over():
    fences = sum(path.read_text(encoding="utf-8").count("```") for path in DOCUMENTS)
    # a page of another site is tried in a browser, by tests/browser/test_embed.py,
    # and what nginx is told by tests/browser/test_front.py
    languages = ("", "python", "toml", "sql", "sh", "html", "nginx")
    assert fences == 2 * sum(len(blocks(name)) for name in languages)
    assert {"README.md", "CONTRIBUTING.md", "SECURITY.md"} <= {
        path.name for path in DOCUMENTS
    }


@pytest.mark.parametrize("pages", PAGES, ids=lambda pages: pages[0].name)
def test_both_languages_show_the_same_examples(pages):
    english, chinese = (list(shown(path)) for path in pages)
    assert english == chinese
    english, chinese = (
        [block for where, block in blocks("sh") if where == path] for path in pages
    )
    assert english == chinese


def test_what_one_starts_with_is_told_in_both_languages():
    told = {english.name for english, _ in PAGES}
    assert {"README.md", "index.md", "install.md", "jobs.md"} <= told


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
@pytest.mark.parametrize("language", LANGUAGES)
def test_help_shows_its_examples_unbroken(path, language):
    said = CliRunner().invoke(main, ["--lang", language, *path, "--help"]).output
    examples = examples_of(dict(commands())[path])
    assert set(examples) <= {line.strip() for line in said.splitlines()}
    assert all(one.startswith(" ".join(("beltmap", *path))) for one in examples[:1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_name_commands_that_there_are(language):
    path = ROOT / "geo" / "language" / "locale" / f"{language}.po"
    words = path.read_text(encoding="utf-8")
    named = set(re.findall(r"\bbeltmap ([a-z]+)\b", words))
    assert {"audit", "build", "claims", "formats"} <= named <= set(main.commands)
