"""A wheel of the checkout, installed: one name, one command line, from any folder."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from beltmap.geo.language.compiling import compiled_name
from beltmap.geo.language.messages import LANGUAGES
from tests.serving import running

ROOT = Path(__file__).parent.parent
TOP = ("__init__.py", "__main__.py", "app.py", "py.typed", ".streamlit/config.toml")
KEPT = (
    ("geo/language/locale", "*.po"),
    ("geo/charter", "*.json"),
    ("layers/static", "**/*"),
    ("geo/store", "*.sql"),
    ("data", "**/*.*"),
    ("geo", "**/*.py"),
    ("layers", "**/*.py"),
)
"""What a copy needs: folders, and which of their files."""

OWN = ("geo.py", "app.py", "layers/__init__.py", "data/__init__.py", "static/x.js")
"""Files of a user's own that have names of ours."""

USE = """\
import beltmap
chosen = beltmap.read_plan().select(city="Qingdao", sectors=["BPO"])
reveal_type(chosen)
reveal_type(chosen.totals())
reveal_type(chosen.to_file("x.gpkg").warnings)
chosen.nothing()
beltmap.nothing()
"""
USED = {
    3: 'Revealed type is "beltmap.layers.notebook.Selection"',
    4: "DataFrame",
    5: "tuple[",
    6: '"Selection" has no attribute "nothing"',
    7: 'Module has no attribute "nothing"',
}
"""What a type checker says of its lines."""

TYPED = """\
import beltmap

plan: beltmap.Plan = beltmap.read_plan()
chosen = plan.select(city="Qingdao")
print(len(plan.zones), len(chosen.zones))
"""


def done(*command, cwd, check=True, path=""):
    """Run a command where this checkout is not on Python's path."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=check,
    )


def build(source, folder, kind):
    """Build with nothing but what is installed: no network is asked."""
    done(
        sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=source
    )
    (made,) = folder.iterdir()
    return made


def contents(wheel):
    with zipfile.ZipFile(wheel) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


def environment(home):
    """Make an environment that borrows from this one what the wheel needs."""
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    paths = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", vars=paths, scheme="venv"))
    scripts = Path(sysconfig.get_path("scripts", vars=paths, scheme="venv"))
    # links to a checkout are not followed from there, so that only the wheel is found
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = scripts / Path(sys.executable).name
    return SimpleNamespace(python=python, script=scripts / "beltmap", site=site)


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel alone, without a network."""
    made = environment(tmp_path_factory.mktemp("installed") / "env")
    pip = (sys.executable, "-m", "pip", "--python", made.python, "install")
    done(*pip, "--no-deps", "--no-index", "--quiet", wheel, cwd=made.site)
    return made


@pytest.fixture
def theirs(tmp_path):
    """Give a folder of a user with files named as ours, which none may load."""
    for name in OWN:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("raise SystemExit('this is the file of a user')\n")
    return tmp_path


def test_a_wheel_has_one_name(wheel):
    tops = {name.partition("/")[0] for name in contents(wheel)}
    info = {name for name in tops if name.endswith(".dist-info")}
    assert len(info) == 1
    assert tops - info == {"beltmap"}


def test_a_wheel_has_what_it_needs_and_no_more(wheel):
    held = set(contents(wheel))
    needed = {f"beltmap/{name}" for name in TOP}
    for folder, pattern in KEPT:
        found = {path for path in (ROOT / folder).glob(pattern) if path.is_file()}
        found = {path for path in found if "__pycache__" not in path.parts}
        assert found, folder
        needed |= {f"beltmap/{path.relative_to(ROOT).as_posix()}" for path in found}
    # the command line's own file stands at the top there
    needed.remove("beltmap/layers/commands/__main__.py")
    assert needed - held == set()
    rest = {name for name in held - needed if ".dist-info/" not in name}
    assert {name for name in rest if not name.endswith(".mo")} == set()
    licences = {name.partition(".dist-info/licenses/")[2] for name in held} - {""}
    assert licences == {
        "LICENSE",
        "data/basemap/LICENSE-land.txt",
        "data/basemap/LICENSE-roads.txt",
    }


def test_no_start_compiles_a_catalogue(wheel):
    held = contents(wheel)
    place = "beltmap/geo/language/locale"
    for language in LANGUAGES:
        name = compiled_name(language, held[f"{place}/{language}.po"])
        assert f"{place}/{name}" in held


def test_a_source_archive_gives_the_same_wheel(wheel, tmp_path):
    archive = build(ROOT, tmp_path / "sdist", "sdist")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    again = build(source, tmp_path / "again", "wheel")
    assert contents(again) == contents(wheel)


