"""What a session has chosen: language, filters, selection, view."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final
from urllib.parse import parse_qs
from uuid import uuid4

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from beltmap.geo.charter.force import adopt, charter
from beltmap.geo.charter.reading import inner_plans, plan_names
from beltmap.geo.language.messages import choose, speak, spoken
from beltmap.geo.query.filters import Filters, read_choice
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import is_address, read_address
from beltmap.layers.link import Link

COOKIE: Final = "_streamlit_xsrf"
"""What Streamlit asks for with each file, and browsers keep back in strange frames."""

_OVER: Final = Event()


@st.cache_resource(
    scope="session", on_release=lambda _: _OVER.set(), show_spinner=False
)
def visit() -> None:
    """Take note of a session, so that its end is noticed."""


def visits_over() -> bool:
    """Tell whether a session has ended since this was asked last."""
    over = _OVER.is_set()
    _OVER.clear()
    return over


def language() -> str:
    """Choose the language: as picked, as the link asks, or as the browser does."""
    state = st.session_state
    if "lang" not in state:
        state.lang = choose(st.query_params.get("lang"), st.context.locale)
    return str(state.lang)


def as_drawn(do: Callable[[], None]) -> Callable[[], None]:
    """Let a callback, which comes before its run, speak as the run that drew it."""
    known, spoke = charter(), spoken()

    def said() -> None:
        speak(spoke)
        adopt(known)
        do()

    return said


def set_filters(filters: Filters) -> None:
    """Choose other zones, whatever the panel says so far."""
    st.session_state.wanted = filters


def take_choice(said: object) -> None:
    """Take what was chosen in the panel, unless it is of another session."""
    state = st.session_state
    if not isinstance(said, dict) or said.get("epoch") != state.epoch:
        return
    turn = said.get("turn")
    if isinstance(turn, int) and turn >= state.turn:
        state.wanted, state.turn = read_choice(said), turn


def take_view(view: str) -> None:
    """Go to a view; the switch is a new one, lest it say what it showed before."""
    st.session_state.view = view
    st.session_state.view_turn += 1


def select(zone: str | None) -> None:
    """Select a zone by its id; the table is told by a new turn."""
    if st.session_state.selected != zone:
        st.session_state.selected = zone
        st.session_state.table_turn += 1


def begin(link: Link, dropped: tuple[str, ...] = ()) -> None:
    """Begin with what the link asks for; `dropped` names what it asks in vain."""
    state = st.session_state
    set_filters(link.filters)
    # by these the panel knows which of its choices an answer is to
    state.epoch, state.turn = uuid4().hex, 0
    state.selected, state.view, state.place = link.zone, link.view, link.place
    state.dropped = dropped
    state.table_turn = state.upload_turn = state.view_turn = 0
    state.uploads = {}
    state.asked = ""


def stands_alone() -> bool:
    """Tell whether the page is the map alone, for a frame: ``embed=map``."""
    state, run = st.session_state, get_script_run_ctx()
    if "alone" not in state:
        # Streamlit keeps this one parameter to itself
        asked = parse_qs(run.query_string if run else "")
        state.alone = asked.get("embed") == ["map"]
    return bool(state.alone)


def go_back() -> None:
    """Speak, and open, what the link names to which the reader went back or forward."""
    state, run = st.session_state, get_script_run_ctx()
    # Streamlit runs the page for it, and tells no one else why
    state.went_back = begun() and getattr(run, "is_history_navigation", False)
    if not state.went_back:
        return
    state.lang = choose(st.query_params.get("lang"), st.context.locale)
    # these are read from the link where they are not known
    for name in ("plans", "scenario"):
        state.pop(name, None)


def take_link(link: Link, dropped: tuple[str, ...]) -> None:
    """Show what a link asks for, in a session that goes on."""
    set_filters(link.filters)
    select(link.zone)
    if link.view != st.session_state.view:
        take_view(link.view)
    st.session_state.dropped = dropped


def begun() -> bool:
    """Tell whether this is not the first run of the session."""
    return "dropped" in st.session_state


def cookie_comes_back() -> bool:
    """Tell whether the browser sends the page's cookie, without which no file comes."""
    asked = bool(st.context.headers) and st.get_option("server.enableXsrfProtection")
    return not asked or COOKIE in st.context.cookies


def served() -> tuple[Path, ...]:
    """Give the folders of the plans that the page was started with."""
    return tuple(map(_folder, _given())) or (SHIPPED,)


def _given() -> list[str]:
    """List what the page was started with: a line an address, or folders."""
    lines = os.environ.get("BELTMAP_PLAN", "").splitlines()
    return [
        one
        for line in lines
        # an address has colons of its own
        for one in ([line] if is_address(line) else line.split(os.pathsep))
        if one
    ]


def _folder(said: str) -> Path:
    if not is_address(said):
        return Path(said)
    # a page of a folder need not import what reads stores
    from beltmap.geo.store.mirror import follow

    return follow(read_address(said)).folder


def look() -> None:
    """Let a run show the plans as they are now, to its end and to the next."""
    st.session_state.standing = served()
    st.session_state.choices = _choices(st.session_state.standing)


def standing(*, newest: bool = False) -> tuple[Path, ...]:
    """Give the folders that the run shows, or those of the newest versions."""
    return (None if newest else st.session_state.get("standing")) or served()


def choices(*, newest: bool = False) -> dict[str, Path]:
    """Give the folders of the plans that a reader can open, by their names."""
    found = None if newest else st.session_state.get("choices")
    return found or _choices(standing(newest=newest))


def _choices(folders: tuple[Path, ...]) -> dict[str, Path]:
    inner = inner_plans(*folders)
    return dict(zip(plan_names(inner), inner, strict=True))


def plan_names_open() -> tuple[str, ...]:
    """Name the plans that are open: as picked, as the link asks, or all."""
    state, known = st.session_state, choices()
    if "plans" not in state:
        asked = st.query_params.get_all("plan")
        state.plans = [name for name in known if name in asked]
    return tuple(name for name in known if name in state.plans) or tuple(known)


def named_plans() -> tuple[str, ...]:
    """Name the plans that a link must name: none where all are open."""
    plans = st.session_state.plans
    return () if len(plans) in {0, len(choices())} else tuple(plans)


def plan_folders(*, newest: bool = False) -> tuple[Path, ...]:
    """Give the folders of the plans that are open; what they say together counts."""
    known, names = choices(newest=newest), plan_names_open()
    if len(names) == len(known) or not set(names) <= set(known):
        return standing(newest=newest)
    return tuple(known[name] for name in names)


def scenarios() -> dict[str, Path]:
    """Give the folder of the plan of each scenario that can be looked at, by name."""
    # what reads plans is imported when a map stands
    from beltmap.geo.changes.scenarios import scenario_names

    known, names = choices(), plan_names_open()
    return {
        scenario: known[name]
        for name in reversed(names)
        for scenario in scenario_names(known[name])
    }


def take_scenario() -> None:
    """Look at the scenario that was picked, or that the link asks for."""
    state, known = st.session_state, scenarios()
    if "scenario" not in state:
        state.scenario = st.query_params.get("scenario", "")
    if state.scenario not in known:
        state.scenario = ""


def other_plans() -> None:
    """Take note that a reader picked other plans, which is no change of their files."""
    st.session_state.pop("shipped", None)
