"""The totals by kind, sector and city."""

import streamlit as st

from beltmap.geo.claims.shown import in_area_unit, per_km2
from beltmap.geo.language.messages import spoken, text
from beltmap.geo.query.summary import MOST_SURVEYED
from beltmap.geo.report.totals import total_name
from beltmap.layers.page.drawing import table_height
from beltmap.layers.page.now import Now
from beltmap.layers.page.reach import show_grid
from beltmap.layers.views import html

SUMMARIES = ("kind", "sectors", "city")

TALLEST = 12
"""Rows of the table that are shown without scrolling."""


def show_summary(now: Now) -> None:
    """Show the totals by kind, sector and city, one at a time."""
    st.subheader(text("chart.title"), anchor=False)
    labels = [text(f"filter.{column}") for column in SUMMARIES]
    tabs = st.tabs(labels, key=f"summary:{spoken()}", on_change="rerun")
    for tab, column in zip(tabs, SUMMARIES, strict=True):
        # the browser takes its time to make a table that no one sees
        if tab.open:
            with tab:
                show_totals(now, column)


def show_totals(now: Now, column: str) -> None:
    """Show the totals of each value of a facet as chart and table."""
    # sums of the plan alone: a reader's own stand by themselves above
    opened = now.shipped
    table = opened.summary(now.filters, column)
    if table.empty:
        st.html(html.hint(text("page.nothing"), text("chart.nothing")))
        return
    chart, figures = st.columns([0.39, 0.61], gap="medium")
    columns = ["label", "zones", "declared_km2", "covered_km2"]
    if bars := opened.bars(now.filters, column):
        chart.html(bars)
    else:
        chart.caption(text("tile.not_computed", n=f"{MOST_SURVEYED:,}"))
    areas = [name for name in ("declared_km2", "covered_km2") if name in table]
    heads = {name: in_area_unit(total_name(name)) for name in areas} | {
        "label": text(f"filter.{column}"),
        "zones": text("summary.count"),
    }
    show_grid(
        table[[name for name in columns if name in table]]
        .assign(**{name: table[name] * per_km2() for name in areas})
        .rename(columns=heads),
        place=figures,
        hide_index=True,
        placeholder=text("card.not_stated"),
        height=table_height(len(table), TALLEST),
        column_config={
            heads[name]: st.column_config.NumberColumn(format="%.1f") for name in areas
        },
    )
    figures.caption(text(f"chart.note.{column}"))
    if now.opened.mine:
        figures.caption(text("mine.not_counted", n=f"{now.opened.mine:,}"))
