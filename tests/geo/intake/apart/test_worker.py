"""The process that reads can reach nothing, stay nowhere and cost no more."""

import datetime as dt
import http.server
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from geopandas.testing import assert_geodataframe_equal

from beltmap.geo.errors import PlanError
from beltmap.geo.intake.apart import start, worker
from beltmap.geo.intake.apart.wire import pack_outcome, unpack_outcome
from beltmap.geo.intake.formats.gdal.drivers import DRIVERS, SKIP
from beltmap.geo.intake.limits import Limits, limits_from
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from beltmap.layers.commands.main import main
from tests.geo.intake.recipes import CASES, kml, pipeline, placemark, zipped

MIB = 1024 * 1024
RUN = [sys.executable, "-I", "-c"]


def apart(name, data, **limits):
    return worker.read_apart(Upload(name, data), limits=Limits(**limits))


def child(code, tmp_path):
    """Run code where an upload would be read, behind the closed doors."""
    doors = (
        f"import sys; sys.path.insert(0, {str(start.ROOT)!r})\n"
        "from beltmap.geo.intake.apart import child\n"
        "paths = child.shut_in()\n"
        "child.stay_alone()\n"
        f"child.limit_resources({512 * MIB}, 5)\n"
        "child.lock(paths)\n"
    )
    return subprocess.run(
        [*RUN, doors + code],
        cwd=tmp_path,
        env=start.environment(str(tmp_path)),
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def canary():
    """Serve on loopback, and count who calls."""
    calls = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("identity", ["A03", "G01", "H00", "K01", "K20"])
def test_reading_apart_gives_what_reading_here_gives(identity):
    name, make = CASES[identity]
    here, there = read_upload(Upload(name, make())), apart(name, make())
    assert there.receipt == here.receipt
    if here.rows is not None:
        assert there.zones.to_json() == here.zones.to_json()


# as the others, and large
LARGE = pytest.param("I01", marks=pytest.mark.deep)


@pytest.mark.parametrize("identity", [*sorted(set(CASES) - {"I01"}), LARGE])
def test_an_outcome_survives_the_wire(identity):
    name, make = CASES[identity]
    upload = Upload(name, make())
    outcome = read_upload(upload)
    again = unpack_outcome([*pack_outcome(outcome)], upload)
    assert again.receipt == outcome.receipt
    assert again.questions == outcome.questions
    if outcome.rows is not None:
        assert again.rows.columns == outcome.rows.columns
        assert again.rows.ids == outcome.rows.ids
        assert_geodataframe_equal(again.zones, outcome.zones)
        assert again.own == outcome.own
        assert (
            shapely.equals_exact(again.rows.geometries, outcome.rows.geometries).sum()
            == (~shapely.is_missing(outcome.rows.geometries)).sum()
        )


def test_nobody_calls_and_no_canary_is_read(canary, tmp_path):
    address, calls = canary
    secret = tmp_path / "canary.csv"
    secret.write_text("name,lon,lat\nCANARY,120.3,36.1\n")
    vrt = (
        "<OGRVRTDataSource><OGRVRTLayer name='canary'><SrcDataSource>{}"
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    link = f"<NetworkLink><Link><href>{address}/kml</href></Link></NetworkLink>"
    entity = f'<!DOCTYPE kml [<!ENTITY x SYSTEM "file://{secret}">]>'
    files = {
        "plan.geojson": vrt.format(secret),
        "plan.kml": kml(placemark() + link),
        "entity.kml": kml(placemark("&x;"), entity),
        "plan.csv": vrt.format(f"/vsicurl/{address}/csv"),
        "plan.fgb": b"fgb\x03fgb\x00" + vrt.format(secret).encode(),
        "plan.gpkg": vrt.format(secret),
        "plan.zip": zipped(
            {"plan.vrt": vrt.format(secret), "a.fgb": vrt.format(secret)}
        ),
        "plan.json": json.dumps(pipeline(f"/vsicurl/{address}/x")),
    }
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        outcome = apart(name, data)
        shown = outcome.receipt.as_text() + outcome.receipt.as_json()
        assert "CANARY" not in shown
        assert str(tmp_path) not in shown
        if outcome.rows is not None:
            assert "CANARY" not in outcome.zones.to_json()
    assert calls == []


def test_the_doors_let_the_program_read_itself(tmp_path):
    done = child(
        "import zipfile; open(zipfile.__file__).read(9); print('in')", tmp_path
    )
    assert (done.returncode, done.stdout) == (0, b"in\n"), done.stderr.decode()


def test_memory_is_bounded(tmp_path):
    done = child(f"b = bytearray({700 * MIB}); print('out')", tmp_path)
    assert done.returncode != 0
    assert b"MemoryError" in done.stderr


def test_too_much_memory_is_said():
    outcome = apart(
        "plan.geojson", b"[" + b"[]," * (8 * MIB) + b"[]]", memory_bytes=400 * MIB
    )
    assert [one.code for one in outcome.receipt.notices] == ["E_MEMORY"]


def test_too_much_time_is_said_and_nothing_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(start, "RUN", "import threading; threading.Event().wait()")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    outcome = apart("plan.geojson", b"{}", seconds=1)
    assert [one.code for one in outcome.receipt.notices] == ["E_TIMEOUT"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "code", ["import os; os.abort()", "raise SystemExit(3)", "print('{}')"]
)
def test_a_worker_that_breaks_is_said_without_its_words(code, monkeypatch):
    monkeypatch.setattr(start, "RUN", code)
    receipt = apart("plan.geojson", b"{}").receipt
    assert [one.code for one in receipt.notices] == ["E_UNREADABLE"]
    assert "Traceback" not in receipt.as_text()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux ends orphans")
def test_a_worker_ends_with_its_parent():
    orphan = (
        f"import sys; sys.path.insert(0, {str(start.ROOT)!r});"
        "from beltmap.geo.intake.apart import wall; wall.die_with_parent();"
        "print('up', flush=True); import time; time.sleep(60)"
    )
    code = (
        "import subprocess, os\n"
        f"p = subprocess.Popen({[*RUN, orphan]!r}, stdout=subprocess.PIPE)\n"
        "p.stdout.readline(); print(p.pid, flush=True); os._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=30, check=True
    )
    pid = int(done.stdout)
    for _ in range(100):
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    os.kill(pid, 9)
    pytest.fail("the worker outlived its parent")


@pytest.mark.parametrize("ending", ["fgb", "parquet"])
def test_formats_for_the_worker_alone(ending, tmp_path):
    frame = gpd.GeoDataFrame(
        {"name": ["甲", "乙"], "n": [1, None]},
        geometry=[
            shapely.box(120.3, 36.1, 120.4, 36.2),
            shapely.box(120.5, 36.1, 120.6, 36.2),
        ],
        crs=4326,
    ).to_crs(4549)
    path = tmp_path / f"plan.{ending}"
    frame.to_file(path) if ending == "fgb" else frame.to_parquet(path)
    outcome = apart(path.name, path.read_bytes())
    assert outcome.receipt.verdict.name == "ACCEPT", outcome.receipt.as_text()
    assert outcome.receipt.drawn == 2
    assert "EPSG:4549" in outcome.receipt.crs
    assert sorted(outcome.rows.columns["name"]) == ["乙", "甲"]
    west = min(shape.bounds[0] for shape in outcome.rows.geometries)
    assert west == pytest.approx(120.3, abs=1e-6)
    here = read_upload(Upload(path.name, path.read_bytes())).receipt
    assert [one.code for one in here.notices] == ["E_UNREADABLE"]


def drivers(tmp_path, wanted):
    """Load GDAL as the worker does, and list the drivers that it has."""
    code = (
        f"import sys; sys.path.insert(0, {str(start.ROOT)!r})\n"
        "from beltmap.geo.intake.formats.gdal.drivers import allow\n"
        f"allow(frozenset({sorted(wanted)!r}))\n"
        "import pyogrio; print(','.join(sorted(pyogrio.list_drivers())))"
    )
    done = subprocess.run(
        [*RUN, code],
        env=start.environment(str(tmp_path)) | {SKIP: worker.skipped_drivers()},
        capture_output=True,
        timeout=60,
        check=True,
    )
    return done.stdout.decode().strip()


@pytest.mark.parametrize("driver", ["", *sorted(set(DRIVERS.values()))])
def test_only_the_driver_that_is_needed_is_left(driver, tmp_path):
    assert drivers(tmp_path, {driver} - {""}) == driver


def test_a_workbook_is_read_sheet_by_sheet(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["青岛市园区一览表"])
    sheet = book.create_sheet("园区")
    sheet.append(["名称", "面积（公顷）", "经度", "纬度", "日期"])
    sheet.append(["甲", 120, 120.3, 36.1, dt.date(2026, 3, 1)])
    sheet.append(["乙", "=1+1", "120°24′0″E", "36.2", None])
    path = tmp_path / "plan.xlsx"
    book.save(path)
    outcome = apart("plan.xlsx", path.read_bytes())
    zones = outcome.zones
    assert zones["name_zh"].tolist() == ["甲", "乙"]
    assert zones["declared_area_km2"].tolist()[0] == 1.2
    assert zones.geometry.x.tolist() == pytest.approx([120.3, 120.4])
    assert zones["日期"].tolist()[0].startswith("2026-03-01")


@pytest.mark.parametrize("part", ["sheet1.dat", "sheet1.XML", "sheet1"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("ending", ["xlsx", "xlsb", "ods"])
def test_every_part_of_a_workbook_is_screened_whatever_its_name(part, encoding, ending):
    declared = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "A">]><x>&a;</x>'
    data = zipped({f"xl/worksheets/{part}": declared.encode(encoding)})
    receipt = read_upload(Upload(f"plan.{ending}", data)).receipt
    assert [one.code for one in receipt.notices] == ["E_XML_DTD"]


def test_limits_come_from_settings():
    assert limits_from({"BELTMAP_LIMIT_SECONDS": "5", "PATH": "x"}).seconds == 5
    with pytest.raises(PlanError, match="E_BAD_SETTING"):
        limits_from({"BELTMAP_LIMIT_SECOND": "5", "BELTMAP_LIMIT_ROWS": "many"})


def test_the_size_of_a_file_is_limited():
    outcome = worker.read_apart(
        Upload("a.csv", b"x" * 11), answers=Answers(), limits=Limits(file_bytes=10)
    )
    assert [one.code for one in outcome.receipt.notices] == ["E_FILE_SIZE"]


@pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"])
def test_a_worker_that_is_ended_from_outside_is_said_so(name, monkeypatch):
    code = f"import os, signal; os.kill(os.getpid(), signal.{name})"
    reset = f"import signal; signal.signal(signal.{name}, signal.SIG_DFL); "
    monkeypatch.setattr(
        start, "RUN", (reset if name != "SIGKILL" else "") + code + ";input()"
    )
    (said,) = apart("plan.geojson", b"{}").receipt.notices
    assert said.code == "E_KILLED"
    assert "memory" not in said.worded().hint


@pytest.mark.parametrize("signal", ["SIGSEGV", "SIGABRT"])
def test_a_worker_that_falls_over_is_not_called_short_of_memory(signal, monkeypatch):
    code = f"import os, signal; os.kill(os.getpid(), signal.{signal})"
    monkeypatch.setattr(start, "RUN", code)
    assert [one.code for one in apart("a.geojson", b"{}").receipt.notices] == [
        "E_UNREADABLE"
    ]


def test_too_much_processor_time_is_called_time(tmp_path):
    spin = (
        "import resource as r\nprint(r.getrlimit(r.RLIMIT_CPU), flush=True)\n"
        "while True: pass\n"
    )
    code = "from beltmap.geo.intake.apart import child\n"
    code += f"child.limit_resources({512 * MIB}, 1)\n{spin}"
    begin = f"import sys; sys.path.insert(0, {str(start.ROOT)!r})\n"
    done = subprocess.run(
        [*RUN, begin + code], capture_output=True, check=False, cwd=tmp_path
    )
    assert done.stdout.strip() == b"(1, 2)"
    assert done.returncode == worker._CPU_SIGNAL


@pytest.mark.parametrize("identity", ["K01", "H00", "A03", "K20"])
def test_a_file_without_an_ending_is_read_apart(identity):
    """As from a pipe, which has no name."""
    _, make = CASES[identity]
    here, there = read_upload(Upload("stdin", make())), apart("stdin", make())
    assert there.receipt == here.receipt


SMALL = Upload("a.csv", b"lon,lat,name\n120.3,36.1,a\n")
FORKING = pytest.mark.skipif(not start._forks(), reason="processes cannot be forked")


@pytest.fixture
def nursery():
    start.begin_ahead()
    start.begin_ahead()
    (ahead,) = start._AHEAD
    yield ahead
    start.end_ahead()


def children(number):
    """Name the processes that a process has started and not buried."""
    tasks = Path(f"/proc/{number}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split()]


def wait_until(true):
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@FORKING
def test_what_is_begun_ahead_forks_a_process_for_each_upload(nursery):
    pids = []
    for _ in range(2):
        with start.take_worker() as one, start.take_worker() as other:
            assert {type(one), type(other)} == {start.Forked}
            wait_until(lambda: len(children(nursery.process.pid)) == 2)
            pids += children(nursery.process.pid)
        assert children(nursery.process.pid) == []
    assert len(set(pids)) == 4
    assert worker.read_apart(SMALL).receipt.drawn == 1
    assert worker.read_apart(SMALL).receipt.drawn == 1
    assert [nursery] == start._AHEAD


@FORKING
def test_what_forks_has_one_thread_and_no_file_of_an_upload(nursery):
    with start.take_worker():
        wait_until(lambda: children(nursery.process.pid))
        status = Path(f"/proc/{nursery.process.pid}/status").read_text()
        assert "Threads:\t1\n" in status
    assert worker.read_apart(SMALL).receipt.drawn == 1
    wait_until(lambda: held(nursery.process.pid) == ["socket"])


def held(number):
    """Say which ways to other processes a process holds open."""
    kinds = []
    for end in Path(f"/proc/{number}/fd").iterdir():
        # it may be closed just now
        with suppress(FileNotFoundError):
            kinds.append(str(end.readlink()).partition(":")[0])
    return [kind for kind in kinds if kind in {"pipe", "socket"}]


@FORKING
@pytest.mark.parametrize("identity", ["A03", "G01", "H00", "K01", "K20"])
def test_a_forked_process_reads_as_one_that_was_started(nursery, identity):
    name, make = CASES[identity]
    here, there = read_upload(Upload(name, make())), apart(name, make())
    assert [nursery] == start._AHEAD
    assert nursery.process.poll() is None
    assert there.receipt == here.receipt
    if here.rows is not None:
        assert there.zones.to_json() == here.zones.to_json()


@FORKING
def test_forked_processes_are_parted_by_namespaces(nursery):
    def home(number):
        spaces = Path(f"/proc/{number}/ns")
        return {(spaces / one).readlink() for one in ("net", "ipc")}

    with start.take_worker(), start.take_worker():
        wait_until(lambda: len(children(nursery.process.pid)) == 2)
        one, other = children(nursery.process.pid)
        # the system may refuse them to all
        walled = not home(nursery.process.pid) & home(os.getpid())
        wait_until(lambda: len(home(one) | home(other)) == (4 if walled else 2))
        assert walled != bool(home(one) & home(nursery.process.pid))


@FORKING
def test_a_forked_process_that_takes_too_long_is_ended(nursery, monkeypatch):
    def forked(place, fork=start._forked):
        one = fork(place)
        wait_until(lambda: children(nursery.process.pid))
        for number in children(nursery.process.pid):
            os.kill(number, signal.SIGSTOP)
        return one

    with monkeypatch.context() as patch:
        patch.setattr(start, "_forked", forked)
        (said,) = apart(SMALL.name, SMALL.data, seconds=1).receipt.notices
        assert said.code == "E_TIMEOUT"
    wait_until(lambda: not children(nursery.process.pid))
    assert worker.read_apart(SMALL).receipt.drawn == 1


@FORKING
@pytest.mark.parametrize(
    ("name", "code"), [("SIGKILL", "E_KILLED"), ("SIGSEGV", "E_UNREADABLE")]
)
def test_the_end_of_a_forked_process_is_told(nursery, name, code):
    with start.take_worker() as one:
        wait_until(lambda: children(nursery.process.pid))
        os.kill(children(nursery.process.pid)[0], getattr(signal, name))
        assert one.wait() == -getattr(signal, name)
    assert worker._why(one.wait(), "", Limits()).code == code


@FORKING
def test_forked_processes_end_with_what_forked_them(nursery):
    with start.take_worker() as one:
        wait_until(lambda: children(nursery.process.pid))
        (reader,) = children(nursery.process.pid)
        nursery.process.kill()
        assert one.wait() == -signal.SIGKILL
        wait_until(lambda: not Path(f"/proc/{reader}/fd").exists())


@FORKING
def test_what_was_begun_ahead_and_has_ended_is_done_without(nursery):
    nursery.process.kill()
    nursery.process.wait()
    assert worker.read_apart(SMALL).receipt.drawn == 1


@FORKING
def test_a_process_that_nobody_uses_ends_with_its_folder(nursery):
    folder = Path(f"/proc/{nursery.process.pid}/cwd").readlink()
    assert folder.is_dir()
    start.end_ahead()
    assert nursery.process.poll() is not None
    assert not folder.exists()


def test_where_nothing_forks_each_upload_has_a_process_started(monkeypatch):
    monkeypatch.setattr(start, "_forks", lambda: False)
    start.begin_ahead()
    assert start._AHEAD == []
    assert worker.read_apart(SMALL).receipt.drawn == 1


@FORKING
def test_a_command_leaves_nothing_that_waits(tmp_path, monkeypatch):
    begun = []
    begin = start.begin_ahead
    monkeypatch.setattr(
        start, "begin_ahead", lambda: (begin(), begun.extend(start._AHEAD))
    )
    file = tmp_path / SMALL.name
    file.write_bytes(SMALL.data)
    CliRunner().invoke(main, ["check", str(file)])
    (nursery,) = begun
    assert start._AHEAD == []
    assert nursery.process.poll() is not None
