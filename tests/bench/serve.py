"""Servers for measurements, each in a process of its own."""

from contextlib import contextmanager
from pathlib import Path

from tests.serving import ROOT, running


@contextmanager
def serving_page(script, plan=None):
    """Run a Streamlit page, or ours if `script` is None; give address and process."""
    chosen = {"BELTMAP_PLAN": str(Path(plan).resolve())} if plan else {}
    page = str(script or ROOT / "app.py")
    with running("streamlit", "run", page, environment=chosen) as found:
        yield found


def memory_mb(server):
    """Give the memory that a process holds, and the most that it held."""
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
