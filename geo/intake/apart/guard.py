"""Python's part of the wall: what its own code may still do, event by event."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

_HARMLESS: Final = frozenset(
    {
        "array.__new__",
        "builtins.id",
        "code.__new__",
        "compile",
        "exec",
        "function.__new__",
        "marshal.loads",
        "object.__delattr__",
        "object.__getattr__",
        "object.__setattr__",
        "sqlite3.connect/handle",
        "sys._getframe",
        "sys._getframemodulename",
        "sys.excepthook",
        "sys.unraisablehook",
    }
)
"""Audit events that reading needs; every other one ends the process."""

_LIBRARIES: Final = ("lib", "lib64", "Lib", "DLLs")
_SYSTEM: Final = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/urandom",
)
_SETTINGS: Final = ("LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB")
_PACKAGES: Final = ("site-packages", "dist-packages")
_OS: Final = """
    chroot mkfifo mknod pidfd_open sched_setaffinity sched_setparam
    sched_setscheduler setpriority"""
_ARROW: Final = """
    OSFile MemoryMappedFile memory_map create_memory_map input_stream
    output_stream"""
_ARROW_FILES: Final = "FileSystem LocalFileSystem SubTreeFileSystem"
_SILENT: Final = {
    "_posixsubprocess": "fork_exec",
    "subprocess": "_fork_exec",
    "os": _OS,
    "posix": _OS,
    "signal": "pidfd_send_signal",
    "_signal": "pidfd_send_signal",
    "pyarrow": _ARROW,
    "pyarrow.lib": _ARROW,
    "pyarrow.fs": _ARROW_FILES,
    "pyarrow._fs": _ARROW_FILES,
}
"""By module, what raises no audit event."""


def readable() -> tuple[str, ...]:
    """
    List what the program itself reads: libraries, and its own folders.

    Returns
    -------
    paths
        Folders and files; none lies within another.
    """
    homes = {Path(sys.prefix), Path(sys.base_prefix)}
    found = {home / name for home in homes for name in _LIBRARIES}
    found |= {Path(path) for path in sys.path if path and _is_library(path, homes)}
    found |= {Path(path) for path in _SYSTEM}
    for name in _SETTINGS:
        given = os.environ.get(name, "").split(os.pathsep)
        found |= {Path(path) for path in given if Path(path).is_absolute()}
    home = Path(__file__).parents[3]
    installed = (home / "__init__.py").exists()
    own = (".",) if installed else ("geo", "data")
    found |= {home / name for name in own}
    found |= {path.resolve() for path in found}
    whole = {path for path in found if path.exists()}
    return tuple(str(path) for path in sorted(whole) if not _within(path, whole))


def close_search(paths: Iterable[str]) -> None:
    """Look for modules in these folders alone."""
    sys.path[:] = [path for path in sys.path if _is_below(path, tuple(paths))]


def guard(paths: Iterable[str]) -> Callable[[str, tuple[Any, ...]], None]:
    """
    Make the hook that ends the process where it tries what it must not.

    Parameters
    ----------
    paths
        Folders and files that may be read; none may be written.

    Returns
    -------
    hook
        For `sys.addaudithook`.
    """
    allowed = tuple(paths)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _HARMLESS:
            return
        if event == "import":
            # the second is the file, where that is known already
            if arguments[1] is not None:
                _check_path(allowed, arguments[1])
        elif event == "open":
            _check_open(allowed, *arguments)
        elif event == "os.listdir":
            _check_path(allowed, arguments[0])
        elif event == "sqlite3.connect":
            if arguments[0] != ":memory:":
                _stop(f"connects to {arguments[0]}")
        else:
            _stop(event)

    return hook


def hide_openers() -> None:
    """Take away what opens files or reaches processes and says so to no hook."""
    for module, names in _SILENT.items():
        loaded = sys.modules.get(module)
        for name in names.split():
            if hasattr(loaded, name):
                setattr(loaded, name, _refused(f"{module}.{name}"))
    for module in ("sqlite3", "sqlite3.dbapi2", "_sqlite3"):
        loaded = sys.modules.get(module)
        if loaded is not None:
            loaded.__dict__["connect"] = _connecting(loaded.connect)
            loaded.__dict__["Connection"] = _refused(f"{module}.Connection")
    for module in ("pyogrio._io", "pyogrio.core", "pyogrio.raw"):
        for name, read in vars(sys.modules.get(module, object)).copy().items():
            if name.startswith("ogr_"):
                setattr(sys.modules[module], name, _without_paths(name, read))


def _refused(what: str) -> Callable[..., None]:
    def refuse(*_: object, **__: object) -> None:
        _stop(what)

    return refuse


def _is_library(path: str, homes: set[Path]) -> bool:
    at = Path(path)
    return at.name in _PACKAGES or any(at.is_relative_to(home) for home in homes)


def _within(path: Path, others: set[Path]) -> bool:
    return any(parent in others for parent in path.parents)


def _is_below(path: str, allowed: tuple[str, ...]) -> bool:
    """Compare folder by folder: a name that begins alike is another one."""
    return any(path == one or path.startswith(one + os.sep) for one in allowed)


def _check_open(allowed: tuple[str, ...], path: Any, mode: Any, flags: int) -> None:  # noqa: ANN401 - what is opened
    if isinstance(path, int):
        return
    writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    if writes or (isinstance(mode, str) and any(sign in mode for sign in "wax+")):
        _stop(f"writes {path!r}")
    _check_path(allowed, path)


def _check_path(allowed: tuple[str, ...], path: Any) -> None:  # noqa: ANN401 - what is opened
    if isinstance(path, int):
        _stop("opens by number")
    whole = os.path.realpath(os.fsdecode("." if path is None else path))
    if not _is_below(whole, allowed):
        _stop(f"opens {whole}")


def _connecting(connect: Callable[..., Any]) -> Callable[..., Any]:
    """Let no database attach another, which SQLite would open in silence."""
    import sqlite3

    def connect_alone(*given: object, **options: object) -> Any:  # noqa: ANN401 - a connection
        base = connect(*given, **options)
        base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        return base

    return connect_alone


def _without_paths(what: str, read: Callable[..., Any]) -> Callable[..., Any]:
    """Let GDAL read what is in memory, and no path."""

    def read_bytes(first: object, *given: object, **options: object) -> Any:  # noqa: ANN401 - as GDAL gives it
        if not isinstance(first, bytes | memoryview):
            _stop(what)
        return read(first, *given, **options)

    return read_bytes


def _stop(what: str) -> None:
    """End at once: what got this far could catch an exception."""
    os.write(2, f"forbidden: {what}\n".encode(errors="replace"))
    os._exit(13)
