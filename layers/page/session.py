"""What a session has chosen: language, filters, selection, view."""

import os
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Final

import streamlit as st
from streamlit.errors import StreamlitAPIException

from beltmap.geo.charter.reading import inner_plans, plan_names
from beltmap.geo.language.messages import choose
from beltmap.geo.query.filters import FACETS, Filters
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.link import Link

CHOICES: Final = ("lang", "view", "words", "least", "most")
"""Keys of the widgets that every view shows, besides those of the facets."""

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


def set_filters(filters: Filters) -> None:
    """Set every widget of the sidebar."""
    state = st.session_state
    for name in [name for name in state if str(name).startswith("facet:")]:
        state[name] = False
    for column in FACETS:
        for value in getattr(filters, column):
            state[f"facet:{column}:{value}"] = True
    state.words = filters.text
    state.least = filters.least_km2
    state.most = filters.most_km2


def hold() -> None:
    """Keep what was chosen through a run that ends before its widgets are shown."""
    state = st.session_state
    for name in list(state):
        if name in CHOICES or str(name).startswith("facet:"):
            # those that this run has shown are kept anyway
            with suppress(StreamlitAPIException):
                state[name] = state[name]


def select(zone: str | None) -> None:
    """Select a zone by its id; the table is told by a new turn."""
    if st.session_state.selected != zone:
        st.session_state.selected = zone
        st.session_state.table_turn += 1


def begin(link: Link, dropped: tuple[str, ...] = ()) -> None:
    """Begin with what the link asks for; `dropped` names what it asks in vain."""
    state = st.session_state
    set_filters(link.filters)
    state.selected, state.view, state.place = link.zone, link.view, link.place
    state.dropped = dropped
    state.table_turn = state.upload_turn = 0
    state.uploads = {}


def begun() -> bool:
    """Tell whether this is not the first run of the session."""
    return "dropped" in st.session_state


def cookie_comes_back() -> bool:
    """Tell whether the browser sends the page's cookie, without which no file comes."""
    asked = bool(st.context.headers) and st.get_option("server.enableXsrfProtection")
    return not asked or COOKIE in st.context.cookies


def served() -> tuple[Path, ...]:
    """Give the folders of the plans that the page was started with."""
    given = os.environ.get("BELTMAP_PLAN", "").split(os.pathsep)
    return tuple(map(Path, filter(None, given))) or (SHIPPED,)


def choices() -> dict[str, Path]:
    """Give the folders of the plans that a reader can open, by their names."""
    inner = inner_plans(*served())
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


def plan_folders() -> tuple[Path, ...]:
    """Give the folders of the plans that are open; what they say together counts."""
    known, names = choices(), plan_names_open()
    return served() if len(names) == len(known) else tuple(known[n] for n in names)


def other_plans() -> None:
    """Take note that a reader picked other plans, which is no change of their files."""
    st.session_state.pop("shipped", None)
