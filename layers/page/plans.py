"""The plan that a session looks at: the shipped one, with its own files or without."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import geopandas as gpd
import streamlit as st

from beltmap.geo.changes.scenarios import FOLDER, read_scenario
from beltmap.geo.intake.overlay import with_zones
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import Outcome
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.report.scenarios import plan_with
from beltmap.geo.shipped import stamp
from beltmap.layers.assets import Shelf
from beltmap.layers.page.session import scenarios
from beltmap.layers.prepared import Prepared


@dataclass
class Brought:
    """A file that a reader brought, and what has become of it so far."""

    upload: Upload
    answers: Answers = field(default_factory=Answers)
    outcome: Outcome | None = None
    language: str = ""
    reads: int = 0
    joins: bool = True


def open_joined(shipped: Prepared) -> Prepared:
    """Open the plan, with the reader's own zones in it if there are any."""
    state = st.session_state
    if own := own_changes():
        own.clear()
        state.shipped = shipped.key
    if state.setdefault("shipped", shipped.key) != shipped.key:
        state.shipped, state.changed = shipped.key, True
    if state.get("joined_of", ()) != counted():
        # files have gone, or come, since their zones were put together
        join()
    turn = state.get("joined")
    seen, key = in_scenario(shipped)
    return open_mine(turn, key, seen) if turn else seen


def own_changes() -> list[str]:
    """Give the list in which a reader's own changes stand: no news to them."""
    changes: list[str] = st.session_state.setdefault("own_changes", [])
    return changes


def in_scenario(shipped: Prepared) -> tuple[Prepared, str]:
    """Give the plan in the scenario that is looked at, and the state of both."""
    name = st.session_state.get("scenario")
    folder = scenarios().get(name or "")
    if folder is None:
        return shipped, shipped.key
    key = f"{shipped.key}{stamp(folder / FOLDER)}"
    return open_scenario(str(name), key, folder, shipped), f"{key}{name}"


@st.cache_resource(
    scope="session", max_entries=2, on_release=Prepared.close, show_spinner=False
)
def open_scenario(
    name: str, stamped: str, _folder: Path, _shipped: Prepared
) -> Prepared:
    """Make ready a plan with the changes of a scenario."""
    difference = read_scenario(_folder, name)
    plan = plan_with(_shipped.plan, difference, name=name)
    return Prepared(plan, key=f"{stamped}{name}")


# streamlit releases these as soon as the reader's browser has gone
@st.cache_resource(
    scope="session", max_entries=1, on_release=Prepared.close, show_spinner=False
)
def open_mine(turn: str, stamped: str, _shipped: Prepared) -> Prepared:
    """Put the zones of all files that are counted beside the plan's own."""
    plan = _shipped.plan
    for zones in read_zones(counted=True):
        plan = with_zones(plan, zones)
    return Prepared(plan, key=turn + stamped)


@st.cache_resource(scope="session", on_release=Shelf.close, show_spinner=False)
def shelf() -> Shelf:
    """Keep what else is drawn of the reader's files."""
    return Shelf(uuid4().hex)


def read_zones(*, counted: bool = False) -> list[gpd.GeoDataFrame]:
    """Give the zones of each file; only of those counted with the plan, if asked."""
    files = st.session_state.uploads.values()
    asked = [one for one in files if one.joins or not counted]
    read = [one.outcome.zones for one in asked if one.outcome is not None]
    return [zones for zones in read if zones is not None]


def counted() -> tuple[str, ...]:
    """Name the files whose zones are counted with the plan."""
    files = st.session_state.get("uploads", {})
    return tuple(key for key, one in files.items() if one.joins and _has_zones(one))


def _has_zones(one: Brought) -> bool:
    return one.outcome is not None and one.outcome.zones is not None


def join() -> None:
    """Let the zones of the reader's files be put together anew."""
    st.session_state.joined_of = counted()
    st.session_state.joined = uuid4().hex if read_zones(counted=True) else None
    # what is removed must not be found for a moment longer
    open_mine.clear()
    shelf.clear()


def forget(key: str) -> None:
    """Let go of a file and its zones."""
    del st.session_state.uploads[key]
    join()
