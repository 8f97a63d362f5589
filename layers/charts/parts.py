"""What the charts of the plan view share: colours, legend, tooltip, description."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.report.headers import header

ACCENT: Final = "#0B6E8A"
INK: Final = "#1B2733"
TINTS: Final = ("#8FBFCC", "#D3E5EA", "#EAF2F4")
WARNING: Final = "#B4530A"
SERIES: Final = (ACCENT, TINTS[0], "#C98500", "#7A5195")

AXIS_PX: Final = 46
LEGEND_PX: Final = 22

PARTS: Final = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
"""Axis of shares; what is beyond the whole is room for figures."""

LABELS: Final = alt.Axis(labelLimit=230, labelPadding=6)


# its own widths would stand against the page's
alt.theme.enable("none")


def written(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """
    Write a chart as the browser reads it, once and for all reruns.

    Writing checks every part of a chart against a schema: on a page that is
    otherwise remembered, this is four fifths of a rerun.

    Parameters
    ----------
    chart
        Any chart of Altair.

    Returns
    -------
    spec
        Vega-Lite, with its data.
    """
    spec: dict[str, Any] = chart.to_dict()
    return spec


def fitting_height(rows: int, *, row_px: int, legend: int = 0, top_px: int = 0) -> int:
    """
    Give the height in pixels of a chart that the page fits into its frame.

    Parameters
    ----------
    rows
        Rows of the chart, each `row_px` high.
    row_px
        Height of one.
    legend
        Lines of the legend below.
    top_px
        Height of labels above.

    Returns
    -------
    height
        Of rows, axis, title and legend together: Vega can fit a number into
        a frame, but no step.

    Examples
    --------
    >>> fitting_height(3, row_px=26)
    124
    """
    below = AXIS_PX + LEGEND_PX * (legend + 1 if legend else 0)
    return rows * row_px + below + top_px


def bottom_legend(*, shapes: bool = False) -> alt.Legend:
    """Make a legend below the chart, a line an entry: it must fit on a phone."""
    # where the marks of a chart have shapes of their own, its legend has them too
    symbol = alt.Undefined if shapes else "square"
    return alt.Legend(orient="bottom", columns=1, labelLimit=420, symbolType=symbol)


def tooltip(*columns: str) -> list[alt.Tooltip]:
    """Show these columns under the pointer, headed as in the tables."""
    return [alt.Tooltip(f"{name}:N", title=header(name)) for name in columns]


def layered(layers: Sequence[alt.Chart]) -> alt.LayerChart:
    """Lay charts on top of each other, without a frame."""
    chart: alt.LayerChart = alt.layer(*layers).configure_view(stroke=None)
    return chart


def described(told: pd.DataFrame, title: str, *, part: str) -> str:
    """
    Say in words what a chart of figures shows.

    Parameters
    ----------
    told
        Rows with ``label``, ``said`` and the column `part`.
    title
        Key of the chart's title.
    part
        Column that tells the figures of one label apart.

    Returns
    -------
    words
        The title, then for each label its figures.
    """
    said = in_a_row(
        text(
            "list.labelled",
            label=label,
            meaning=in_a_row(_years(rows, part)),
        )
        for label, rows in told.groupby("label", sort=False)
    )
    return text("chart.described", title=text(title), said=said)


def _years(rows: pd.DataFrame, part: str) -> Iterator[str]:
    for figure, name in zip(rows["said"], rows[part], strict=True):
        yield text("plan.figure_of", figure=figure, year=name)
