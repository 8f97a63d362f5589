"""A server in a process of its own, for tests and measurements that need a page."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
TRIES = 5
PATIENCE_S = 120
END_S = 30


class NoServerError(Exception):
    """A server that did not come up; says what it wrote."""


@contextmanager
def running(*command, environment=(), python=sys.executable, cwd=ROOT, path=""):
    """
    Run ``python -m command`` with a port of Streamlit; give address and process.

    The page may be below a `path` of its own, such as ``plans/``.

    Another `python` and folder to stand in are for a copy that is installed;
    an empty ``PYTHONPATH`` then keeps this checkout out.

    A free port may be taken by another before the server has it: the server
    ends then, and is started again on another. One that neither ends nor answers
    is no server, and its log is told.
    """
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "log")
        for _ in range(TRIES):
            port = free_port()
            server = begin([python, "-m", *command], port, environment, written, cwd)
            try:
                address = f"http://127.0.0.1:{port}/{path}"
                if wait_for(server, address, written):
                    yield address, server
                    return
            finally:
                end(server)
        raise NoServerError(f"ended at once; it wrote:\n{said_by(written)}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def begin(command, port, environment, log, cwd):
    options = ["--server.headless=true", f"--server.port={port}"]
    given = dict(os.environ)
    given.pop("BELTMAP_PLAN", None)
    with log.open("ab") as out:
        return subprocess.Popen(
            [*map(str, command), *options],
            cwd=cwd,
            env=given | {"PYTHONPATH": str(ROOT)} | dict(environment),
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def wait_for(server, address, log):
    """Tell whether a server answers; not if it has ended instead."""
    last = time.monotonic() + PATIENCE_S
    while server.poll() is None:
        # another's server may answer at this port: ours has written its port
        if f":{urlsplit(address).port}" in said_by(log) and answers(address):
            return True
        if time.monotonic() > last:
            raise NoServerError(f"does not answer; it wrote:\n{said_by(log)}")
        time.sleep(0.02)
    return False


def said_by(log):
    return log.read_text(encoding="utf-8", errors="replace")


def answers(address):
    try:
        with urllib.request.urlopen(f"{address}_stcore/health", timeout=5):
            return True
    except OSError:
        return False


def end(server):
    server.terminate()
    try:
        server.wait(timeout=END_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
