"""A run of the page: what is there at once, then what the opened plan has to say."""

from contextlib import suppress
from typing import Final

import streamlit as st

from beltmap.geo.charter.force import about_in_words, adopt, charter
from beltmap.geo.charter.reading import read_charter
from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import speak
from beltmap.geo.query.filters import Filters
from beltmap.geo.shipped import stamp
from beltmap.layers.arrival import maps_drawn
from beltmap.layers.door.address import is_far
from beltmap.layers.link import HOME, Link
from beltmap.layers.map.firstmap import recall_first
from beltmap.layers.page.drawing import MapPlace, draw_plan, place_map
from beltmap.layers.page.frame import (
    Frame,
    home,
    pick_language,
    pick_plans,
    pick_view,
    place_all,
)
from beltmap.layers.page.parts.watch import Shown, watch
from beltmap.layers.page.session import (
    begin,
    begun,
    choices,
    go_back,
    language,
    look,
    plan_folders,
    stands_alone,
    visit,
)
from beltmap.layers.views import html

OWN_NUMBER: Final = "127.0.0.1"
"""Of this machine; Streamlit gives no number for it."""

LEAD_SECONDS: Final = 0.15
"""Time for the browser to begin with the map's frame alone."""

MOST_SECONDS: Final = 1.5
"""Time for the first map to stand before all else; then the rest comes anyway."""

MOST_SECONDS_FAR: Final = 60
"""The same where a line may be slow: tables bring more scripts than the map."""


def main() -> None:
    """Lay out the page."""
    # asked once: all that a run shows is of one state of the plan's files
    visit()
    go_back()
    speak(language())
    try:
        look()
    except PlanError as error:
        show_away(error)
        return
    folders = plan_folders()
    stamped = stamp(*folders)
    with suppress(PlanError, OSError):
        # what is wrong with it is told with the faults of the other files
        adopt(read_charter(*folders))
    set_page()
    st.html(html.style())
    frame = place_all()
    if stands_alone():
        from beltmap.layers.page.views import show

        show(frame, None, stamped)
        return
    wait = maps_drawn()
    drawn = None if begun() else begin_with_map(frame, stamped)
    if drawn is not None:
        wait(LEAD_SECONDS)
        drawn.await_totals()
        pick_view(frame)
    frame.head(charter().subtitle.say(), about_in_words())
    pick_language(frame)
    pick_plans(frame, choices())
    if drawn is not None:
        # more to do, for the browser or the server, would only delay the map
        far = is_far(st.context.ip_address or OWN_NUMBER, st.context.headers)
        wait(MOST_SECONDS_FAR if far else MOST_SECONDS)
    with frame.notes:
        watch(Shown(stamped, st.session_state.lang))
    # what opens the plan is imported when a map stands
    from beltmap.layers.page.views import show

    show(frame, drawn, stamped)


def set_page() -> None:
    """Tell the browser the title of the plan and the page's own mark."""
    title = charter().title.say()
    st.set_page_config(page_title=title, page_icon=html.icon(), layout="wide")


def show_away(error: PlanError) -> None:
    """Say why the plan's store gives no plan, until it does."""
    from beltmap.layers.page.views import show_faults

    set_page()
    st.html(html.style())
    frame = place_all()
    with frame.notes:
        watch(Shown(None, st.session_state.lang))
    show_faults(frame, error)


def begin_with_map(frame: Frame, stamped: str) -> MapPlace | None:
    """Begin with the map as it was last time, if the link asks for nothing else."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    asked.pop("plan", None)
    if home() != HOME:
        return None
    if asked not in ({}, {"lang": [st.session_state.lang]}):
        return None
    first = recall_first(stamped)
    if first is None:
        return None
    begin(Link(Filters()))
    with frame.body:
        place = place_map()
    draw_plan(place, first, stamped=stamped)
    return place
