"""The desk on the page: opened beside the map, and what it asks to be kept."""

from functools import partial
from pathlib import Path
from typing import Any, Final

import streamlit as st

from beltmap.geo.changes.reading import parse_difference
from beltmap.geo.changes.saving import save_difference
from beltmap.geo.changes.scenarios import keep_scenario
from beltmap.geo.errors import PlanError, fault
from beltmap.geo.language.messages import text
from beltmap.geo.shipped import stamp
from beltmap.geo.store.mirror import place_to_change
from beltmap.layers.assets import DESK_SCRIPTS, DESK_STYLES, file_address
from beltmap.layers.page.now import Now
from beltmap.layers.page.rights import may_write
from beltmap.layers.page.session import choices
from beltmap.layers.payload.editing import MOST_CORNERS, corners
from beltmap.layers.prepared import open_plan

VIA: Final = "beltmap page"
"""What changes a plan, as the history of a store names it."""


def edit_state() -> dict[str, Any] | None:
    """Say to the map what the desk begins with; None where it is closed."""
    state = st.session_state
    folder = choices().get(state.get("editing") or "")
    if folder is None:
        return None
    opened = open_plan((folder,), stamp(folder))
    if corners(opened.plan) > MOST_CORNERS:
        state.editing = None
        return None
    return {
        "scripts": file_address(DESK_SCRIPTS),
        "styles": file_address(DESK_STYLES),
        "data": opened.editing(folder.name, may_write(folder)),
        "zone": state.get("edit_zone"),
        "said": state.get("edit_said"),
    }


def show_edit(now: Now) -> None:
    """Offer to change the selected zone, or the plan, on the map."""
    if st.session_state.get("editing"):
        return
    name, zone = _plan_of(now)
    folder = choices().get(name)
    if folder is None:
        return
    if corners(now.opened.plan) > MOST_CORNERS:
        st.caption(text("edit.too_many", most=f"{MOST_CORNERS:,}"))
        return
    st.button(
        text("edit.zone_on_map" if zone else "edit.plan_on_map"),
        on_click=partial(open_desk, name, zone),
        key="edit",
        width="stretch",
    )


def open_desk(name: str, zone: str | None) -> None:
    """Open the desk with a plan, and a zone of it."""
    state = st.session_state
    state.editing, state.edit_zone, state.edit_said = name, zone, None


def take_edit(asked: dict[str, Any]) -> None:
    """Do what the desk asks, and keep the answer for it."""
    state = st.session_state
    name = state.get("editing") or ""
    folder = choices().get(name)
    if asked.get("do") == "close" or folder is None:
        state.editing = None
        return
    try:
        lines = [_done(folder, asked)]
    except PlanError as error:
        lines = [text("edit.refused"), *map(str, error.faults)]
    state.edit_said = {"n": state.get("edit_turn", 0) + 1, "lines": lines}
    state.edit_turn = state.edit_said["n"]


def _done(folder: Path, asked: dict[str, Any]) -> str:
    """Save changes to the plan, or keep them as a scenario; say what was done."""
    if not may_write(folder):
        raise PlanError([fault("E_NO_RIGHT", folder.name)])
    content = str(asked.get("difference", "")).encode("utf-8", "replace")
    difference = parse_difference(content, name=text("edit.draft"))
    if asked.get("do") == "keep":
        name = str(asked.get("name", ""))
        with place_to_change(folder, via=VIA, who=difference.edit.by) as place:
            keep_scenario(place, name, difference, replace=True)
        return text("edit.kept", name=name)
    with place_to_change(folder, via=VIA, who=difference.edit.by) as place:
        save_difference(place, difference)
    # their own change is no news to a reader
    st.session_state.pop("shipped", None)
    return text("edit.saved", n=len(difference.changes))


def _plan_of(now: Now) -> tuple[str, str | None]:
    """Find the plan of the selected zone, and its own id; the first plan for none."""
    names, plan = list(choices()), now.base.plan
    zone = st.session_state.selected
    row = now.base.row(zone)
    if row is None:
        return names[0], None
    for name, rows in plan.rows.items():
        if rows.start <= row < rows.stop:
            part = dict(plan.parts)[name]
            return name, str(part.zones["id"].iloc[row - rows.start])
    return names[0], zone
