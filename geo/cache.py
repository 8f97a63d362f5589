"""Files kept between runs in the user's cache folder: bounded, and never trusted."""

import hashlib
import os
import sys
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 2**30
"""All files together; those not asked for longest are deleted first."""

SUFFIX: Final = ".cache"
CHECK_BYTES: Final = 4
"""A checksum stands before the content."""


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
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
        return Path(home) / "beltmap" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "beltmap"
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "beltmap"


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
        where the file is another user's, or where it is spoilt and thus deleted.
    """
    path = cache_folder() / f"{key}{SUFFIX}"
    try:
        # Windows keeps folders of this kind to their user
        if os.name == "posix" and path.stat().st_uid != os.getuid():
            return None
        content = path.read_bytes()
        body = content[CHECK_BYTES:]
        if content[:CHECK_BYTES] == _check(body):
            os.utime(path)
            return body
        path.unlink()
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
    folder = cache_folder()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=folder, suffix=".draft")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_check(content))
                file.write(content)
            Path(draft).replace(folder / f"{key}{SUFFIX}")
        finally:
            Path(draft).unlink(missing_ok=True)
        _shrink(folder, most_bytes)


def _check(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(CHECK_BYTES, "big")


def _shrink(folder: Path, most_bytes: int) -> None:
    """Delete the files not asked for longest, until the others fit."""
    left = most_bytes
    files = [(path.stat(), path) for path in folder.glob(f"*{SUFFIX}")]
    for status, path in sorted(files, key=lambda file: -file[0].st_mtime_ns):
        left -= status.st_size
        if left < 0:
            path.unlink(missing_ok=True)
