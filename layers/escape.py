"""All text is hostile until it has passed through here."""

import re
from html import escape
from typing import Final

from beltmap.geo.language.hidden import reveal

BREAKS: Final = re.compile(r"[ \t\r\n\f\v]+")
ADDRESS: Final = re.compile(
    r"(?i)(`*(?:[a-z][\w+.-]*://\S*|www\.\S*|[-.\w+]+@[-.\w]+))"
)
"""What the page's Markdown makes a link of by itself, and more."""

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
    safe = escape(reveal(str(words)))
    for character in "{}$`\\":
        safe = safe.replace(character, f"&#{ord(character)};")
    return safe


def as_markdown(words: object) -> str:
    r"""
    Make any text harmless in Markdown: no image, link, colour, icon or formula.

    Examples
    --------
    >>> print(as_markdown("![x](y) :red[b]"))
    \!\[x\]\(y\) \:red\[b\]

    Bare addresses become links even where they are escaped, but not as code.

    >>> print(as_markdown("by www.a.org, b@c.de"))
    by `www.a.org,` `b@c.de`
    """
    parts = ADDRESS.split(BREAKS.sub(" ", reveal(str(words))))
    return "".join(
        _as_code(part) if n % 2 else MARKUP.sub(r"\\\1", part)
        for n, part in enumerate(parts)
    )


def _as_code(words: str) -> str:
    """Write an address so that no browser makes a link of it: letter for letter."""
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    fence, space = "`" * (longest + 1), " " if "`" in words[:1] + words[-1:] else ""
    return f"{fence}{space}{words}{space}{fence}"
