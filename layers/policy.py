"""What a browser may load, run and tell with the page, in the head of every answer."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from beltmap.geo.errors import PlanError
from beltmap.layers.basemap.basemaps import Basemap
from beltmap.layers.basemap.file import own_basemaps
from beltmap.layers.door.address import framing_sites, public_address
from beltmap.layers.door.door import Door
from beltmap.layers.door.packing import Packing
from beltmap.layers.door.paths import Paths
from beltmap.layers.door.patience import Patience
from beltmap.layers.door.sharing import Sharing
from beltmap.layers.services.settings import SERVED, services

HEADER: Final = "Content-Security-Policy"
ITSELF: Final = "'self'"
FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    # servers of tiles want to know the site, but never what is looked at there
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
STARTS: Final = ("http.response.start", "websocket.http.response.start")
INLINE: Final = "'unsafe-inline'"
"""Streamlit's page has scripts and styles within it, as has Folium's."""


def content_policy(basemaps: Iterable[Basemap], *, frames: Iterable[str] = ()) -> str:
    r"""
    Write the policy under which everything works.

    Parameters
    ----------
    basemaps
        Basemaps to choose from; their hosts may send tiles.
    frames
        Sites besides its own in whose frames the page may stand.

    Returns
    -------
    policy
        Value of the header; no text ever becomes a script, and nothing but
        tiles comes from elsewhere.

    Examples
    --------
    >>> print(content_policy([]).replace("; ", "\n"))
    default-src 'self'
    script-src 'self' 'unsafe-inline'
    style-src 'self' 'unsafe-inline'
    font-src 'self' data:
    img-src 'self' data: blob:
    worker-src 'self' blob:
    object-src 'none'
    base-uri 'self'
    form-action 'self'
    frame-ancestors 'self'
    """
    allowed = {
        "default-src": [ITSELF],
        "script-src": [ITSELF, INLINE],
        "style-src": [ITSELF, INLINE],
        "font-src": [ITSELF, "data:"],
        "img-src": [ITSELF, "data:", "blob:", *tile_hosts(basemaps)],
        "worker-src": [ITSELF, "blob:"],
        "object-src": ["'none'"],
        "base-uri": [ITSELF],
        "form-action": [ITSELF],
        "frame-ancestors": [ITSELF, *frames],
    }
    return "; ".join(f"{what} {' '.join(whence)}" for what, whence in allowed.items())


def tile_hosts(basemaps: Iterable[Basemap]) -> list[str]:
    """
    List the hosts of basemaps' tiles, each once.

    Examples
    --------
    >>> url = "https://{s}.example.org/{z}/{x}/{y}.png"
    >>> tile_hosts([Basemap(code="own", urls=(url, "/tiles/{z}/{x}/{y}.png"))])
    ['https://a.example.org', 'https://b.example.org', 'https://c.example.org']
    """
    addresses = (
        urlsplit(url.replace("{s}", letter))
        for one in basemaps
        for url in one.urls
        for letter in one.subdomains or " "
    )
    hosts = (f"{one.scheme}://{one.netloc}" for one in addresses if one.netloc)
    return list(dict.fromkeys(hosts))


@cache
def own_headers() -> Mapping[str, str]:
    """Write the head of this installation's answers, once."""
    frames = framing_sites()
    try:
        policy = content_policy(own_basemaps(), frames=frames)
    except PlanError:
        # the page itself tells what is wrong with the file of basemaps
        policy = content_policy((), frames=frames)
    older = {} if frames else {"X-Frame-Options": "SAMEORIGIN"}
    return {HEADER: policy, **FIXED, **older}


class Guard:
    """
    Send the content policy, and what else browsers are to keep, with every answer.

    Parameters
    ----------
    app
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and add them; also to the word that something has failed."""
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] in STARTS:
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in own_headers().items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception:
            if scope["type"] == "http" and not begun:
                failed = PlainTextResponse("Internal Server Error", status_code=500)
                await failed(scope, receive, guarded)
            raise


def guards(*, base: str = "", hosts: Iterable[str] = ()) -> list[Middleware]:
    """
    Give what stands before every answer of the page's server.

    Parameters
    ----------
    base
        Path under which the page is served.
    hosts
        Names under which it answers, besides ``localhost`` and the public one.

    Raises
    ------
    PlanError
        If the public address, or a site that may frame or read it, is none.
    """
    _ = own_headers()
    root = f"/{base.strip('/')}".rstrip("/")
    paths = tuple(f"{root}/{one}" for one in SERVED)
    sharing = Sharing(services().sites, paths)
    return [
        Middleware(Guard),
        Middleware(Patience),
        Middleware(Door, public=public_address(), hosts=hosts, sharing=sharing),
        Middleware(Paths, base=base),
        Middleware(Packing),
    ]
