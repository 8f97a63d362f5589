"""Hostile text stays text, in HTML and in Markdown."""

from html.parser import HTMLParser

import branca.element
import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import html
from layers.escape import as_html, as_markdown, unhidden
from layers.literal import refuse_templates

HOSTILE = (
    "{{7*7*1009}}",
    "100{% off",
    "{# half",
    "<img src=x>",
    "</script><b>",
    '" onload="x',
    "`${x}`",
    "![x](http://127.0.0.1/x)",
    ":red[x] $x^2$",
)


class Reader(HTMLParser):
    """Collect what a browser would show and which tags it would make."""

    def __init__(self, document):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], ""
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_shown_letter_for_letter(words):
    fact = html.Fact(words, words, (html.Origin(words, words, words, words),))
    card = html.card(title=words, subtitle=words, badges=[(words, words)], facts=[fact])
    seen = Reader(card)
    plain = Reader(
        html.card(
            title="a",
            subtitle="a",
            badges=[("a", "a")],
            facts=[html.Fact("a", "a", (html.Origin("a", "a", "a", "a"),))],
        )
    )
    assert seen.tags == plain.tags
    assert seen.attributes == plain.attributes
    assert seen.words.count(words) == 9
    assert "{" not in card


@pytest.mark.parametrize("words", HOSTILE)
def test_tiles_and_hints_escape_too(words):
    tile = Reader(html.tiles([html.Tile(words, words, words, words)]))
    assert tile.tags == ["dl", "div", "dt", "dd", "small", "p"]
    assert tile.words.count(words) == 4
    assert Reader(html.hint(words, words)).tags == ["div", "b", "br"]


@given(st.text())
def test_html_gives_the_text_back_with_nothing_hidden(words):
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    assert Reader(f"<p>{as_html(plain)}</p>").words == unhidden(plain)


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_has_no_live_mark_left(words):
    escaped = as_markdown(words)
    assert escaped.replace("\\", "") == words.replace("\\", "")
    for mark in "![]():$`<>{}":
        assert escaped.count(mark) == escaped.count("\\" + mark)


def test_the_page_refuses_to_start_where_text_is_a_template(monkeypatch):
    monkeypatch.setattr(branca.element, "Template", jinja2.Template)
    refuse_templates.cache_clear()
    with pytest.raises(RuntimeError, match="template"):
        refuse_templates()
    monkeypatch.undo()
    refuse_templates()
