"""The chart of the goals: from the base year on, and what was measured."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from beltmap.geo.language.messages import text
from beltmap.layers.charts.parts import chart, details, piece, row, titled
from beltmap.layers.escape import as_html as escape

DETAILS: Final = ("step", "said", "counts", "year", "source")

GOALS: Final = ("goal-1", "goal-2", "goal-3")
"""Tones of the goals by horizon; later ones begin anew."""


def progress_chart(told: pd.DataFrame) -> str:
    """
    Draw the goals as bars from the base year, and what was measured as marks.

    Parameters
    ----------
    told
        As `geo.report.goals.progress_in_words` gives it; rows without a share
        of a goal are left out.

    Returns
    -------
    html
        One row an indicator and currency. Lengths are shares of the last
        goal, so that money, people and companies need no common scale; the
        last goal stands beside its bar, what was measured below its mark.
    """
    shown = told[told["share"].notna()]
    longest = max([1.0, *shown["share"]])
    rows = [
        row(escape(str(label)), _way(steps.to_dict("records"), longest))
        for label, steps in shown.groupby("label", sort=False)
    ]
    steps = shown.sort_values(["role", "horizon"], kind="stable")
    legend = {one["step"]: tone(one) for one in steps.to_dict("records")}
    return chart(
        text("plan.progress.axis"),
        rows,
        legend=((each, step) for step, each in legend.items()),
    )


def tone(step: Mapping[Hashable, Any]) -> str:
    """Give the tone of a step: base, goal by horizon, or what was measured."""
    if step["role"] == "goal":
        return GOALS[(step["horizon"] - 1) % len(GOALS)]
    return {"base": "base", "outcome": "outcome"}[step["role"]]


def _way(steps: Sequence[Mapping[Hashable, Any]], longest: float) -> str:
    """Draw the way of one indicator: the longest goal first, as others lie on it."""
    goals = [one for one in steps if one["role"] == "goal"]
    goals.sort(key=lambda one: -one["horizon"])
    base = [one for one in steps if one["role"] == "base"]
    outcomes = [one for one in steps if one["role"] == "outcome"]
    pieces = [("bm-piece", one) for one in (*goals, *base)]
    pieces += [("bm-mark", one) for one in outcomes]
    drawn = "".join(
        piece(how, tone(one), one["share"] / longest) for how, one in pieces
    )
    about = titled("\n\n".join(details(one, *DETAILS) for one in steps))
    aim = escape(goals[0]["said"]) if goals else ""
    # base and goals are told only where they are not what the last goal counts
    told = [one for one in (*base, *goals) if one["agreement"]] + outcomes
    said = "".join(
        f'<li><i class="bm-tone bm-{tone(one)}"></i>{escape(_when(one))}</li>'
        for one in told
    )
    under = f'<ul class="bm-said">{said}</ul>' if said else ""
    return (
        f'<p class="bm-way"{about}><span class="bm-track">{drawn}</span>'
        f"<span>{aim}</span></p>{under}"
    )


def _when(step: Mapping[Hashable, Any]) -> str:
    """Say a figure, and whether it is what the last goal counts."""
    if step["role"] == "goal":
        return text(f"plan.comparison.{step['agreement']}", figure=step["said"])
    how = f"plan.progress.{step['agreement'] or 'said'}"
    return text(how, year=int(step["when"]), said=step["said"])
