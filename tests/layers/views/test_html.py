"""Hostile text stays text, in HTML and in Markdown."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmap.geo.language.hidden import reveal
from beltmap.layers.escape import as_html, as_markdown
from beltmap.layers.views import html

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
    assert tile.tags == ["dl", "div", "dt", "dd", "small", "dd"]
    assert tile.words.count(words) == 4
    assert Reader(html.hint(words, words)).tags == ["div", "b", "br"]


@given(st.text())
def test_html_gives_the_text_back_with_nothing_hidden(words):
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    assert Reader(f"<p>{as_html(plain)}</p>").words == reveal(plain)


CODE = re.compile(r"(?<![`\\])(`+) ?(.+?) ?\1(?!`)")
LINKS = [
    "see http://a.b/c_d",
    "HTTPS://A.b)",
    "www.a.b",
    "x@y.zz",
    "`www.a.b`",
    "www.``a",
]
LINKED = re.compile(r"(https?://|www\.)[-.\w]+|[-.\w+]+@[-\w]+\.[-\w]", re.IGNORECASE)
"""What becomes a link by itself, as Streamlit's Markdown has it."""


@pytest.mark.parametrize("words", [*HOSTILE, *LINKS])
def test_markdown_has_no_live_mark_left(words):
    escaped = as_markdown(words)
    outside = CODE.sub("", escaped)
    for mark in "![]():$`<>{}":
        assert outside.count(mark) == outside.count("\\" + mark)
    assert not LINKED.search(outside.replace("\\", ""))
    whole = re.sub(r"\\(.)", r"\1", CODE.sub(lambda code: code[2], escaped))
    assert whole.replace("\\", "") == words.replace("\\", "")


@given(st.text("ahtps:/w.@b` \\-x", max_size=40))
def test_no_text_becomes_a_link_by_itself(words):
    outside = CODE.sub("", as_markdown(words))
    assert not LINKED.search(outside.replace("\\", ""))
