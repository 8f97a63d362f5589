"""The chart of two cities side by side."""

from typing import Final

import altair as alt
import pandas as pd

from geo.language.messages import text
from layers.charts.parts import (
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

DRAWN: Final = ("label", "series", "said", "year", "source")


def comparison_chart(told: pd.DataFrame) -> alt.LayerChart:
    """
    Draw the base years of the cities side by side.

    Parameters
    ----------
    told
        As `layers.plantables.comparison_told` gives it.

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
        said if pd.notna(share) else text("plan.comparison.apart", figure=said)
        for said, share in zip(told["said"], told["share"], strict=True)
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
        tooltip=tooltip("label", "series", "said", "year", "source"),
    )
    return base
