"""Run attempts where an upload would be read, one process each; JSON in and out."""

import json
import os
import signal
import sys
from importlib import import_module

MODULES = """
    _ctypes _posixsubprocess _socket codecs ctypes fileinput ftplib gc glob
    http.client importlib.machinery importlib.util io linecache mmap
    multiprocessing.connection multiprocessing.popen_fork numpy os pandas pathlib
    pty pyarrow pyarrow.fs pyarrow.parquet pyogrio pyogrio.raw resource runpy shutil
    signal smtplib socket sqlite3 subprocess sys tempfile tokenize urllib.request
    zipfile"""
ENDED = 13


def main():
    """Read what to try and with which parts of the wall; write what became of it."""
    asked = json.load(sys.stdin)
    sys.path.insert(0, asked["root"])
    # as the worker has it loaded before its wall stands; once for all attempts
    for name in ("child", "guard", "wall"):
        import_module(f"beltmap.geo.intake.apart.{name}")
    leave_out(asked["without"])
    paths = walled() if asked["forked"] else None
    names = given(asked["names"])
    found = [each_of(codes, asked, names, paths) for codes in asked["attempts"]]
    sys.stdout.write(json.dumps(found))


def each_of(codes, asked, names, paths):
    """Try several things; if asked for the first that passes, none after it."""
    found = []
    for code in codes:
        found.append(attempt(code, asked, names, paths))
        if asked["first"] and found[-1] == "passed":
            break
    return found


def attempt(code, asked, names, paths):
    """Try one thing in a process of its own, behind the wall."""
    back, forth = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        os.dup2(forth, 1)
        os.dup2(forth, 2)
        try:
            behind(code, asked, names, paths)
        except BaseException as error:  # noqa: BLE001 - whatever an attempt raises
            os.write(1, f"refused {type(error).__name__} {error}".encode())
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    # not to its end: what was started may hold the other side open
    os.write(forth, b"\n")
    said = os.read(back, 9999).decode(errors="replace")
    os.close(forth)
    os.close(back)
    if status == 0 and "PASSED" in said:
        return "passed"
    return "ended" if status == ENDED else f"refused {status} {said[-200:]}"


def leave_out(without):
    """Take parts of the wall away."""
    from beltmap.geo.intake.apart import child, guard, wall

    if "landlock" in without:
        wall.landlock = lambda *_: None
    if "namespaces" in without:
        wall.go_apart = lambda *_: None
        child.stay_alone = lambda: None
    if "kernel" in without:
        child.raise_wall = child.part = lambda _: None
        child.stay_alone = child.die_with_parent = lambda: None
    if "python" in without:
        guard.guard = lambda _: lambda *_: None
        guard.hide_openers = lambda: None


def walled():
    """Raise what stands before a process is forked."""
    from beltmap.geo.intake.apart import child

    return child.shut_in()


def behind(code, asked, names, paths):
    """Raise the wall as the worker does, or what a forked one still lacks of it."""
    from beltmap.geo.intake.apart import child

    if paths is None:
        paths = child.shut_in()
    else:
        child.die_with_parent()
        child.part(paths)
    child.stay_alone()
    if "kernel" not in asked["without"]:
        child.limit_resources(2 << 30, 20)
    child.lock(paths)
    exec(code, names)
    os.write(1, b"PASSED")
    # what it may have started must not go on as this process
    os._exit(0)


def given(names):
    """Load every module that is used, and make the names that attempts use."""
    for module in MODULES.split():
        import_module(module)
    loaded = {name.partition(".")[0] for name in MODULES.split()}
    import sqlite3

    def memory():
        return sqlite3.connect(":memory:", uri=True, isolation_level=None)

    def lifted():
        base = memory()
        base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 5)
        return base

    def fork_exec():
        sys.modules["_posixsubprocess"].fork_exec(
            [names["TRUE"]], [os.fsencode(names["TRUE"])], True, (), None, None,
            -1, -1, -1, -1, -1, -1, *os.pipe(), False, False, 0, None, None, None, -1,
            None, True,
        )  # fmt: skip

    specification = sys.modules["importlib.util"].spec_from_file_location
    return (
        names
        | {name: sys.modules[name] for name in loaded}
        | {
            "ABSTRACT": "\0" + names["ABSTRACT"],
            "MEMORY": memory,
            "LIFTED": lifted,
            "FORK_EXEC": fork_exec,
            "SPEC": specification("x", names["LIBRARY"]),
        }
    )


if __name__ == "__main__":
    main()
