"""Lines of text in places of equal width, where a wide letter takes two."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_WIDE: Final = "\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
_CLOSING: Final = "，。、；：？！）》」』】”’"
PIECE: Final = re.compile(
    f" *[（《「“‘]*(?:[{_WIDE}][{_CLOSING}]*|[^ {_WIDE}]+[{_CLOSING}]*)|[^ ]| +"
)
"""
What stays on one line: a word, or a wide letter with the closing marks behind
it, which must not begin a line in Chinese.
"""


def places(words: str) -> int:
    """
    Count the places that a text takes in a terminal.

    Examples
    --------
    >>> places("park"), places("产业园")
    (4, 6)
    """
    if words.isascii():
        return len(words)
    return sum(_width(character) for character in words)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def paragraph(words: str, *, width: int) -> str:
    """
    Break a text into lines for a terminal.

    Parameters
    ----------
    words
        Any text.
    width
        Characters of a line.

    Returns
    -------
    lines
        The text without control characters.
    """
    return "\n".join(wrap(steady(words), width))


def steady(words: str) -> str:
    r"""
    Take out what would steer a terminal: a blank for each such character.

    Examples
    --------
    >>> steady("a\x1b[1mb")
    'a [1mb'
    """
    return "".join(
        " " if unicodedata.category(character) in {"Cc", "Cf"} else character
        for character in words
    )


def wrap(words: str, most: int) -> list[str]:
    """Break a text into lines of so many places, between words where there are any."""
    lines, line = [], ""
    for piece in _pieces(words.strip(" "), most):
        if line and places(line + piece) > most:
            lines.append(line)
            line = piece.lstrip(" ")
        else:
            line += piece
    return [*lines, line]


def _pieces(words: str, most: int) -> Iterable[str]:
    """Give words and single wide letters, what is too long for a line in parts."""
    for word in PIECE.findall(words):
        piece = ""
        for character in word:
            if places(piece + character) > most:
                yield piece
                piece = ""
            piece += character
        yield piece
