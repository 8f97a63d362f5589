"""The folder of a plan: the shipped one, and how to tell that files changed."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from beltmap import data

SHIPPED: Final = Path(data.__file__).parent
"""Folder of the plans that come with beltmap."""

CHARTER: Final = "plan.toml"
"""What a plan says of itself, in its folder."""


def stamp(*folders: Path) -> str:
    """
    Tell the state of plans' files without reading them.

    Parameters
    ----------
    folders
        Folders of the plans, the shipped ones if none is given; hidden files in
        them do not count, plans within them do.

    Returns
    -------
    stamp
        Sixteen hexadecimal digits that change when a file changes, goes, or can
        no longer be looked at. Never an error: who opens the plan tells of it.
    """
    digest = hashlib.sha256()
    for folder in folders or (SHIPPED,):
        digest.update(str(folder).encode("utf-8", "surrogateescape"))
        inner = _inner(folder)
        for part in ("", "basemap", *inner, *(f"{one}/basemap" for one in inner)):
            for name, state in sorted(_states(folder / part)):
                told = f"{part}/{name} {state}"
                digest.update(told.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def _inner(folder: Path) -> list[str]:
    """Name the folders in a folder that hold plans, as far as one may look."""
    found = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.is_dir() and Path(entry, CHARTER).is_file():
                    found.append(entry.name)
    return sorted(found)


def _states(folder: Path) -> Iterator[tuple[str, str]]:
    """Give name and state of each file; of a folder without rights, why not."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if "." in entry.name[1:] and entry.name[0] != ".":
                    yield from _state(entry)
    except OSError as error:
        yield "", str(error.errno)


def _state(entry: "os.DirEntry[str]") -> Iterator[tuple[str, str]]:
    """Give name and state of a file, unless it has gone since it was listed."""
    try:
        status = entry.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        yield entry.name, str(error.errno)
        return
    # a clock that goes back gives two states one time, never one inode
    yield entry.name, f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"
