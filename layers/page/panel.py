"""The panel of filters: a component of the page that needs no frame."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import orjson
import streamlit as st
from streamlit.components.v2 import component
from streamlit.components.v2.get_bidi_component_manager import (
    get_bidi_component_manager,
)
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from beltmap.layers.assets import STATIC

PACKAGE: Final = "beltmap"
FOLDER: Final = "choice"
NAME: Final = f"{PACKAGE}.{FOLDER}"
KEY: Final = "panel"
"""Of the panel in the session: there is one."""


def draw_panel(
    told: dict[str, Any], *, taken: Callable[[Any], None], asked: Callable[[Any], None]
) -> None:
    """
    Draw the panel.

    Parameters
    ----------
    told
        What it shows, see ``static/choice/panel.js``; JSON's types alone.
    taken
        Called with what a reader chose, as the browser sent it: to be distrusted.
    asked
        Called with what a link of the page asks for by its ``data-ask``, likewise:
        the panel is the one part of the page that hears of its clicks.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(NAME) is None:
        # a script under an address of its own: the page's policy lets no other run
        one = ComponentConfig(FOLDER, FOLDER)
        manager.register_from_manifest(ComponentManifest(PACKAGE, "1", [one]), STATIC)

    def take() -> None:
        taken(st.session_state[KEY].get("choice"))

    def ask() -> None:
        asked(st.session_state[KEY].get("ask"))

    # of anything but bytes, Streamlit would look for tables in it
    data = orjson.dumps(told)
    _panel()(key=KEY, data=data, on_choice_change=take, on_ask_change=ask)


@cache
def _panel() -> Callable[..., object]:
    """Declare the component."""
    return component(NAME, js="panel.js", css="panel.css", isolate_styles=False)
