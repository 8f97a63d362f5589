"""A PostgreSQL server of the tests' own, with PostGIS, on this machine alone."""

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
"""Where Debian has the programs of the server, which are not on the path."""

USER = "postgres"


class Server:
    """
    A server that can be ended, and started again where it was.

    Parameters
    ----------
    folder
        Folder for its data and its log.
    follows
        A server of which it is a streaming replica.
    """

    def __init__(self, folder, *, follows=None):
        self.folder, self.who, self.port = folder, owner(folder), None
        data = folder / "data"
        if follows is not None:
            program = PROGRAMS[-1] / "pg_basebackup"
            copy = ["-D", data, "-R", "-d", follows.address, "--checkpoint=fast"]
            run = [program, *copy]
            subprocess.run(run, check=True, capture_output=True, cwd=folder, **self.who)
            self.start()
            return
        plain = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        run = [PROGRAMS[-1] / "initdb", f"--username={USER}", *plain, data]
        subprocess.run(run, check=True, capture_output=True, cwd=folder, **self.who)
        self.start()
        sql(f"{self.address}/template1", "create extension postgis")

    @property
    def address(self):
        return f"postgresql://{USER}@127.0.0.1:{self.port}"

    def start(self):
        found = started(self.folder / "data", self.folder, self.who, port=self.port)
        self.process, self.port = found
        await_server(f"{self.address}/postgres")

    def end(self):
        stop(self.process)

    def kill(self):
        """End the server as a loss of power does."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=60)


@contextmanager
def own_server(*, follows=None):
    """Run a server for a while, perhaps as a streaming replica of another."""
    if not PROGRAMS:
        pytest.skip("needs PostgreSQL with PostGIS")
    folder = Path(tempfile.mkdtemp(prefix="beltmap-postgres-"))
    try:
        server = Server(folder, follows=follows)
        try:
            yield server
        finally:
            server.end()
    finally:
        shutil.rmtree(folder)


def owner(folder):
    """Tell as whom the server is to run, which refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam(USER)
    except KeyError:
        pytest.skip("needs a user whom PostgreSQL may run as")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def started(data, folder, who, *, port=None):
    """Start a server on a free port, or on one that it had; give both."""
    for _ in range(5):
        if port is None:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                number = free.getsockname()[1]
        else:
            number = port
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": number,
            "fsync": "off",
        }
        given = itertools.chain.from_iterable(
            ("-c", f"{name}={value}") for name, value in settings.items()
        )
        with (folder / "log").open("ab") as log:
            server = subprocess.Popen(
                [PROGRAMS[-1] / "postgres", "-D", data, *given],
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=folder,
                **who,
            )
        # another may have taken the port meanwhile
        if listens(number, server):
            return server, number
        stop(server)
    raise AssertionError((folder / "log").read_text())


def listens(port, server):
    """Wait until a server takes connections; tell whether it does."""
    for _ in range(3000):
        if server.poll() is not None:
            return False
        with socket.socket() as way:
            if way.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.01)
    return False


def await_server(address):
    """Wait until a server that listens has come up."""
    import psycopg

    for _ in range(3000):
        try:
            with psycopg.connect(address):
                return
        except psycopg.OperationalError:
            time.sleep(0.01)
    raise AssertionError("PostgreSQL did not come up")


def stop(server):
    """End a server, and the connections to it."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)


def sql(address, *statements):
    """Run statements; give the rows of the last."""
    import psycopg

    with psycopg.connect(address.partition("#")[0], autocommit=True) as connection:
        for statement in statements:
            rows = connection.execute(statement)
        return rows.fetchall() if rows.description else []
