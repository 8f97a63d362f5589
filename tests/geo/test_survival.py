"""Killed, without room, without a home: a plan is before or after, and swept."""

import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress

import geopandas as gpd
import numpy as np
import orjson
import pytest
import shapely

from beltmap.geo import commit, files, scratch
from beltmap.geo.errors import PlanError
from beltmap.geo.ground.ground import BASEMAP, own_basemap
from beltmap.geo.plan.append import join_plan
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.template import new_plan
from tests.elsewhere import write_flat
from tests.geo.test_commit import hidden, plan, run, shown, upload, zones_of

__all__ = ["plan", "upload"]
MOUNTS = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount")
ROOM = 600 * 1024
WHOSE = ("--source", "Someone")
GROUND = {"extent.csv", "land.geojson"}


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Give processes a folder of their own for what they need for a moment."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


class Kills:
    """Commands that are killed at random moments, and what must hold after each."""

    def __init__(self, plan, upload, tmp_path, *, seed):
        self.plan, self.upload = plan, upload
        self.fresh, self.out, self.built, self.grounded = (
            tmp_path / name for name in ("fresh", "out", "built", "grounded")
        )
        self.out.mkdir()
        self.land = tmp_path / "land.geojson"
        shape = shapely.box(119, 35, 123, 40)
        frame = gpd.GeoDataFrame(geometry=[shape], crs=4326)
        self.land.write_text(frame.to_json())
        self.chance = random.Random(seed)
        self.took = {}
        self.found = {"before": 0, "after": 0, "ended": 0}

    def commands(self):
        return [
            ("import", self.upload, "--into", self.plan),
            ("new", self.fresh),
            ("build", "--plan", self.built),
            ("basemap", self.grounded, "--from", f"land={self.land}", *WHOSE),
            ("export", self.out / "it.geojson", "--plan", self.plan),
            ("diff", self.plan, self.upload, "--geojson", self.out / "d.geojson"),
        ]

    def ready(self):
        shutil.rmtree(self.fresh, ignore_errors=True)
        shutil.rmtree(self.built, ignore_errors=True)
        write_flat(self.built)
        (self.built / "parks.geojson").unlink()
        shutil.rmtree(self.grounded, ignore_errors=True)
        write_flat(self.grounded)
        shutil.rmtree(self.grounded / BASEMAP)
        for path in self.out.iterdir():
            path.unlink()

    def turn(self, number):
        """Kill one command, at a moment in which it may be anywhere."""
        command = self.commands()[number % len(self.commands())]
        self.ready()
        before = len(read_plan(self.plan).zones)
        # from when the program is loaded to a little after its end
        whole = self.took.get(command[0], 6.0)
        begin, running = time.monotonic(), run(*command)
        try:
            running.wait(self.chance.uniform(0.4 * whole, 1.05 * whole))
            self.took[command[0]] = time.monotonic() - begin
            self.found["ended"] += 1
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            self.took[command[0]] = min(whole * 1.03, 60)
        self.check(command[0], before)

    def check(self, name, before):
        added = len(read_plan(self.plan).zones) - before
        assert added == 0 or (name, added) == ("import", 3), name
        whole = {
            "import": added == 3,
            "new": self.fresh.is_dir() and any(map(self.plain, self.fresh.iterdir())),
            "build": (self.built / "parks.geojson").exists(),
            "export": (self.out / "it.geojson").exists(),
            "diff": (self.out / "d.geojson").exists(),
            "basemap": own_basemap(self.grounded) is not None,
        }[name]
        if name == "new" and whole:
            assert len(read_plan(self.fresh).zones) == 1
        if name == "basemap":
            # as before it has none, as after it has all of its files
            assert {one.name for one in self.ground()} in (set(), GROUND), name
        if name == "build" and whole:
            assert len(read_plan(self.built).zones) == len(read_plan().zones)
        for path in filter(self.plain, self.out.iterdir()):
            assert orjson.loads(path.read_bytes())["type"] == "FeatureCollection"
        for folder in (self.plan, self.fresh, self.built, self.grounded, self.out):
            if folder.is_dir():
                with commit.writing(folder):
                    assert hidden(folder) in ([], [commit.LOCK]), name
        self.found["after" if whole else "before"] += 1

    def ground(self):
        folder = self.grounded / BASEMAP
        return filter(self.plain, folder.iterdir()) if folder.is_dir() else ()

    @staticmethod
    def plain(path):
        return path.name[0] != "."


def kills(plan, upload, tmp_path, temporary, monkeypatch, *, times, seed):
    trial = Kills(plan, upload, tmp_path, seed=seed)
    for number in range(times):
        trial.turn(number)
    # every process is gone, and what they left is swept by who comes next
    monkeypatch.setattr(scratch, "YOUNG_S", 0.0)
    left = len([*temporary.iterdir()])
    scratch.sweep(temporary)
    sys.stdout.write(f"{trial.found}, seconds {trial.took}, swept {left}\n")
    assert not [one for one in temporary.iterdir() if one.name[:8] == ".beltmap"]


