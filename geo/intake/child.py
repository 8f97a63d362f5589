"""The process that reads one upload: it can do nothing else."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_NO: Final = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.remove",
    "os.rename",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.symlink",
    "shutil.",
    "ftplib.",
    "http.",
    "urllib.",
    "smtplib.",
    "webbrowser.",
    "ctypes.dlopen",
)
"""Audit events that end the process."""

_PDEATHSIG, _SIGKILL = 1, 9
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000


def main() -> None:
    """Read a job from standard input, and write its outcome to standard output."""
    leave_the_network()
    packed = sys.stdin.buffer.read()
    from geo.intake.limits import Limits
    from geo.intake.reading import read_upload
    from geo.intake.wire import pack_outcome, unpack_job
    from geo.language.messages import speaking

    upload, answers, limits, context, language = unpack_job(packed)
    del packed
    _load(upload.name)
    limit_resources(limits.memory_bytes or Limits().memory_bytes, limits.seconds)
    sys.addaudithook(_guard([Path.cwd()]))
    with speaking(language):
        outcome = read_upload(upload, answers=answers, limits=limits, context=context)
    sys.stdout.buffer.write(pack_outcome(outcome))
    sys.stdout.buffer.flush()
    os._exit(0)


def leave_the_network() -> None:
    """
    Go where there is no network, and die with the parent.

    Linux only, and only where the system lets a process do so; the guard
    against sockets stands in any case.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PDEATHSIG, _SIGKILL)
    if os.getppid() == 1:
        os._exit(1)
    libc.unshare(_NEW_USER | _NEW_NET)


def limit_resources(memory_bytes: int, seconds: int) -> None:
    """
    Bound memory, processor time and files.

    Parameters
    ----------
    memory_bytes
        Most data that the process may hold.
    seconds
        Most processor time.
    """
    try:
        import resource
    except ImportError:
        # Windows: the parent's clock is the only bound
        return
    limits = {
        # what is not counted as data, mostly libraries, takes an eighth
        "RLIMIT_DATA": memory_bytes * 7 // 8,
        "RLIMIT_AS": 4 * memory_bytes,
        "RLIMIT_CPU": seconds,
        "RLIMIT_FSIZE": memory_bytes,
        "RLIMIT_CORE": 0,
    }
    for name, most in limits.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            _, hard = resource.getrlimit(kind)
            most_now = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most_now, most_now))


def _load(name: str) -> None:
    """Load what a format needs, before the doors are closed."""
    import encodings.gb18030
    import encodings.utf_16

    import pyproj.network

    pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined]
    if name.lower().endswith((".fgb", ".zip")):
        import pyogrio.raw  # noqa: F401 - loads its libraries
    if name.lower().endswith((".parquet", ".geoparquet", ".zip")):
        import pyarrow.parquet  # noqa: F401 - loads its libraries
    if name.lower().endswith((".xlsx", ".xlsm", ".zip")):
        import openpyxl  # noqa: F401 - loads its libraries
    _ = encodings


def _guard(writable: list[Path]) -> Callable[[str, tuple[Any, ...]], None]:
    """Make the hook that ends the process where it tries what it must not."""
    roots = {
        str(Path(path).resolve())
        for path in map(str, (sys.prefix, sys.base_prefix, *sys.path, *writable))
        if path
    }
    readable = (*roots, "/usr/", "/lib", "/proc/self/", "/dev/null", "/dev/urandom")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode = arguments[0], arguments[1]
            if isinstance(path, int):
                return
            whole = os.path.realpath(os.fsdecode(path))
            writes = isinstance(mode, str) and any(c in mode for c in "wax+")
            allowed = tuple(map(str, writable)) if writes else readable
            if not whole.startswith(allowed):
                _stop(f"opens {whole}")
        elif event.startswith(_NO):
            _stop(event)

    return hook


def _stop(what: str) -> None:
    """End at once: what got this far could catch an exception."""
    os.write(2, f"forbidden: {what}\n".encode(errors="replace"))
    os._exit(13)
