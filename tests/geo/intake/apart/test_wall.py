"""What code in the worker tries ends there, as the table in SECURITY.md says."""

import ctypes
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import sysconfig

import geopandas as gpd
import pytest
import shapely

from beltmap.geo.intake.apart import start, worker
from beltmap.geo.intake.formats.gdal.drivers import SKIP
from tests.geo.intake.apart import asking
from tests.geo.intake.apart.attempts import ATTEMPTS

LINUX = sys.platform.startswith("linux")
WALLS = {
    "the whole wall": (),
    "without Landlock": ("landlock",),
    "without namespaces": ("namespaces",),
    "Python alone": ("kernel",),
    "the kernel alone": ("python",),
}
PROGRAM = start.ROOT / "geo" / "units.py"


@pytest.fixture
def world(tmp_path):
    """Lay out what attempts go for, and give their names."""
    outside = tmp_path / "outside"
    own = outside / "own"
    beside = outside / "own-beside"
    for folder in (outside, own, beside, tmp_path / "here"):
        folder.mkdir()
    (outside / "secret").write_text("name\nCANARY\n")
    (beside / "secret").write_text("CANARY")
    (own / "link").symlink_to(outside / "secret")
    (outside / "link").symlink_to("secret")
    (own / "folder").symlink_to(outside)
    with sqlite3.connect(outside / "base") as base:
        base.execute("CREATE TABLE t AS SELECT 'CANARY'")
    base.close()
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)], crs=4326)
    frame.to_parquet(outside / "a.parquet")
    frame.to_file(outside / "a.fgb")
    library = sysconfig.get_config_var("EXT_SUFFIX")
    import _ctypes_test as extension

    shutil.copy(extension.__file__, outside / f"x{library}")
    listening = socket.create_server(("127.0.0.1", 0))
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(str(tmp_path / "unix"))
    unix.listen()
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(f"\0beltmap-{os.getpid()}")
    abstract.listen()
    victim = subprocess.Popen(["sleep", "600"], start_new_session=True)
    yield {
        "FOLDER": str(outside),
        "SECRET": str(outside / "secret"),
        "BESIDE": str(beside / "secret"),
        "OWN": str(own),
        "NEW": str(outside / "new"),
        "BASE": str(outside / "base"),
        "PARQUET": str(outside / "a.parquet"),
        "FGB": str(outside / "a.fgb"),
        "LIBRARY": str(outside / f"x{library}"),
        "PROGRAM": str(PROGRAM),
        "TRUE": shutil.which("true"),
        "PORT": listening.getsockname()[1],
        "UNIX": str(tmp_path / "unix"),
        "ABSTRACT": f"beltmap-{os.getpid()}",
        "VICTIM": victim.pid,
    }
    victim.kill()
    victim.wait()
    for one in (listening, unix, abstract):
        one.close()


def lines(kind):
    return [line.strip() for line in ATTEMPTS[kind].strip().splitlines()]


def tried(names, tmp_path, without, *, forked=False, first=None):
    """Make attempts behind a wall; say by kind what became of each."""
    asked = {
        "root": str(start.ROOT),
        "attempts": [[*filter(first, lines(kind))] for kind in ATTEMPTS],
        "first": first is not None,
        "forked": forked,
        "names": names,
        "without": without,
    }
    skipped = worker.skipped_drivers().replace("FlatGeobuf", "")
    done = subprocess.run(
        [sys.executable, "-I", asking.__file__],
        input=json.dumps(asked),
        text=True,
        cwd=tmp_path / "here",
        # what is under OWN may be read, as a library might
        env=start.environment(str(tmp_path))
        | {"LD_LIBRARY_PATH": names["OWN"], SKIP: skipped},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(zip(ATTEMPTS, json.loads(done.stdout), strict=True))


def seen():
    """Read the table of SECURITY.md: how many of each kind end behind each wall."""
    lines = (start.ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    top = next(n for n, line in enumerate(lines) if line.startswith("| Attempt"))
    head = [cell.strip() for cell in lines[top].strip("|").split("|")]
    table = {}
    for line in lines[top + 2 :]:
        if not line.startswith("|"):
            break
        kind, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        table[kind] = dict(zip(head[1:], map(int, cells), strict=True))
    return table


def landlocked():
    """Whether this kernel has Landlock."""
    return ctypes.CDLL(None).syscall(444, None, 0, 1) > 0


def spaced():
    """Whether this system lets a process into namespaces of its own."""
    code = "import ctypes; raise SystemExit(-ctypes.CDLL(None).unshare(0x10020000))"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


DEEP = {"without namespaces", "the kernel alone"}


@pytest.mark.skipif(not LINUX, reason="attempts are those of Linux")
@pytest.mark.parametrize(
    "wall",
    [
        pytest.param(wall, marks=pytest.mark.deep if wall in DEEP else ())
        for wall in WALLS
    ],
)
@pytest.mark.parametrize("forked", [False, True], ids=["started", "forked"])
def test_attempts_end_as_the_table_says(forked, wall, world, tmp_path):
    left_out = set(WALLS[wall])
    if not left_out & {"kernel", "landlock"} and not landlocked():
        wall, left_out = "without Landlock", left_out | {"landlock"}
    if not left_out & {"kernel", "namespaces"} and not spaced():
        wall, left_out = "without namespaces", left_out | {"namespaces"}
    if {"landlock", "namespaces"} <= left_out:
        wall, left_out = "Python alone", {"kernel"}
    before = state(tmp_path)
    found = tried(world, tmp_path, sorted(left_out), forked=forked)
    passed = [
        f"{kind}: {code}"
        for kind in ATTEMPTS
        for code, what in zip(lines(kind), found[kind], strict=True)
        if what == "passed"
    ]
    ended = {kind: len(each) - each.count("passed") for kind, each in found.items()}
    assert ended == {kind: row[wall] for kind, row in seen().items()}, passed
    assert state(tmp_path) == before
    os.kill(world["VICTIM"], 0)


def state(folder):
    """Describe all that an attempt might have changed."""
    found = {}
    # where attempts are made the wall lays out empty folders
    for path in [*(folder / "outside").rglob("*"), *PROGRAM.parent.glob("*")]:
        about = path.lstat()
        found[str(path)] = (about.st_mode, about.st_uid)
        # folders of the program change by themselves: others compile its modules
        if path.is_file():
            found[str(path)] += (about.st_size, about.st_nlink, about.st_mtime_ns)
            found[str(path)] += (*os.listxattr(path),)
    found.pop(str(PROGRAM.parent / "__pycache__"), None)
    return found


def test_the_table_counts_every_attempt():
    assert {kind: row["number"] for kind, row in seen().items()} == {
        kind: len(lines(kind)) for kind in ATTEMPTS
    }
    assert sum(len(lines(kind)) for kind in ATTEMPTS) > 100


@pytest.mark.skipif(not LINUX, reason="attempts are those of Linux")
def test_attempts_can_pass(world, tmp_path):
    """Without any wall most do: else their ending would prove nothing."""
    found = tried(world, tmp_path, ["kernel", "python"], first=can_pass)
    for kind, each in found.items():
        assert each[-1] == "passed", (kind, each)


def can_pass(code):
    """Whether an attempt may succeed without harm to this test or the program."""
    return not any(word in code for word in ("PROGRAM", "VICTIM, 9", "execv", "pty"))
