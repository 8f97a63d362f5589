"""The plan that a session looks at: the shipped one, with its own files or without."""

from dataclasses import dataclass, field
from uuid import uuid4

import streamlit as st

from geo.filters import Filters
from geo.folder import stamp
from geo.intake.frame import zones_of
from geo.intake.joined import with_zones
from geo.intake.questions import Answers
from geo.intake.reading import Outcome, Upload
from layers.assets import Shelf
from layers.opened import Opened, open_plan
from layers.page.drawing import MapPlace
from layers.page.session import plan_folder


@dataclass
class Brought:
    """A file that a reader brought, and what has become of it so far."""

    upload: Upload
    answers: Answers = field(default_factory=Answers)
    outcome: Outcome | None = None
    language: str = ""
    reads: int = 0
    joins: bool = True


def open_shipped() -> Opened:
    """Open the plan that the page was started with."""
    folder = plan_folder()
    return open_plan(folder, stamp(folder))


def open_joined() -> Opened:
    """Open the plan, with the reader's own zones in it if there are any."""
    state, shipped = st.session_state, open_shipped()
    if state.setdefault("shipped", shipped.key) != shipped.key:
        state.shipped, state.changed = shipped.key, True
    turn = state.get("joined")
    return open_mine(turn, shipped.key) if turn else shipped


# streamlit releases these as soon as the reader's browser has gone
@st.cache_resource(
    scope="session", max_entries=1, on_release=Opened.close, show_spinner=False
)
def open_mine(turn: str, state: str) -> Opened:
    """Put the zones of all files that are counted beside the plan's own."""
    shipped = open_shipped()
    plan = shipped.plan
    for outcome in counted_files():
        plan = with_zones(plan, zones_of(outcome, context=shipped.context))
    return Opened(plan, shipped.folder, key=turn + state)


@st.cache_resource(scope="session", on_release=Shelf.close, show_spinner=False)
def shelf() -> Shelf:
    """Keep what else is drawn of the reader's files."""
    return Shelf(uuid4().hex)


def counted_files() -> list[Outcome]:
    """Give what was read of each file that is to be counted with the plan."""
    counted = [one for one in st.session_state.uploads.values() if one.joins]
    read = [brought.outcome for brought in counted]
    return [one for one in read if one is not None and one.rows is not None]


def join() -> None:
    """Let the zones of the reader's files be put together anew."""
    st.session_state.joined = uuid4().hex if counted_files() else None
    # what is removed must not be found for a moment longer
    open_mine.clear()
    shelf.clear()


def forget(key: str) -> None:
    """Let go of a file and its zones."""
    del st.session_state.uploads[key]
    join()


@dataclass(frozen=True, eq=False)
class Now:
    """
    What one run of the page shows.

    Parameters
    ----------
    opened
        The plan, with what its reader brought.
    filters
        Which of its zones are wanted.
    drawn
        Where the map stands, if it is drawn already.
    """

    opened: Opened
    filters: Filters
    drawn: MapPlace | None = None
