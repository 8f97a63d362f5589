"""
The page: filters, map, card, totals and table of a plan.

Run it with ``beltmap serve`` or ``streamlit run app.py``. Everything that is
shown is computed in `geo` and drawn in `layers`; this file lays it out.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from geo.errors import PlanError
from geo.export.crs import crs_label
from geo.export.formats import FORMATS
from geo.filters import FACETS, Filters, from_query
from geo.messages import text
from geo.plan import SHIPPED, Plan, read_plan, stamp
from geo.reports import as_csv
from geo.summary import MOST_SURVEYED, Totals
from geo.units import AREA_UNITS
from layers import html
from layers.assets import routes
from layers.card import code_label, sector_labels, zone_card
from layers.charts import area_bars
from layers.escape import as_markdown
from layers.map import map_state, plan_map
from layers.opened import Opened
from layers.sections import Section, audit_sections
from layers.table import MOST_ROWS
from layers.tiles import tile_routes
from layers.view import VIEW, read_view

if TYPE_CHECKING:
    import pandas as pd

MAP_HEIGHT_PX = 620
ROW_HEIGHT_PX = 35
TALLEST_TABLE = 12
TALLEST_FIGURES = 20
SUMMARIES = ("kind", "sectors", "city")


@dataclass(frozen=True, eq=False)
class Now:
    """What one run of the page shows."""

    opened: Opened
    filters: Filters


def main() -> None:
    """Lay out the page."""
    st.set_page_config(page_title=text("page.title"), layout="wide")
    st.html(html.style())
    folder = Path(os.environ.get("BELTMAP_PLAN", SHIPPED))
    try:
        opened = open_plan(folder, stamp(folder))
    except PlanError as error:
        show_faults(error)
        return
    restore_link(opened)
    filters = sidebar(opened)
    write_link(filters)
    st.html(html.heading(text("page.title"), text("page.subtitle")))
    if st.session_state.dropped:
        names = as_markdown(", ".join(st.session_state.dropped))
        st.caption(text("page.dropped", names=names))
    st.segmented_control(
        text("view.label"),
        VIEWS,
        key="view",
        format_func=lambda view: text(f"view.{view}"),
        required=True,
        label_visibility="collapsed",
    )
    VIEWS[st.session_state.view](Now(opened, filters))


def show_map(now: Now) -> None:
    """Show where the zones are: totals, map, card, table and summary."""
    opened, filters = now.opened, now.filters
    head = st.container()
    if not opened.mask(filters).any():
        show_nothing()
    row = opened.row(st.session_state.selected)
    left, right = st.columns([0.68, 0.32], gap="medium")
    # the map goes first: adding up may take longer than drawing
    with left:
        draw_map(now, row)
    with right:
        show_card(opened.plan, row)
    head.html(html.tiles(tiles(opened.totals(filters), len(opened.plan.zones))))
    show_table(now)
    show_download(now)
    show_summary(now)


def show_plan(now: Now) -> None:
    """Show what the plan wants, and what came of it."""
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
    opened, filters = now.opened, now.filters
    mask, found = opened.mask(filters), opened.totals(filters)
    for section in audit_sections(opened.plan, mask, found, unit=unit):
        show_section(section)


VIEWS = {"map": show_map, "plan": show_plan, "audit": show_audit}


def show_section(section: Section) -> None:
    """Show a section: its words, its chart, and its figures to read and take."""
    st.subheader(section.title, anchor=False)
    for note in section.notes:
        st.caption(as_markdown(note))
    if section.body:
        st.html(section.body)
    if section.chart is not None:
        take = partial(take_priority, section) if section.selects else "ignore"
        st.altair_chart(section.chart, on_select=take, key=f"chart:{section.key}")
    if section.table is None:
        return
    place = st.expander(text("view.figures")) if section.chart is not None else st
    place.dataframe(
        section.table,
        hide_index=True,
        placeholder="",
        height=table_height(len(section.table), TALLEST_FIGURES),
    )
    place.download_button(
        text("view.download"),
        as_csv(section.table).encode("utf-8-sig"),
        f"beltmap_{section.key}.csv",
        "text/csv",
        on_click="ignore",
        key=f"csv:{section.key}",
    )


def take_priority(section: Section) -> None:
    """Filter the map by the priority that was clicked in its chart."""
    picked = st.session_state[f"chart:{section.key}"]["selection"][section.selects]
    if picked:
        set_filters(section.choices[picked[0][section.selects]])
        st.session_state.view = "map"


@st.cache_resource(max_entries=2, show_spinner=False)
def open_plan(folder: Path, state: str) -> Opened:
    """Read a plan once for as long as its files stay as they are."""
    return Opened(read_plan(folder), folder, key=state)


def restore_link(opened: Opened) -> None:
    """Take filters and selection from the link, once a session."""
    state = st.session_state
    if "dropped" in state:
        return
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    filters, dropped = from_query(query, known=opened.index.known)
    set_filters(filters)
    state.selected = None
    zones = query.get("zone", [])
    if zones and opened.row(zones[-1]) is not None:
        state.selected = zones[-1]
    elif zones:
        dropped = (*dropped, "zone")
    state.table_turn = 0
    state.place, unseen = read_view(query)
    wanted = query.get("view", ["map"])[-1]
    state.view = wanted if wanted in VIEWS else "map"
    if state.view != wanted:
        unseen = (*unseen, "view")
    state.dropped = (*dropped, *unseen)


def write_link(filters: Filters) -> None:
    """Keep the link in step with what is shown."""
    query: dict[str, list[str]] = filters.to_query()
    if st.session_state.selected:
        query["zone"] = [st.session_state.selected]
    if st.session_state.view != "map":
        query["view"] = [st.session_state.view]
    present = {name: st.query_params.get_all(name) for name in st.query_params}
    # the map itself keeps the view in the link, without a rerun
    query |= {name: present[name] for name in VIEW if name in present}
    if present != query:
        st.query_params.from_dict(query)


def set_filters(filters: Filters) -> None:
    """Set every widget of the sidebar."""
    state = st.session_state
    for name in [name for name in state if str(name).startswith("facet:")]:
        state[name] = False
    for column in FACETS:
        for value in getattr(filters, column):
            state[f"facet:{column}:{value}"] = True
    state.words = filters.text
    state.least = filters.least_km2
    state.most = filters.most_km2


def sidebar(opened: Opened) -> Filters:
    """Show the filters with their live counts; give what is wanted."""
    state = st.session_state
    known = opened.index.known
    picked = {
        column: tuple(v for v in known[column] if state.get(f"facet:{column}:{v}"))
        for column in FACETS
    }
    least, most = state.get("least"), state.get("most")
    if least is not None and most is not None and least > most:
        least, most = most, least
    filters = Filters(**picked, least_km2=least, most_km2=most, text=state.words)
    with st.sidebar:
        st.text_input(
            text("filter.text"), key="words", placeholder=text("filter.text_hint")
        )
        st.button(
            text("filter.clear"),
            on_click=partial(set_filters, Filters()),
            disabled=not filters.narrow,
            width="stretch",
        )
        for column in FACETS:
            show_facet(opened, filters, column)
        with st.expander(text("filter.area")):
            low, high = st.columns(2)
            limits = {"min_value": 0.0, "value": None, "step": 1.0, "format": "%g"}
            low.number_input(text("filter.least"), key="least", **limits)
            high.number_input(text("filter.most"), key="most", **limits)
    return filters


def show_facet(opened: Opened, filters: Filters, column: str) -> None:
    """Show one facet: a box a value, with zones and area under the other filters."""
    counts = opened.facet(filters, column)
    with st.expander(text(f"filter.{column}"), expanded=column in SUMMARIES):
        for value, zones, km2 in counts.itertuples():
            label = as_markdown(value_label(opened.plan, column, value))
            count = as_markdown(text("filter.count", n=f"{zones:,}", km2=f"{km2:,.1f}"))
            st.checkbox(
                f"{label} :gray[{count}]",
                key=f"facet:{column}:{value}",
                help=text("filter.count_help") if value == counts.index[0] else None,
            )


def value_label(plan: Plan, column: str, value: str) -> str:
    """Say a value of a facet in words."""
    if column == "sectors":
        return sector_labels(plan.sectors, value)
    return value if column == "city" else code_label(column, value)


def tiles(found: Totals, everything: int) -> Sequence[html.Tile]:
    """Make the totals at the head of the page."""
    zones = html.Tile(
        text("tile.zones"),
        f"{found.zones:,}",
        text("tile.of", n=f"{everything:,}"),
        text("tile.zones.what", n=found.not_located),
    )
    areas = [
        area_tile(name, getattr(found, name))
        for name in (
            "declared_km2",
            "published_km2",
            "covered_km2",
            "inside_belt_km2",
            "overlap_km2",
            "nominal_km2",
        )
    ]
    return [zones, *areas]


def area_tile(name: str, km2: float) -> html.Tile:
    """Make the tile of one total; say so where it was not computed."""
    what, figure = text(f"tile.{name}.what"), f"{km2:,.1f}"
    if math.isnan(km2):
        what, figure = text("tile.not_computed", n=f"{MOST_SURVEYED:,}"), "–"
    return html.Tile(text(f"tile.{name}"), figure, text("unit.km2"), what)


def draw_map(now: Now, row: int | None) -> None:
    """Draw the map; what changes is sent to it, the map itself stays."""
    # a component registers with the running server, so not before there is one
    from streamlit_folium import st_folium

    opened = now.opened
    drawing = plan_map(opened.addresses)
    key = f"map-{drawing.digest}"
    st_folium(
        drawing,
        key=key,
        height=MAP_HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=map_state(
            opened.mask(now.filters),
            selected=row,
            view=st.session_state.place,
            tiles=opened.tiles,
        ),
        on_change=partial(take_click, key, opened.plan.zones["id"]),
    )


def take_click(key: str, ids: "pd.Series[str]") -> None:
    """Select the zone that was clicked on the map; none where none is."""
    row = (st.session_state[key] or {}).get("row", -1)
    select(str(ids.iloc[row]) if 0 <= row < len(ids) else None)


def show_card(plan: Plan, row: int | None) -> None:
    """Show the selected zone, or how to select one."""
    if row is None:
        st.html(html.hint(text("card.none"), text("card.none_hint")))
        return
    st.html(zone_card(plan, row))
    st.button(text("card.close"), on_click=partial(select, None), width="stretch")


def select(zone: str | None) -> None:
    """Select a zone by its id; the table is told by a new turn."""
    if st.session_state.selected != zone:
        st.session_state.selected = zone
        st.session_state.table_turn += 1


def show_table(now: Now) -> None:
    """Show the chosen zones as a table that selects."""
    st.subheader(text("table.title"), anchor=False)
    table = now.opened.table(now.filters)
    ids = now.opened.ids(now.filters)
    place = [n for n, zone in enumerate(ids) if zone == st.session_state.selected]
    key = f"table:{st.session_state.table_turn}:{hash(now.filters)}"
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=partial(take_row, key, ids),
        selection_mode="single-row",
        selection_default={"selection": {"rows": place}},
        column_config={
            text(f"table.{name}"): st.column_config.NumberColumn(format="%.2f")
            for name in ("declared", "drawn")
        },
        alt=text("table.title"),
        placeholder=text("card.not_stated"),
        height=table_height(len(table), TALLEST_TABLE),
    )
    found = int(now.opened.mask(now.filters).sum())
    if found > MOST_ROWS:
        st.caption(text("table.cut", shown=f"{MOST_ROWS:,}", n=found))


def show_download(now: Now) -> None:
    """Offer what is filtered in any format, and say what the format loses."""
    with st.container(border=True):
        pick, place, button = st.columns([0.34, 0.36, 0.3], vertical_alignment="bottom")
        code = pick.selectbox(
            text("export.panel.format"),
            FORMATS,
            format_func=lambda code: FORMATS[code].label,
            key="format",
        )
        form = FORMATS[code]
        crs = place.selectbox(
            text("export.panel.crs"),
            form.crs,
            format_func=crs_label,
            disabled=len(form.crs) == 1,
            key=f"crs:{code}",
        )
        try:
            made = now.opened.export(now.filters, code, crs)
        except PlanError as error:
            for fault in error.faults:
                st.text(str(fault))
            return
        button.download_button(
            text("export.panel.download", size=made.size),
            made.content,
            made.name(now.filters, on=datetime.now(UTC).date()),
            form.media_type,
            on_click="ignore",
            width="stretch",
            type="primary",
            key="download",
        )
        lines = [as_markdown(line) for line in (form.purpose, *made.notes)]
        st.caption("  \n".join(lines))


def take_row(key: str, ids: Sequence[str]) -> None:
    """Select the zone of the row that was picked in the table."""
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state.selected = str(ids[rows[0]]) if rows else None


def show_summary(now: Now) -> None:
    """Show the totals by kind, sector and city as chart and table."""
    opened = now.opened
    st.subheader(text("chart.title"), anchor=False)
    for tab, column in zip(
        st.tabs([text(f"filter.{column}") for column in SUMMARIES]),
        SUMMARIES,
        strict=True,
    ):
        table = opened.totals_by(now.filters, column).reset_index(names="value")
        if table.empty:
            continue
        table["label"] = [value_label(opened.plan, column, v) for v in table["value"]]
        chart, figures = tab.columns([0.55, 0.45], gap="medium")
        chart.altair_chart(area_bars(table))
        figures.dataframe(
            table[["label", "zones", "declared_km2", "covered_km2"]],
            hide_index=True,
            placeholder=text("card.not_stated"),
            column_config={
                "label": text(f"filter.{column}"),
                "zones": text("summary.count"),
                "declared_km2": st.column_config.NumberColumn(
                    text("tile.declared_km2"), format="%.1f km²"
                ),
                "covered_km2": st.column_config.NumberColumn(
                    text("tile.covered_km2"), format="%.1f km²"
                ),
            },
        )
        figures.caption(text(f"chart.note.{column}"))


def table_height(rows: int, most: int) -> int:
    """Give the height in pixels of a table that shows up to so many rows."""
    return ROW_HEIGHT_PX * (1 + min(max(rows, 1), most)) + 3


def show_nothing() -> None:
    """Say that no zone matches, and offer a way out."""
    st.warning(text("page.nothing"))
    st.button(
        text("filter.clear"),
        key="clear:nothing",
        on_click=partial(set_filters, Filters()),
    )


def show_faults(error: PlanError) -> None:
    """Show everything that is wrong with the plan's files, and nothing else."""
    st.html(html.heading(text("page.title"), text("page.broken")))
    for fault in error.faults:
        with st.container(border=True):
            st.text(f"{fault.where}\n{fault.what}\n{fault.mend}.\n[{fault.code}]")


if __name__ == "__main__":
    main()

BASE = st.get_option("server.baseUrlPath")

app = st.App(__file__, routes=[*tile_routes(base=BASE), *routes(base=BASE)])
