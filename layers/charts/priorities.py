"""The chart of the priorities against the zones."""

import textwrap
from typing import Final

import altair as alt
import pandas as pd

from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.layers.charts.parts import (
    ACCENT,
    TINTS,
    WARNING,
    bottom_legend,
    fitting_height,
    tooltip,
)

CELL_PX: Final = 34
NAMES_PX: Final = 150
LINE_CHARACTERS: Final = 34

STATES: Final = {
    "served": ACCENT,
    "general": TINTS[0],
    "none": WARNING,
    "empty": "#EEF2F4",
}
"""Colour of each state of a cell, see `geo.report.goals.matrix_in_words`."""

LINES_MEET: Final = {
    "condition": {"test": r"indexof(datum.label, '\n') >= 0", "value": "bottom"},
    "value": "middle",
}
"""Two lines of a title meet in the middle of their row."""


def priority_chart(cells: pd.DataFrame) -> alt.Chart:
    """
    Draw which zones serve which priority.

    Parameters
    ----------
    cells
        As `geo.report.goals.matrix_in_words` gives it.

    Returns
    -------
    chart
        A matrix of priorities and zones; the first column marks priorities
        that no zone serves. A click selects the ``priority`` of its row under
        the name "priority". With a description for readers who cannot see it.
    """
    captions = {state: text(f"plan.state.{state}") for state in STATES}
    caption = cells["state"].map(captions)
    rows = cells.assign(
        caption=caption,
        sectors=cells["sectors"].where(cells["sectors"] != "", caption),
        lines=[textwrap.fill(title, LINE_CHARACTERS) for title in cells["title"]],
    )
    colours = alt.Scale(domain=list(captions.values()), range=list(STATES.values()))
    height = fitting_height(
        cells["title"].nunique(), row_px=CELL_PX, legend=len(STATES), top_px=NAMES_PX
    )
    chart: alt.Chart = (
        alt.Chart(rows, description=_described(cells), height=height)
        .mark_rect(stroke="white", strokeWidth=3, cornerRadius=5)
        .encode(
            **_axes(rows),
            color=alt.Color(
                "caption:N",
                title=None,
                scale=colours,
                legend=bottom_legend(),
            ),
            tooltip=tooltip("title", "zone", "sectors"),
        )
        .add_params(alt.selection_point(name="priority", fields=["priority"]))
        .configure_view(stroke=None)
    )
    return chart


def _axes(rows: pd.DataFrame) -> dict[str, alt.X | alt.Y]:
    """Place priorities below each other, their titles in lines, zones beside."""
    titles = alt.Axis(
        labelExpr=r"split(datum.label, '\n')",
        labelBaseline=LINES_MEET,
        labelLimit=230,
        labelOverlap=False,
        labelPadding=6,
        domain=False,
        ticks=False,
    )
    names = alt.Axis(
        orient="top",
        labelAngle=-55,
        labelLimit=190,
        labelOverlap=False,
        labelPadding=6,
        domain=False,
        ticks=False,
    )
    order = {name: list(dict.fromkeys(rows[name])) for name in ("lines", "zone")}
    return {
        "y": alt.Y("lines:N", sort=order["lines"], title=None, axis=titles),
        "x": alt.X("zone:N", sort=order["zone"], title=None, axis=names),
    }


def _described(cells: pd.DataFrame) -> str:
    said = [
        text(
            "plan.priority_served",
            priority=title,
            zones=in_a_row(rows.loc[rows["state"] == "served", "zone"])
            or text("plan.no_zone"),
        )
        for title, rows in cells.groupby("title", sort=False)
    ]
    title = text("plan.priorities.title")
    return text("chart.described", title=title, said=in_a_row(said))
