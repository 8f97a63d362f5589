"""A table as cards: all rows are there, and only the first are open."""

import pandas as pd

from beltmap.layers.views.rows import MOST_CARDS, MOST_OPEN, as_cards


def table(n):
    return pd.DataFrame({"Name": [f"<b>{row}" for row in range(n)], "Area": 1.0})


def test_few_rows_are_all_open():
    assert "<details>" not in as_cards(table(MOST_OPEN))


def test_more_rows_are_folded_and_counted():
    written = as_cards(table(MOST_OPEN + 3))
    opened, folded = written.split("<details>")
    assert opened.count("<b>&lt;b&gt;") == MOST_OPEN
    assert folded.count("<b>&lt;b&gt;") == 3
    assert folded.startswith("<summary>3 more rows</summary>")


def test_of_very_many_rows_the_first_are_shown():
    assert as_cards(table(MOST_CARDS + 1)).count("<dt>Area</dt>") == MOST_CARDS
