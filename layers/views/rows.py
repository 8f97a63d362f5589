"""Tables in HTML: as rows, and as cards where columns have no room."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from beltmap.geo.language.messages import text
from beltmap.layers.escape import as_html as escape

LONG: Final = ' class="bm-long"'
MOST_LETTERS: Final = 18
"""What is longer takes the width of its card."""

MOST_OPEN: Final = 12
"""Cards that are seen at once; the others are folded."""

MOST_CARDS: Final = 100
"""Rows that become cards; the others are counted."""


def as_cards(table: pd.DataFrame, *, rows: Sequence[int] | None = None) -> str:
    """
    Write the rows of a table as a list, each with the heads of its cells.

    Parameters
    ----------
    table
        What readers see: columns are named in their words.
    rows
        Row of the plan of each row, where a card selects its zone.

    Returns
    -------
    html
        Every text in it is escaped; cells that hold nothing are left out. After
        the first rows the others are folded.

    Examples
    --------
    >>> cards = as_cards(pd.DataFrame({"Name": ["A"], "Area": [2.0], "Note": [None]}))
    >>> cards.removeprefix('<ul class="bm-rows">').removesuffix("</ul>")
    '<li><b>A</b><dl><div><dt>Area</dt><dd>2.00</dd></div></dl></li>'
    """
    heads = [str(head) for head in table.columns]
    cards = []
    for place, cells in enumerate(table.head(MOST_CARDS).itertuples(index=False)):
        name, *others = [_cell(cell) for cell in cells]
        title = f"<b>{escape(name)}</b>"
        if rows is not None:
            row = int(rows[place])
            title = f'<button type="button" data-pick="{row}">{escape(name)}</button>'
        said = "".join(
            f"<div{LONG if len(cell) > MOST_LETTERS else ''}><dt>{escape(head)}</dt>"
            f"<dd>{escape(cell)}</dd></div>"
            for head, cell in zip(heads[1:], others, strict=True)
            if cell
        )
        cards.append(f"<li>{title}<dl>{said}</dl></li>")
    if len(table) > MOST_CARDS:
        cut = text("table.cut", shown=f"{MOST_CARDS:,}", n=len(table))
        cards.append(f"<li>{escape(cut)}</li>")
    first, rest = cards[:MOST_OPEN], cards[MOST_OPEN:]
    if rest:
        more = escape(text("table.more", n=len(rest)))
        first.append(
            f'<li class="bm-rest"><details><summary>{more}</summary>'
            f"<ul>{''.join(rest)}</ul></details></li>"
        )
    return f'<ul class="bm-rows">{"".join(first)}</ul>'


def as_table(table: pd.DataFrame, *, title: str) -> str:
    """
    Write a table of words; on a phone it is a list of cards.

    Parameters
    ----------
    table
        What readers see: columns are named in their words, the first heads its rows.
    title
        What the table is called, for those who hear it.

    Returns
    -------
    html
        Every text in it is escaped. Many rows scroll.

    Examples
    --------
    >>> said = as_table(pd.DataFrame({"Kind": ["Belt"], "Zones": ["1"]}), title="Sums")
    >>> said[said.index("<tbody>") : said.index("</tbody>")]
    '<tbody><tr><th scope="row">Belt</th><td>1</td></tr>'
    """
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in others)
        + "</tr>"
        for name, *others in table.itertuples(index=False)
    )
    # what scrolls must be within reach of the keyboard
    scrolls = ' tabindex="0"' if len(table) > MOST_OPEN else ""
    return (
        f'<div class="bm-table" role="region" aria-label="{escape(title)}"{scrolls}>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        + as_cards(table)
    )


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return "" if pd.isna(cell) else f"{cell:,.2f}"
    return "" if cell is None or cell is pd.NA else str(cell)
