"""The frame of streamlit-folium, which can show a map again without Folium."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from streamlit.components.v1 import declare_component
from streamlit.components.v1.custom_component import CustomComponent

from layers.firstmap import FirstMap

if TYPE_CHECKING:
    from layers.map import PlanMap, PlanState

NAME: Final = "st_folium"
_CALLED: Final[ContextVar[dict[str, Any]]] = ContextVar("called")


@cache
def frame() -> CustomComponent:
    """Give the component; it registers only where a run of the page asks first."""
    package = find_spec("streamlit_folium")
    if package is None or package.origin is None:
        raise ModuleNotFoundError(name="streamlit_folium")
    return declare_component(
        NAME, path=Path(package.origin).parent / "frontend" / "build"
    )


def draw(
    drawing: "PlanMap",
    key: str,
    height: int,
    state: "PlanState",
    taken: Callable[[], None] | None = None,
) -> FirstMap:
    """
    Draw a map; what changes is sent to it, the map itself stays.

    Parameters
    ----------
    drawing, state
        The map, and what it shows.
    key
        Of the map on the page; a map of another key is another map.
    height
        In pixels.
    taken
        Called when a zone was clicked.

    Returns
    -------
    drawn
        The map, to be drawn again by `draw_again`.
    """
    import streamlit_folium

    # the frame is this module's, so that it is there before Folium is imported
    streamlit_folium._component_func = _call  # noqa: SLF001
    streamlit_folium.st_folium(
        drawing,
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=state,
        on_change=taken,
    )
    return FirstMap(key, _CALLED.get())


def draw_again(first: FirstMap, taken: Callable[[], None]) -> None:
    """Draw a map that was drawn before, in this run of the server or another."""
    inner = first.call["key"]

    def pass_on() -> None:
        # as streamlit-folium does
        st.session_state[first.key] = st.session_state.get(inner, {})
        taken()

    _call(on_change=pass_on, **first.call)


def _call(*, on_change: Callable[[], None], **call: Any) -> None:  # noqa: ANN401
    """Call the frame, and remember with what."""
    # nothing is asked of the map, so nothing stands for its answer
    call |= {"default": None}
    _CALLED.set(call)
    # of a list, Streamlit would ask pandas whether it is a table
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in call.items()
    }
    frame()(**plain, on_change=on_change)
