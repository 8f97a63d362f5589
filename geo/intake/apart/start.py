"""The start of a process that reads one upload, also before there is one to read."""

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from beltmap.geo.errors import PlanError
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

Worker = subprocess.Popen[bytes]

_AHEAD: list[tuple[Worker, ExitStack]] = []
_LOCK: Final = threading.Lock()


def begin_ahead() -> None:
    """
    Begin the process for the next upload now, so that it loads while others work.

    There is one at most. It ends with the thread that begins it, and is waiting
    behind its wall until it is given a file.
    """
    with _LOCK:
        if not _AHEAD:
            # without a place for its folder, who asks for a process will say so
            with suppress(PlanError, OSError):
                _AHEAD.append(_begun())


@contextmanager
def take_worker() -> Iterator[Worker]:
    """
    Give a process that reads one upload, and end it.

    Yields
    ------
    child
        The one that was begun ahead, or a new one; with pipes to all its ends.

    Raises
    ------
    PlanError
        If the system has no place for its folder.
    """
    with _LOCK:
        child, place = _AHEAD.pop() if _AHEAD else (None, ExitStack())
    if child is not None and child.poll() is not None:
        # the thread that began it has gone
        place.close()
        child = None
    if child is None:
        child, place = _begun()
    with place:
        yield child


@atexit.register
def end_ahead() -> None:
    """End the process that waits, with its folder."""
    with _LOCK:
        while _AHEAD:
            _AHEAD.pop()[1].close()


def _begun() -> tuple[Worker, ExitStack]:
    """Start a process in a folder of its own; both are gone when the stack closes."""
    with ExitStack() as place:
        folder = place.enter_context(scratch())
        child = subprocess.Popen(  # noqa: S603 - the program's own code, no shell
            [sys.executable, "-I", "-c", RUN, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment(str(folder)),
            start_new_session=True,
        )
        place.callback(_end, child)
        return child, place.pop_all()


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
    }
    threads = ("OMP", "OPENBLAS", "MKL", "GDAL")
    settings |= {f"{library}_NUM_THREADS": "1" for library in threads}
    settings |= {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    return settings | OPTIONS
