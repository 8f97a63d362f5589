"""Lets in whoever asks for a host that the server was started for, and no others."""

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from beltmap.geo.language.messages import choose, speaking, text
from beltmap.layers.door.address import (
    PORTS,
    PUBLIC,
    Address,
    ip_number,
    plain,
    read_host,
    read_origin,
)
from beltmap.layers.door.sharing import HEADERS, Sharing

OWN: Final = "localhost"
DENIAL: Final = "websocket.http.response"
"""Extension of ASGI by which a WebSocket is refused with an answer."""

SHARED: Final = "Access-Control-Allow-Origin"


class Door:
    """
    Ask everyone for whom they take the server.

    A page of a stranger whose name was made to lead here (DNS rebinding) asks
    under that name, and gets nothing, whatever it asks for.

    Parameters
    ----------
    app
        What answers.
    public
        Address that readers type, if it is not the server's own.
    hosts
        Further names, such as the one that it listens to.
    sharing
        What pages of other sites may read.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        public: Address | None = None,
        hosts: Iterable[str] = (),
        sharing: Sharing | None = None,
    ) -> None:
        self._app = app
        self._sharing = sharing or Sharing()
        self._public = public
        self._hosts = {OWN, *map(plain, hosts)} | ({public.host} if public else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        shares = self._shares(headers, scope)
        if not shares and not self.lets_in(headers, scope.get("server")):
            await refuse(scope, receive, send)
            return
        if shares and scope["method"] == "OPTIONS":
            said = Response(status_code=204, headers={SHARED: str(origin), **HEADERS})
            await said(scope, receive, send)
            return

        async def shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                if shares:
                    answer.update({SHARED: str(origin), **HEADERS})
                elif SHARED in answer:
                    # an origin that was let in is our own: no other may read it
                    del answer[SHARED]
                    if origin:
                        answer[SHARED] = origin
            await send(message)

        # what is behind would look for the machine's address on the network
        kept = [one for one in scope["headers"] if one[0].lower() != b"origin"]
        await self._app({**scope, "headers": kept}, receive, shared)

    def lets_in(self, headers: Headers, server: tuple[str, int] | None) -> bool:
        """
        Tell whether someone asks for this server, and comes from its own pages.

        Parameters
        ----------
        headers
            Of the request.
        server
            Number and port at which it came in.
        """
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        host = read_host(hosts[0]) if len(hosts) == 1 else None
        if host is None or not self._knows(host[0], server):
            return False
        return not origins or (len(origins) == 1 and self._owns(origins[0], host))

    def _shares(self, headers: Headers, scope: Scope) -> bool:
        """Tell whether a page of another site asks for what it may read."""
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        host = read_host(hosts[0]) if len(hosts) == 1 else None
        if host is None or len(origins) != 1 or scope["type"] != "http":
            return False
        known = self._knows(host[0], scope.get("server"))
        return known and self._sharing.allows(scope, origins[0])

    def _knows(self, host: str, server: tuple[str, int] | None) -> bool:
        """Tell whether a host is one of the server's own; any port may lead to it."""
        if host in self._hosts:
            return True
        number = ip_number(host)
        if number is None:
            return False
        return number.is_loopback or bool(server and host == plain(server[0]))

    def _owns(self, words: str, host: tuple[str, int | None]) -> bool:
        """Tell whether an origin is that of the page at a host, or the public one."""
        origin = read_origin(words)
        if origin is None:
            return False
        scheme, name, port = origin
        public = self._public
        if public and origin == (public.scheme, public.host, public.port):
            return True
        return (name, port) == (host[0], host[1] or PORTS[scheme])


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Say in a sentence that someone else is asked for, and what to set."""
    with speaking(choose(Headers(scope=scope).get("accept-language"))):
        said = text("door.refused", setting="--public-url", variable=PUBLIC)
    answer = PlainTextResponse(f"{said}\n", status_code=403)
    if scope["type"] == "http" or DENIAL in scope.get("extensions", {}):
        await answer(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008})
