"""The map's component: a frame with the map's document, told what to show."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import streamlit as st
from streamlit.components.v1 import declare_component

from beltmap.layers.assets import ROOT
from beltmap.layers.map.drawing import Drawing
from beltmap.layers.page.session import as_drawn

Asked = Callable[[dict[str, Any], Mapping[str, Any] | None], bool]
"""Takes what the desk asks and what the map was told of it; tells if that is old."""


def draw(
    drawing: Drawing,
    height: int,
    *,
    key: str | None = None,
    taken: Callable[[str | None], None] | None = None,
    asked: Asked | None = None,
) -> None:
    """
    Draw a map; what it shows is sent to it, the map itself stays.

    Parameters
    ----------
    drawing
        The map; one of another key is another map.
    height
        In pixels; 0 fills the page, on which the map then stands alone.
    key
        Its own, where the same drawing may be on the page twice.
    taken
        Called with the id of the zone that was clicked; None where none was.
    asked
        Called with what the desk asks at which zones are changed, perhaps several
        times, and with what the map was told of it; tells whether that is old now.
    """
    key = key or drawing.key
    value = component(drawing.document)(
        key=key,
        height=height,
        # of anything but a tuple, Streamlit would ask pandas whether it is a table
        told=(drawing.setup, drawing.state),
        on_change=taken and as_drawn(partial(take, key, taken, asked)),
    )
    if asked is not None and isinstance(value, dict):
        # a run that was ended may not have come to it: a change is told once only
        edit = value.get("edit")
        if isinstance(edit, dict) and asked(edit, drawing.state.get("edit")):
            st.rerun()


def take(
    key: str,
    taken: Callable[[str | None], None],
    asked: Asked | None = None,
) -> None:
    """Pass on what was clicked on the map of a key, or what its desk asks."""
    value = st.session_state[key] or {}
    edit = value.get("edit")
    if isinstance(edit, dict) and asked is not None:
        asked(edit, None)
    elif "zone" in value or not value:
        taken(value.get("zone"))


@cache
def component(document: str) -> Callable[..., object]:
    """Declare the component, whose frame is a document of this server."""
    return declare_component("map", url=f"{ROOT}/{document}")
