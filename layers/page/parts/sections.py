"""The views that tell of the plan, of its figures, and of two sides by side."""

from collections.abc import Sequence

import streamlit as st

from beltmap.geo.audit.findings import SEVERITIES, Finding
from beltmap.geo.charter.force import charter
from beltmap.geo.language.messages import text
from beltmap.geo.report.areas import zone_labels
from beltmap.geo.report.beside import side_by_side
from beltmap.geo.report.headers import header
from beltmap.geo.units import AREA_UNITS
from beltmap.layers.commands.terminal.output import as_csv
from beltmap.layers.escape import as_markdown
from beltmap.layers.map.compare import (
    compare,
    compared,
    comparisons,
    value_label,
)
from beltmap.layers.page.drawing import MAP_HEIGHT_PX, answer_for, table_height
from beltmap.layers.page.mapframe import draw
from beltmap.layers.page.now import Now
from beltmap.layers.page.reach import show_grid
from beltmap.layers.prepared import Prepared
from beltmap.layers.views import html
from beltmap.layers.views.answer import FINDING
from beltmap.layers.views.findings import finding_list, group_label
from beltmap.layers.views.sections import Section

TALLEST = 20
"""Rows of figures that are shown without scrolling."""


def show_plan(now: Now) -> None:
    """Show what the plan wants, and what came of it."""
    with st.spinner(text("view.adding"), show_time=True):
        sections = now.opened.sections
    if not sections:
        st.info(text("plan.nothing"))
    if len(sections) > 1:
        st.html(html.contents([(one.key, one.title) for one in sections]))
    for section in sections:
        st.html(html.skipped(section.key))
        show_section(section)


def counted(now: Now) -> Prepared:
    """Let a reader with files choose whether they are counted, and say what is."""
    n = f"{now.opened.mine:,}"
    if not now.opened.mine:
        return now.opened
    if not now.opened.measured:
        st.caption(as_markdown(text("mine.unmeasured", n=n)))
        return now.shipped
    both = st.toggle(text("mine.include"), key="mine")
    st.caption(text("mine.counted" if both else "mine.not_counted", n=n))
    return now.opened if both else now.shipped


def show_audit(now: Now) -> None:
    """Show whether the plan adds up."""
    unit = st.segmented_control(
        text("view.unit"),
        AREA_UNITS,
        default=charter().unit or AREA_UNITS[0],
        format_func=lambda unit: text(f"unit.name.{unit}"),
        required=True,
        key="unit",
    )
    opened = counted(now)
    with st.spinner(text("view.adding"), show_time=True):
        sections = opened.audited(now.filters, unit)
    asked = st.session_state.asked
    # what was asked for goes first, and nobody has to look for it
    for section in sorted(sections, key=lambda one: one.key != asked):
        if section.key == "findings":
            show_findings(opened, section, asked.removeprefix(FINDING))
        else:
            show_section(section)


def show_findings(opened: Prepared, section: Section, asked: str) -> None:
    """Show what does not fit, as far as its reader wants to see it."""
    found = opened.audit()
    if not found:
        show_section(section)
        return
    st.subheader(as_markdown(section.title), anchor=False)
    for note in section.notes:
        st.caption(as_markdown(note))
    left, right = st.columns(2)
    severities = left.pills(
        text("audit.severity"),
        [one for one in SEVERITIES if any(each.severity == one for each in found)],
        selection_mode="multi",
        format_func=lambda one: text(f"severity.{one}"),
        key="audit:severity",
    )
    groups = st.pills(
        text("audit.kind"),
        list(dict.fromkeys(each.group for each in found)),
        selection_mode="multi",
        format_func=group_label,
        key="audit:group",
    )
    zones = concerned(opened, found)
    zone = right.selectbox(
        text("audit.zone"),
        ["", *zones],
        format_func=lambda one: zones.get(one, text("audit.zone.any")),
        key="audit:zone",
    )
    kept = [
        each
        for each in found
        if (not severities or each.severity in severities)
        and (not groups or each.group in groups)
        and (not zone or zone in each.zones)
    ]
    if len(kept) < len(found):
        st.caption(text("audit.kept", n=len(kept), all=len(found)))
    if kept:
        st.html(finding_list(opened.plan, kept, asked=asked))


def concerned(opened: Prepared, found: Sequence[Finding]) -> dict[str, str]:
    """Name the zones that findings concern, by id in the order of the plan."""
    zones = opened.plan.zones
    ids = {zone for each in found for zone in each.zones}
    zones = zones[zones["id"].isin(ids)]
    return dict(zip(zones["id"], zone_labels(zones), strict=True))


def show_compare(now: Now) -> None:
    """Show two plans, cities or structures side by side, with their figures."""
    opened = counted(now)
    offered = comparisons(opened)
    column = st.segmented_control(
        text("compare.by"),
        offered,
        default=offered[0],
        format_func=lambda column: text(f"filter.{column}"),
        required=True,
        key="compared",
    )
    values = compared(opened, column)
    if len(values) < 2:  # noqa: PLR2004 - a pair
        st.info(text("compare.nothing"))
        return
    picked = [
        place.selectbox(
            text(f"compare.{side}"),
            values,
            index=number,
            format_func=lambda value: value_label(opened, column, value),
            key=f"compared:{column}:{side}",
        )
        for number, (place, side) in enumerate(
            zip(st.columns(2), ("left", "right"), strict=True)
        )
    ]
    # a title of two lines must not move one map down
    places = st.columns(2, vertical_alignment="bottom")
    row = opened.row(st.session_state.selected)
    sides = compare(opened, now.filters, column, values=picked, selected=row)
    answer_for(opened, *(side.drawing for side in sides))
    for place, side in zip(places, sides, strict=True):
        with place:
            st.subheader(as_markdown(side.title), anchor=False)
            draw(side.drawing, MAP_HEIGHT_PX)
    table = side_by_side([side.chosen for side in sides])
    left, right = (side.title for side in sides)
    heads = {"about": header("about"), "left": left, "right": right}
    if left == right:
        heads["right"] = f"{right} "
    title = text("compare.figures")
    show_section(Section("beside", title, table=table.rename(columns=heads)))


def show_section(section: Section) -> None:
    """Show a section: its words, its chart, and its figures to read and take."""
    st.subheader(as_markdown(section.title), anchor=False)
    for note in section.notes:
        st.caption(as_markdown(note))
    if section.body:
        st.html(section.body)
    if section.chart:
        st.html(section.chart)
    if section.table is None:
        return
    place = st.expander(text("view.figures")) if section.chart else st.container()
    show_grid(
        section.table,
        place=place,
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
