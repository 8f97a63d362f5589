"""Ends connections whose requests do not come to an end."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD_SECONDS: Final = 20.0
"""Time for the head of a request, and before the first bytes of its body."""

LEAST_BYTES_A_SECOND: Final = 2_048
"""A body that comes more slowly, on the whole, is not waited for."""

_CONNECTION: Final[ContextVar["Connection | None"]] = ContextVar(
    "connection", default=None
)


class Connection(asyncio.Protocol):
    """
    A connection that is ended where its request is not complete in time.

    Parameters
    ----------
    inner
        What speaks HTTP on it.
    seconds
        Time for the head of each request.
    """

    def __init__(self, inner: asyncio.Protocol, *, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds
        self._requests = 0
        self._timer: asyncio.TimerHandle | None = None
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = transport
        self._wait()
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Pass on what came; who answers it can tell by which connection."""
        if not self._requests:
            self._wait()
        before = _CONNECTION.set(self)
        try:
            self._inner.data_received(data)
        finally:
            _CONNECTION.reset(before)

    def eof_received(self) -> bool | None:
        """Pass on that no more will come."""
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop()
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on that the other side is slow."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that the other side has caught up."""
        self._inner.resume_writing()

    def begin(self) -> None:
        """Take note that the head of a request is complete."""
        self._requests += 1
        self._stop()

    def done(self) -> None:
        """Take note that a request is answered."""
        self._requests -= 1

    def end(self) -> None:
        """End the connection, unless it has become another, such as a WebSocket."""
        self._stop()
        if self._transport.get_protocol() is self:
            self._transport.abort()

    def _wait(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._seconds, self.end)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Patience:
    """
    Wait for the bodies of requests, but not for ever.

    Parameters
    ----------
    app
        What answers.
    seconds
        Time before the first bytes of a body, and between the last and its end.
    """

    def __init__(self, app: ASGIApp, *, seconds: float = HEAD_SECONDS) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a request whose body does not come is as if its sender had gone."""
        connection = _CONNECTION.get()
        if connection is None or scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        connection.begin()
        try:
            if scope["type"] == "http":
                receive = self._limited(receive, connection)
            await self._app(scope, receive, send)
        finally:
            connection.done()

    def _limited(self, receive: Receive, connection: Connection) -> Receive:
        now = asyncio.get_running_loop().time
        end, whole = now() + self._seconds, False

        async def limited() -> Message:
            nonlocal end, whole
            if whole:
                # a body that is complete: what is waited for is the sender's end
                return await receive()
            try:
                async with asyncio.timeout_at(end):
                    message = await receive()
            except TimeoutError:
                connection.end()
                return {"type": "http.disconnect"}
            end += len(message.get("body", b"")) / LEAST_BYTES_A_SECOND
            whole = not message.get("more_body", False)
            return message

        return limited


@contextmanager
def ending_slow(seconds: float = HEAD_SECONDS) -> Iterator[None]:
    """
    End the slow connections of every server that begins to listen meanwhile.

    Neither Streamlit nor the server below it sets a time for the head of a
    request, so each connection is taken between them.

    Parameters
    ----------
    seconds
        Time for the head of each request.
    """
    loop = asyncio.get_running_loop()
    create = loop.create_server

    def create_server(factory: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        return create(lambda: Connection(factory(), seconds=seconds), *given, **named)

    loop.create_server = create_server  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        del loop.create_server
