"""The workers of a Dask cluster do the work of one process, also when one is killed."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from beltmap.geo.batch.engine import engine
from beltmap.geo.batch.whole import measured, read_parts
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.summary import survey, totals
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main
from tests.geo.batch.inparts import write_both
from tests.serving import ROOT, free_port

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore")
"""What Dask warns of is not ours."""


@contextmanager
def cluster(workers, *, processes=True):
    with distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=processes,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit=0,
    ) as found:
        yield found


def pids(found):
    with distributed.Client(found.scheduler_address, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def added_up(parts, scheduler, *, on_done=int):
    """Give the totals, the overlaps and the seconds that the workers took."""
    with engine(scheduler) as found:
        plan = read_parts(parts, parts[0].parent, found, done=on_done)
        start = time.perf_counter()
        plan, measures = measured(plan, found, done=on_done, land=True, pairs=True)
        took = time.perf_counter() - start
    pairs = measures.overlaps(plan.zones)
    return vars(Selection(plan).summary), pairs, took


def test_workers_say_what_one_process_says(tmp_path):
    parts = [tmp_path / f"{number}.parquet" for number in range(2)]
    folder = SHIPPED / "qingdao"
    zones = read_plan(folder).zones
    for number, path in enumerate(parts):
        zones.iloc[number::2].to_parquet(path, schema_version="1.1.0")
    with cluster(1, processes=False) as found:
        more = ["--plan", str(folder), "--format", "csv", *map(str, parts)]
        for command in ("summary", "ledger", "audit"):
            here = CliRunner().invoke(main, [command, *more])
            more_ = [*more, "--scheduler", found.scheduler_address]
            there = CliRunner().invoke(main, [command, *more_])
            assert there.stdout == here.stdout
            assert there.exit_code == here.exit_code
            assert len(here.stdout.splitlines()) > 5
        made = []
        for more in ([], ["--scheduler", found.scheduler_address]):
            out = tmp_path / str(len(made))
            given = [*map(str, (out, *parts)), "--plan", str(folder), *more]
            done = CliRunner().invoke(main, ["export", *given, "--format", "geojson"])
            assert done.exit_code == 0, done.output
            made.append(
                [
                    json.loads(one.read_bytes())["features"]
                    for one in sorted(out.iterdir())
                ]
            )
        assert made[0] == made[1]
        assert sum(map(len, made[0])) == len(zones)


@pytest.mark.deep
def test_a_worker_that_is_killed_loses_nothing(tmp_path):
    _, parts = write_both(tmp_path, zones=10_001, parts=5)
    wanted, pairs, _ = added_up(parts, None)
    with cluster(2) as found:
        victim = pids(found)[0]
        heard = []

        def kill():
            heard.append(len(heard))
            # the first part is read: the others are at work
            if len(heard) == 1:
                os.kill(victim, signal.SIGKILL)

        totals_, again, _ = added_up(parts, found.scheduler_address, on_done=kill)
        assert len(heard) == 2 * len(parts)
        assert victim not in pids(found)
        asked = ["summary", "--format", "csv", *map(str, parts)]
        here = CliRunner().invoke(main, asked)
        there = CliRunner().invoke(
            main, [*asked, "--scheduler", found.scheduler_address]
        )
    assert totals_ == wanted
    assert again.equals(pairs)
    assert here.exit_code == there.exit_code == 0
    assert there.stdout == here.stdout


def addresses(process):
    """Tell at which addresses a process and its children listen."""
    import psutil

    family = [one := psutil.Process(process.pid), *one.children(recursive=True)]
    return {
        way.laddr.ip
        for each in family
        for way in each.net_connections("inet")
        if way.status == psutil.CONN_LISTEN
    }


@pytest.mark.deep
def test_the_cluster_of_the_document_works_and_stays_on_this_machine(tmp_path):
    _, parts = write_both(tmp_path, zones=10_001, parts=3)
    document = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    told = re.findall(r"^dask .*$", document, re.MULTILINE)
    port, other = free_port(), free_port()
    started = []
    try:
        for line in told:
            own = line.replace(":8786", f":{port}").replace(":8787", f":{other}")
            if "scheduler" in own:
                own += f" --port {port}"
            run = [sys.executable, "-m", *own.split()]
            started.append(subprocess.Popen(run, stderr=subprocess.DEVNULL))
        scheduler, workers = started
        address = f"tcp://127.0.0.1:{port}"
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        asked = ["summary", "--format", "csv", *map(str, parts)]
        here = CliRunner().invoke(main, asked)
        there = CliRunner().invoke(main, [*asked, "--scheduler", address])
        assert there.stdout == here.stdout
        assert len(here.stdout.splitlines()) > 5
        for one in (scheduler, workers):
            assert addresses(one) == {"127.0.0.1"}
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait(timeout=60)


def test_a_scheduler_that_is_away_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("beltmap.geo.batch.engine.PATIENCE_S", 1)
    part = tmp_path / "a.parquet"
    part.write_bytes(b"")
    asked = ["summary", str(part), "--scheduler", "tcp://127.0.0.1:1"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 1
    assert "E_SCHEDULER_AWAY" in done.output
    assert threading.active_count() < 50


@pytest.mark.deep
def test_a_million_zones_in_31_parts_add_up_as_one_process_has_it(tmp_path):
    whole, parts = write_both(tmp_path, zones=1_000_000, parts=31)
    with cluster(2) as found:
        victim, heard = pids(found)[0], []

        def kill():
            heard.append(len(heard))
            if len(heard) == 40:
                os.kill(victim, signal.SIGKILL)

        summed, _, _ = added_up(parts, found.scheduler_address, on_done=kill)
    plan = read_plan(whole)
    land = survey(plan.zones)
    wanted = totals(plan.zones, Selection(plan).mask, land=land)
    assert summed == pytest.approx(vars(wanted), rel=1e-9, abs=0)


@pytest.mark.deep
def test_two_workers_are_half_as_fast_again_as_one(tmp_path):
    _, parts = write_both(tmp_path, zones=200_000, parts=8)
    few = tmp_path / "few"
    few.mkdir()
    _, first = write_both(few, zones=10_001, parts=4)
    took = {}
    for workers in (1, 2):
        with cluster(workers) as found:
            # a worker imports what it needs with its first part
            added_up(first, found.scheduler_address)
            *_, took[workers] = added_up(parts, found.scheduler_address)
    assert took[1] / took[2] >= 1.5, took
