"""What the charts share: HTML that is as wide as its place, and wraps its words."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

from beltmap.geo.report.headers import header
from beltmap.layers.escape import as_html as escape

SERIES: Final = ("series-0", "series-1", "series-2", "series-3")
"""Tones of groups of figures, see ``static/charts.css``."""


def chart(
    about: str, rows: Iterable[str], *, legend: Iterable[tuple[str, str]] = ()
) -> str:
    """
    Lay rows below each other, over their legend.

    Parameters
    ----------
    about
        What its lengths are; nothing where it has none.
    rows
        As `row` writes them.
    legend
        Tones, and what each stands for.

    Returns
    -------
    html
        The chart.
    """
    entries = "".join(
        f'<li><i class="bm-tone bm-{tone}"></i>{escape(words)}</li>'
        for tone, words in legend
    )
    under = f'<ul class="bm-legend">{entries}</ul>' if entries else ""
    caption = f"<figcaption>{escape(about)}</figcaption>" if about else ""
    return (
        f'<figure class="bm-chart">{caption}'
        f'<ul class="bm-chart-rows">{"".join(rows)}</ul>{under}</figure>'
    )


def row(label: str, drawn: str) -> str:
    """
    Set what is drawn beside its label; both are HTML.

    Examples
    --------
    >>> row("Belt", bar(0.5, "40 km²"))[:40]
    '<li><b>Belt</b><div><p class="bm-bar"><i'
    """
    return f"<li><b>{label}</b><div>{drawn}</div></li>"


def bar(
    part: float,
    figure: str,
    *,
    tone: str = SERIES[0],
    series: str = "",
    title: str = "",
) -> str:
    """
    Draw a bar with its figure beside it.

    Parameters
    ----------
    part
        Length, where 1 is the longest.
    figure
        What it says.
    tone
        Its tone.
    series
        Whose figure it is, for those who do not see the tone.
    title
        What the pointer brings up.

    Returns
    -------
    html
        Every text in it is escaped.
    """
    whose = f'<span class="bm-voice">{escape(series)} </span>' if series else ""
    return (
        f'<p class="bm-bar"{titled(title)}>{piece("bm-tone", tone, part)}'
        f"<span>{whose}{escape(figure)}</span></p>"
    )


def piece(kind: str, tone: str, part: float) -> str:
    """Draw a thing that is as long, or stands as far, as a part of the whole."""
    return f'<i class="{kind} bm-{tone}" style="--part: {part:.4f}"></i>'


def titled(words: str) -> str:
    """Let the pointer bring up words."""
    return f' title="{escape(words)}"' if words else ""


def details(figure: Mapping[Hashable, Any], *columns: str) -> str:
    """Say under the pointer what a figure is, headed as in the tables."""
    said = ((header(name), figure[name]) for name in columns)
    return "\n".join(f"{head}: {value}" for head, value in said if value)
