"""Scenarios on the page: set beside the plan, and what one of them changes."""

import streamlit as st

from beltmap.geo.changes.scenarios import list_scenarios
from beltmap.geo.language.messages import text
from beltmap.geo.query.difference import difference, difference_zones
from beltmap.geo.report.scenarios import scenario_table
from beltmap.layers.escape import as_markdown
from beltmap.layers.map.changes import difference_sides
from beltmap.layers.page.drawing import MAP_HEIGHT_PX
from beltmap.layers.page.mapframe import draw
from beltmap.layers.page.now import Now
from beltmap.layers.page.parts.sections import show_section
from beltmap.layers.page.plans import shelf
from beltmap.layers.page.session import scenarios
from beltmap.layers.views.sections import Section


def show_scenarios(now: Now) -> None:
    """Set the plan and its scenarios side by side, where it has some."""
    folders = dict.fromkeys(scenarios().values())
    kept = [one for folder in folders for one in list_scenarios(folder)]
    for one in kept:
        for fault in one.faults:
            st.caption(as_markdown(str(fault)))
    readable = {one.name: one.difference for one in kept if one.difference is not None}
    if not readable:
        return
    table = scenario_table(now.base.plan, readable)
    title = text("scenario.beside")
    show_section(Section("scenarios", title, table=table))
    if st.session_state.scenario:
        show_what_differs(now)


def show_what_differs(now: Now) -> None:
    """Draw the zones that the scenario changes, as they are and as they would be."""
    before, after = now.base.plan.zones, now.shipped.plan.zones
    changes = difference(before, after)
    layer = difference_zones(changes, before, after)
    sides = difference_sides(layer, opened=now.base, shelf=shelf(), group="scenario")
    places = st.columns(2, vertical_alignment="bottom")
    for place, side in zip(places, sides, strict=False):
        with place:
            st.subheader(as_markdown(side.title), anchor=False)
            draw(side.drawing, MAP_HEIGHT_PX)
