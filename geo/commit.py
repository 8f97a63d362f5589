"""Files of one folder that change together: under a lock, and all or none."""

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

import orjson

from beltmap.geo.errors import Fault, PlanError, fault, no_access
from beltmap.geo.scratch import scratch
from beltmap.geo.shipped import stamp

JOURNAL: Final = ".beltmap-commit"
"""Folder beside the files, where the new ones wait until all are complete."""

MANIFEST: Final = "manifest.json"
"""The names that the drafts of a journal are for; the change counts from here on."""

LOCK: Final = ".beltmap.lock"
"""Locked where the system cannot lock a folder."""

PATIENCE_S: Final = 120.0
"""Seconds that a writer waits for another."""

TRIES: Final = 20
"""Times that a plan is read again because it changed meanwhile."""

T = TypeVar("T")


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """
    Keep other writers out of a folder, and finish what a killed one began.

    Parameters
    ----------
    folder
        Folder whose files are read and written inside; one folder at a time.

    Raises
    ------
    PlanError
        If another writer does not come to an end, the folder cannot be
        written, or what was left of a killed writer cannot be trusted.
    """
    try:
        handle = _lock(folder)
    except OSError as error:
        raise PlanError([unwritable(folder, error)]) from error
    try:
        _finish(folder)
        yield
    except OSError as error:
        raise PlanError([unwritable(folder, error)]) from error
    finally:
        # closing lets go of the lock
        os.close(handle)


def commit(folder: Path, contents: Mapping[str, bytes]) -> None:
    """
    Write files of a folder: all of them or none, whatever ends the program.

    Parameters
    ----------
    folder
        Folder that is held by `writing`.
    contents
        All bytes of each file by its name. An existing file keeps its mode
        and, where the system lets it, its owner.

    Raises
    ------
    OSError
        If one cannot be written. Nothing has changed then, unless every draft
        was complete: the change is finished by who comes next.
    """
    for name in contents:
        # found now, while nothing is replaced yet
        _refuse_unless_plain(folder / name)
    journal = folder / JOURNAL
    manifest = journal / MANIFEST
    try:
        journal.mkdir()
        for number, (name, content) in enumerate(contents.items()):
            _draft(journal / str(number), content, like=folder / name)
        promise = manifest.with_suffix(".draft")
        _draft(promise, orjson.dumps(list(contents)), like=promise)
        _sync(journal)
        promise.replace(manifest)
        _sync(journal)
    except BaseException:
        if not manifest.exists():
            shutil.rmtree(journal, ignore_errors=True)
        raise
    _finish(folder)


def read_whole(folder: Path, read: Callable[[Path], T]) -> T:
    """
    Read files that belong together as they were at one moment.

    Parameters
    ----------
    folder
        Folder of the files.
    read
        Reads them from the folder that it is given.

    Returns
    -------
    answer
        What `read` gave, of the state before a change or after it. What a
        killed writer had promised counts as done, also for who may not write.

    Raises
    ------
    PlanError
        As `read` does of files that are not just being changed, and of those
        that cannot be looked at.
    """
    try:
        return _read_whole(folder, read)
    except OSError as error:
        where = Path(error.filename).name if error.filename else folder.name
        raise PlanError([no_access(where, error)]) from error


def _read_whole(folder: Path, read: Callable[[Path], T]) -> T:
    for _ in range(TRIES):
        if _pending(folder) and not _settle(folder):
            return _overlaid(folder, read)
        before = stamp(folder)
        if _pending(folder):
            continue
        _refuse_endless(folder)
        try:
            answer = read(folder)
        except (PlanError, OSError):
            if stamp(folder) == before:
                raise
            continue
        if stamp(folder) == before:
            return answer
    with writing(folder):
        return read(folder)


def _refuse_endless(folder: Path) -> None:
    """Refuse a pipe or a device among the files: reading it might never end."""
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            continue
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise OSError(errno.ESPIPE, os.strerror(errno.ESPIPE), str(path))


def unwritable(path: Path, error: OSError) -> Fault:
    """Say that a file or folder cannot be written, and why."""
    return fault("E_UNWRITABLE", path, reason=error.strerror)


