"""The filters with their live counts."""

from functools import partial

import streamlit as st

from beltmap.geo.claims.shown import area_in_words
from beltmap.geo.language.labels import facet_label
from beltmap.geo.language.messages import text
from beltmap.geo.query.filters import FACETS, Filters
from beltmap.layers.escape import as_markdown
from beltmap.layers.page.parts.summaries import SUMMARIES
from beltmap.layers.page.session import set_filters
from beltmap.layers.prepared import Prepared


def wanted(opened: Prepared) -> Filters:
    """Give the filters that the sidebar says, before it is shown again."""
    state, known = st.session_state, opened.plan.index.known
    picked = {
        column: tuple(v for v in known[column] if state.get(f"facet:{column}:{v}"))
        for column in FACETS
    }
    least, most = state.get("least"), state.get("most")
    if least is not None and most is not None and least > most:
        least, most = most, least
    return Filters(**picked, least_km2=least, most_km2=most, text=state.words)


def show_sidebar(opened: Prepared, filters: Filters) -> None:
    """Show the filters with their live counts."""
    with st.sidebar:
        st.text_input(
            text("filter.text"),
            key="words",
            persist_state="session",
            placeholder=text("filter.text_hint"),
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
            for place, name in ((low, "least"), (high, "most")):
                place.number_input(
                    text(f"filter.{name}"),
                    min_value=0.0,
                    value=None,
                    step=1.0,
                    format="%g",
                    key=name,
                    persist_state="session",
                )


def show_facet(opened: Prepared, filters: Filters, column: str) -> None:
    """Show one facet: a box a value, with zones and area under the other filters."""
    counts = opened.facet(filters, column)
    own = opened.own_facet(filters, column) if opened.mine else None
    with st.expander(text(f"filter.{column}"), expanded=column in SUMMARIES):
        for value, zones, km2 in counts.itertuples():
            label = as_markdown(facet_label(opened.plan.sectors, column, value))
            mine, mine_km2 = (0, 0.0) if own is None else own.loc[value]
            area = area_in_words(abs(km2 - mine_km2), decimals=1).replace(" ", "\u00a0")
            words = text("filter.count", n=f"{zones - int(mine):,}", area=area)
            count = f":gray[{as_markdown(words)}]"
            if mine:
                words = as_markdown(text("filter.count_mine", n=f"{int(mine):,}"))
                count += f" :gray[{words}]"
            st.checkbox(
                f"{label} {count}",
                key=f"facet:{column}:{value}",
                persist_state="session",
                help=text("filter.count_help") if value == counts.index[0] else None,
            )
