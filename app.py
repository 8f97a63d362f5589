"""
The page: filters, map, card, totals and table of a plan.

Run it with ``beltmap serve`` or ``streamlit run app.py``. Everything that is
shown is computed in `geo` and drawn in `layers`; this file lays it out.
"""

import gc
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.errors import PlanError
from geo.files import export_name
from geo.filters import FACETS, Filters, from_query
from geo.geojson import dumps
from geo.messages import text
from geo.plan import SHIPPED, Plan, read_plan, stamp
from geo.query import Index, Mask, facet, index_zones, matches
from geo.summary import MOST_SURVEYED, Land, Totals, survey, totals, totals_by
from layers import html
from layers.assets import put, routes
from layers.basemap import basemap_payloads
from layers.card import code_label, sector_labels, zone_card
from layers.charts import area_bars
from layers.escape import as_markdown
from layers.map import map_state, plan_map
from layers.table import MOST_ROWS, zone_table
from layers.tiles import MOST_WHOLE, Tiles, tile_routes
from layers.view import VIEW, read_view
from layers.zones import zone_payload

MAP_HEIGHT_PX = 620
ROW_HEIGHT_PX = 35
TALLEST_TABLE = 12
SUMMARIES = ("kind", "sectors", "city")
MOST_MASKS = 64
"""Choices of zones that are remembered; each takes a byte a zone."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A plan made ready for the page, shared by all sessions."""

    plan: Plan
    index: Index
    tiles: Tiles | None
    addresses: Mapping[str, str]


def main() -> None:
    """Lay out the page."""
    st.set_page_config(page_title=text("page.title"), layout="wide")
    st.html(html.style())
    folder = Path(os.environ.get("BELTMAP_PLAN", SHIPPED))
    state = stamp(folder)
    try:
        opened = open_plan(folder, state)
    except PlanError as error:
        show_faults(error)
        return
    restore_link(state, opened)
    filters = sidebar(state, opened)
    mask = chosen(state, filters, opened)
    write_link(filters)
    st.html(html.heading(text("page.title"), text("page.subtitle")))
    if st.session_state.dropped:
        st.caption(text("page.dropped", names=", ".join(st.session_state.dropped)))
    head = st.container()
    if not mask.any():
        show_nothing()
    left, right = st.columns([0.68, 0.32], gap="medium")
    row = row_of(state, st.session_state.selected, opened)
    # the map goes first: adding up takes longer than drawing
    with left:
        draw_map(opened, mask, row)
    with right:
        show_card(opened.plan, row)
    found = summed(state, filters, opened)
    head.html(html.tiles(tiles(found, len(opened.plan.zones))))
    show_table(state, filters, opened)
    show_summary(state, filters, opened)


@st.cache_resource(max_entries=2, show_spinner=False)
def open_plan(folder: Path, state: str) -> Opened:
    """Read a plan once for as long as its files stay as they are."""
    plan = read_plan(folder)
    tiles = Tiles(plan.zones, key=state) if len(plan.zones) > MOST_WHOLE else None
    return Opened(
        plan,
        index_zones(plan.zones, sectors=plan.sectors["code"]),
        tiles,
        {name: put(made) for name, made in payloads(plan, tiles, folder).items()},
    )


def payloads(plan: Plan, tiles: Tiles | None, folder: Path) -> dict[str, bytes]:
    """Write what the map draws: the zones and the embedded basemap."""
    basemap = folder / "basemap"
    surroundings = plan.places[plan.places["role"] != "zone"]
    return {
        "zones": tiles.head() if tiles else zone_payload(plan.zones),
        **basemap_payloads(
            basemap if basemap.is_dir() else SHIPPED / "basemap", surroundings
        ),
    }


@st.cache_resource(max_entries=2, show_spinner=False)
def surveyed(state: str, _opened: Opened) -> Land | None:  # noqa: ARG001
    """Measure the land of a plan once it is asked for; None of a very large one."""
    zones = _opened.plan.zones
    return survey(zones) if len(zones) <= MOST_SURVEYED else None


@st.cache_data(max_entries=MOST_MASKS, show_spinner=False)
def chosen(state: str, filters: Filters, _opened: Opened) -> Mask:  # noqa: ARG001
    """Find the zones that match, once a choice."""
    return matches(_opened.index, filters)


@st.cache_data(max_entries=256, show_spinner=False)
def row_of(state: str, zone: str | None, _opened: Opened) -> int | None:  # noqa: ARG001
    """Find the row of a zone by its id."""
    if zone is None:
        return None
    rows = np.flatnonzero((_opened.plan.zones["id"] == zone).to_numpy())
    return int(rows[0]) if len(rows) else None


@st.cache_data(max_entries=1024, show_spinner=False)
def counted(
    state: str,  # noqa: ARG001
    filters: Filters,
    column: str,
    _opened: Opened,
) -> pd.DataFrame:
    """Count the zones of each value of a facet, once a choice."""
    return facet(_opened.index, filters, column)


@st.cache_data(max_entries=256, show_spinner=False)
def summed(state: str, filters: Filters, _opened: Opened) -> Totals:
    """Add up the zones that match, once a choice."""
    mask = chosen(state, filters, _opened)
    return totals(_opened.plan.zones, mask, land=surveyed(state, _opened))


@st.cache_data(max_entries=256, show_spinner=False)
def bars(_table: pd.DataFrame, digest: tuple[str, Filters, str]) -> dict[str, Any]:  # noqa: ARG001
    """Describe the bars of a summary once a choice; Altair takes its time."""
    return area_bars(_table).to_dict()


@st.cache_data(max_entries=MOST_MASKS, show_spinner=False)
def listed(state: str, filters: Filters, _opened: Opened) -> pd.DataFrame:
    """Lay out the table of the zones that match, once a choice."""
    return zone_table(_opened.plan, chosen(state, filters, _opened))


