"""The worst files that we know end at the limits, and say which; others do not wait."""

import random
import subprocess
import sys
import threading

import pytest

from beltmap.geo.intake.apart import start, worker
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.uploads import Upload
from tests.geo.intake.recipes import as_bytes, shape

MIB = 1024 * 1024
PATIENT = Limits(seconds=600)
"""Of the limits that are shipped, all but the one that a slow machine would reach."""

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="tested where limits are"
)


def crossing():
    """Give a ring that crosses itself about two million times."""
    dice = random.Random(1)
    ring = [[dice.uniform(100, 130), dice.uniform(20, 40)] for _ in range(3000)]
    return as_bytes(shape("Polygon", [[*ring, ring[0]]]))


WORST = {
    "arrays": (
        "a.geojson",
        lambda: b"[" + b"[]," * (21 * MIB) + b"[]]",
        "E_MEMORY",
    ),
    "crossing": ("a.geojson", crossing, "E_MEMORY"),
    "attributes": (
        "a.kml",
        lambda: b"<kml " + b" ".join(b'a%d=""' % n for n in range(10**6)) + b"/>",
        "W_NO_ROWS",
    ),
}
"""Name, content and code; what each takes is measured in tests/bench/worst.py."""


@pytest.mark.parametrize("name", WORST)
def test_a_hostile_file_ends_at_the_limit_that_it_meets(name):
    file, make, code = WORST[name]
    receipt = worker.read_apart(Upload(file, make()), limits=PATIENT).receipt
    assert [one.code for one in receipt.notices] == [code]
    assert receipt.drawn == 0


def test_a_bad_file_does_not_keep_others_waiting(monkeypatch):
    """While one worker is busy to its limit, another file is read."""
    begun, children = threading.Event(), []

    class Watched(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            children.append(self)
            begun.set()

    monkeypatch.setattr(start.subprocess, "Popen", Watched)
    with monkeypatch.context() as endless:
        endless.setattr(start, "RUN", "import threading; threading.Event().wait()")
        slow = threading.Thread(
            target=worker.read_apart,
            args=(Upload("a.geojson", b"{}"),),
            kwargs={"limits": Limits(seconds=120)},
        )
        slow.start()
        assert begun.wait(60)
    try:
        table = Upload("a.csv", b"lon,lat\n120.3,36.1\n")
        receipt = worker.read_apart(table, limits=PATIENT).receipt
        assert children[0].poll() is None
        assert receipt.drawn == 1
    finally:
        children[0].kill()
        slow.join()
