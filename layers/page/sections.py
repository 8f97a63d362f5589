"""The views that tell of the plan, of its figures, and of two sides by side."""

from functools import partial

import streamlit as st

from geo.commands.output import as_csv
from geo.language.messages import text
from geo.units import AREA_UNITS
from layers.compare import COMPARISONS, compare
from layers.escape import as_markdown
from layers.page.drawing import MAP_HEIGHT_PX, table_height
from layers.page.mapframe import draw
from layers.page.plans import Now
from layers.page.session import set_filters
from layers.sections import Section

TALLEST = 20
"""Rows of figures that are shown without scrolling."""


def show_plan(now: Now) -> None:
    """Show what the plan wants, and what came of it."""
    if not now.opened.sections:
        st.info(text("plan.nothing"))
    for section in now.opened.sections:
        show_section(section)


def show_audit(now: Now) -> None:
    """Show whether the plan adds up."""
    unit = st.segmented_control(
        text("view.unit"),
        AREA_UNITS,
        default=AREA_UNITS[0],
        format_func=lambda unit: text(f"unit.name.{unit}"),
        required=True,
        key="unit",
    )
    with st.spinner(text("view.adding"), show_time=True):
        sections = now.opened.audited(now.filters, unit)
    for section in sections:
        show_section(section)


def show_compare(now: Now) -> None:
    """Show two cities, or two patterns, side by side."""
    column = st.segmented_control(
        text("compare.by"),
        COMPARISONS,
        default=next(iter(COMPARISONS)),
        format_func=lambda column: text(f"filter.{column}"),
        required=True,
        key="compared",
    )
    row = now.opened.row(st.session_state.selected)
    sides = compare(now.opened, now.filters, column, selected=row)
    for place, side in zip(st.columns(2), sides, strict=False):
        with place:
            st.subheader(side.title, anchor=False)
            draw(side.drawing, side.key, MAP_HEIGHT_PX, side.state)


def show_section(section: Section) -> None:
    """Show a section: its words, its chart, and its figures to read and take."""
    st.subheader(section.title, anchor=False)
    for note in section.notes:
        st.caption(as_markdown(note))
    if section.body:
        st.html(section.body)
    if section.chart is not None:
        # the style finds it by this key: Streamlit gives a chart none
        wide = st.container(key=f"wide-{section.key}")
        key = f"chart:{section.key}"
        if section.selects:
            take = partial(take_priority, section)
            wide.vega_lite_chart(section.chart, on_select=take, key=key)
        else:
            wide.vega_lite_chart(section.chart, key=key)
    if section.table is None:
        return
    place = st.expander(text("view.figures")) if section.chart is not None else st
    place.dataframe(
        section.table,
        hide_index=True,
        placeholder="",
        height=table_height(len(section.table), TALLEST),
    )
    place.download_button(
        text("view.download"),
        as_csv(section.table).encode("utf-8-sig"),
        file_name=f"beltmap_{section.key}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"csv:{section.key}",
    )


def take_priority(section: Section) -> None:
    """Filter the map by the priority that was clicked in its chart."""
    picked = st.session_state[f"chart:{section.key}"]["selection"][section.selects]
    if picked:
        set_filters(section.choices[picked[0][section.selects]])
        st.session_state.view = "map"
