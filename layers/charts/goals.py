"""The chart of the goals: from the base year on, and what was measured."""

from typing import Final

import altair as alt
import pandas as pd

from beltmap.geo.language.messages import text
from beltmap.layers.charts.parts import (
    ACCENT,
    INK,
    LABELS,
    PARTS,
    TINTS,
    bottom_legend,
    described,
    fitting_height,
    layered,
    tooltip,
)

ROW_PX: Final = 40

DRAWN: Final = (
    "label",
    "step",
    "role",
    "horizon",
    "share",
    "said",
    "counts",
    "year",
    "source",
    "when",
)


def progress_chart(told: pd.DataFrame) -> alt.LayerChart:
    """
    Draw the goals as bars from the base year, and what was measured as marks.

    Parameters
    ----------
    told
        As `geo.report.goals.progress_in_words` gives it; rows without a share
        of a goal are left out.

    Returns
    -------
    chart
        One row an indicator and currency. Lengths are shares of the last
        goal, so that money, people and companies need no common scale; the
        last goal stands beside its bar, years above the marks. With a
        description for readers who cannot see it.
    """
    shown = told[told["share"].notna()].reset_index(drop=True)
    base = _base(shown)
    scale = _steps(shown)
    legend = bottom_legend(shapes=True)
    colour = alt.Color("step:N", title=None, scale=scale, legend=legend)
    shape = alt.Shape("step:N", title=None, scale=_shapes(shown, scale), legend=legend)
    goals = [
        base.transform_filter(f"datum.role == 'goal' && datum.horizon == {horizon}")
        .mark_bar(cornerRadiusEnd=3, height={"band": 0.5})
        .encode(color=colour)
        for horizon in sorted(set(shown["horizon"]) - {0}, reverse=True)
    ]
    start = base.transform_filter("datum.role == 'base'")
    outcomes = base.transform_filter("datum.role == 'outcome'")
    last = base.transform_filter("datum.last")
    return layered(
        [
            *goals,
            start.mark_bar(height={"band": 0.5}).encode(color=colour),
            outcomes.mark_point(filled=True, size=110, opacity=1).encode(
                color=colour, shape=shape
            ),
            # away from each other: two marks of a row may be near
            outcomes.transform_filter("datum.newest == true")
            .mark_text(align="left", dy=-15, color=INK, fontWeight=600)
            .encode(text="when:N"),
            outcomes.transform_filter("datum.newest == false")
            .mark_text(align="right", dy=-15, color=INK, fontWeight=600)
            .encode(text="when:N"),
            base.transform_filter("datum.apart && datum.role != 'outcome'")
            .mark_text(align="left", dx=4, dy=15, color=INK)
            .encode(text="when:N"),
            last.mark_text(align="left", dx=7, color=INK).encode(text="said:N"),
        ]
    )


def _base(shown: pd.DataFrame) -> alt.Chart:
    """Place indicators below each other and shares beside."""
    columns = ("role", "when", "agreement", "said")
    years = [_label(*row) for row in zip(*(shown[one] for one in columns), strict=True)]
    rows = shown[list(DRAWN)].assign(
        when=years,
        apart=shown["agreement"].notna(),
        last=_last_goals(shown),
        newest=_newest_outcomes(shown),
    )
    order = list(dict.fromkeys(shown["label"]))
    room = alt.Scale(domain=[0, 1.3 * max([1.0, *shown["share"]])])
    base: alt.Chart = alt.Chart(
        rows,
        description=described(shown, "plan.progress.title", part="step"),
        height=fitting_height(
            len(order), row_px=ROW_PX, legend=shown["step"].nunique()
        ),
    ).encode(
        y=alt.Y("label:N", sort=order, title=None, axis=LABELS),
        x=alt.X(
            "share:Q",
            title=text("plan.progress.axis"),
            axis=PARTS,
            scale=room,
            stack=None,
        ),
        tooltip=tooltip("label", "step", "said", "counts", "year", "source"),
    )
    return base


def _label(role: str, year: float, agreement: str | None, said: str) -> str:
    """Say a figure beside its mark; of a goal, only where its measure differs."""
    if role == "goal":
        return text(f"plan.comparison.{agreement}", figure=said) if agreement else ""
    if pd.isna(year):
        return ""
    return text(f"plan.progress.{agreement or 'said'}", year=int(year), said=said)


def _steps(shown: pd.DataFrame) -> alt.Scale:
    """Give each step its colour: base, goals by horizon, outcomes."""
    colours: dict[str, str] = {}
    for row in shown.sort_values(["role", "horizon"], kind="stable").to_dict("records"):
        tint = TINTS[(row["horizon"] - 1) % len(TINTS)]
        colour = {"base": ACCENT, "goal": tint, "outcome": INK}[row["role"]]
        colours.setdefault(row["step"], colour)
    return alt.Scale(domain=list(colours), range=list(colours.values()))


def _shapes(shown: pd.DataFrame, colours: alt.Scale) -> alt.Scale:
    """Give what was measured the shape of its mark, in the legend as well."""
    measured = set(shown.loc[shown["role"] == "outcome", "step"])
    steps = colours.to_dict()["domain"]
    shapes = ["diamond" if step in measured else "square" for step in steps]
    return alt.Scale(domain=steps, range=shapes)


def _last_goals(shown: pd.DataFrame) -> "pd.Series[bool]":
    """Find the goals beside whose bars a figure stands."""
    goals = shown[shown["role"] == "goal"]
    last = goals.groupby("label")["horizon"].transform("max") == goals["horizon"]
    return last.reindex(shown.index, fill_value=False).astype(bool)


def _newest_outcomes(shown: pd.DataFrame) -> "pd.Series[bool]":
    """Find the mark of each indicator that was measured last."""
    outcomes = shown[shown["role"] == "outcome"]
    newest = outcomes.groupby("label")["when"].transform("max") == outcomes["when"]
    return newest.reindex(shown.index, fill_value=False).astype(bool)