@st.cache_data(max_entries=256, show_spinner=False)
def summed_by(
    state: str, filters: Filters, column: str, _opened: Opened
) -> pd.DataFrame:
    """Add up the zones that match for each value, once a choice."""
    mask = chosen(state, filters, _opened)
    zones, land, index = _opened.plan.zones, surveyed(state, _opened), _opened.index
    return totals_by(zones, mask, land=land, index=index, column=column)


def restore_link(stamped: str, opened: Opened) -> None:
    """Take filters and selection from the link, once a session."""
    state = st.session_state
    if "dropped" in state:
        return
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    filters, dropped = from_query(query, known=opened.index.known)
    set_filters(filters)
    state.selected = None
    zones = query.get("zone", [])
    if zones and row_of(stamped, zones[-1], opened) is not None:
        state.selected = zones[-1]
    elif zones:
        dropped = (*dropped, "zone")
    state.table_turn = 0
    state.view, unseen = read_view(query)
    state.dropped = (*dropped, *unseen)


def write_link(filters: Filters) -> None:
    """Keep the link in step with what is shown."""
    query: dict[str, list[str]] = filters.to_query()
    if st.session_state.selected:
        query["zone"] = [st.session_state.selected]
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


def sidebar(stamped: str, opened: Opened) -> Filters:
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
            show_facet(stamped, opened, filters, column)
        with st.expander(text("filter.area")):
            low, high = st.columns(2)
            limits = {"min_value": 0.0, "value": None, "step": 1.0, "format": "%g"}
            low.number_input(text("filter.least"), key="least", **limits)
            high.number_input(text("filter.most"), key="most", **limits)
    return filters


def show_facet(stamped: str, opened: Opened, filters: Filters, column: str) -> None:
    """Show one facet: a box a value, with zones and area under the other filters."""
    counts = counted(stamped, filters, column, opened)
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
    if math.isnan(km2):
        what = text("tile.not_computed", n=f"{MOST_SURVEYED:,}")
        return html.Tile(text(f"tile.{name}"), "–", text("unit.km2"), what)
    what = text(f"tile.{name}.what")
    return html.Tile(text(f"tile.{name}"), f"{km2:,.1f}", text("unit.km2"), what)


def draw_map(opened: Opened, mask: Mask, row: int | None) -> None:
    """Draw the map; what changes is sent to it, the map itself stays."""
    # a component registers with the running server, so not before there is one
    from streamlit_folium import st_folium

    drawing = plan_map(opened.addresses)
    key = f"map-{drawing.digest}"
    st_folium(
        drawing,
        key=key,
        height=MAP_HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=map_state(
            mask, selected=row, view=st.session_state.view, tiles=opened.tiles
        ),
        on_change=partial(take_click, key, opened.plan.zones["id"]),
    )


def take_click(key: str, ids: "pd.Series[str]") -> None:
    """Select the zone that was clicked on the map; none where none is."""
    row = (st.session_state[key] or {}).get("row", -1)
    select(ids[row] if row in ids.index else None)


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


def show_table(state: str, filters: Filters, opened: Opened) -> None:
    """Show the chosen zones as a table that selects, and as a download."""
    plan, mask = opened.plan, chosen(state, filters, opened)
    table = listed(state, filters, opened)
    head, button = st.columns([0.7, 0.3], vertical_alignment="bottom")
    head.subheader(text("table.title"), anchor=False)
    button.download_button(
        text("table.download", n=int(mask.sum())),
        # the zones are copied out only for a reader who wants them
        data=lambda: dumps(plan.zones[mask], name="beltmap"),
        file_name=export_name(filters, on=datetime.now(UTC).date(), suffix=".geojson"),
        mime="application/geo+json",
        on_click="ignore",
        width="stretch",
        key="download",
    )
    ids = plan.zones["id"].to_numpy()[table.index]
    place = [n for n, zone in enumerate(ids) if zone == st.session_state.selected]
    key = f"table:{st.session_state.table_turn}:{hash(filters)}"
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
        height=ROW_HEIGHT_PX * (1 + min(max(len(table), 1), TALLEST_TABLE)) + 3,
    )
    if mask.sum() > MOST_ROWS:
        st.caption(text("table.cut", shown=f"{MOST_ROWS:,}", n=int(mask.sum())))


def take_row(key: str, ids: Sequence[str]) -> None:
    """Select the zone of the row that was picked in the table."""
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state.selected = str(ids[rows[0]]) if rows else None


def show_summary(state: str, filters: Filters, opened: Opened) -> None:
    """Show the totals by kind, sector and city as chart and table."""
    st.subheader(text("chart.title"), anchor=False)
    for tab, column in zip(
        st.tabs([text(f"filter.{column}") for column in SUMMARIES]),
        SUMMARIES,
        strict=True,
    ):
        table = summed_by(state, filters, column, opened).reset_index(names="value")
        if table.empty:
            continue
        table["label"] = [value_label(opened.plan, column, v) for v in table["value"]]
        chart, figures = tab.columns([0.55, 0.45], gap="medium")
        columns = ["label", "zones", "declared_km2", "covered_km2"]
        if "covered_km2" in table:
            spec = bars(table, (state, filters, column))
            chart.vega_lite_chart(spec, key=f"bars:{column}")
        else:
            chart.caption(text("tile.not_computed", n=f"{MOST_SURVEYED:,}"))
        figures.dataframe(
            table[[column for column in columns if column in table]],
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
else:
    # the server starts: what the imports left is never to be looked through again
    gc.freeze()

BASE = st.get_option("server.baseUrlPath")
app = st.App(__file__, routes=[*tile_routes(base=BASE), *routes(base=BASE)])
