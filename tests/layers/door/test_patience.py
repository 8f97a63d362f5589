"""Requests that do not come to an end are ended, and others are not."""

import asyncio
import itertools
import socket
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from beltmap.layers.door.patience import Patience, ending_slow
from tests.asking import run
from tests.browser.harness import serving

SHORT_S = 0.2
LONG_S = 20
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def ended():
    return []


@pytest.fixture(scope="module")
def port(ended):
    """Serve an app that hardly waits."""
    with counting(SHORT_S, ended) as port:
        yield port


@pytest.fixture(scope="module")
def patient_port(ended):
    """Serve an app that waits for long."""
    with counting(LONG_S, ended) as port:
        yield port


@contextmanager
def counting(seconds, ended):
    """Serve what counts bodies, and writes down which did not come."""

    async def count(request):
        try:
            return PlainTextResponse(str(len(await request.body())))
        except ClientDisconnect:
            ended.append(request.url.path)
            raise

    @asynccontextmanager
    async def ready(_):
        with ending_slow(seconds):
            yield

    app = Starlette(
        routes=[Route("/", count, methods=["GET", "POST"])],
        middleware=[Middleware(Patience, seconds=seconds)],
        lifespan=ready,
    )
    with serving(app) as address:
        yield urlsplit(address).port


@contextmanager
def connected(port):
    with socket.create_connection(("127.0.0.1", port), timeout=LONG_S) as line:
        yield line


def rest(line):
    """Read until the other side ends the connection; a wait too long is an error."""
    try:
        return b"".join(iter(lambda: line.recv(4096), b""))
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(
    "begun", [b"", b"P", b"POST / HTTP/1.1", HEAD, HEAD + b"X-Long: 1"]
)
def test_a_head_that_does_not_end_is_ended(port, begun):
    with connected(port) as line:
        line.sendall(begun)
        assert rest(line) == b""


def test_a_body_that_does_not_come_is_ended(port, ended):
    for part in (b"", b"a"):
        ended.clear()
        with connected(port) as line:
            line.sendall(HEAD + b"Content-Length: 9\r\n\r\n" + part)
            assert rest(line) == b""
        assert ended == ["/"]


def test_a_second_request_on_a_line_has_to_end_too(port):
    with connected(port) as line:
        line.sendall(HEAD + b"Content-Length: 2\r\n\r\nab")
        assert b"200 OK" in line.recv(4096)
        line.sendall(HEAD)
        assert rest(line).count(b"200 OK") == 0


def test_requests_that_end_are_answered(patient_port):
    with connected(patient_port) as line:
        for size in (0, 3, 100_000):
            line.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % size + b"a" * size)
            answer = b""
            while not answer.endswith(b"\r\n\r\n%d" % size):
                part = line.recv(4096)
                assert part, answer
                answer += part


def test_a_body_that_comes_steadily_may_take_its_time():
    """Every byte buys time: the limit is a rate, not a length."""
    waits = []

    async def look():
        class Watched(asyncio.Protocol):
            def end(self):
                raise AssertionError("ended")

        parts = iter([{"body": bytes(4096), "more_body": True}] * 5 + [{"body": b""}])

        async def receive():
            return {"type": "http.request", **next(parts)}

        limited = Patience(None, seconds=1)._limited(receive, Watched())
        timeout_at, here = asyncio.timeout_at, asyncio.get_running_loop()

        def noted(end):
            # servers of other tests wait as well
            if asyncio.get_running_loop() is here:
                waits.append(end)
            return timeout_at(end)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "timeout_at", noted)
            for _ in range(6):
                await limited()

    run(look())
    assert [b - a for a, b in itertools.pairwise(waits)] == pytest.approx([2] * 5)
