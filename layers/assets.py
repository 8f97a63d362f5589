"""Files and payloads under addresses made of their content, served over HTTP."""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final
from weakref import finalize

from starlette.requests import Request
from starlette.responses import Response
from xstatic.pkg import leaflet

ROOT: Final = "beltmap"
FROM_FRAME: Final = f"../../{ROOT}/"
"""Way from the map's frame, ``component/NAME/index.html``, to the assets."""

STATIC: Final = Path(__file__).parent / "static"
LEAFLET: Final = Path(leaflet.BASE_DIR)
SCRIPTS: Final = (
    LEAFLET / "leaflet.js",
    STATIC / "index.js",
    STATIC / "decode.js",
    STATIC / "tiles.js",
    STATIC / "zones.js",
    STATIC / "labels.js",
    STATIC / "highlight.js",
    STATIC / "datum.js",
    STATIC / "background.js",
    STATIC / "panel.js",
    STATIC / "pair.js",
    STATIC / "beltmap.js",
)
STYLES: Final = (LEAFLET / "leaflet.css", STATIC / "beltmap.css")
"""What a map runs and how it looks; the order matters."""

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

    @classmethod
    def of(cls, data: bytes, *, media_type: str = BINARY) -> "Asset":
        """Compress bytes and keep both forms, or one where that saves little."""
        return cls(data, media_type, pack(data))

    @property
    def size(self) -> int:
        """Bytes of memory that it takes."""
        return len(self.data) + len(self.packed or b"")


class Store:
    """
    Keep assets under names, such as digests, up to a number of bytes.

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

    def put(self, data: bytes, *, media_type: str = BINARY, salt: str = "") -> str:
        """
        Keep bytes; the same bytes are kept once.

        Parameters
        ----------
        data
            Anything.
        media_type
            What it is.
        salt
            Keeps equal bytes of two owners apart, so that each may drop theirs.

        Returns
        -------
        address
            Where the map's frame finds it: relative, lower-case hexadecimal.
        """
        digest = hashlib.sha256(salt.encode() + data).hexdigest()
        if self.get(digest) is None:
            self.keep(digest, Asset.of(data, media_type=media_type))
        return FROM_FRAME + digest

    def keep(self, name: str, asset: Asset) -> Asset:
        """Keep an asset under a name that says all of its content; give it back."""
        with self._lock:
            if name not in self._assets:
                self._assets[name] = asset
                self._size += asset.size
            while self._size > self._most_bytes and len(self._assets) > 1:
                self._size -= self._assets.popitem(last=False)[1].size
        return asset

    def drop(self, name: str) -> None:
        """Let go of an asset, if it is there."""
        with self._lock:
            asset = self._assets.pop(name, None)
            self._size -= asset.size if asset else 0

    def get(self, name: str) -> Asset | None:
        """Give an asset, and remember that it was asked for."""
        with self._lock:
            if name in self._assets:
                self._assets.move_to_end(name)
            return self._assets.get(name)


def pack(data: bytes) -> bytes | None:
    """Compress bytes once, quickly; give None where it saves little."""
    packed = gzip.compress(data, compresslevel=1, mtime=0)
    return packed if len(packed) < WORTH_PACKING * len(data) else None


STORE: Final = Store()
"""Payloads of all sessions of this process."""

FILES: Final = Store()
"""Scripts and styles; apart, so that payloads cannot push them out."""


def put(data: bytes, *, salt: str = "") -> str:
    """Keep a payload for the browser; give its address. See `Store.put`."""
    return STORE.put(data, salt=salt)


def drop(address: str) -> None:
    """Let go of a payload by its address, so that no one finds it any more."""
    STORE.drop(digest_of(address))


def digest_of(address: str) -> str:
    """Give the name of a payload in `STORE` by its address."""
    return address.removeprefix(FROM_FRAME)


class Shelf:
    """
    Payloads of one owner, which no one else has and which are gone with them.

    Parameters
    ----------
    key
        Keeps equal bytes of two owners apart; a random one makes addresses that
        no one can guess.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._addresses: set[str] = set()
        finalize(self, _drop_all, self._addresses)

    def put(self, data: bytes) -> str:
        """Keep a payload for the browser; give its address."""
        address = put(data, salt=self._key)
        self._addresses.add(address)
        return address

    def close(self) -> None:
        """Let go of every payload, so that no one finds them any more."""
        _drop_all(self._addresses)


def _drop_all(addresses: set[str]) -> None:
    while addresses:
        drop(addresses.pop())


@lru_cache
def file_address(paths: tuple[Path, ...]) -> str:
    """Give the address of scripts, or of style sheets, as one file."""
    kind = paths[0].suffix
    texts = (path.read_text(encoding="utf-8") for path in paths)
    # each script in a scope of its own, where it may be strict
    parts = (
        f"(function () {{\n{text}\n}})();\n" if kind == ".js" else text
        for text in texts
    )
    return FILES.put("".join(parts).encode(), media_type=TYPES[kind])


def serve(request: Request) -> Response:
    """Answer with a payload, script or style sheet."""
    digest = request.path_params["digest"]
    asset = STORE.get(digest) or FILES.get(digest)
    return not_found() if asset is None else answer(request, asset, name=digest)


def not_found() -> Response:
    """Answer that there is no such thing."""
    return Response("not found", status_code=404, media_type="text/plain")


def answer(request: Request, asset: Asset, *, name: str) -> Response:
    """Answer compressed, or not at all, if the browser allows; `name` is unique."""
    headers = {**HEADERS, "ETag": f'"{name}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if asset.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
    return Response(asset.data, media_type=asset.media_type, headers=headers)
