"""Files and payloads under addresses made of their content, served over HTTP."""

import gzip
import hashlib
import re
from collections import Counter, OrderedDict
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
"""Folder of the map's document and of all that it asks for, by relative addresses."""

STATIC: Final = Path(__file__).parent / "static"
LEAFLET: Final = Path(leaflet.BASE_DIR)
SAVED_SCRIPTS: Final = (
    LEAFLET / "leaflet.js",
    STATIC / "boxtree.js",
    STATIC / "decode.js",
    STATIC / "tiles.js",
    STATIC / "zones.js",
    STATIC / "labels.js",
    STATIC / "highlight.js",
    STATIC / "plainground.js",
    STATIC / "background.js",
    STATIC / "look.js",
    STATIC / "panel.js",
    STATIC / "editing.js",
    STATIC / "reach" / "touch.js",
    STATIC / "reach" / "reading.js",
    STATIC / "beltmap.js",
)
"""What a saved map runs; the order matters."""

SCRIPTS: Final = (
    *SAVED_SCRIPTS,
    STATIC / "datum.js",
    STATIC / "pair.js",
    STATIC / "frame.js",
)
STYLES: Final = (LEAFLET / "leaflet.css", STATIC / "beltmap.css")
"""What a map of the page runs, and how it looks."""

DESK: Final = STATIC / "edit"
DESK_SCRIPTS: Final = (
    DESK / "measure.js",
    DESK / "meet.js",
    DESK / "forms.js",
    DESK / "draft.js",
    DESK / "handles.js",
    DESK / "desk.js",
)
DESK_STYLES: Final = (DESK / "desk.css",)
"""What the desk runs at which zones are changed, and how it looks."""

BINARY: Final = "application/octet-stream"
TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_SPARE: Final = re.compile(r"^(?:[ \t]*//.*\n|[ \t]+)", re.MULTILINE)
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
        What someone holds is not counted, and never forgotten.
    """

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._assets: OrderedDict[str, Asset] = OrderedDict()
        self._held: dict[str, Asset] = {}
        self._holders: Counter[str] = Counter()
        self._size = 0
        self._lock = Lock()

    def put(
        self,
        data: bytes,
        *,
        media_type: str = BINARY,
        salt: str = "",
        hold: bool = False,
    ) -> str:
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
        hold
            Whether they stay, however full it is, until they are let go.

        Returns
        -------
        address
            Where the map's frame finds it: lower-case hexadecimal.
        """
        digest = hashlib.sha256(salt.encode() + data).hexdigest()
        asset = self.get(digest) or Asset.of(data, media_type=media_type)
        self.keep(digest, asset, hold=hold)
        return digest

    def keep(self, name: str, asset: Asset, *, hold: bool = False) -> Asset:
        """Keep an asset under a name that says all of its content; give it back."""
        with self._lock:
            if hold:
                self._forget(name)
                self._held[name] = asset
                self._holders[name] += 1
            elif name not in self._assets and name not in self._held:
                self._assets[name] = asset
                self._size += asset.size
            while self._size > self._most_bytes and len(self._assets) > 1:
                self._size -= self._assets.popitem(last=False)[1].size
        return asset

    def let_go(self, name: str) -> None:
        """Hold an asset no longer; it is gone with the last who held it."""
        with self._lock:
            self._holders[name] -= 1
            if self._holders[name] < 1:
                del self._holders[name]
                self._held.pop(name, None)

    def drop(self, name: str) -> None:
        """Forget an asset, if it is there and no one holds it."""
        with self._lock:
            self._forget(name)

    def _forget(self, name: str) -> None:
        asset = self._assets.pop(name, None)
        self._size -= asset.size if asset else 0

    def get(self, name: str) -> Asset | None:
        """Give an asset, and remember that it was asked for."""
        with self._lock:
            if name in self._held:
                return self._held[name]
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


class Shelf:
    """
    Payloads of one owner, which answer as long as they do and are gone with them.

    Parameters
    ----------
    key
        Keeps equal bytes of two owners apart; a random one makes addresses that
        no one can guess.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._addresses: list[str] = []
        finalize(self, _let_go, self._addresses)

    def put(self, data: bytes, *, common: bool = False) -> str:
        """
        Keep a payload for the browser; give its address.

        Parameters
        ----------
        data
            The payload.
        common
            Whether others have the same, so that it is kept once for all of them.
        """
        address = STORE.put(data, salt="" if common else self._key, hold=True)
        self._addresses.append(address)
        return address

    def take(self, name: str, asset: Asset) -> None:
        """Keep a payload under a name that it was given before."""
        STORE.keep(name, asset, hold=True)
        self._addresses.append(name)

    def close(self) -> None:
        """Let go of every payload, so that no one finds them any more."""
        _let_go(self._addresses)


def _let_go(addresses: list[str]) -> None:
    while addresses:
        STORE.let_go(addresses.pop())


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


def inline(path: Path) -> str:
    """
    Read a script or style sheet for a page that holds it.

    Margins and lines of notes are left out, and no text in it ends the element
    around it.
    """
    return _SPARE.sub("", path.read_text(encoding="utf-8")).replace("</s", "<\\/s")


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
