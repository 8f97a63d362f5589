"""The totals by kind, sector and city."""

import pandas as pd
import streamlit as st

from beltmap.geo.claims.shown import in_area_unit, per_km2
from beltmap.geo.language.messages import spoken, text
from beltmap.geo.query.summary import MOST_SURVEYED
from beltmap.geo.report.totals import total_name
from beltmap.layers.page.now import Now
from beltmap.layers.views import html
from beltmap.layers.views.rows import as_table

SUMMARIES = ("kind", "sectors", "city")


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
    drawn = opened.bars(now.filters, column)
    notes = [text(f"chart.note.{column}")]
    if not drawn:
        notes.insert(0, text("tile.not_computed", n=f"{MOST_SURVEYED:,}"))
    if now.opened.mine:
        notes.append(text("mine.not_counted", n=f"{now.opened.mine:,}"))
    title = f"{text('chart.title')}: {text(f'filter.{column}')}"
    # one piece, and no grid: what each click draws anew is to be light
    st.html(html.beside(drawn, as_table(in_words(table, column), title=title), notes))


def in_words(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Write totals as they are read, under the heads that they have."""
    areas = [name for name in ("declared_km2", "covered_km2") if name in table]
    said = {text(f"filter.{column}"): table["label"]}
    said[text("summary.count")] = table["zones"].map("{:,}".format)
    for name in areas:
        known = (table[name] * per_km2()).map("{:,.1f}".format)
        unknown = text("card.not_stated")
        said[in_area_unit(total_name(name))] = known.where(table[name].notna(), unknown)
    return pd.DataFrame(said)
