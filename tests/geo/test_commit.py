"""A plan is never half: all or none under kill, full disk and race."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from beltmap.geo import commit, files, schema
from beltmap.geo.errors import PlanError
from beltmap.geo.plan.append import join_plan
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.template import new_plan
from beltmap.geo.shipped import stamp
from tests.geo.intake.recipes import collection, feature, polygon, square

BEFORE = {f"{n}.csv": b"before %d" % n for n in range(3)}
AFTER = {name: b"after" + content for name, content in BEFORE.items()} | {
    "new.csv": b"new"
}
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")


def shown(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name[0] != "."}


def hidden(folder):
    return [p.name for p in folder.iterdir() if p.name[0] == "."]


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "plan"
    home.mkdir()
    for name, content in BEFORE.items():
        (home / name).write_bytes(content)
    return home


@pytest.fixture
def plan(tmp_path):
    home = tmp_path / "plan"
    new_plan(home)
    return home


def change(folder):
    files.replace_files({folder / name: content for name, content in AFTER.items()})


def killed_at(step, work):
    """Run work in a process that is killed before its nth touch of a file."""
    pid = os.fork()
    if not pid:
        left = step

        def count(event, _):
            nonlocal left
            if event.startswith(("open", "os.", "shutil.")) and left >= 0:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0


@forks
def test_killed_at_any_step_all_or_none(folder):
    seen = set()
    for step in range(200):
        shutil.rmtree(folder)
        folder.mkdir()
        for name, content in BEFORE.items():
            (folder / name).write_bytes(content)
        if not killed_at(step, lambda: change(folder)):
            break
        found = commit.read_whole(folder, shown)
        assert found in (BEFORE, AFTER), step
        assert not (folder / commit.JOURNAL / commit.MANIFEST).exists()
        seen.add(found == AFTER)
        with commit.writing(folder):
            assert hidden(folder) == []
    assert seen == {True, False}
    assert 15 < step < 199


@forks
def test_who_may_not_write_sees_the_change_that_was_promised(folder, monkeypatch):
    for step in range(200):
        if not killed_at(step, lambda: change(folder)):
            pytest.fail("never promised")
        if (folder / commit.JOURNAL / commit.MANIFEST).exists():
            break

    def refuse(*_):
        raise PermissionError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        assert shown(folder) != AFTER
        assert commit.read_whole(folder, shown) == AFTER
    assert commit.read_whole(folder, shown) == AFTER
    assert hidden(folder) == []


def slowly(folder):
    found = {}
    for name in AFTER:
        found[name] = (folder / name).read_bytes()
        time.sleep(0.001)
    return found


def test_a_reader_sees_before_or_after(folder):
    done = threading.Event()

    def write():
        for n in range(60):
            names = AFTER if n % 2 else BEFORE | {"new.csv": b""}
            files.replace_files({folder / k: v for k, v in names.items()})
        done.set()

    change(folder)
    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        found = commit.read_whole(folder, slowly)
        assert found in (AFTER, BEFORE | {"new.csv": b""})
    writer.join()


def test_a_full_disk_changes_nothing(folder, monkeypatch):
    resource = pytest.importorskip("resource")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(PlanError, match="E_UNWRITABLE"):
            files.replace_files(
                {folder / "0.csv": b"after", folder / "1.csv": bytes(9000)}
            )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert shown(folder) == BEFORE
    assert hidden(folder) == []

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PlanError, match=os.strerror(errno.ENOSPC)):
        change(folder)
    assert shown(folder) == BEFORE
    assert hidden(folder) == []


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_files_keep_mode_and_new_ones_heed_the_mask(folder):
    (folder / "0.csv").chmod(0o600)
    (folder / "1.csv").chmod(0o664)
    mask = os.umask(0o027)
    try:
        change(folder)
    finally:
        os.umask(mask)
    modes = {p.name: p.stat().st_mode & 0o777 for p in folder.iterdir()}
    assert (modes["0.csv"], modes["1.csv"], modes["new.csv"]) == (0o600, 0o664, 0o640)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away"
)
def test_files_keep_their_owner(folder):
    os.chown(folder / "0.csv", 1234, 2345)
    change(folder)
    status = (folder / "0.csv").stat()
    assert (status.st_uid, status.st_gid) == (1234, 2345)


def test_links_are_followed_or_refused_never_replaced(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_bytes(b"old")
    (folder / "link.csv").symlink_to(elsewhere)
    files.replace_file(folder / "link.csv", b"new")
    assert (folder / "link.csv").is_symlink()
    assert elsewhere.read_bytes() == b"new"
    with pytest.raises(PlanError, match="several folders"):
        files.replace_files({folder / "link.csv": b"x", folder / "0.csv": b"x"})
    with (
        pytest.raises(PlanError, match="is a link"),
        commit.writing(folder),
    ):
        commit.commit(folder, {"0.csv": b"x", "link.csv": b"x"})
    assert elsewhere.read_bytes() == b"new"
    assert (folder / "0.csv").read_bytes() == BEFORE["0.csv"]


@pytest.mark.parametrize(
    "names", [b'["../out.csv"]', b'[".bashrc"]', b'["/etc/x"]', b"[1]", b"{"]
)
def test_a_planted_promise_is_not_kept(folder, names):
    journal = folder / commit.JOURNAL
    journal.mkdir()
    (journal / "0").write_bytes(b"evil")
    (journal / commit.MANIFEST).write_bytes(names)
    with pytest.raises(PlanError, match="E_UNFINISHED"):
        change(folder)
    with pytest.raises(PlanError, match="E_UNFINISHED"):
        commit.read_whole(folder, shown)
    assert (journal / "0").read_bytes() == b"evil"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
@pytest.mark.parametrize("name", ["parks.geojson", "claims.csv", "notes.txt"])
def test_a_pipe_or_a_device_in_a_plan_is_refused_and_not_waited_for(plan, name):
    (plan / name).unlink(missing_ok=True)
    os.mkfifo(plan / name)
    with pytest.raises(PlanError, match="E_NO_ACCESS"):
        read_plan(plan)
    (plan / name).unlink()
    (plan / name).symlink_to("/dev/zero")
    with pytest.raises(PlanError, match=f"{name}.*E_NO_ACCESS"):
        read_plan(plan)


def test_a_writer_waits_and_then_gives_up(folder, monkeypatch):
    monkeypatch.setattr(commit, "PATIENCE_S", 0.1)
    with commit.writing(folder), pytest.raises(PlanError, match="E_BUSY"):
        change(folder)
    change(folder)
    assert shown(folder) == AFTER


def test_a_clock_that_goes_back_hides_no_change(folder):
    path = folder / "0.csv"
    status, before = path.stat(), stamp(folder)
    files.replace_file(path, path.read_bytes()[::-1])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert stamp(folder) != before


def zones_of(n, *, prefix="zone"):
    shapes = [
        shapely.box(120 + k / 1e3, 36, 120 + k / 1e3 + 1e-4, 36.001) for k in range(n)
    ]
    columns = dict.fromkeys(schema.COLUMNS) | {
        "id": [f"{prefix}-{k + 1}" for k in range(n)],
        "kind": "park",
        "status": "planned",
        "boundary": "described",
        "source": "S1",
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def test_made_up_ids_never_clash_and_given_ones_do(plan):
    made, given = np.ones(3, bool), np.zeros(3, bool)
    join_plan([zones_of(3)], plan, unnamed=[made])
    join_plan([zones_of(3), zones_of(3)], plan, unnamed=[made, made])
    ids = read_plan(plan).zones["id"]
    assert sorted(ids)[1:] == [f"zone-{n}" for n in range(1, 10)]
    with pytest.raises(PlanError, match="E_DUPLICATE_ID"):
        join_plan([zones_of(3)], plan, unnamed=[given])
    assert len(read_plan(plan).zones) == 10


WRITER = """
import sys
from pathlib import Path
import numpy as np
from beltmap.geo.plan.append import join_plan
from tests.geo.test_commit import zones_of
while not Path(sys.argv[1], ".go").exists():
    pass
