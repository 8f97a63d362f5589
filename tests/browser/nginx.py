"""Nginx on this machine alone, as the document on many readers has it."""

import re
import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager

from tests.geo.export.test_tools import needed
from tests.serving import ROOT

PLACES = ("client_body", "fastcgi", "proxy", "scgi", "uwsgi")
FRAME = """daemon off;
master_process off;
pid {folder}/pid;
events {{}}
http {{
{places}
log_format who '$page $upstream_addr $status $request_uri';
access_log {folder}/asked who;
{told}
}}
"""
"""What stands round the configuration: where nginx writes, and that it stays here."""


def nginx():
    """Tell where the program is; it must be there in CI."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    needed(found, "nginx")
    return found


@contextmanager
def front(folder, port, *behind):
    """
    Run nginx before two pages.

    Parameters
    ----------
    folder
        For all that it writes.
    port
        At which it listens; only this number and those of the pages are replaced in
        what the document says.
    behind
        Ports of the pages.

    Yields
    ------
    asked
        A function that gives what was asked for: reader, page, status, path.
    """
    program = nginx()
    document = (ROOT / "docs" / "many-readers.md").read_text(encoding="utf-8")
    [told] = re.findall(r"```nginx\n(.*?)```", document, re.DOTALL)
    ports = {"listen 80": f"listen 127.0.0.1:{port}"}
    for number, own in zip((8601, 8602), behind, strict=True):
        ports[f"server 127.0.0.1:{number}"] = f"server 127.0.0.1:{own}"
    for words, own in ports.items():
        assert told.count(words) == 1
        told = told.replace(words, own)
    places = "\n".join(f"{one}_temp_path {folder}/{one};" for one in PLACES)
    file = folder / "nginx.conf"
    file.write_text(FRAME.format(folder=folder, places=places, told=told))
    command = [program, "-e", folder / "errors", "-p", folder, "-c", file]
    with subprocess.Popen(command) as process:
        try:
            await_answer(process, f"http://127.0.0.1:{port}/_stcore/health")
            yield lambda: [
                line.split(" ", 3)
                for line in (folder / "asked").read_text().split("\n")
            ][:-1]
        finally:
            process.terminate()


def await_answer(process, address):
    for _ in range(1000):
        assert process.poll() is None
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nginx does not answer")
