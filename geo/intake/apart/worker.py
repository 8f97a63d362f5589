"""Uploads read in a process of their own, which may neither stay nor reach out."""

import logging
import os
import threading
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Final

from beltmap.geo.errors import PlanError
from beltmap.geo.intake.apart.start import take_worker
from beltmap.geo.intake.apart.talk import talk
from beltmap.geo.intake.apart.wire import (
    LISTED,
    OUTCOME,
    RECEIPT,
    REPAIRED,
    pack_job,
    unpack_outcome,
)
from beltmap.geo.intake.context import Context
from beltmap.geo.intake.limits import Limits, limits_from
from beltmap.geo.intake.notices import Notice, Severity, notice
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import Outcome
from beltmap.geo.intake.receipt import MOST_BYTES, Receipt
from beltmap.geo.intake.uploads import Upload

LOG: Final = logging.getLogger("beltmap.intake")
PLACES: Final = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
"""Uploads that may be read at the same time; others wait."""

_CPU_SIGNAL: Final = -24
_FROM_OUTSIDE: Final = frozenset({-1, -2, -3, -9, -15})
"""Ends by signals that a process does not send itself: hang up, quit, kill, end."""

MOST_ANSWER: Final = 2**29
"""Bytes of the largest answer that is taken."""


def read_apart(
    upload: Upload,
    *,
    answers: Answers | None = None,
    limits: Limits | None = None,
    context: Context | None = None,
    brief: bool = False,
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
    brief
        Whether to give of its notices what a page shows, see
        `geo.intake.apart.listed`.

    Returns
    -------
    outcome
        As `geo.intake.reading.read_upload`; a file that takes too long or too
        much has a receipt that says so.

    Raises
    ------
    PlanError
        If a setting of the limits is wrong, or there is no place for files of
        a moment.
    """
    most = limits or limits_from()
    if upload.size > most.file_bytes:
        said = notice("E_FILE_SIZE", found=upload.size, limit=most.file_bytes)
        return _failed(upload, said)
    job = pack_job(
        upload,
        answers or Answers(),
        most,
        context or Context(),
        LISTED if brief else OUTCOME,
    )
    packed, why = _done(job, most)
    if packed is not None:
        try:
            return unpack_outcome(packed, upload, context)
        except ValueError:
            LOG.warning("an upload's worker wrote what is no outcome")
            why = notice("E_UNREADABLE")
    return _failed(upload, why)


def receipt_apart(
    upload: Upload,
    *,
    answers: Answers | None = None,
    limits: Limits | None = None,
    context: Context | None = None,
) -> bytes:
    """
    Read an upload again in a process of its own, for all that there is to say of it.

    Parameters
    ----------
    upload, answers, limits, context
        As for `read_apart`.

    Returns
    -------
    archive
        ZIP of a table of all notices, worded in the spoken language; see
        `geo.intake.receipt.Receipt.as_zip`.
    """
    most = limits or limits_from()
    job = pack_job(upload, answers or Answers(), most, context or Context(), RECEIPT)
    packed, why = _done(job, most, most_bytes=2 * MOST_BYTES)
    return packed[0] if packed else _failed(upload, why).receipt.as_zip()


def repaired_apart(
    upload: Upload,
    *,
    answers: Answers | None = None,
    limits: Limits | None = None,
    context: Context | None = None,
) -> bytes:
    """
    Read an upload again in a process of its own, for its repaired layer.

    Parameters
    ----------
    upload, answers, limits, context
        As for `read_apart`.

    Returns
    -------
    geojson
        As `geo.intake.repaired.repaired_geojson` writes it.

    Raises
    ------
    PlanError
        If the file is not read to its end this time.
    """
    most = limits or limits_from()
    job = pack_job(upload, answers or Answers(), most, context or Context(), REPAIRED)
    packed, why = _done(job, most)
    if not packed:
        raise PlanError([why.fault(upload.name)])
    return packed[0]


def _done(
    job: Iterable[bytes],
    limits: Limits,
    *,
    most_bytes: int = MOST_ANSWER,
) -> tuple[list[bytes] | None, Notice]:
    """Let a process do a job; give what it wrote, or None and why there is nothing."""
    with PLACES, take_worker() as child:
        # GDAL reads which drivers it leaves out as it is loaded: after the job has come
        head = f"{skipped_drivers()}\n".encode()
        told = chain([head], job)
        said = talk(child, told, seconds=limits.seconds, most_bytes=most_bytes)
    if said.late:
        return None, notice("E_TIMEOUT", limit=limits.seconds)
    if said.status == 0:
        return said.answer, notice("E_UNREADABLE")
    shown = said.complaint.decode("utf-8", "replace")
    LOG.warning("an upload's worker ended with %s: %s", said.status, shown)
    if said.long:
        return None, notice("E_MEMORY", limit=limits.memory_bytes)
    return None, _why(said.status, shown, limits)


@lru_cache(maxsize=1)
def skipped_drivers() -> str:
    """
    List every GDAL driver, as ``GDAL_SKIP`` wants them.

    The worker takes off the list what the upload needs, see
    `geo.intake.formats.gdal.drivers`.

    Returns
    -------
    skipped
        Names between commas.
    """
    import pyogrio

    return ",".join(sorted(pyogrio.list_drivers()))


def _why(status: int, words: str, limits: Limits) -> Notice:
    """Tell why a worker ended before its time."""
    if status == _CPU_SIGNAL:
        return notice("E_TIMEOUT", limit=limits.seconds)
    if "MemoryError" in words or "bad_alloc" in words:
        return notice("E_MEMORY", limit=limits.memory_bytes)
    if status in _FROM_OUTSIDE:
        return notice("E_KILLED")
    return notice("E_UNREADABLE")


def _failed(upload: Upload, said: Notice) -> Outcome:
    return Outcome(Receipt(upload.name, Severity.REJECT, (said,)))
