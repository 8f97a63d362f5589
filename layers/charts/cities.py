"""The chart of two cities side by side."""

import pandas as pd

from beltmap.geo.language.messages import text
from beltmap.layers.charts.parts import SERIES, bar, chart, details, row
from beltmap.layers.escape import as_html as escape

DETAILS = ("series", "counts", "year", "source")


def comparison_chart(told: pd.DataFrame) -> str:
    """
    Draw the base years of the cities side by side.

    Parameters
    ----------
    told
        As `geo.report.goals.comparison_in_words` gives it.

    Returns
    -------
    html
        For each indicator one bar a group of figures, as long as its part of
        the largest, with the figure beside it. Money in another currency has
        its figure but no bar.
    """
    groups = list(dict.fromkeys(told["series"]))
    tones = {name: SERIES[n % len(SERIES)] for n, name in enumerate(groups)}
    rows = []
    for label, figures in told.groupby("label", sort=False):
        bars = (
            bar(
                0.0 if pd.isna(one["share"]) else one["share"],
                _figure(one["said"], one["share"], one["agreement"]),
                tone=tones[one["series"]],
                series=one["series"],
                title=details(one, *DETAILS),
            )
            for one in figures.to_dict("records")
        )
        rows.append(row(escape(str(label)), "".join(bars)))
    legend = ((tone, name) for name, tone in tones.items())
    return chart(text("plan.comparison.axis"), rows, legend=legend)


def _figure(said: str, share: float, agreement: str | None) -> str:
    """Say a figure, and what stands against a comparison."""
    if pd.isna(share):
        return text("plan.comparison.apart", figure=said)
    return text(f"plan.comparison.{agreement}", figure=said) if agreement else said
