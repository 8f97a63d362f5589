"""Folders for a moment, gone with who made them, however that ended."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from beltmap.geo.errors import PlanError, fault

PREFIX: Final = ".beltmap-scratch-"
"""How the names of these folders begin, which no person gives to a folder."""

YOUNG_S: Final = 60.0
"""Seconds in which a folder may not be locked yet by who made it."""


@contextmanager
def scratch() -> Iterator[Path]:
    """
    Give an empty folder, and remove it.

    A process that is killed leaves its folder; who comes next removes it.

    Yields
    ------
    folder
        A folder that nobody else of the system may look into.

    Raises
    ------
    PlanError
        If the system has no place where one can be made.
    """
    try:
        home = Path(tempfile.gettempdir())
        sweep(home)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    except OSError as error:
        reason = error.strerror or str(error)
        raise PlanError([fault("E_UNWRITABLE", "TMPDIR", reason=reason)]) from error
    handle = _held(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def sweep(home: Path) -> None:
    """
    Remove what killed processes of the same account left in a folder.

    Parameters
    ----------
    home
        Where these folders are made.
    """
    for folder in home.glob(f"{PREFIX}*"):
        # another may remove it at the same moment
        with suppress(OSError):
            if not _left(folder):
                continue
            handle = _held(folder)
            if handle is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(handle)


def _left(folder: Path) -> bool:
    """Tell whether a folder is our account's own, and not just being made."""
    status = folder.lstat()
    own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return (
        own and stat.S_ISDIR(status.st_mode) and time.time() - status.st_mtime > YOUNG_S
    )


def _held(folder: Path) -> int | None:
    """Lock a folder as long as its number is open; None where that cannot be."""
    from filelock import lock_descriptor

    try:
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        # the system does not open folders: nothing is swept there
        return None
    with suppress(OSError):
        if lock_descriptor(handle, blocking=False):
            return handle
    os.close(handle)
    return None
