"""Characters that hide or turn text, and a text of strangers in which they show."""

import re
from collections.abc import Iterable
from typing import Final

SHOWN: Final = 80
"""Characters of a value that a message repeats."""

_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200c\u200e"
    "\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Without the one that joins emoji (U+200D), and without ends of lines and tabs."""

_BREAKS: Final = re.compile("[\t\n\r]")
_TURNING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def reveal(words: str) -> str:
    r"""
    Make characters that hide or turn text visible.

    Examples
    --------
    >>> reveal("exe.\u202egpj"), reveal("崂山 👩\u200d💻")
    ('exe.‹U+202E›gpj', '崂山 👩\u200d💻')
    """
    if words.isascii() and words.isprintable():
        return words
    return _HIDDEN.sub(_code, words)


def reveal_each(values: Iterable[object]) -> list[object]:
    """Do the same for every text of a column, and leave all else as it is."""
    return [reveal(one) if isinstance(one, str) else one for one in values]


def excerpt(words: object, *, limit: int = SHOWN) -> str:
    r"""
    Repeat text of a stranger in a message: on one line, nothing hidden, not long.

    Examples
    --------
    >>> excerpt("a\u202eb\n")
    'a‹U+202E›b‹U+000A›'
    >>> excerpt("long" * 99, limit=6)
    'longlo…'
    """
    whole = str(words)
    cut = whole[:limit] + "…" if len(whole) > limit else whole
    return _BREAKS.sub(_code, reveal(cut))


def turns_text(words: str) -> bool:
    """
    Tell whether text holds characters that turn its direction.

    Examples
    --------
    >>> turns_text("evil\u202egpj.exe"), turns_text("商业")
    (True, False)
    """
    return not words.isascii() and _TURNING.search(words) is not None


def _code(found: re.Match[str]) -> str:
    return f"‹U+{ord(found[0]):04X}›"
