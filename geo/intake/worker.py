"""Uploads read in a process of their own, which may neither stay nor reach out."""

import logging
import os
import subprocess
import sys
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import Final

from geo.intake.columnar import APART
from geo.intake.context import Context
from geo.intake.limits import Limits, limits_from
from geo.intake.notices import Notice, Severity, notice
from geo.intake.questions import Answers
from geo.intake.reading import Outcome, Upload
from geo.intake.receipt import Receipt
from geo.intake.sniff import ending
from geo.intake.wire import pack_job, unpack_outcome

ROOT: Final = Path(__file__).parent.parent.parent
LOG: Final = logging.getLogger("beltmap.intake")
PLACES: Final = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
"""Uploads that may be read at the same time; others wait."""

_RUN: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from geo.intake.child import main; main()"
)
_PASSED_ON: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB")
_CPU_SIGNAL, _KILL_SIGNAL = -24, -9
_LOGGED: Final = 4000


def read_apart(
    upload: Upload,
    *,
    answers: Answers | None = None,
    limits: Limits | None = None,
    context: Context | None = None,
) -> Outcome:
    """
    Read an upload in a process of its own.

    The process has no network, may open no file but those of the program, has
    limits on memory and time, and is ended with its parent. What it writes is
    read as data.

    Parameters
    ----------
    upload
        The file.
    answers
        What the person has decided so far.
    limits
        How much the file may cost; by default as the settings say.
    context
        The plan that is open.

    Returns
    -------
    outcome
        As `geo.intake.reading.read_upload`; a file that takes too long or too
        much has a receipt that says so.

    Raises
    ------
    PlanError
        If a setting of the limits is wrong.
    """
    most = limits or limits_from()
    if len(upload.data) > most.file_bytes:
        found = len(upload.data)
        return _failed(
            upload, notice("E_FILE_SIZE", found=found, limit=most.file_bytes)
        )
    job = pack_job(upload, answers or Answers(), most, context or Context())
    with PLACES, tempfile.TemporaryDirectory(prefix="beltmap-") as folder:
        child = subprocess.Popen(  # noqa: S603 - the program's own code, no shell
            [sys.executable, "-I", "-c", _RUN, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment(folder, upload.name),
            start_new_session=True,
        )
        try:
            packed, said = child.communicate(job, timeout=most.seconds)
        except subprocess.TimeoutExpired:
            return _failed(upload, notice("E_TIMEOUT", limit=most.seconds))
        finally:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout, child.stderr):
                if pipe is not None:
                    pipe.close()
    if child.returncode == 0:
        try:
            return unpack_outcome(packed)
        except ValueError:
            LOG.warning("an upload's worker wrote what is no outcome")
    words = said[-_LOGGED:].decode("utf-8", "replace")
    LOG.warning("an upload's worker ended with %s: %s", child.returncode, words)
    return _failed(upload, _why(child.returncode, words, most))


def environment(folder: str, name: str) -> dict[str, str]:
    """
    Give the worker's whole environment.

    Parameters
    ----------
    folder
        Its own folder, for whatever needs one.
    name
        Name of the upload; tells whether GDAL will be needed.

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
    if ending(name) in {"fgb", "zip", ""}:
        settings["GDAL_SKIP"] = skipped_drivers()
    return settings


@lru_cache(maxsize=1)
def skipped_drivers() -> str:
    """
    List every GDAL driver but FlatGeobuf, as ``GDAL_SKIP`` wants them.

    Returns
    -------
    skipped
        Names between commas.
    """
    import pyogrio

    return ",".join(sorted(set(pyogrio.list_drivers()) - {"FlatGeobuf"}))


def _why(status: int, words: str, limits: Limits) -> Notice:
    """Tell why a worker ended before its time."""
    if status == _CPU_SIGNAL:
        return notice("E_TIMEOUT", limit=limits.seconds)
    if status == _KILL_SIGNAL or "MemoryError" in words or "bad_alloc" in words:
        return notice("E_MEMORY", limit=limits.memory_bytes)
    return notice("E_UNREADABLE")


def _failed(upload: Upload, said: Notice) -> Outcome:
    return Outcome(Receipt(upload.name, Severity.REJECT, (said,)))
