"""The desk on the page: opened beside the map, and what it asks to be kept."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import streamlit as st

from beltmap.geo.changes.change import Difference
from beltmap.geo.changes.reading import parse_difference
from beltmap.geo.changes.saving import save_difference
from beltmap.geo.changes.scenarios import keep_scenario
from beltmap.geo.errors import PlanError, fault
from beltmap.geo.export.write import write
from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan, read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.scenarios import plan_with
from beltmap.geo.shipped import stamp
from beltmap.geo.store.mirror import place_to_change
from beltmap.layers.assets import DESK_SCRIPTS, DESK_STYLES, Shelf, file_address
from beltmap.layers.escape import as_markdown
from beltmap.layers.page.frame import plan_title
from beltmap.layers.page.now import Now
from beltmap.layers.page.plans import own_changes, shelf
from beltmap.layers.page.rights import may_write, named, via
from beltmap.layers.page.session import choices, plan_names_open
from beltmap.layers.payload.editing import MOST_CORNERS, corners
from beltmap.layers.prepared import open_plan


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
        "by": named() or None,
        "said": dict(state.get("edit_said") or {}) or None,
    }


def show_edit(now: Now) -> None:
    """Offer to change the selected zone, or the plan, on the map."""
    if st.session_state.get("editing"):
        return
    name, zone, plan = plan_of(now)
    parts = dict(now.base.plan.parts)
    known = choices()
    # with several plans, it is said which of them is changed
    for one in parts if parts and not zone else (name,):
        if one not in known:
            continue
        if corners(parts.get(one, plan)) > MOST_CORNERS:
            st.caption(text("edit.too_many", most=f"{MOST_CORNERS:,}"))
            continue
        offer = "zone_on_map" if zone else "plan_on_map"
        of = (
            text(f"edit.{offer}_of", plan=plan_title(known[one]) or one)
            if parts
            else text(f"edit.{offer}")
        )
        st.button(
            as_markdown(of),
            on_click=partial(open_desk, one, zone),
            key=f"edit-{one}" if parts and not zone else "edit",
            width="stretch",
        )


def open_desk(name: str, zone: str | None) -> None:
    """Open the desk with a plan, and a zone of it."""
    state = st.session_state
    state.editing, state.edit_zone, state.edit_said = name, zone, {}


def take_edit(asked: dict[str, Any], drawn: Mapping[str, Any] | None) -> bool:
    """
    Do what the desk asks, once, and keep the answer.

    Parameters
    ----------
    asked
        What it asks, by its turn: a run of the page that is ended, since another
        begins, may not have come to it, and the next is told again.
    drawn
        What this run has told the map of the desk, see `edit_state`.

    Returns
    -------
    bool
        Whether the map was drawn without the answer.
    """
    state = st.session_state
    name, turn = state.get("editing") or "", asked.get("turn")
    folder, done = choices().get(name), state.setdefault("edit_done", set())
    said, seen, own = state.setdefault("edit_said", {}), shelf(), own_changes()
    if turn not in done and (folder is None or asked.get("do") == "close"):
        state.editing = None
        done.add(turn)
        return drawn is not None
    # a run that begins while it is done, as when something else is clicked, waits
    with state.setdefault("edit_one", Lock()):
        # from here on nothing is asked of the session, which may end this run
        if turn not in done and folder is not None:
            done.add(turn)
            said |= {"turn": turn} | _answer(folder, asked, seen, own)
    return drawn is not None and drawn["said"] != (dict(said) or None)


def _answer(
    folder: Path, asked: dict[str, Any], seen: Shelf, own: list[str]
) -> dict[str, Any]:
    """Do what is asked; tell what was done, and where a file is that was made."""
    file, refused = None, False
    try:
        if asked.get("do") == "geopackage":
            file = seen.put(_geopackage(folder, asked))
            lines = [text("edit.made")]
        else:
            lines = [_done(folder, asked)]
            own.append("edit")
    except PlanError as error:
        lines, refused = [text("edit.refused"), *map(str, error.faults)], True
    return {"lines": lines, "file": file, "refused": refused}


def _asked(asked: dict[str, Any]) -> Difference:
    content = str(asked.get("difference", "")).encode("utf-8", "replace")
    difference = parse_difference(content, name=text("edit.draft"))
    by = named() or difference.edit.by
    return replace(difference, edit=replace(difference.edit, by=by))


def _geopackage(folder: Path, asked: dict[str, Any]) -> bytes:
    """Write the plan as it would be with a draft; nothing of it is kept."""
    drafted = plan_with(read_plan(folder), _asked(asked), name=text("edit.draft"))
    return write(Selection(drafted), format_code="geopackage").content


def _done(folder: Path, asked: dict[str, Any]) -> str:
    """Save changes to the plan, or keep them as a scenario; say what was done."""
    if not may_write(folder):
        raise PlanError([fault("E_NO_RIGHT", folder.name)])
    difference = _asked(asked)
    if asked.get("do") == "keep":
        name = str(asked.get("name", ""))
        with place_to_change(folder, via=via(), who=difference.edit.by) as place:
            keep_scenario(place, name, difference, replace=True)
        return text("edit.kept", name=name)
    with place_to_change(folder, via=via(), who=difference.edit.by) as place:
        save_difference(place, difference)
    return text("edit.saved", n=len(difference.changes))


def plan_of(now: Now) -> tuple[str, str | None, Plan]:
    """
    Find the plan of the selected zone; the first plan where none is selected.

    Returns
    -------
    name, zone, plan
        Name of the plan's folder, the zone's own id in it, and the plan itself.
    """
    plan = now.base.plan
    names = plan_names_open()
    parts = dict(plan.parts) or dict.fromkeys(names, plan)
    zone = st.session_state.selected
    row = now.base.row(zone)
    if row is None:
        return names[0], None, parts[names[0]]
    for name, rows in plan.rows.items():
        if rows.start <= row < rows.stop:
            own = parts[name].zones["id"].iloc[row - rows.start]
            return name, str(own), parts[name]
    return names[0], zone, plan
