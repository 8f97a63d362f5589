"""The views of an opened plan."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from geo.errors import PlanError
from geo.filters import Filters
from geo.language.messages import choose, text
from layers.escape import as_markdown
from layers.link import HOME, Link, read_link
from layers.literal import refuse_templates
from layers.opened import Opened
from layers.page.bring import show_bring
from layers.page.drawing import MapPlace
from layers.page.frame import VIEWS, Frame, pick_view
from layers.page.mapview import show_map
from layers.page.plans import Now, open_joined
from layers.page.sections import show_audit, show_compare, show_plan
from layers.page.session import begin, begun
from layers.page.sidebar import show_sidebar, wanted
from layers.view import VIEW

SHOWN: Final[Mapping[str, Callable[[Now], None]]] = dict(
    zip(VIEWS, (show_map, show_compare, show_plan, show_audit, show_bring), strict=True)
)


def show(frame: Frame, drawn: MapPlace | None) -> None:
    """
    Show everything that follows from the opened plan.

    Parameters
    ----------
    frame
        Where things stand.
    drawn
        Where the map stands, if it is drawn already.
    """
    refuse_templates()
    try:
        with frame.notes, st.spinner(text("page.opening"), show_time=True):
            opened = open_joined()
    except PlanError as error:
        show_faults(frame, error)
        return
    if not begun():
        restore_link(opened)
    filters = wanted(opened)
    write_link(filters)
    state = st.session_state
    if state.dropped:
        names = as_markdown(text("list.comma").join(state.dropped))
        frame.notes.caption(text("page.dropped", names=names))
    if state.get("changed"):
        frame.notes.caption(text("page.changed"))
    if drawn is None:
        pick_view(frame)
    if state.view != HOME:
        show_sidebar(opened, filters)
    with frame.body:
        SHOWN[state.view](Now(opened, filters, drawn))


def restore_link(opened: Opened) -> None:
    """Take filters and selection from the link, once a session."""
    begin(
        *read_link(
            {name: st.query_params.get_all(name) for name in st.query_params},
            known=opened.index.known,
            zones=opened.plan.zones["id"].array,
            views=VIEWS,
            language=st.session_state.lang,
        )
    )


def write_link(filters: Filters) -> None:
    """Keep the link in step with what is shown."""
    state = st.session_state
    other = None if state.lang == choose(st.context.locale) else state.lang
    query = Link(filters, state.selected, state.view).to_query(other)
    present = {name: st.query_params.get_all(name) for name in st.query_params}
    # the map itself keeps its place in the link, without a rerun
    query |= {name: present[name] for name in VIEW if name in present}
    if present != query:
        st.query_params.from_dict(query)


def show_faults(frame: Frame, error: PlanError) -> None:
    """Show everything that is wrong with the plan's files, and nothing else."""
    frame.head(text("page.broken"))
    for fault in error.faults:
        with frame.body.container(border=True):
            mend = text("sentence", words=fault.mend)
            st.text(f"{fault.where}\n{fault.what}\n{mend}\n[{fault.code}]")
