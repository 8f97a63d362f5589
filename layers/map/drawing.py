"""A map on the page as plain values, which need no Folium to be shown again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Drawing:
    """
    A map on the page.

    Parameters
    ----------
    document
        Address of the document that Folium wrote, the same for all maps.
    setup
        What never changes on this map: addresses of its payloads, for instance.
        See `layers.map.map.map_setup`.
    state
        What it shows now; see `layers.map.map.map_state`. Both hold JSON's
        types alone.
    """

    document: str
    setup: Mapping[str, Any]
    state: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Key on the page: a map stays as long as its document and setup do."""
        made = ascii_json([self.document, dict(self.setup)])
        return f"map-{hashlib.sha256(made.encode()).hexdigest()[:16]}"


def ascii_json(value: Any) -> str:  # noqa: ANN401 (anything that JSON holds)
    r"""
    Write JSON that is safe within a script.

    Examples
    --------
    >>> print(ascii_json({"b": "</script>", "a": "岛"}))
    {"a":"\u5c9b","b":"\u003c/script\u003e"}
    """
    written = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace(">", "\\u003e")
