"""Comments on the page: those on what is selected, and a form for one more."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import streamlit as st

from beltmap.geo.claims.comments import with_comment, with_settled
from beltmap.geo.commit import commit, writing
from beltmap.geo.csvfile import inert
from beltmap.geo.errors import PlanError, fault
from beltmap.geo.language.hidden import excerpt, reveal
from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan
from beltmap.geo.store.mirror import place_to_change
from beltmap.layers.map.view import View, read_view
from beltmap.layers.page.now import Now
from beltmap.layers.page.parts.editing import plan_of
from beltmap.layers.page.plans import own_changes
from beltmap.layers.page.rights import MOST_NAME, may_write, named, via
from beltmap.layers.page.session import as_drawn, choices
from beltmap.layers.views.comments import Remark, remarked, subjects

CLOSE = 14
"""Zoom at which the place of a comment is shown."""

MOST_TEXT = 2000
"""Letters of a comment that are taken."""


def show_comments(now: Now) -> None:
    """Show what was remarked on the selected zone, or on the plan; take more."""
    name, zone, plan = plan_of(now)
    folder = choices().get(name)
    told = [one for one in remarked(plan) if zone is None or one.zone == zone]
    writes = folder is not None and may_write(folder)
    if not told and not writes:
        return
    n = sum(one.is_open for one in told)
    with st.expander(text("comment.title", n=n), key="comments"):
        for line in st.session_state.get("comment_said", ()):
            st.text(line)
        for one in told:
            _show(one, folder if writes else None)
        if writes and folder is not None:
            _ask(plan, zone, folder)


def _show(one: Remark, folder: Path | None) -> None:
    """Show a comment, with a way to its place, and to have it settled."""
    st.text(one.line)
    row = st.container(horizontal=True)
    if one.place is not None:
        lon, lat = one.place
        row.button(
            text("comment.show"),
            key=f"comment-show:{one.id}",
            on_click=partial(_go, lat, lon),
            type="tertiary",
        )
    if one.is_open and folder is not None:
        row.button(
            text("comment.settle"),
            key=f"comment-settle:{one.id}",
            on_click=as_drawn(partial(_settle, folder, one.id)),
            type="tertiary",
        )


def _ask(plan: Plan, zone: str | None, folder: Path) -> None:
    """Ask what is to be said, about what, and who says it."""
    known = dict(subjects(plan, zone)) | {"": text("comment.middle")}
    with st.form("comment", border=False, clear_on_submit=False):
        st.selectbox(
            text("comment.about"),
            list(known),
            format_func=lambda about: excerpt(known[about]),
            key=f"comment_about:{zone}",
        )
        st.text_area(text("comment.text"), key="comment_text", max_chars=MOST_TEXT)
        if not named():
            st.text_input(
                text("comment.author"),
                key="comment_by",
                max_chars=MOST_NAME,
                persist_state="session",
            )
        st.form_submit_button(
            text("comment.add"), on_click=as_drawn(partial(_leave, zone, folder))
        )


def _leave(zone: str | None, folder: Path) -> None:
    """Write the comment that was typed into the plan."""
    state = st.session_state
    by, said = (str(state.get(f"comment_{name}") or "") for name in ("by", "text"))
    by = named() or by
    answer, last = state.setdefault("comment_said", []), _last()
    about = str(state.get(f"comment_about:{zone}") or "")
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    own = own_changes()
    if not by.strip() or not said.strip():
        answer[:] = [text("comment.ask")]
        return
    view = None if about else read_view(query)[0]
    lon, lat = ("", "") if view is None else (f"{view.lon:.5f}", f"{view.lat:.5f}")
    # a button may be pressed twice for a reader: what was just said is not repeated
    if last == [about, lon, lat, by, said]:
        return
    last[:] = [about, lon, lat, by, said]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    given = {"author": by.strip(), "text": " ".join(said.split())}
    cells = {name: inert(reveal(value)) for name, value in given.items()}
    cells |= {"about": about, "lon": lon, "lat": lat, "time": now}
    faults = _write(folder, lambda place: with_comment(place, **cells), who=by)
    if faults:
        last.clear()
        answer[:] = faults
        return
    own.append("comment")
    answer[:] = [text("comment.kept")]
    state.comment_text = ""


def _last() -> list[str]:
    """Give what was said last, so that it is not said twice."""
    last: list[str] = st.session_state.setdefault("comment_last", [])
    return last


def _settle(folder: Path, comment: str) -> None:
    answer, own = st.session_state.setdefault("comment_said", []), own_changes()
    answer[:] = _write(folder, lambda place: with_settled(place, comment), who=named())
    own.append("comment")


def _write(
    folder: Path, make: Callable[[Path], dict[str, bytes]], *, who: str
) -> list[str]:
    """Write the table of comments; say why not where that cannot be done."""
    if not may_write(folder):
        return [str(fault("E_NO_RIGHT", folder.name))]
    try:
        with (
            place_to_change(folder, via=via(), who=who or None) as place,
            writing(place),
        ):
            commit(place, make(place))
    except PlanError as error:
        return [text("edit.refused"), *map(str, error.faults)]
    return []


def _go(lat: float, lon: float) -> None:
    """Bring the place of a comment into view."""
    state = st.session_state
    state.comment_turn = state.get("comment_turn", 0) + 1
    n = 1_000_000 + state.comment_turn
    state.place = View(lat=lat, lon=lon, zoom=CLOSE, n=n)