def test_commands_killed_at_random_leave_a_plan(
    plan, upload, tmp_path, temporary, monkeypatch
):
    kills(plan, upload, tmp_path, temporary, monkeypatch, times=4, seed=16)


@pytest.mark.deep
def test_commands_killed_200_times_leave_a_plan(
    plan, upload, tmp_path, temporary, monkeypatch
):
    kills(plan, upload, tmp_path, temporary, monkeypatch, times=200, seed=16)


def test_what_killed_processes_left_is_swept_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch.scratch() as held:
        left = tmp_path / f"{scratch.PREFIX}left"
        mine, plain = tmp_path / "beltmap-plan", tmp_path / f"{scratch.PREFIX}file"
        link = tmp_path / f"{scratch.PREFIX}link"
        left.mkdir()
        mine.mkdir()
        (left / "half").write_bytes(b"x")
        plain.write_bytes(b"x")
        link.symlink_to(mine)
        scratch.sweep(tmp_path)
        # it may just have been made, and not be locked yet
        assert left.exists()
        for path in (left, held):
            os.utime(path, (1, 1))
        scratch.sweep(tmp_path)
        assert not left.exists()
        assert all(path.exists() for path in (held, mine, plain, link))
    assert not held.exists()


def test_without_a_place_for_a_moment_it_is_said(monkeypatch):
    def none():
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    with pytest.raises(PlanError, match=r"E_UNWRITABLE.*TMPDIR|TMPDIR.*E_UNWRITABLE"):
        scratch.scratch().__enter__()


def test_commands_need_no_environment(plan, upload):
    missing = {"HOME", "TMPDIR", "PATH", "LANG", "USER"}
    bare = {k: v for k, v in os.environ.items() if k not in missing}
    assert run("import", upload, "--into", plan, env=bare).wait() == 0
    assert len(read_plan(plan).zones) == 4


@pytest.fixture
def small(tmp_path):
    """Give a plan on a disk with little room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = f"size={ROOM}"
    mounted = (
        MOUNTS
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk],
            check=False,
            capture_output=True,
        ).returncode
    )
    if not mounted:
        pytest.xfail("the system mounts nothing here; a limit of size is tested")
    try:
        new_plan(disk / "plan")
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def fill(path):
    """Write until the disk is full."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while True:
            os.write(handle, bytes(4096))
    os.close(handle)


def test_a_disk_that_is_full_changes_nothing(small):
    folder = small / "plan"
    before, made = shown(folder), np.zeros(50, bool)
    turn, refused = 0, None
    while refused is None:
        assert turn < 50, "the disk is never full"
        try:
            zones = zones_of(50, prefix=f"t{turn}")
            join_plan([zones], folder, unnamed=[made])
            before, turn = shown(folder), turn + 1
        except PlanError as error:
            refused = error
    assert "E_UNWRITABLE" in str(refused)
    assert os.strerror(28) in str(refused)
    assert shown(folder) == before
    assert hidden(folder) == []
    assert len(read_plan(folder).zones) == 1 + 50 * turn
    # not one byte is left: reading, a new plan and an export all end with a name
    fill(small / "filler")
    for write in (
        lambda: new_plan(small / "other"),
        lambda: files.replace_file(small / "x.geojson", bytes(10_000)),
        lambda: files.replace_file(folder / "parks.geojson", bytes(10_000)),
    ):
        with pytest.raises(PlanError, match="E_"):
            write()
        assert shown(folder) == before
        assert len(read_plan(folder).zones) == 1 + 50 * turn
    (small / "filler").unlink()
    with commit.writing(folder):
        assert hidden(folder) == []
    files.replace_file(small / "x.geojson", b"x")


def test_a_disk_that_is_read_only_is_read(small):
    folder = small / "plan"
    before = shown(folder)
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)
    assert len(read_plan(folder).zones) == 1
    for write in (
        lambda: join_plan([zones_of(1)], folder, unnamed=[np.ones(1, bool)]),
        lambda: new_plan(small / "other"),
        lambda: files.replace_file(small / "x.geojson", b"x"),
    ):
        with pytest.raises(PlanError, match="E_UNWRITABLE"):
            write()
    assert shown(folder) == before
    code = run("export", small / "x.geojson", "--plan", folder).wait()
    assert code == 1


@pytest.mark.skipif(os.name == "nt", reason="the clock of folders is of POSIX")
def test_a_clock_that_goes_back_keeps_everything(plan, monkeypatch):
    later = time.time() + 10**7
    for path in plan.iterdir():
        os.utime(path, (later, later))
    monkeypatch.setattr(time, "time", lambda: 0.0)
    made = np.ones(2, bool)
    join_plan([zones_of(2)], plan, unnamed=[made])
    assert len(read_plan(plan).zones) == 3
    assert hidden(plan) == []
    assert all(stat.S_ISREG(path.stat().st_mode) for path in plan.iterdir())
