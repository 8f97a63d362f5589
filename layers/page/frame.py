"""The frame of the page: its places, and the choice of language and view."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.language.messages import LANGUAGES, text
from layers import html
from layers.link import HOME

VIEWS = (HOME, "compare", "plan", "audit", "bring")
# each language names itself
NAMES = {"en": "English", "zh": "中文"}


@dataclass
class Frame:
    """
    The places of the page, from top to bottom.

    Parameters
    ----------
    language
        At the head of the sidebar.
    heading, notes, switch, body
        Title, remarks, choice of a view, and the view itself.
    """

    language: DeltaGenerator
    heading: DeltaGenerator
    notes: DeltaGenerator
    switch: DeltaGenerator
    body: DeltaGenerator

    def head(self, subtitle: str) -> None:
        """Write the title, over the one that stands there."""
        self.heading = self.heading.html(html.heading(text("page.title"), subtitle))


def place_all() -> Frame:
    """Lay out all places; the sidebar at once, so that nothing moves when it fills."""
    return Frame(
        language=st.sidebar.container(),
        heading=st.container(),
        notes=st.container(),
        switch=st.container(),
        body=st.container(),
    )


def pick_language(frame: Frame) -> None:
    """Let the reader choose a language."""
    frame.language.segmented_control(
        text("page.language"),
        LANGUAGES,
        format_func=NAMES.__getitem__,
        key="lang",
        required=True,
        label_visibility="collapsed",
    )


def pick_view(frame: Frame) -> None:
    """Let the reader choose a view."""
    frame.switch.segmented_control(
        text("view.label"),
        VIEWS,
        key="view",
        format_func=lambda view: text(f"view.{view}"),
        required=True,
        label_visibility="collapsed",
    )
