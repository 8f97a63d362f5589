"""Charts of the summary; they know Altair, but no page."""

import altair as alt
import pandas as pd

from beltmap.geo.claims.shown import area_in_words, in_area_unit, per_km2
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.layers.charts.parts import ACCENT, INK, fitting_height

BAR_HEIGHT_PX = 26
ROOM = 1.85
"""Length of the axis in longest bars: a figure in words stands beside them."""


def area_bars(table: pd.DataFrame) -> alt.LayerChart:
    """
    Draw the land covered by the zones of each value as bars.

    Parameters
    ----------
    table
        Columns ``label``, ``zones`` and ``covered_km2`` in square kilometres,
        one row a bar.

    Returns
    -------
    chart
        Horizontal bars, longest first, each with its figure beside it; with a
        description for readers who cannot see it.
    """
    shown = table.assign(
        covered=table["covered_km2"] * per_km2(),
        figure=[
            text(
                "chart.figure",
                area=area_in_words(km2, decimals=1),
                zones=text("summary.zones", n=int(n)),
            )
            for km2, n in zip(table["covered_km2"], table["zones"], strict=True)
        ],
    )
    # an order by another field would differ between the two layers
    longest_first = table.sort_values("covered_km2", ascending=False, kind="stable")
    order = list(longest_first["label"])
    base = alt.Chart(
        shown[["label", "covered", "figure"]],
        description=_described(shown),
        height=fitting_height(len(table), row_px=BAR_HEIGHT_PX),
    ).encode(
        y=alt.Y(
            "label:N",
            sort=order,
            title=None,
            axis=alt.Axis(labelLimit=220, labelOverlap=False),
        ),
        x=alt.X(
            "covered:Q",
            title=in_area_unit(text("chart.covered")),
            axis=alt.Axis(tickCount=4),
            scale=alt.Scale(domainMax=float(shown["covered"].max() or 1) * ROOM),
        ),
    )
    bars = base.mark_bar(color=ACCENT, cornerRadiusEnd=3, height={"band": 0.7})
    figures = base.mark_text(align="left", dx=5, color=INK).encode(text="figure:N")
    chart: alt.LayerChart = (bars + figures).configure_view(stroke=None)
    return chart


def _described(table: pd.DataFrame) -> str:
    """Say in words what the bars show."""
    said = in_a_row(
        text("list.labelled", label=label, meaning=figure)
        for label, figure in zip(table["label"], table["figure"], strict=True)
    )
    return text("chart.described", title=text("chart.covered"), said=said)
