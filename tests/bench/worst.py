"""
Measure what the worst uploads that we know cost: time, and memory of their worker.

    python -m tests.bench.worst
"""

import subprocess
import threading
import time
from pathlib import Path

from beltmap.geo.intake.apart import start, worker
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.uploads import Upload
from tests.bench.results import finish, show, within
from tests.geo.intake.test_costs import WORST

RUNS = 3
WATCH_S = 0.02
LIMITS = Limits()
MIB = 2**20


class Watched(subprocess.Popen):
    """A worker whose largest resident size is kept, in MiB."""

    peak = 0

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        status = Path(f"/proc/{self.pid}/status")
        while True:
            try:
                lines = status.read_text(encoding="utf-8").splitlines()
            except OSError:
                return
            sizes = [line.split()[1] for line in lines if line.startswith("VmHWM")]
            if not sizes:
                return
            Watched.peak = max(Watched.peak, int(sizes[0]) / 1024)
            time.sleep(WATCH_S)


def measure(file, data):
    """Read a file apart; give seconds and MiB."""
    Watched.peak = 0
    start = time.perf_counter()
    worker.read_apart(Upload(file, data), limits=LIMITS)
    return time.perf_counter() - start, Watched.peak


def main():
    start.subprocess.Popen = Watched
    rows = []
    for name, (file, make, _) in WORST.items():
        data = make()
        seconds, peaks = zip(*(measure(file, data) for _ in range(RUNS)), strict=True)
        rows += within(
            f"worst file, {name}",
            seconds=seconds,
            megabytes=peaks,
            most_s=LIMITS.seconds,
            most_mb=LIMITS.memory_bytes / MIB,
        )
        show(rows[-2:])
    finish("worst files", rows)


if __name__ == "__main__":
    main()