def _lock(folder: Path) -> int:
    """Lock a folder, or a file in it where folders have no locks; wait for others."""
    create = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        return _waited(folder, os.open(folder, os.O_RDONLY))
    except OSError:
        if not folder.is_dir():
            raise
        return _waited(folder, os.open(folder / LOCK, create, 0o666))


def _waited(folder: Path, handle: int) -> int:
    """Wait until an open file is locked, and give it back."""
    # who only reads does not wait for it
    from filelock import lock_descriptor

    end = time.monotonic() + PATIENCE_S
    try:
        while not lock_descriptor(handle, blocking=False) and time.monotonic() < end:
            time.sleep(0.02)
        if time.monotonic() < end:
            return handle
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    raise PlanError([_busy(folder)])


def _pending(folder: Path) -> bool:
    """Tell whether a change is promised that is not all in place."""
    return (folder / JOURNAL / MANIFEST).exists()


def _settle(folder: Path) -> bool:
    """Finish a promised change; tell whether that was possible."""
    with suppress(PlanError), writing(folder):
        return True
    return False


def _finish(folder: Path) -> None:
    """Put the drafts of a promised change in place; sweep those of any other."""
    journal = folder / JOURNAL
    if not os.path.lexists(journal):
        return
    for name, draft in _promised(folder).items():
        draft.replace(folder / name)
    _sync(folder)
    (journal / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(journal)


def _promised(folder: Path) -> dict[str, Path]:
    """Give the drafts that wait for their place, by the names of their files."""
    journal = folder / JOURNAL
    if not _own(folder, journal):
        raise PlanError([_foreign(folder)])
    if not _pending(folder):
        return {}
    try:
        names = orjson.loads((journal / MANIFEST).read_bytes())
        drafts = {name: journal / str(n) for n, name in enumerate(names)}
        plain = all(name == Path(name).name and name[:1] != "." for name in drafts)
    except (ValueError, TypeError) as error:
        raise PlanError([_foreign(folder)]) from error
    waiting = {name: draft for name, draft in drafts.items() if os.path.lexists(draft)}
    if not plain or not all(stat.S_ISREG(d.lstat().st_mode) for d in waiting.values()):
        raise PlanError([_foreign(folder)])
    return waiting


def _own(folder: Path, journal: Path) -> bool:
    """Tell whether a journal was written by one who may write the folder's files."""
    status, around = journal.lstat(), folder.stat()
    anyone = around.st_mode & stat.S_IWOTH
    owners = {around.st_uid, os.geteuid() if hasattr(os, "geteuid") else 0}
    return stat.S_ISDIR(status.st_mode) and (not anyone or status.st_uid in owners)


def _overlaid(folder: Path, read: Callable[[Path], T]) -> T:
    """Read a folder as it will be, where a change cannot be finished."""
    with scratch() as made:
        files = {p.name: p for p in folder.iterdir() if not p.name.startswith(".")}
        for name, path in (files | _promised(folder)).items():
            try:
                (made / name).symlink_to(path.resolve())
            except OSError:
                if path.is_file():
                    shutil.copyfile(path, made / name)
        return read(made)


def _refuse_unless_plain(path: Path) -> None:
    """Refuse to replace what is no file of its own: a folder, a link, a device."""
    if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
        raise PlanError([_no_file(path)])


def _draft(path: Path, content: bytes, *, like: Path) -> None:
    """Write a file to the disk, with the mode and owner of the one it is for."""
    old = like.stat() if like.exists() else None
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600 if old else 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        if old and hasattr(os, "fchmod"):
            _as_before(handle, old)
        os.fsync(handle)


def _as_before(handle: int, old: os.stat_result) -> None:
    """Give a draft the owner, as far as the system lets it, and the mode of a file."""
    now = os.fstat(handle)
    if (now.st_uid, now.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(handle, old.st_uid, old.st_gid)
        except PermissionError:
            with suppress(PermissionError):
                os.fchown(handle, -1, old.st_gid)
    os.fchmod(handle, stat.S_IMODE(old.st_mode))


def _sync(folder: Path) -> None:
    """Let the disk have the names of a folder, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _busy(folder: Path) -> Fault:
    return fault("E_BUSY", folder)


def _foreign(folder: Path) -> Fault:
    return fault("E_UNFINISHED", folder / JOURNAL)


def _no_file(path: Path) -> Fault:
    return fault("E_UNWRITABLE.no_file", path)
