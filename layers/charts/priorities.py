"""The chart of the priorities and the zones that serve them."""

from collections.abc import Callable
from typing import Final

import pandas as pd

from beltmap.geo.language.messages import text
from beltmap.layers.charts.parts import chart, row, titled
from beltmap.layers.escape import as_html as escape

STATES: Final = ("served", "general", "none")
"""States of a cell that say something, see `geo.report.goals.matrix_in_words`."""


def priority_chart(cells: pd.DataFrame, *, link: Callable[[str, str], str]) -> str:
    """
    List which zones serve which priority.

    Parameters
    ----------
    cells
        As `geo.report.goals.matrix_in_words` gives it.
    link
        Makes of a priority and its title what leads to its zones.

    Returns
    -------
    html
        A row a priority with the zones that serve it, or that there is none.
    """
    rows = []
    for priority, zones in cells.groupby("priority", sort=False):
        said = zones[zones["state"].isin(STATES)].sort_values(
            "state", key=lambda states: states.map(STATES.index), kind="stable"
        )
        chips = "".join(
            f'<li class="bm-{one["state"]}"{titled(one["sectors"])}>'
            f"{escape(one['zone'])}</li>"
            for one in said.to_dict("records")
        )
        title = link(str(priority), zones["title"].iloc[0])
        rows.append(row(title, f'<ul class="bm-chips">{chips}</ul>'))
    legend = ((state, text(f"plan.state.{state}")) for state in STATES)
    # its heading says what it is
    return chart("", rows, legend=legend)