for turn in range(int(sys.argv[3])):
    n = int(sys.argv[4])
    name = f"w{sys.argv[2]}-{turn}"
    zones = zones_of(n, prefix=name)
    join_plan([zones], Path(sys.argv[1]), unnamed=[np.zeros(n, bool)])
"""


def race(plan, *, writers, zones, turns=1):
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(plan), str(n), str(turns), str(zones)]
        )
        for n in range(writers)
    ]
    time.sleep(2)
    (plan / ".go").touch()
    assert [one.wait() for one in running] == [0] * writers
    assert len(read_plan(plan).zones) == 1 + writers * zones * turns


def test_writers_at_once_lose_nothing(plan):
    race(plan, writers=3, zones=2, turns=4)


@pytest.mark.deep
def test_twenty_writers_at_once_lose_nothing(plan):
    race(plan, writers=20, zones=50)


def run(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "beltmap", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "more.geojson"
    rows = [
        feature(polygon(square(n / 5)), {"name": f"z{n}", "kind": kind})
        for n, kind in enumerate(("park", "town", "belt"))
    ]
    path.write_text(json.dumps(collection(*rows)))
    return path


def test_import_of_good_and_bad_is_none(plan, upload, tmp_path):
    bad = tmp_path / "bad.geojson"
    bad.write_text("{")
    before = shown(plan)
    assert run("import", upload, bad, "--into", plan).wait() == 1
    assert shown(plan) == before