def test_only_the_wheel_is_found(installed, theirs):
    code = (
        "import importlib.util, json, beltmap, sys;"
        "from beltmap.geo.intake.apart.start import ROOT;"
        "names = ('geo', 'layers', 'data', 'app', 'tests');"
        "there = [n for n in names if importlib.util.find_spec(n)];"
        "print(json.dumps([beltmap.__file__, str(ROOT), there]))"
    )
    said = json.loads(done(installed.python, "-I", "-c", code, cwd=theirs).stdout)
    package = installed.site / "beltmap" / "__init__.py"
    assert said == [str(package), str(installed.site), []]


def test_the_name_alone_loads_nothing_but_itself():
    """All else that it names comes when it is used."""
    code = (
        "import sys; had = set(sys.modules); import beltmap; "
        "print(*set(sys.modules) - had)"
    )
    loaded = done(sys.executable, "-c", code, cwd=ROOT).stdout.split()
    others = [n for n in loaded if n.partition(".")[0] not in sys.stdlib_module_names]
    assert others == ["beltmap"]


@pytest.mark.parametrize("asked", ["--version", "summary", "export --help", "nosuch"])
def test_module_and_script_say_the_same(installed, theirs, asked):
    here = done(sys.executable, "-m", "beltmap", *asked.split(), cwd=ROOT, check=False)
    script = done(installed.script, *asked.split(), cwd=theirs, check=False)
    module = [installed.python, "-m", "beltmap", *asked.split()]
    module = done(*module, cwd=theirs, check=False)
    assert script.stdout + script.stderr
    for one in (module, here):
        assert (one.returncode, one.stdout, one.stderr) == (
            script.returncode,
            script.stdout,
            script.stderr,
        )


def test_the_version_is_that_of_beltmap(installed, theirs):
    said = done(installed.python, "-m", "beltmap", "--version", cwd=theirs).stdout
    assert said.startswith("beltmap, version ")


@pytest.mark.parametrize("way", ["installed", "on the path"])
def test_an_upload_is_read_apart_by_the_same_copy(installed, theirs, tmp_path, way):
    """The process that reads hears nothing of the parent's environment."""
    python, path = installed.python, ""
    if way == "on the path":
        python, path = environment(tmp_path / "bare").python, installed.site
    file = theirs / "mine.csv"
    file.write_text("name,lon,lat\nA,120.3,36.1\nB,120.4,36.2\n")
    asked = (python, "-m", "beltmap", "check", file, "--json")
    receipt = json.loads(done(*asked, cwd=theirs, path=path, check=False).stdout)
    assert receipt["rows_in"] == receipt["drawn"] == 2


def test_a_strict_user_sees_types(installed, tmp_path):
    """Five lines pass, and what is wrong is found: nothing has become ``Any``."""
    (tmp_path / "right.py").write_text(TYPED)
    (tmp_path / "wrong.py").write_text(TYPED + "plan.zonez\n")
    (tmp_path / "use.py").write_text(USE)
    mypy = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary"]
    environment = ["--python-executable", installed.python, "--cache-dir", ".cache"]
    files = [path.name for path in sorted(tmp_path.iterdir())]
    said = done(*mypy, *environment, *files, cwd=tmp_path, check=False)
    lines = dict(line.split(": ", 1) for line in said.stdout.splitlines())
    assert said.returncode == 1
    assert not any(place.startswith("right.py") for place in lines)
    assert lines["wrong.py:6"].startswith('error: "Plan" has no attribute "zonez"')
    for line, part in USED.items():
        assert part in lines[f"use.py:{line}"]


@pytest.mark.parametrize("command", ["beltmap serve", "streamlit run app.py"])
def test_the_installed_page_starts(installed, theirs, command):
    page = installed.site / "beltmap" / "app.py"
    begun = [page if word == "app.py" else word for word in command.split()]
    with (
        running(
            *begun,
            environment={"PYTHONPATH": ""},
            python=installed.python,
            cwd=theirs,
        ) as (address, _),
        urllib.request.urlopen(address) as answer,
    ):
        assert answer.status == 200
        assert '<div id="root">' in answer.read().decode()


def test_the_installed_page_shows_the_plan(installed, theirs):
    """Run the page's body as Streamlit does for a reader."""
    code = (
        "from pathlib import Path;"
        "from streamlit.testing.v1 import AppTest;"
        "import beltmap;"
        "page = Path(beltmap.__file__).with_name('app.py');"
        "run = AppTest.from_file(str(page), default_timeout=600).run();"
        "assert not run.exception, run.exception;"
        "[panel] = run.get('bidi_component');"
        "print(panel.proto.bytes.decode())"
    )
    shown = done(installed.python, "-c", code, cwd=theirs).stdout
    assert '"logistics"' in shown
