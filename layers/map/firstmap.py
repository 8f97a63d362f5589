"""
The first map of a plan, kept between runs.

Opening a plan takes a second or two, most of it imports. Meanwhile the page
shows the map that it began with last time, and mends it if the plan has
another one by now.
"""

import base64
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

import orjson

from beltmap.geo.cache import keep, key_of, recall
from beltmap.geo.language.messages import spoken
from beltmap.layers.assets import (
    FILES,
    SCRIPTS,
    STORE,
    STYLES,
    Asset,
    Shelf,
    file_address,
)
from beltmap.layers.basemap.file import VARIABLE
from beltmap.layers.map.drawing import Drawing

VERSION: Final = "4"
"""Of what is kept; change it with its form."""

PAYLOADS: Final = ("zones", "land", "water", "roads", "places")
"""What of a map's setup are addresses."""

_KEPT: Final[dict[str, tuple[str, str]]] = {}
"""State of the plan and key of the map that are kept, by language."""

_PUT_OUT: Final[dict[str, Shelf]] = {}
"""Payloads of the map that was recalled, by language."""


def recall_first(state: str) -> Drawing | None:
    """
    Recall the first map of a plan, and put out what its frame will ask for.

    Parameters
    ----------
    state
        State of the plan's files, see `geo.shipped.stamp`.

    Returns
    -------
    first
        The map of files in this state, in the spoken language; None where
        none is kept, or it was made by another version of the scripts.
    """
    kept = recall(_key(state))
    if kept is None:
        return None
    found = orjson.loads(kept)
    first = Drawing(**found["drawing"])
    if found["files"] != _files():
        return None
    FILES.keep(first.document, Asset.of(found["page"].encode(), media_type="text/html"))
    _put_out(found["payloads"])
    _KEPT[spoken()] = state, first.key
    return first


def keep_first(state: str, first: Drawing) -> None:
    """
    Keep the first map of a plan for the next run; once is enough.

    Parameters
    ----------
    state
        State of the plan's files, see `geo.shipped.stamp`.
    first
        Its map, with nothing chosen, in the spoken language.
    """
    if _KEPT.get(spoken()) == (state, first.key):
        return
    page = FILES.get(first.document)
    payloads = _written(first.setup[name] for name in PAYLOADS if name in first.setup)
    if page is None or payloads is None:
        return
    content = {
        "drawing": asdict(first),
        "files": _files(),
        "page": page.data.decode(),
        "payloads": payloads,
    }
    keep(_key(state), orjson.dumps(content))
    _KEPT[spoken()] = state, first.key


def _put_out(payloads: Mapping[str, str]) -> None:
    """Let payloads be found, until the first map is another one."""
    shelf = Shelf("")
    for name, data in payloads.items():
        shelf.take(name, STORE.get(name) or Asset.of(base64.b64decode(data)))
    _PUT_OUT[spoken()] = shelf


def _written(addresses: Iterable[str]) -> dict[str, str] | None:
    """Write payloads as text; None if one of them is gone."""
    written = {}
    for address in addresses:
        asset = STORE.get(address)
        if asset is None:
            return None
        written[address] = base64.b64encode(asset.data).decode()
    return written


def _files() -> list[str]:
    """Give the addresses of the scripts and styles that the document links."""
    return [file_address(SCRIPTS), file_address(STYLES)]


def _key(state: str) -> str:
    basemaps, content = os.environ.get(VARIABLE, ""), b""
    with suppress(OSError):
        content = Path(basemaps).read_bytes() if basemaps else b""
    return key_of(content, "first map", VERSION, state, spoken(), basemaps)
