"""The filters with their live counts."""

from dataclasses import asdict
from functools import partial
from typing import Any

import streamlit as st

from beltmap.geo.claims.shown import area_in_words
from beltmap.geo.language.hidden import reveal
from beltmap.geo.language.labels import facet_label
from beltmap.geo.language.messages import text
from beltmap.geo.query.filters import FACETS, Filters
from beltmap.layers.link import HOME
from beltmap.layers.map.view import VIEW
from beltmap.layers.page.panel import draw_panel
from beltmap.layers.page.parts.summaries import SUMMARIES
from beltmap.layers.page.session import select, set_filters, take_choice, take_view
from beltmap.layers.prepared import Prepared
from beltmap.layers.views.findings import ZONE
from beltmap.layers.views.sections import PRIORITY

WORDS = ("text", "text_hint", "clear", "area", "least", "most")


def wanted(opened: Prepared) -> Filters:
    """Give the filters that were chosen, as far as the plan has their values."""
    chosen: Filters = st.session_state.wanted
    known = opened.plan.index.known
    picked = {
        column: tuple(v for v in known[column] if v in getattr(chosen, column))
        for column in FACETS
    }
    least, most = chosen.least_km2, chosen.most_km2
    if least is not None and most is not None and least > most:
        least, most = most, least
    return Filters(**picked, least_km2=least, most_km2=most, text=chosen.text)


def show_sidebar(opened: Prepared, filters: Filters) -> None:
    """Show the filters with their live counts."""
    state = st.session_state
    told = {
        "epoch": state.epoch,
        "turn": state.turn,
        "zones": opened.addresses["zones"],
        "columns": opened.choice,
        "words": {word: text(f"filter.{word}") for word in WORDS}
        | {"help": text("filter.count_help")},
        "facets": [facet_told(opened, filters, column) for column in FACETS],
        # as it was said, so that no box is emptied under the reader's fingers
        "choice": choice_told(state.wanted),
    }
    with st.sidebar:
        draw_panel(told, taken=take_choice, asked=partial(take_ask, opened))


def take_ask(opened: Prepared, said: object) -> None:
    """Go to what a link asks for: zones on the map, or the ground of what is said."""
    if not isinstance(said, str):
        return
    zone = said.removeprefix(ZONE)
    if said.startswith(PRIORITY):
        choices = {
            key: each for one in opened.sections for key, each in one.choices.items()
        }
        chosen = choices.get(said.removeprefix(PRIORITY))
        if chosen is not None:
            set_filters(chosen)
            take_view(HOME)
    elif zone == said:
        st.session_state.asked = said
        take_view("audit")
    elif opened.row(zone) is not None:
        # the map goes to the zone, not where it was left
        for name in VIEW:
            st.query_params.pop(name, None)
        select(zone)
        take_view(HOME)


def choice_told(filters: Filters) -> dict[str, Any]:
    """Say a choice to the panel, which knows no units."""
    said = asdict(filters)
    return said | {"least": said.pop("least_km2"), "most": said.pop("most_km2")}


def facet_told(opened: Prepared, filters: Filters, column: str) -> dict[str, Any]:
    """Say one facet: each value with zones and area under the other filters."""
    counts = opened.facet(filters, column)
    own = opened.own_facet(filters, column) if opened.mine else None
    values = []
    for value, zones, km2 in counts.itertuples():
        mine, mine_km2 = (0, 0.0) if own is None else own.loc[value]
        count = counted("count", zones - int(mine), abs(km2 - mine_km2))
        if mine:
            count += " " + counted("count_mine", int(mine), mine_km2)
        label = reveal(facet_label(opened.plan.sectors, column, value))
        values.append((value, label, count))
    return {
        "column": column,
        "title": text(f"filter.{column}"),
        "open": column in SUMMARIES,
        "values": values,
    }


def counted(how: str, zones: int, km2: float) -> str:
    """Say a number of zones and their area; of no zones, or none drawn, no area."""
    n = text(f"filter.{how}", n=f"{zones:,}")
    if not zones or not km2:
        return n
    area = area_in_words(km2, decimals=1).replace(" ", "\u00a0")
    return text("filter.count_area", count=n, area=area)
