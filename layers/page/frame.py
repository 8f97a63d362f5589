"""The frame of the page: its places, and the choice of language and view."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from beltmap.geo.charter.force import charter
from beltmap.geo.charter.reading import read_charter
from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import LANGUAGES, text
from beltmap.layers.door.address import framing_sites
from beltmap.layers.escape import as_markdown
from beltmap.layers.link import HOME
from beltmap.layers.page.session import other_plans
from beltmap.layers.views import html

VIEWS = (HOME, "compare", "plan", "audit", "bring")
# each language names itself
NAMES: Final = {"en": "English", "zh": "中文"}


@dataclass
class Frame:
    """
    The places of the page, from top to bottom.

    Parameters
    ----------
    language, plans
        At the head of the sidebar.
    heading, notes, switch, body
        Title, remarks, choice of a view, and the view itself.
    """

    language: DeltaGenerator
    plans: DeltaGenerator
    heading: DeltaGenerator
    notes: DeltaGenerator
    switch: DeltaGenerator
    body: DeltaGenerator

    def head(self, subtitle: str, about: str = "") -> None:
        """Write the title, over the one that stands there."""
        head = html.heading(charter().title.say(), subtitle, about)
        self.heading = self.heading.html(head)


def place_all() -> Frame:
    """Lay out all places; the sidebar at once, so that nothing moves when it fills."""
    return Frame(
        language=st.sidebar.container(),
        plans=st.sidebar.container(),
        heading=st.container(key="head"),
        notes=st.container(),
        switch=st.container(key="views"),
        body=st.container(),
    )


def pick_language(frame: Frame) -> None:
    """Let the reader choose a language."""
    frame.language.segmented_control(
        text("page.language"),
        LANGUAGES,
        format_func=NAMES.__getitem__,
        key="lang",
        persist_state="session",
        required=True,
        label_visibility="collapsed",
    )


def pick_plans(frame: Frame, choices: Mapping[str, Path]) -> None:
    """Let the reader choose which plans are open, where there are several."""
    if len(choices) < 2:  # noqa: PLR2004 - several
        return
    state = st.session_state
    if not state.plans:
        state.plans = list(choices)
    frame.plans.pills(
        text("page.plans"),
        list(choices),
        selection_mode="multi",
        key="plans",
        persist_state="session",
        format_func=lambda name: as_markdown(plan_title(choices[name]) or name),
        on_change=other_plans,
    )


def plan_title(folder: Path) -> str:
    """Give the title of a plan; nothing where it cannot be read."""
    with suppress(PlanError, OSError):
        return read_charter(folder).title.say()
    return ""


def ordered_views() -> list[str]:
    """Give the views as the plan orders them, and then those that it does not name."""
    return list(dict.fromkeys([*charter().views, *VIEWS]))


def home() -> str:
    """Give the view with which the page begins where a link names none."""
    return ordered_views()[0]


def pick_view(frame: Frame) -> None:
    """Let the reader choose a view."""
    state = st.session_state
    key = f"view:{state.view_turn}"
    state.setdefault(key, state.view)
    state.view = frame.switch.segmented_control(
        text("view.label"),
        ordered_views(),
        key=key,
        format_func=lambda view: text(f"view.{view}"),
        required=True,
        label_visibility="collapsed",
    )
    heading = html.heard_heading(text(f"view.{state.view}"))
    share = html.share(state.lang, embeds=bool(framing_sites()))
    frame.switch.html(heading + share)
