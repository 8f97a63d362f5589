"""Files and payloads under addresses made of their content, served over HTTP."""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from xstatic.pkg import leaflet

ROOT: Final = "beltmap"
FROM_FRAME: Final = f"../../{ROOT}/"
"""Way from the map's frame, ``component/NAME/index.html``, to the assets."""

STATIC: Final = Path(__file__).parent / "static"
LEAFLET: Final = Path(leaflet.BASE_DIR)
BINARY: Final = "application/octet-stream"
TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
MOST_BYTES: Final = 512 * 2**20
WORTH_PACKING: Final = 0.9
HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True, eq=False)
class Asset:
    """
    Bytes that never change.

    Parameters
    ----------
    data
        As they are.
    media_type
        What they are.
    packed
        The same, compressed; None where that saves little.
    """

    data: bytes
    media_type: str
    packed: bytes | None

    @property
    def size(self) -> int:
        """Bytes of memory that it takes."""
        return len(self.data) + len(self.packed or b"")


class Store:
    """
    Keep assets by the digest of their content, up to a number of bytes.

    Parameters
    ----------
    most_bytes
        Where the sum is larger, those asked for longest ago are forgotten.
    """

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._assets: OrderedDict[str, Asset] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def put(self, data: bytes, *, media_type: str = BINARY) -> str:
        """
        Keep bytes; the same bytes are kept once.

        Parameters
        ----------
        data
            Anything.
        media_type
            What it is.

        Returns
        -------
        address
            Where the map's frame finds it: relative, lower-case hexadecimal.
        """
        digest = hashlib.sha256(data).hexdigest()
        if self.get(digest) is None:
            asset = Asset(data, media_type, pack(data))
            with self._lock:
                self._assets[digest] = asset
                self._size = sum(one.size for one in self._assets.values())
                while self._size > self._most_bytes and len(self._assets) > 1:
                    self._size -= self._assets.popitem(last=False)[1].size
        return FROM_FRAME + digest

    def get(self, digest: str) -> Asset | None:
        """Give an asset, and remember that it was asked for."""
        with self._lock:
            if digest in self._assets:
                self._assets.move_to_end(digest)
            return self._assets.get(digest)


def pack(data: bytes) -> bytes | None:
    """Compress bytes once, quickly; give None where it saves little."""
    packed = gzip.compress(data, compresslevel=1, mtime=0)
    return packed if len(packed) < WORTH_PACKING * len(data) else None


STORE: Final = Store()
"""Payloads of all sessions of this process."""

FILES: Final = Store()
"""Scripts and styles; apart, so that payloads cannot push them out."""


def put(data: bytes) -> str:
    """Keep a payload for the browser; give its address. See `Store.put`."""
    return STORE.put(data)


@lru_cache
def file_address(path: Path) -> str:
    """Give the address of a script or style sheet."""
    return FILES.put(path.read_bytes(), media_type=TYPES[path.suffix])


def serve(request: Request) -> Response:
    """Answer with an asset: compressed, or not at all, if the browser allows."""
    digest = request.path_params["digest"]
    asset = STORE.get(digest) or FILES.get(digest)
    if asset is None:
        return Response("not found", status_code=404, media_type="text/plain")
    headers = {**HEADERS, "ETag": f'"{digest}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if asset.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
    return Response(asset.data, media_type=asset.media_type, headers=headers)


def routes(*, base: str = "") -> list[BaseRoute]:
    """
    Give the routes of all assets, for the app's own server.

    Parameters
    ----------
    base
        Path under which the page is served, as in Streamlit's
        ``server.baseUrlPath``.

    Returns
    -------
    routes
        One route, ``/beltmap/DIGEST``.
    """
    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    return [Route(f"{prefix}/{ROOT}/{{digest}}", serve, methods=["GET"])]
