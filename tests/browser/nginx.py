"""Nginx on this machine alone, as the document on many readers has it."""

import re
import shutil
import subprocess
from contextlib import contextmanager

from tests.geo.export.test_tools import needed
from tests.serving import ROOT
from tests.storing import listens

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
def front(folder, port, *behind, login=None):
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
    login
        File of those who may log in, if they have to.

    Yields
    ------
    asked
        A function that gives what was asked for: reader, page, status, path.
    """
    program = nginx()
    document = (ROOT / "docs" / "many-readers.md").read_text(encoding="utf-8")
    told, logging_in = re.findall(r"```nginx\n(.*?)```", document, re.DOTALL)
    ports = {"listen 80": f"listen 127.0.0.1:{port}"}
    for number, own in zip((8601, 8602), behind, strict=True):
        ports[f"server 127.0.0.1:{number}"] = f"server 127.0.0.1:{own}"
    if login is not None:
        told = told.replace("location / {", "location / {\n" + logging_in)
        ports["/etc/nginx/readers"] = str(login)
    for words, own in ports.items():
        assert told.count(words) == 1
        told = told.replace(words, own)
    places = "\n".join(f"{one}_temp_path {folder}/{one};" for one in PLACES)
    file = folder / "nginx.conf"
    file.write_text(FRAME.format(folder=folder, places=places, told=told))
    command = [program, "-e", folder / "errors", "-p", folder, "-c", file]
    with subprocess.Popen(command) as process:
        try:
            assert listens(port, process), (folder / "errors").read_text()
            yield lambda: [
                line.split(" ", 3)
                for line in (folder / "asked").read_text().split("\n")
            ][:-1]
        finally:
            process.terminate()
