"""The kernel's part of the wall around the process that reads; Linux only."""

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_DIE_WITH_PARENT, _NO_NEW_PRIVILEGES, _KILL = 1, 38, 9
_NEW_MOUNTS, _NEW_IPC, _NEW_USER = 0x20000, 0x8000000, 0x10000000
_NEW_PIDS, _NEW_NET = 0x20000000, 0x40000000
_BIND, _AND_BELOW, _PRIVATE = 0x1000, 0x4000, 0x40000
_HERE, _RECURSIVE, _READ_ONLY, _NO_SETUID = -100, 0x8000, 1, 2
# these numbers are the same on every processor
_MOUNT_SETATTR, _CREATE, _ADD, _RESTRICT = 442, 444, 445, 446
_CAPABILITIES, _ADMIN = 0x20080522, 1 << 21

_ASK_VERSION, _BENEATH = 1, 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILES_BY_VERSION: Final = (0, 13, 14, 15, 15, 16)
_NET_SINCE, _SCOPES_SINCE = 4, 6


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends."""
    libc = _libc()
    if libc is None:
        return
    libc.prctl(_DIE_WITH_PARENT, _KILL, 0, 0, 0)
    if os.getppid() == 1:
        os._exit(1)


def raise_wall(readable: Iterable[str]) -> None:
    """
    Leave this process nothing of the system but a few folders to read.

    Each part stands where the system lets a process raise it, and is passed
    over where not. Nothing can be undone afterwards. The working folder becomes
    the root.

    Parameters
    ----------
    readable
        Paths of folders and files that may still be read; none may be written.
    """
    libc = _libc()
    if libc is None:
        return
    paths = [path for path in readable if Path(path).exists()]
    go_apart(libc, paths)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    keep_capabilities(libc, _ADMIN)
    landlock(libc, paths)


def part(readable: Iterable[str]) -> None:
    """
    Part a forked process from those behind the same wall: it gets one of its own.

    Parameters
    ----------
    readable
        As for `raise_wall`.
    """
    libc = _libc()
    if libc is None:
        return
    libc.unshare(_NEW_IPC | _NEW_NET)
    landlock(libc, [path for path in readable if Path(path).exists()])


def stay_alone() -> None:
    """Let the kernel start no other process or thread for this one."""
    libc = _libc()
    if libc is None:
        return
    if libc.unshare(_NEW_PIDS) == 0:
        first = libc.fork()
        if first == 0:
            os._exit(0)
        if first > 0:
            # the first process of these is gone: the kernel starts no other
            os.waitpid(first, 0)
    keep_capabilities(libc, 0)


def go_apart(libc: ctypes.CDLL, readable: list[str]) -> None:
    """
    Go where there is no network, and no file but these.

    Parameters
    ----------
    libc
        The C library.
    readable
        Paths that are still there afterwards, to be read alone.
    """
    if libc.unshare(_NEW_USER | _NEW_MOUNTS | _NEW_IPC | _NEW_NET) == 0:
        _hide_files(libc, readable)
    else:
        libc.unshare(_NEW_USER | _NEW_NET)


def keep_capabilities(libc: ctypes.CDLL, kept: int) -> None:
    """Give up what an administrator may do, but for the bits `kept`."""
    head = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    libc.capset(head, (ctypes.c_uint32 * 6)(kept, kept))


def landlock(libc: ctypes.CDLL, readable: list[str]) -> None:
    """
    Let the kernel refuse every file but these, and every connection.

    Parameters
    ----------
    libc
        The C library.
    readable
        Paths of folders and files that may be read.
    """
    version = libc.syscall(_CREATE, None, 0, _ASK_VERSION)
    if version < 1:
        return
    files = (1 << _FILES_BY_VERSION[min(version, len(_FILES_BY_VERSION) - 1)]) - 1
    net = 0b11 if version >= _NET_SINCE else 0
    scopes = 0b11 if version >= _SCOPES_SINCE else 0
    asked = (ctypes.c_uint64 * 3)(files, net, scopes)
    rules = libc.syscall(_CREATE, asked, ctypes.sizeof(asked), 0)
    if rules < 0:
        return
    for path in readable:
        folder = Path(path).is_dir()
        at = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = _Rule(_READ_FILE | (_READ_FOLDER if folder else 0), at)
        libc.syscall(_ADD, rules, _BENEATH, ctypes.byref(rule), 0)
        os.close(at)
    libc.syscall(_RESTRICT, rules, 0)
    os.close(rules)


class _Rule(ctypes.Structure):
    """What may be done beneath a folder."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _libc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    return ctypes.CDLL(None, use_errno=True)


def _hide_files(libc: ctypes.CDLL, readable: list[str]) -> None:
    """Make the working folder the root, with nothing below it but these paths."""
    root = Path.cwd()
    for path in readable:
        inside = root / path.lstrip("/")
        if Path(path).is_dir():
            inside.mkdir(parents=True, exist_ok=True)
        else:
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.touch()
    wish = (ctypes.c_uint64 * 4)(_READ_ONLY | _NO_SETUID, 0, _PRIVATE, 0)
    size = ctypes.c_size_t(ctypes.sizeof(wish))
    if libc.syscall(_MOUNT_SETATTR, _HERE, b"/", _RECURSIVE, wish, size) != 0:
        return
    for path in readable:
        inside = root / path.lstrip("/")
        how = ctypes.c_ulong(_BIND | _AND_BELOW)
        if libc.mount(os.fsencode(path), os.fsencode(inside), None, how, None) != 0:
            return
    if libc.chroot(os.fsencode(root)) == 0:
        os.chdir("/")
