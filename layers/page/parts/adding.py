"""A reader's zones put into a plan: its own files, or a copy of it."""

import os
from functools import partial
from pathlib import Path

import streamlit as st

from beltmap.geo.errors import PlanError
from beltmap.geo.intake.reading import Outcome
from beltmap.geo.intake.repaired import unnamed
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.plan.adopt import extended_archive
from beltmap.geo.plan.append import join_plan
from beltmap.geo.plan.footprints import Sizes, outlined
from beltmap.geo.store.mirror import place_to_change
from beltmap.layers.door.editing import EDIT
from beltmap.layers.escape import as_markdown
from beltmap.layers.page.plans import own_changes
from beltmap.layers.page.rights import may_write, named, via
from beltmap.layers.page.session import as_drawn, choices, plan_names_open


def show_adding(key: str, outcome: Outcome) -> None:
    """Offer to add zones to each plan that is open, where the page may write."""
    if not os.environ.get(EDIT) or outcome.zones is None:
        return
    names = plan_names_open()
    for name in names:
        folder = choices()[name]
        plan = as_markdown(name) if len(names) > 1 else text("adding.this")
        if may_write(folder):
            st.button(
                text("adding.add", plan=plan),
                key=f"add:{key}:{name}",
                on_click=as_drawn(partial(add, key, outcome, folder)),
            )
        else:
            st.download_button(
                text("adding.copy", plan=plan),
                partial(copy_with, outcome, folder),
                file_name=f"{folder.name}.zip",
                mime="application/zip",
                on_click="ignore",
                key=f"copy:{key}:{name}",
                help=text("adding.copy_help"),
            )


def add(key: str, outcome: Outcome, folder: Path) -> None:
    """Write the zones of a file into a plan; say what was done, or what is wrong."""
    state = st.session_state
    if not may_write(folder) or outcome.zones is None:
        return
    uploads, said = state.uploads, state.setdefault("adding_said", [])
    own = own_changes()
    # Streamlit may press a button twice, and ends whoever asks the session for
    # something while another run waits: from here on nothing is asked of it, and
    # the file is taken by the first who comes. They are the plan's own then, and
    # would be counted twice
    brought = uploads.pop(key, None)
    if brought is None:
        return
    drawn = outlined(outcome.zones, Sizes()).zones
    try:
        with place_to_change(folder, via=via(), who=named()) as place:
            joined = join_plan([drawn], place, unnamed=[unnamed(outcome)])
    except BaseException as error:
        uploads[key] = brought
        if not isinstance(error, PlanError):
            raise
        said[:] = [text("adding.refused"), *map(str, error.faults)]
        return
    own.append(key)
    said[:] = [
        text("cli.intake.added", n=n, file=name) for name, n in joined.added.items()
    ]
    if joined.sources:
        names = in_a_row([excerpt(name) for name in joined.sources])
        said.append(text("cli.intake.sources", names=names))


def show_added() -> None:
    """Say once what became of the zones that were to be added."""
    said = st.session_state.get("adding_said", [])
    lines = said[:]
    said.clear()
    for line in lines:
        st.text(line)


def copy_with(outcome: Outcome, folder: Path) -> bytes:
    """Give a copy of a plan with the zones of a file."""
    if outcome.zones is None:
        return b""
    drawn = outlined(outcome.zones, Sizes()).zones
    return extended_archive(folder, drawn, unnamed=unnamed(outcome))
