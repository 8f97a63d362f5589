"""Files kept between runs in the user's cache folder: bounded, and never trusted."""

import errno
import hashlib
import logging
import os
import secrets
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 2**30
"""All files together; those not asked for longest are deleted first."""

SUFFIX: Final = ".cache"
CHECK_BYTES: Final = 4
"""A checksum stands before the content."""

OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH

LOG: Final = logging.getLogger("beltmap.cache")


def cache_folder() -> Path:
    """
    Tell where files are kept between runs.

    Returns
    -------
    folder
        ``beltmap`` in the folder that the system gives to caches; it need not
        exist. The variable ``BELTMAP_CACHE`` names another one.
    """
    if chosen := os.environ.get("BELTMAP_CACHE"):
        return Path(chosen)
    # what keeps nothing does not wait for it
    from platformdirs import user_cache_path

    return user_cache_path("beltmap", appauthor=False)


def key_of(content: bytes, *about: str) -> str:
    """
    Make a key from what a result follows from.

    Parameters
    ----------
    content
        Bytes that were read.
    *about
        Everything else that the result depends on.

    Returns
    -------
    key
        64 hexadecimal digits (SHA-256).
    """
    digest = hashlib.sha256(content)
    digest.update("\0".join(("", *about)).encode())
    return digest.hexdigest()


def recall(key: str) -> bytes | None:
    """
    Read what was kept under a key.

    Parameters
    ----------
    key
        See `key_of`.

    Returns
    -------
    content
        Letter for letter what `keep` was given; None where nothing is kept,
        where file or folder are another user's or others can write to the
        folder, or where the file is spoilt and thus deleted.
    """
    name = f"{key}{SUFFIX}"
    try:
        with _trusted(cache_folder()) as folder:
            content = _read(folder, name)
            body = content[CHECK_BYTES:]
            if content[:CHECK_BYTES] == _check(body):
                os.utime(folder.at(name), dir_fd=folder.handle)
                return body
            os.unlink(folder.at(name), dir_fd=folder.handle)
    except OSError:
        pass
    return None


def keep(key: str, content: bytes, *, most_bytes: int = MOST_BYTES) -> None:
    """
    Keep bytes for later runs; do without where that is not possible.

    Parameters
    ----------
    key
        See `key_of`.
    content
        Anything up to `most_bytes`; more is not kept.
    most_bytes
        Where the files become more together, the oldest are deleted.
    """
    if len(content) > most_bytes:
        return
    path = cache_folder()
    with suppress(OSError):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _trusted(path) as folder:
            _write(folder, f"{key}{SUFFIX}", content)
        _shrink(path, most_bytes)


@dataclass(frozen=True)
class _Folder:
    """A folder that is open, so that no one can put another in its place."""

    path: Path
    handle: int | None

    def at(self, name: str) -> str:
        """Say where a file is: by name alone where the folder is open."""
        return str(self.path / name) if self.handle is None else name


@contextmanager
def _trusted(path: Path) -> Iterator[_Folder]:
    """
    Open a folder that no one else can write to; a link to it must be one's own.

    Raises
    ------
    PermissionError
        If others can: what is in it might be made to mislead.
    """
    # Windows keeps folders of this kind to their user
    if os.name != "posix":
        yield _Folder(path, None)
        return
    link = os.lstat(path)
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        found = os.fstat(handle)
        owners = {link.st_uid, found.st_uid}
        if owners != {os.getuid()} or found.st_mode & OTHERS_WRITE:
            LOG.warning("%s is done without: others can write to it", path)
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))
        yield _Folder(path, handle)
    finally:
        os.close(handle)


def _read(folder: _Folder, name: str) -> bytes:
    """Read a file of one's own; not what a link leads to."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(folder.at(name), flags, dir_fd=folder.handle)
    with os.fdopen(handle, "rb") as file:
        if os.name == "posix" and os.fstat(handle).st_uid != os.getuid():
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), name)
        return file.read()


def _write(folder: _Folder, name: str, content: bytes) -> None:
    """Write a file at once: readers see all of it or nothing."""
    draft = f"{secrets.token_hex(8)}.draft"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(folder.at(draft), flags, 0o600, dir_fd=folder.handle)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_check(content))
            file.write(content)
        os.replace(
            folder.at(draft),
            folder.at(name),
            src_dir_fd=folder.handle,
            dst_dir_fd=folder.handle,
        )
    except BaseException:
        with suppress(OSError):
            os.unlink(folder.at(draft), dir_fd=folder.handle)
        raise


def _check(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(CHECK_BYTES, "big")


def _shrink(folder: Path, most_bytes: int) -> None:
    """Delete the files not asked for longest, until the others fit."""
    left = most_bytes
    files = []
    for path in folder.glob(f"*{SUFFIX}"):
        # another process may delete it meanwhile
        with suppress(FileNotFoundError):
            files.append((path.stat(), path))
    for status, path in sorted(files, key=lambda file: -file[0].st_mtime_ns):
        left -= status.st_size
        if left < 0:
            path.unlink(missing_ok=True)
