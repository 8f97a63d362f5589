"""The process that reads can reach nothing, stay nowhere and cost no more."""

import datetime as dt
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from recipes import CASES, kml, pipeline, placemark, zipped

from geo.errors import PlanError
from geo.intake import worker
from geo.intake.frame import zones_of
from geo.intake.limits import Limits, limits_from
from geo.intake.questions import Answers
from geo.intake.reading import Upload, read_upload
from geo.intake.wire import pack_outcome, unpack_outcome

MIB = 1024 * 1024
RUN = [sys.executable, "-I", "-c"]


def apart(name, data, **limits):
    return worker.read_apart(Upload(name, data), limits=Limits(**limits))


def child(code, tmp_path):
    """Run code where an upload would be read, behind the closed doors."""
    doors = (
        f"import sys; sys.path.insert(0, {str(worker.ROOT)!r})\n"
        "from pathlib import Path\n"
        "from geo.intake import child\n"
        "child.leave_the_network()\n"
        "import socket, subprocess, os, urllib.request\n"
        f"child.limit_resources({512 * MIB}, 5)\n"
        "sys.addaudithook(child._guard([Path.cwd()]))\n"
    )
    return subprocess.run(
        [*RUN, doors + code],
        cwd=tmp_path,
        env=worker.environment(str(tmp_path), "plan.csv"),
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
        assert zones_of(there).to_json() == zones_of(here).to_json()


@pytest.mark.parametrize("identity", sorted(CASES))
def test_an_outcome_survives_the_wire(identity):
    if identity == "I01":
        pytest.skip("as the others, and large")
    name, make = CASES[identity]
    outcome = read_upload(Upload(name, make()))
    again = unpack_outcome(pack_outcome(outcome))
    assert again.receipt == outcome.receipt
    assert again.questions == outcome.questions
    if outcome.rows is not None:
        assert again.rows.columns == outcome.rows.columns
        assert again.rows.ids == outcome.rows.ids
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
        assert str(tmp_path) not in shown or "refused" in shown
        if outcome.rows is not None:
            assert "CANARY" not in zones_of(outcome).to_json()
    assert calls == []


@pytest.mark.parametrize(
    "code",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.getaddrinfo('example.org', 80)",
        "urllib.request.urlopen('http://127.0.0.1:9/')",
        "subprocess.run(['/bin/true'])",
        "os.system('true')",
        "open('/etc/passwd').read()",
        "open('/tmp/beltmap-out', 'w')",
        "os.execv('/bin/true', ['true'])",
    ],
)
def test_the_doors_are_closed(code, tmp_path):
    done = child(
        f"try:\n    {code}\nexcept BaseException:\n    pass\nprint('out')", tmp_path
    )
    assert done.returncode == 13, done.stderr.decode()
    assert b"out" not in done.stdout


def test_the_doors_let_reading_happen(tmp_path):
    done = child(
        "open(socket.__file__).read(9); open('own', 'w'); print('in')", tmp_path
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
    monkeypatch.setattr(worker, "_RUN", "import time; time.sleep(60)")
    monkeypatch.setattr(worker.tempfile, "tempdir", str(tmp_path))
    began = time.monotonic()
    outcome = apart("plan.geojson", b"{}", seconds=1)
    assert time.monotonic() - began < 10
    assert [one.code for one in outcome.receipt.notices] == ["E_TIMEOUT"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "code", ["import os; os.abort()", "raise SystemExit(3)", "print('{}')"]
)
def test_a_worker_that_breaks_is_said_without_its_words(code, monkeypatch):
    monkeypatch.setattr(worker, "_RUN", code)
    receipt = apart("plan.geojson", b"{}").receipt
    assert [one.code for one in receipt.notices] == ["E_UNREADABLE"]
    assert "Traceback" not in receipt.as_text()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux ends orphans")
def test_a_worker_ends_with_its_parent():
    orphan = (
        f"import sys; sys.path.insert(0, {str(worker.ROOT)!r});"
        "from geo.intake.child import leave_the_network; leave_the_network();"
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


def test_only_one_driver_of_gdal_is_left(tmp_path):
    code = "import pyogrio; print(sorted(pyogrio.list_drivers()))"
    environment = worker.environment(str(tmp_path), "plan.fgb")
    done = subprocess.run(
        [*RUN, code], env=environment, capture_output=True, timeout=60, check=True
    )
    assert done.stdout.decode().strip() == "['FlatGeobuf']"


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
    zones = zones_of(outcome)
    assert zones["name_zh"].tolist() == ["甲", "乙"]
    assert zones["declared_area_km2"].tolist()[0] == 1.2
    assert zones.geometry.x.tolist() == pytest.approx([120.3, 120.4])
    assert zones["日期"].tolist()[0].startswith("2026-03-01")


def test_limits_come_from_settings():
    assert limits_from({"BELTMAP_LIMIT_SECONDS": "5", "PATH": "x"}).seconds == 5
    with pytest.raises(PlanError, match="E_BAD_SETTING"):
        limits_from({"BELTMAP_LIMIT_SECOND": "5", "BELTMAP_LIMIT_ROWS": "many"})


def test_the_size_of_a_file_is_limited():
    outcome = worker.read_apart(
        Upload("a.csv", b"x" * 11), answers=Answers(), limits=Limits(file_bytes=10)
    )
    assert [one.code for one in outcome.receipt.notices] == ["E_FILE_SIZE"]
