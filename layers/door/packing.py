"""Files go out compressed, each once, to browsers that are not on this machine."""

import asyncio
import gzip
from typing import Final

from cachetools import LRUCache
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from beltmap.layers.door.address import is_far

LEAST_BYTES: Final = 1_000
MOST_BYTES: Final = 16 * 2**20
LEVEL: Final = 6
TYPES: Final = (
    *("text/", "application/javascript", "application/json", "application/wasm"),
    *("image/svg+xml", "font/ttf"),
)
PATH: Final = "http.response.pathsend"

PACKED: Final[LRUCache[tuple[str, str], bytes]] = LRUCache(64 * 2**20, getsizeof=len)
"""Compressed files, by path and state."""


class Packing:
    """
    Compress what does not change, where a line may be slow.

    Parameters
    ----------
    app
        What answers; what it compressed itself stays as it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, compressed where that is worth it."""
        if wants_packed(scope):
            # a server that sends files by itself would send them as they are
            offered = {
                k: v for k, v in scope.get("extensions", {}).items() if k != PATH
            }
            send = _Sending(scope["path"], send)
            scope = {**scope, "extensions": offered}
        await self._app(scope, receive, send)


def wants_packed(scope: Scope) -> bool:
    """Tell whether who asks is better served with fewer bytes."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    if "gzip" not in headers.get("accept-encoding", "") or "range" in headers:
        return False
    client = scope.get("client")
    return is_far(client[0] if client else "", headers)


class _Sending:
    """What sends one answer: held back until all of it is there, if it is packed."""

    def __init__(self, path: str, send: Send) -> None:
        self._path, self._send = path, send
        self._head: Message | None = None
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer, or keep it."""
        if message["type"] == "http.response.start" and worth_packing(message):
            self._head = message
        elif self._head is None:
            await self._send(message)
        else:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish(self._head)

    async def _finish(self, head: Message) -> None:
        headers = MutableHeaders(scope=head)
        key = self._path, headers["etag"]
        body = PACKED.get(key)
        if body is None:
            whole = b"".join(self._parts)
            # the server goes on while a thread compresses
            body = await asyncio.to_thread(gzip.compress, whole, LEVEL, mtime=0)
            PACKED[key] = body
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        headers.add_vary_header("Accept-Encoding")
        headers["ETag"] = f"W/{headers['etag'].removeprefix('W/')}"
        await self._send(head)
        await self._send({"type": "http.response.body", "body": body})


def worth_packing(start: Message) -> bool:
    """Tell whether an answer is a whole file of text, as yet uncompressed."""
    headers = Headers(raw=start["headers"])
    length = headers.get("content-length", "")
    return (
        start["status"] == 200  # noqa: PLR2004 - all of it
        and "etag" in headers
        and "content-encoding" not in headers
        and headers.get("content-type", "").startswith(TYPES)
        and length.isdecimal()
        and LEAST_BYTES <= int(length) <= MOST_BYTES
    )
