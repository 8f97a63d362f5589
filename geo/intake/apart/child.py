"""The process that reads one upload: it can do nothing else."""

import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

# found now: the folder that holds it cannot be listed behind the wall
import beltmap.data  # noqa: F401
from beltmap.geo.intake.apart import guard
from beltmap.geo.intake.apart.talk import STATUS
from beltmap.geo.intake.apart.wall import (
    die_with_parent,
    part,
    raise_wall,
    stay_alone,
)
from beltmap.geo.memory import start_lightly

if TYPE_CHECKING:
    from beltmap.geo.intake.limits import Limits
    from beltmap.geo.intake.uploads import Upload

_ASKED: Final = 2
"""Which argument is the descriptor over which readers are asked for."""

_ENDS: Final = 4


def main() -> None:
    """Read a job from standard input, and write its outcome to standard output."""
    paths = shut_in()
    start_lightly()
    from beltmap.geo.intake.apart.listed import listed
    from beltmap.geo.intake.apart.talk import say
    from beltmap.geo.intake.apart.wire import (
        LISTED,
        RECEIPT,
        REPAIRED,
        pack_outcome,
        unpack_job,
    )
    from beltmap.geo.intake.formats.gdal.drivers import SKIP
    from beltmap.geo.intake.limits import Limits
    from beltmap.geo.intake.reading import read_upload
    from beltmap.geo.intake.repaired import repaired_geojson
    from beltmap.geo.language.messages import speaking

    if len(sys.argv) > _ASKED:
        fork_readers(int(sys.argv[_ASKED]))
        part(paths)
    os.environ[SKIP] = sys.stdin.buffer.readline().decode().strip()
    packed = sys.stdin.buffer.read()
    upload, answers, limits, context, language, purpose = unpack_job(packed)
    del packed
    _load(upload, limits)
    stay_alone()
    memory_bytes = limits.memory_bytes or Limits().memory_bytes
    limit_resources(memory_bytes, limits.seconds)
    _limit_sqlite(memory_bytes)
    lock(paths)
    with speaking(language):
        outcome = read_upload(upload, answers=answers, limits=limits, context=context)
        if purpose == RECEIPT:
            say(sys.stdout.buffer, [outcome.receipt.as_zip()])
        elif purpose == REPAIRED:
            made = [] if outcome.rows is None else [repaired_geojson(outcome)]
            say(sys.stdout.buffer, made)
        else:
            shown = listed(outcome) if purpose == LISTED else outcome
            say(sys.stdout.buffer, pack_outcome(shown))
    os._exit(0)


def fork_readers(number: int) -> None:
    """
    Fork a process for each upload, and return in it alone; end with who asks.

    Parameters
    ----------
    number
        Descriptor of the socket over which each is asked for by four descriptors:
        its input, output and errors, and the leash that ends it when it is let go.
    """
    # what the collector does not look through is shared, not copied
    gc.freeze()
    asked = socket.socket(fileno=number)
    readers: list[_Reader] = []
    while True:
        watched = [end for one in readers for end in (one.ended, one.leash.fileno())]
        ready = select.select([number, *watched], [], [])[0]
        readers = [one for one in readers if not one.has_ended(ready)]
        if number not in ready:
            continue
        ends = socket.recv_fds(asked, 1, _ENDS)[1]
        if len(ends) < _ENDS:
            # who asks has gone, and with this process its readers
            os._exit(0)
        reader = os.fork()
        if not reader:
            break
        leash = socket.socket(fileno=ends.pop())
        readers.append(_Reader(reader, os.pidfd_open(reader), leash))
        for end in ends:
            os.close(end)
    die_with_parent()
    asked.close()
    for one in readers:
        one.let_go()
    for place, end in enumerate(ends[:-1]):
        os.dup2(end, place)
    for end in ends:
        os.close(end)


@dataclass(frozen=True)
class _Reader:
    """A process that reads: its number, what tells of its end, and its leash."""

    number: int
    ended: int
    leash: socket.socket

    def has_ended(self, ready: Collection[int]) -> bool:
        """Tell whether it has, after ending it where its leash was let go."""
        pulled = self.leash.fileno() in ready
        if pulled:
            os.kill(self.number, signal.SIGKILL)
        if not pulled and self.ended not in ready:
            return False
        status = os.waitstatus_to_exitcode(os.waitpid(self.number, 0)[1])
        with suppress(OSError):
            self.leash.send(STATUS.pack(status))
        self.let_go()
        return True

    def let_go(self) -> None:
        """Close what this process has of it."""
        os.close(self.ended)
        self.leash.close()


def shut_in() -> tuple[str, ...]:
    """
    Raise what of the wall can stand before anything is loaded.

    Returns
    -------
    paths
        What may still be read.
    """
    paths = guard.readable()
    die_with_parent()
    raise_wall(paths)
    guard.close_search(paths)
    return paths


def lock(paths: tuple[str, ...]) -> None:
    """Close what had to be open while libraries were loaded."""
    guard.hide_openers()
    sys.addaudithook(guard.guard(paths))


def limit_resources(memory_bytes: int, seconds: int) -> None:
    """
    Bound memory, processor time and files.

    Parameters
    ----------
    memory_bytes
        Most data that the process may hold.
    seconds
        Most processor time.
    """
    try:
        import resource
    except ImportError:
        # Windows: the parent's clock is the only bound
        return
    limits = {
        # what is not counted as data, mostly libraries, takes an eighth
        "RLIMIT_DATA": memory_bytes * 7 // 8,
        "RLIMIT_AS": 4 * memory_bytes,
        "RLIMIT_CPU": seconds,
        "RLIMIT_FSIZE": memory_bytes,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": 0,
    }
    for name, most in limits.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            _, hard = resource.getrlimit(kind)
            # at the hard limit of time the system kills, which says nothing of time
            end = most + 1 if name == "RLIMIT_CPU" else most
            end = end if hard == resource.RLIM_INFINITY else min(end, hard)
            resource.setrlimit(kind, (min(most, end), end))


def _limit_sqlite(memory_bytes: int) -> None:
    """Let no statement take more memory than is left beside a file and its copy."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(":memory:")) as base:
        base.execute(f"PRAGMA hard_heap_limit = {memory_bytes // 2}")


def _load(upload: "Upload", limits: "Limits") -> None:
    """Load what a format needs, before the doors are closed."""
    import encodings.gb18030
    import encodings.utf_16

    import pyproj.network

    from beltmap.geo.intake.raw.sniff import ending

    pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined]
    from beltmap.geo.intake.formats.gdal.drivers import allow, needed_drivers

    drivers = needed_drivers(upload.name, upload.data, limits)
    end = ending(upload.name)
    # a name without an ending may be any of them, as from a pipe
    if drivers:
        allow(drivers)
        import pyogrio.raw  # noqa: F401 - loads its libraries
    if end in {"parquet", "geoparquet", "zip", ""}:
        import pyarrow.parquet  # noqa: F401 - loads its libraries
    if end in {"xlsx", "xlsm", "zip", ""}:
        import openpyxl  # noqa: F401 - loads its libraries
    if end in {"xls", "xlsb", "ods", "zip", ""}:
        import python_calamine  # noqa: F401 - loads its libraries
    _ = encodings
