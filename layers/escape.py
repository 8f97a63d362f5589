"""All text is hostile until it has passed through here."""

import re
from collections.abc import Iterable
from html import escape
from typing import Final

BREAKS: Final = re.compile(r"[ \t\r\n\f\v]+")
HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Characters that hide or turn text; the one that joins emoji is not among them."""

MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/])")


def unhidden(words: str) -> str:
    r"""
    Make characters that hide or turn text visible.

    Examples
    --------
    >>> unhidden("exe.\u202egpj"), unhidden("崂山 👩\u200d💻")
    ('exe.‹U+202E›gpj', '崂山 👩\u200d💻')
    """
    if words.isascii() and words.isprintable():
        return words
    return HIDDEN.sub(lambda found: f"‹U+{ord(found[0]):04X}›", words)


def each_unhidden(values: Iterable[object]) -> list[object]:
    """Do the same for every text of a column, and leave all else as it is."""
    return [unhidden(one) if isinstance(one, str) else one for one in values]


def as_html(words: object) -> str:
    """
    Make any text harmless in HTML.

    Braces, dollars, back-ticks and backslashes go too, so that no template
    engine, no script and no formula sees them.

    Examples
    --------
    >>> as_html("<b>{{7*7}}</b>")
    '&lt;b&gt;&#123;&#123;7*7&#125;&#125;&lt;/b&gt;'
    """
    safe = escape(unhidden(str(words)))
    for character in "{}$`\\":
        safe = safe.replace(character, f"&#{ord(character)};")
    return safe


def as_markdown(words: object) -> str:
    r"""
    Make any text harmless in Markdown: no image, link, colour, icon or formula.

    Examples
    --------
    >>> print(as_markdown("![x](http://a) :red[b]"))
    \!\[x\]\(http\:\/\/a\) \:red\[b\]
    """
    return MARKUP.sub(r"\\\1", BREAKS.sub(" ", unhidden(str(words))))
