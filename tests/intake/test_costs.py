"""The worst files that we know cost at most 20 s and 1 GiB, and say why."""

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from recipes import as_bytes, shape

from geo.intake import worker
from geo.intake.limits import Limits
from geo.intake.reading import Upload

MIB = 1024 * 1024
SECONDS = 20
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="measured where limits are"
)


def crossing():
    """Give a ring that crosses itself about two million times."""
    dice = random.Random(1)
    ring = [[dice.uniform(100, 130), dice.uniform(20, 40)] for _ in range(3000)]
    return as_bytes(shape("Polygon", [[*ring, ring[0]]]))


WORST = {
    "arrays": ("a.geojson", lambda: b"[" + b"[]," * (21 * MIB) + b"[]]"),
    "crossing": ("a.geojson", crossing),
    "attributes": (
        "a.kml",
        lambda: b"<kml " + b" ".join(b'a%d=""' % n for n in range(10**6)) + b"/>",
    ),
}


@pytest.fixture
def peak(monkeypatch):
    """Watch the largest resident size of workers, in MiB."""
    seen = [0]

    def watch(pid):
        status = Path(f"/proc/{pid}/status")
        while True:
            try:
                lines = status.read_text().splitlines()
            except OSError:
                return
            sizes = [line.split()[1] for line in lines if line.startswith("VmHWM")]
            if not sizes:
                return
            seen[0] = max(seen[0], int(sizes[0]) // 1024)
            time.sleep(0.02)

    class Watched(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            threading.Thread(target=watch, args=(self.pid,), daemon=True).start()

    monkeypatch.setattr(worker.subprocess, "Popen", Watched)
    return seen


@pytest.mark.parametrize("name", WORST)
def test_a_hostile_file_costs_no_more_than_it_may(name, peak):
    file, make = WORST[name]
    data = make()
    began = time.monotonic()
    receipt = worker.read_apart(Upload(file, data), limits=Limits()).receipt
    assert time.monotonic() - began < SECONDS + 3
    assert 0 < peak[0] <= 1024
    assert receipt.verdict.name in {"REJECT", "ACCEPT"}
    codes = {one.code for one in receipt.notices}
    assert codes <= {"E_MEMORY", "E_TIMEOUT", "W_NO_ROWS", "E_ROOT_TYPE"}


def test_a_bad_file_does_not_keep_others_waiting():
    """While one worker is busy to its limit, another file is read."""
    slow = threading.Thread(
        target=worker.read_apart,
        args=(Upload("a.geojson", crossing()),),
        kwargs={"limits": Limits(seconds=15)},
    )
    slow.start()
    table = Upload("a.csv", b"lon,lat\n120.3,36.1\n")
    receipt = worker.read_apart(table, limits=Limits()).receipt
    assert receipt.drawn == 1
    slow.join()
