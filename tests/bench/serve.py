"""Servers for measurements, each in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def serving_page(script, plan=None, *, log=None):
    """Run a Streamlit page, or ours if `script` is None; give address and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("BELTMAP_PLAN", None)
    if plan:
        environment["BELTMAP_PLAN"] = str(Path(plan).resolve())
    command = ["-m", "streamlit", "run", str(script or ROOT / "app.py")]
    options = ["--server.headless=true", f"--server.port={port}"]
    server = subprocess.Popen(
        [sys.executable, *command, *options],
        cwd=ROOT,
        env=environment,
        stdout=log or subprocess.DEVNULL,
        stderr=subprocess.STDOUT if log else subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.05)
        yield address, server
    finally:
        server.terminate()
        server.wait(timeout=20)


def memory_mb(server):
    """Give the memory that a process holds, and the most that it held."""
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
