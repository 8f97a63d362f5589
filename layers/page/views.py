"""The views of an opened plan."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from beltmap.geo.changes.fitting import conflicts
from beltmap.geo.changes.scenarios import read_scenario
from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import choose, text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.query.filters import Filters
from beltmap.geo.report.remarks import remarks
from beltmap.layers.escape import as_markdown
from beltmap.layers.link import HOME, Link, read_link
from beltmap.layers.map.view import LOOK, VIEW
from beltmap.layers.page.drawing import MapPlace
from beltmap.layers.page.frame import Frame, home, ordered_views, pick_view
from beltmap.layers.page.now import Now
from beltmap.layers.page.parts.bring import show_bring
from beltmap.layers.page.parts.mapview import show_alone, show_map
from beltmap.layers.page.parts.mine import show_mine
from beltmap.layers.page.parts.scenarios import show_scenarios
from beltmap.layers.page.parts.sections import show_audit, show_compare, show_plan
from beltmap.layers.page.parts.sidebar import show_sidebar, wanted
from beltmap.layers.page.plans import in_scenario, open_joined
from beltmap.layers.page.reach import (
    show_filter_count,
    show_foot,
    speak_around,
    speak_of,
)
from beltmap.layers.page.session import (
    begin,
    begun,
    choices,
    named_plans,
    plan_folders,
    scenarios,
    take_link,
    take_scenario,
)
from beltmap.layers.prepared import Prepared, open_plan


def show_both(now: Now) -> None:
    """Compare what the plan holds, and the plan with its scenarios."""
    show_compare(now)
    show_scenarios(now)


SHOWN: Final[Mapping[str, Callable[[Now], None]]] = {
    HOME: show_map,
    "compare": show_both,
    "plan": show_plan,
    "audit": show_audit,
    "bring": show_bring,
}


def show(frame: Frame, drawn: MapPlace | None, stamped: str) -> None:
    """
    Show everything that follows from the opened plan.

    Parameters
    ----------
    frame
        Where things stand.
    drawn
        Where the map stands, if it is drawn already.
    stamped
        State of the plan's files, see `geo.shipped.stamp`.
    """
    try:
        show_opened(frame, drawn, stamped)
    except PlanError as error:
        # a file may be read, and found broken, long after the plan was opened
        show_faults(frame, error)


def show_opened(frame: Frame, drawn: MapPlace | None, stamped: str) -> None:
    """Open the plan, and show what its view has to say."""
    now = opened_now(frame, drawn, stamped)
    base, opened, filters = now.base, now.opened, now.filters
    state = st.session_state
    if state.alone:
        write_link(filters)
        with frame.body:
            speak_around()
            show_alone(now)
            speak_of(now)
        return
    if state.dropped:
        names = as_markdown(in_a_row(state.dropped))
        frame.notes.caption(text("page.dropped", names=names))
    if state.get("changed"):
        frame.notes.caption(text("page.changed"))
    for line in remarks(opened.plan, plan_folders()):
        frame.notes.caption(as_markdown(line))
    with frame.notes:
        show_mine()
    if drawn is None:
        pick_view(frame)
    write_link(filters)
    pick_scenario(frame, base)
    if state.view != HOME:
        show_sidebar(opened, filters)
    show_filter_count(now)
    with frame.body:
        SHOWN[state.view](now)
        show_foot()
        speak_of(now)


def opened_now(frame: Frame, drawn: MapPlace | None, stamped: str) -> Now:
    """Open the plan, and choose of it what the link and the reader ask for."""
    with frame.notes, st.spinner(text("page.opening"), show_time=True):
        base = open_plan(plan_folders(), stamped)
        take_scenario()
        opened = opened_in_scenario(frame, base)
        shipped, _ = in_scenario(base)
    # the addresses of its maps answer as long as it is held
    st.session_state.shown = shipped, opened
    if not begun():
        begin(*asked_link(opened))
    elif st.session_state.went_back:
        take_link(*asked_link(opened))
    return Now(opened, wanted(opened), shipped, base, drawn)


def opened_in_scenario(frame: Frame, base: Prepared) -> Prepared:
    """Open the plan as its reader looks at it; without a scenario that is broken."""
    try:
        return open_joined(base)
    except PlanError as error:
        if not st.session_state.scenario:
            raise
        st.session_state.scenario = ""
        for fault in error.faults:
            frame.notes.caption(as_markdown(str(fault)))
        return open_joined(base)


def pick_scenario(frame: Frame, base: Prepared) -> None:
    """Let the reader look at a scenario, where the plan has some, and say so."""
    known = scenarios()
    if not known:
        return
    state = st.session_state
    frame.plans.selectbox(
        text("scenario.pick"),
        ["", *known],
        format_func=lambda name: name or text("scenario.base"),
        key="scenario",
        persist_state="session",
    )
    if state.scenario:
        frame.head(text("scenario.seen", name=state.scenario))
        difference = read_scenario(known[state.scenario], state.scenario)
        for one in conflicts(base.plan.zones, difference):
            frame.notes.caption(as_markdown(str(one.fault())))


def asked_link(opened: Prepared) -> tuple[Link, tuple[str, ...]]:
    """Read what the link asks for, and name what it asks in vain."""
    return read_link(
        {name: st.query_params.get_all(name) for name in st.query_params},
        known=opened.plan.index.known,
        zones=opened.plan.zones["id"].array,
        views=ordered_views(),
        plans=choices(),
        scenarios=scenarios(),
        basemaps=opened.basemaps,
        language=st.session_state.lang,
    )


def write_link(filters: Filters) -> None:
    """Keep the link in step with what is shown."""
    state = st.session_state
    other = None if state.lang == choose(st.context.locale) else state.lang
    link = Link(
        filters,
        state.selected,
        state.view,
        plans=named_plans(),
        scenario=state.scenario or None,
    )
    query = link.to_query(other, home=home())
    present = {name: st.query_params.get_all(name) for name in st.query_params}
    # the map itself keeps its place and its looks in the link, without a rerun
    query |= {name: present[name] for name in (*VIEW, *LOOK) if name in present}
    if present != query:
        st.query_params.from_dict(query)


def show_faults(frame: Frame, error: PlanError) -> None:
    """Show everything that is wrong with the plan's files, and nothing else."""
    frame.head(text("page.broken"))
    for fault in error.faults:
        with frame.body.container(border=True):
            hint = text("sentence", words=fault.hint)
            st.text(f"{fault.where}\n{fault.what}\n{hint}\n[{fault.code}]")
    # a click is a run, which finds the files as they are by then
    frame.body.button(text("page.again"))
