"""The start of a process that reads one upload, also before there is one to read."""

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from beltmap.geo.errors import PlanError
from beltmap.geo.intake.apart.talk import STATUS, Worker
from beltmap.geo.intake.formats.gdal.drivers import OPTIONS
from beltmap.geo.intake.limits import APART
from beltmap.geo.scratch import scratch

_PACKAGE: Final = Path(__file__).parents[3]
ROOT: Final = _PACKAGE.parent if (_PACKAGE / "__init__.py").exists() else _PACKAGE
"""Where `beltmap` is found: beside its folder if installed, else the checkout."""

RUN: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from beltmap.geo.intake.apart.child import main; main()"
)
_PASSED_ON: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB")

_KILLED: Final = -9

_AHEAD: "list[Nursery]" = []
_LOCK: Final = threading.Lock()


class Nursery:
    """
    A process that has loaded everything and reads no file: it forks those that do.

    Raises
    ------
    PlanError
        If the system has no place for its folder.
    """

    def __init__(self) -> None:
        with ExitStack() as place:
            self._asked, theirs = socket.socketpair()
            place.callback(self._asked.close)
            with theirs:
                self.process = _started(place, theirs)
            self.close = place.pop_all().close

    def fork(self) -> "Forked":
        """Have a process forked that reads one upload."""
        return Forked(self._asked)


class Forked:
    """
    A process of a nursery, with what `subprocess.Popen` has of one.

    Parameters
    ----------
    nursery
        Where it is asked for.
    """

    def __init__(self, nursery: socket.socket) -> None:
        job, answer, complaint = os.pipe(), os.pipe(), os.pipe()
        # closed, it ends the process; otherwise it tells how that ended by itself
        self._leash, held = socket.socketpair()
        self.stdin = os.fdopen(job[1], "wb")
        self.stdout = os.fdopen(answer[0], "rb")
        self.stderr = os.fdopen(complaint[0], "rb")
        self._status: int | None = None
        ends = [job[0], answer[1], complaint[1], held.fileno()]
        try:
            socket.send_fds(nursery, [b"\0"], ends)
        finally:
            for end in ends[:-1]:
                os.close(end)
            held.close()

    def kill(self) -> None:
        """End it."""
        with suppress(OSError):
            self._leash.shutdown(socket.SHUT_WR)

    def wait(self) -> int:
        """Wait for its end; give its status."""
        if self._status is None:
            said = self._leash.recv(STATUS.size)
            whole = len(said) == STATUS.size
            self._status = STATUS.unpack(said)[0] if whole else _KILLED
            self._leash.close()
        return self._status


def begin_ahead() -> None:
    """
    Begin the process for the next uploads now, so that it loads while others work.

    There is one at most, and none where the system cannot fork in safety. It ends
    with the thread that begins it, and is waiting behind its wall for files.
    """
    with _LOCK:
        if not _AHEAD and _forks():
            # without a place for its folder, who asks for a process will say so
            with suppress(PlanError, OSError):
                _AHEAD.append(Nursery())


@contextmanager
def take_worker() -> Iterator[Worker]:
    """
    Give a process that reads one upload, and end it.

    Yields
    ------
    child
        One forked by what was begun ahead, or a new one; with pipes to all its ends.

    Raises
    ------
    PlanError
        If the system has no place for its folder.
    """
    with ExitStack() as place:
        yield _forked(place) or _started(place)


@atexit.register
def end_ahead() -> None:
    """End the process that waits, with its folder."""
    with _LOCK:
        while _AHEAD:
            _AHEAD.pop().close()


def _forks() -> bool:
    """Tell whether processes can be forked here, and ended without fail."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


def _forked(place: ExitStack) -> Forked | None:
    """Have a process forked by what was begun ahead, which goes with the stack."""
    with _LOCK, suppress(OSError):
        # the thread that began it may have gone
        if _AHEAD and _AHEAD[0].process.poll() is None:
            child = _AHEAD[0].fork()
            place.callback(_end, child)
            return child
    return None


def _started(
    place: ExitStack, asked: socket.socket | None = None
) -> subprocess.Popen[bytes]:
    """Start a process in a folder of its own, which both go with the stack."""
    folder = place.enter_context(scratch())
    ends = subprocess.PIPE if asked is None else subprocess.DEVNULL
    given = [] if asked is None else [asked.fileno()]
    child = subprocess.Popen(  # noqa: S603 - the program's own code, no shell
        [sys.executable, "-I", "-c", RUN, str(ROOT), *map(str, given)],
        stdin=ends,
        stdout=ends,
        stderr=ends,
        cwd=folder,
        env=environment(str(folder)),
        start_new_session=True,
        pass_fds=given,
    )
    place.callback(_end, child)
    return child


def _end(child: Worker) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def environment(folder: str) -> dict[str, str]:
    """
    Give the worker's whole environment.

    Parameters
    ----------
    folder
        Its own folder, for whatever needs one.

    Returns
    -------
    environment
        Nothing of the parent's but where libraries are.
    """
    settings = {
        APART: "1",
        "HOME": folder,
        "TMPDIR": folder,
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PROJ_NETWORK": "OFF",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "GDAL_PAM_ENABLED": "NO",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "CPL_VSIL_USE_TEMP_FILE_FOR_RANDOM_WRITE": "NO",
        "MALLOC_ARENA_MAX": "2",
        # Arrow's own thread, without which a process can be forked
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
    }
    threads = ("OMP", "OPENBLAS", "MKL", "GDAL")
    settings |= {f"{library}_NUM_THREADS": "1" for library in threads}
    settings |= {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    return settings | OPTIONS
