"""All text is hostile until it has passed through here."""

import re
from html import escape
from typing import Final

BREAKS: Final = re.compile(r"[ \t\r\n\f\v]+")
MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/])")


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
    safe = escape(str(words))
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
    return MARKUP.sub(r"\\\1", BREAKS.sub(" ", str(words)))
