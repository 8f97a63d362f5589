"""Tables in HTML: all rows are there; of cards, only the first are open."""

import pandas as pd

from beltmap.layers.views.rows import MOST_CARDS, MOST_OPEN, as_cards, as_table


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


def test_a_table_says_every_cell_and_scrolls_only_where_it_is_long():
    said = table(MOST_OPEN).astype(str)
    written = as_table(said, title="<i>Sums")
    assert written.count('<th scope="row">&lt;b&gt;') == MOST_OPEN
    assert written.count("<td>1.0</td>") == MOST_OPEN
    assert 'aria-label="&lt;i&gt;Sums"' in written
    assert "tabindex" not in written
    assert 'tabindex="0"' in as_table(table(MOST_OPEN + 1), title="Sums")
