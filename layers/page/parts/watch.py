"""A line on the page when the plan is not any more what is shown."""

import sys
from dataclasses import dataclass
from typing import Final

import streamlit as st

from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import speak, text
from beltmap.geo.shipped import stamp
from beltmap.layers.escape import as_markdown
from beltmap.layers.page.session import plan_folders

EVERY_S: Final = 1
"""Seconds between two looks at the plan."""


@dataclass
class Shown:
    """
    What a run of the page has shown.

    Parameters
    ----------
    stamped
        State of the plan, see `geo.shipped.stamp`; none where it cannot be looked at.
    language
        Language of the page.
    fresh
        Whether it is of this moment, so that there is nothing to look for yet.
    """

    stamped: str | None
    language: str
    fresh: bool = True


@st.fragment(run_every=EVERY_S)
def watch(shown: Shown) -> None:
    """Say that the plan has changed, or that its store is away; change nothing."""
    # what runs again by itself has a context of its own
    speak(shown.language)
    if shown.fresh:
        shown.fresh = False
        changed = False
    else:
        try:
            changed = is_changed(shown)
        except PlanError:
            changed = False
    for address in stores_away():
        st.caption(text("page.away", address=as_markdown(address)))
    if not changed:
        return
    if shown.stamped is None:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(text("page.newer"), width="content")
        if st.button(text("page.show_it"), type="tertiary"):
            st.rerun()


def is_changed(shown: Shown) -> bool:
    """Tell whether the plan is another by now; a store is asked for a number only."""
    if shown.stamped is None:
        return bool(plan_folders(newest=True))
    folders = plan_folders()
    if stamp(*folders) != shown.stamped:
        return True
    mirror = sys.modules.get("beltmap.geo.store.mirror")
    return mirror is not None and bool(mirror.outdated(*folders))


def stores_away() -> tuple[str, ...]:
    """Name the stores that cannot be reached, of which older versions are shown."""
    # a page of folders has not imported what reads stores
    mirror = sys.modules.get("beltmap.geo.store.mirror")
    return () if mirror is None else tuple(mirror.away())
