"""Bars of the summary."""

import pandas as pd

from beltmap.geo.claims.shown import area_in_words
from beltmap.geo.language.messages import text
from beltmap.layers.charts.parts import bar, chart, row
from beltmap.layers.escape import as_html as escape


def area_bars(table: pd.DataFrame) -> str:
    """
    Draw the land covered by the zones of each value as bars.

    Parameters
    ----------
    table
        Columns ``label``, ``zones`` and ``covered_km2`` in square kilometres,
        one row a bar.

    Returns
    -------
    html
        Bars, longest first, each with its figure beside it.
    """
    longest = float(table["covered_km2"].max() or 1) if len(table) else 1.0
    rows = []
    shown = table.sort_values("covered_km2", ascending=False, kind="stable")
    for one in shown.to_dict("records"):
        figure = text(
            "chart.figure",
            area=area_in_words(one["covered_km2"], decimals=1),
            zones=text("summary.zones", n=int(one["zones"])),
        )
        rows.append(
            row(escape(one["label"]), bar(one["covered_km2"] / longest, figure))
        )
    return chart(text("chart.covered"), rows)
