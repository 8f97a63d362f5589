"""A run of the page: what is there at once, then what the opened plan has to say."""

from typing import Final

import streamlit as st

from geo.filters import Filters
from geo.language.messages import speak, text
from layers import html
from layers.drawn import maps_drawn
from layers.firstmap import recall_first
from layers.link import Link
from layers.page.drawing import MapPlace, draw_first, place_map
from layers.page.frame import Frame, pick_language, pick_view, place_all
from layers.page.session import begin, begun, language, plan_folder, visit

LEAD_SECONDS: Final = 0.15
"""Time for the browser to begin with the map's frame alone."""

MOST_SECONDS: Final = 1.5
"""Time for the first map to stand before all else; then the rest comes anyway."""


def main() -> None:
    """Lay out the page."""
    visit()
    speak(language())
    st.set_page_config(page_title=text("page.title"), layout="wide")
    st.html(html.style())
    frame = place_all()
    wait = maps_drawn()
    drawn = None if begun() else begin_with_map(frame)
    if drawn is not None:
        wait(LEAD_SECONDS)
        drawn.await_totals()
        pick_view(frame)
    frame.head(text("page.subtitle"))
    pick_language(frame)
    if drawn is not None:
        # more to do, for the browser or the server, would only delay the map
        wait(MOST_SECONDS)
    # what opens the plan is imported when a map stands
    from layers.page.views import show

    show(frame, drawn)


def begin_with_map(frame: Frame) -> MapPlace | None:
    """Begin with the map as it was last time, if the link asks for nothing else."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    if asked not in ({}, {"lang": [st.session_state.lang]}):
        return None
    first = recall_first(plan_folder())
    if first is None:
        return None
    begin(Link(Filters()))
    with frame.body:
        place = place_map()
    draw_first(place, first)
    return place
