"""The view of the map: totals, map, card, table and summary."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from numpy.typing import NDArray

from beltmap.geo.audit.explanations import unplaced_words
from beltmap.geo.language.labels import code_label
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import Listing
from beltmap.geo.plan.plan import Plan
from beltmap.geo.query.filters import Filters
from beltmap.geo.report.zones import MOST_ROWS
from beltmap.layers.map.firstmap import keep_first
from beltmap.layers.map.map import first_basemap, map_state, plan_map
from beltmap.layers.page.drawing import (
    MapPlace,
    answer_for,
    draw_plan,
    place_map,
    table_height,
)
from beltmap.layers.page.now import Now
from beltmap.layers.page.parts.comments import show_comments
from beltmap.layers.page.parts.editing import edit_state, show_edit, take_edit
from beltmap.layers.page.parts.sidebar import show_sidebar
from beltmap.layers.page.parts.summaries import show_summary
from beltmap.layers.page.parts.takeaways import show_download
from beltmap.layers.page.reach import end_skip, offer_skip, show_grid
from beltmap.layers.page.session import select, set_filters
from beltmap.layers.views import html
from beltmap.layers.views.card import zone_card
from beltmap.layers.views.method import METHOD
from beltmap.layers.views.totals import FIGURES, HEAD, own_words, total_tiles

TALLEST = 12
"""Rows of the table that are shown without scrolling."""


def show_map(now: Now) -> None:
    """Show where the zones are: map, filters, totals, card, table and summary."""
    opened, filters = now.opened, now.filters
    st.session_state.asked = ""
    selection = opened.select(filters)
    place = now.drawn or place_map()
    row = opened.row(st.session_state.selected)
    # the map goes first: counting and adding up may take longer than drawing
    state = shown(now, edit=edit_state())
    # by which it knows what the panel has told it already
    state["turn"] = [st.session_state.epoch, st.session_state.turn]
    drawing = plan_map(opened.addresses, state)
    answer_for(opened, drawing)
    stamped = now.base.key
    with place.note:
        offer_skip("map")
    drawn = draw_plan(place, drawing, stamped=stamped, asked=take_edit)
    if drawn and nothing_chosen(now, row):
        keep_first(opened.key, replace(drawing, state=without_turn(state)))
    show_sidebar(opened, filters)
    if not len(selection):
        with place.note:
            show_nothing()
    with place.side:
        end_skip("map")
        show_card(opened.plan, row)
        show_edit(now)
        show_comments(now)
    show_totals(now, place)
    show_table(now)
    show_download(now)
    show_summary(now)


def show_totals(now: Now, place: MapPlace) -> None:
    """Say above the map what the chosen zones amount to, with three figures."""
    # sums of the plan alone: a reader's own stand by themselves
    plan, filters = now.shipped, now.filters
    found, everything = plan.totals(filters), len(plan.plan.zones)
    first = total_tiles(found, names=FIGURES, everything=everything)
    rest = total_tiles(found, names=[name for name in HEAD if name not in FIGURES])
    notes = []
    if now.opened.mine:
        notes.append(own_words(now.opened.own_totals(filters)))
    if not filters.narrow:
        notes.append(of_all(plan.plan.index.known["city"]))
    said = html.answer(plan.answer(filters)) if found.zones else ""
    place.head.html(said + html.tiles(first, notes=filter(None, notes)))
    unplaced = unplaced_words(now.opened.select(filters).unplaced)
    method = f"<p>{html.ask(METHOD, text('section.method'))}</p>"
    place.fold().html(html.tiles(rest, notes=[unplaced]) + method)


def of_all(cities: Sequence[str]) -> str:
    """Say that figures are of all cities, of which the map may show one."""
    if len(cities) < 2:  # noqa: PLR2004 - several
        return ""
    names = tuple(code_label("city", city) for city in cities)
    return text("tile.all", cities=Listing(names).say())


def show_alone(now: Now) -> None:
    """Show the map alone, as large as the frame of another page."""
    head, more, note, here, side = (st.container() for _ in range(5))
    place = MapPlace(head, more, note, here, side)
    drawing = plan_map(now.opened.addresses, shown(now))
    answer_for(now.opened, drawing)
    draw_plan(place, drawing, stamped=now.base.key, height=0)


def shown(now: Now, *, edit: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Say what the map shows, see `layers.map.map.map_state`."""
    return map_state(
        now.opened.select(now.filters).mask,
        selected=now.opened.row(st.session_state.selected),
        basemap=first_basemap(),
        view=st.session_state.place,
        tiles=now.opened.tiles,
        edit=edit,
    )


def without_turn(state: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is of one session alone."""
    return {name: value for name, value in state.items() if name != "turn"}


def nothing_chosen(now: Now, row: int | None) -> bool:
    """Tell whether the map is as the page of the plan begins, and is sent whole."""
    state = st.session_state
    chosen = (
        now.filters.narrow or row is not None or state.place or state.get("editing")
    )
    return not chosen and now.opened is now.base and now.opened.tiles is None


def show_card(plan: Plan, row: int | None) -> None:
    """Show the selected zone, or how to select one."""
    if row is None:
        st.html(html.hint(text("card.none"), text("card.none_hint")))
        return
    # on a phone the card is a sheet, but the desk needs its room
    with st.container(key="card" if st.session_state.get("editing") else "card-sheet"):
        st.html(zone_card(plan, row))
        st.button(
            text("card.close"),
            key="card-close",
            on_click=partial(select, None),
            width="stretch",
        )


def show_table(now: Now) -> None:
    """Show the chosen zones as a table that selects."""
    st.subheader(text("table.title"), anchor=False)
    offer_skip("table")
    table = now.opened.table(now.filters)
    ids = now.opened.ids(now.filters)
    place = [n for n, zone in enumerate(ids) if zone == st.session_state.selected]
    # a row that is picked while another choice is on its way is of the table before
    key = f"table:{st.session_state.table_turn}:{hash(now.filters)}"
    show_grid(
        table,
        rows=table.index.tolist(),
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
        height=table_height(len(table), TALLEST),
    )
    end_skip("table")
    found = len(now.opened.select(now.filters))
    if found > MOST_ROWS:
        st.caption(text("table.cut", shown=f"{MOST_ROWS:,}", n=found))


def take_row(key: str, ids: NDArray[Any]) -> None:
    """Select the zone of the row that was picked in the table."""
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state.selected = str(ids[rows[0]]) if rows else None


def show_nothing() -> None:
    """Say that no zone matches, and offer a way out."""
    st.warning(text("page.nothing"))
    st.button(
        text("filter.clear"),
        key="clear:nothing",
        on_click=partial(set_filters, Filters()),
    )
