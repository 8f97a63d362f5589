"""
The first map of a plan, kept between runs.

Opening a plan takes a second or two, most of it imports. Meanwhile the page
shows the map that it began with last time, and mends it if the plan has
another one by now.
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from geo.cache import keep, key_of, recall
from geo.folder import stamp
from geo.language.messages import spoken
from layers.assets import (
    SCRIPTS,
    STORE,
    STYLES,
    digest_of,
    file_address,
    put,
)

VERSION: Final = "1"
"""Of what is kept; change it with its form."""

OWN: Final = "zones"
"""The payload that belongs to one plan; the others are those of any plan."""


@dataclass(frozen=True)
class FirstMap:
    """
    A map as the page began with it.

    Parameters
    ----------
    key
        Its key on the page.
    call
        What the frame of the map was called with, of JSON's types.
    """

    key: str
    call: Mapping[str, Any]


def recall_first(folder: Path) -> FirstMap | None:
    """
    Recall the first map of a plan, and put out what its frame will ask for.

    Parameters
    ----------
    folder
        Folder of the plan.

    Returns
    -------
    first
        The map of files in this state, in the spoken language; None where
        none is kept, or it was made by another version of the scripts.
    """
    state = stamp(folder)
    kept = recall(_key(state))
    if kept is None:
        return None
    found = orjson.loads(kept)
    files = {file_address(SCRIPTS), file_address(STYLES)}
    if files != {*found["call"]["js_links"], *found["call"]["css_links"]}:
        return None
    for name, data in found["payloads"].items():
        put(base64.b64decode(data), salt=state if name == OWN else "")
    return FirstMap(found["key"], found["call"])


def keep_first(folder: Path, first: FirstMap, addresses: Mapping[str, str]) -> None:
    """
    Keep the first map of a plan for the next run.

    Parameters
    ----------
    folder
        Folder of the plan.
    first
        Its map, with nothing chosen, in the spoken language.
    addresses
        Where its payloads are, see `layers.opened.Opened.addresses`.
    """
    payloads = {}
    for name, address in addresses.items():
        asset = STORE.get(digest_of(address))
        if asset is None:
            return
        payloads[name] = base64.b64encode(asset.data).decode()
    content = {"key": first.key, "call": first.call, "payloads": payloads}
    keep(_key(stamp(folder)), orjson.dumps(content))


def _key(state: str) -> str:
    basemaps = os.environ.get("BELTMAP_BASEMAPS", "")
    return key_of(b"first map", VERSION, state, spoken(), basemaps)
