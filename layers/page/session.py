"""What a session has chosen: language, filters, selection, view."""

import os
from pathlib import Path
from threading import Event
from typing import Final

import streamlit as st

from geo.filters import FACETS, Filters
from geo.folder import SHIPPED
from geo.language.messages import choose
from layers.link import Link

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


def plan_folder() -> Path:
    """Give the folder of the plan that the page was started with."""
    return Path(os.environ.get("BELTMAP_PLAN", SHIPPED))
