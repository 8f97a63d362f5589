"""The chart of two cities side by side."""

from typing import Final

import altair as alt
import pandas as pd

from beltmap.geo.language.messages import text
from beltmap.layers.charts.parts import (
    INK,
    LABELS,
    PARTS,
    SERIES,
    bottom_legend,
    described,
    fitting_height,
    layered,
    tooltip,
)

BAR_PX: Final = 21

DRAWN: Final = ("label", "series", "said", "counts", "year", "source")


def comparison_chart(told: pd.DataFrame) -> alt.LayerChart:
    """
    Draw the base years of the cities side by side.

    Parameters
    ----------
    told
        As `geo.report.goals.comparison_in_words` gives it.

    Returns
    -------
    chart
        For each indicator one bar a group of figures, as long as its part of
        the largest, with the figure beside it. Money in another currency has
        its figure but no bar. With a description for readers who cannot see
        it.
    """
    base = _base(told)
    series = list(dict.fromkeys(told["series"]))
    colours = [SERIES[n % len(SERIES)] for n in range(len(series))]
    colour = alt.Color(
        "series:N",
        title=None,
        scale=alt.Scale(domain=series, range=colours),
        legend=bottom_legend(),
    )
    bars = base.mark_bar(cornerRadiusEnd=3).encode(color=colour)
    figures = base.mark_text(align="left", dx=6, color=INK).encode(text="figure:N")
    return layered([bars, figures])


def _base(told: pd.DataFrame) -> alt.Chart:
    """Place indicators below each other, and within each the groups of figures."""
    figures = [
        text("plan.comparison.apart", figure=said)
        if pd.isna(share)
        else text(f"plan.comparison.{agreement}", figure=said)
        if agreement
        else said
        for said, share, agreement in zip(
            told["said"], told["share"], told["agreement"], strict=True
        )
    ]
    rows = told[list(DRAWN)].assign(figure=figures, length=told["share"].fillna(0.0))
    order = list(dict.fromkeys(told["label"]))
    series = list(dict.fromkeys(told["series"]))
    base: alt.Chart = alt.Chart(
        rows,
        description=described(told, "plan.comparison.title", part="series"),
        height=fitting_height(
            len(order) * len(series), row_px=BAR_PX, legend=len(series)
        ),
    ).encode(
        y=alt.Y("label:N", sort=order, title=None, axis=LABELS),
        yOffset=alt.YOffset("series:N", sort=series),
        x=alt.X(
            "length:Q",
            title=text("plan.comparison.axis"),
            axis=PARTS,
            scale=alt.Scale(domain=[0, 1.35]),
        ),
        tooltip=tooltip(*DRAWN),
    )
    return base
