"""JSON read strictly: what the standard reader lets through is found and named."""

import json
import re
from typing import Final

from beltmap.geo.intake.notices import Json, refuse

_RECORD_SEPARATOR: Final = "\x1e"
_DIGITS: Final = re.compile(r"[0-9]{%d}")


class NonFinite:
    """Stands where the text has NaN or Infinity, which JSON does not know."""

    def __init__(self, word: str) -> None:
        self.word = word


class Doubled(dict[str, Json]):
    """
    An object in which a member is given more than once; the last one counts.

    Parameters
    ----------
    members
        Every member in the order of the text.
    """

    def __init__(self, members: list[tuple[str, Json]]) -> None:
        super().__init__(members)
        self.members = members

    def doubles(self) -> dict[str, list[Json]]:
        """Give all values of each member that is given more than once."""
        values: dict[str, list[Json]] = {}
        for key, value in self.members:
            values.setdefault(key, []).append(value)
        return {key: every for key, every in values.items() if len(every) > 1}


def parse(words: str, *, digits: int) -> Json:
    """
    Read one JSON text.

    Parameters
    ----------
    words
        The text.
    digits
        Most digits of a number.

    Returns
    -------
    value
        As `json.loads`, but with `Doubled` for objects with a member given
        twice and `NonFinite` for NaN and Infinity.

    Raises
    ------
    RefusedError
        With line and column: a fault of syntax, text after the end, a number
        too long; or if brackets are nested deeper than Python follows.

    Examples
    --------
    >>> parse('{"a": 1, "a": 2}', digits=99).doubles()
    {'a': [1, 2]}
    """
    _check_digits(words, digits)
    decoder = json.JSONDecoder(object_pairs_hook=_members, parse_constant=NonFinite)
    try:
        start = _start(words)
        value, end = decoder.raw_decode(words, start)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise refuse("E_JSON_SYNTAX", place, found=_found(words, error.pos)) from None
    except RecursionError:
        raise refuse("E_JSON_DEPTH") from None
    rest = _start(words, end)
    if rest < len(words):
        raise refuse("E_JSON_TRAILING", _line_column(words, rest))
    return value


def sequence(words: str) -> list[tuple[int, str]] | None:
    r"""
    Split a GeoJSON text sequence into its texts.

    Parameters
    ----------
    words
        Texts after record separators (RFC 8142) or one on each line.

    Returns
    -------
    texts
        Line number and text of each; None if `words` is no such sequence.

    Examples
    --------
    >>> sequence('{"type":"Feature"}\n{"type":"Feature"}')
    [(1, '{"type":"Feature"}'), (2, '{"type":"Feature"}')]
    """
    # Python counts the separator as white space
    if words.lstrip(" \t\r\n").startswith(_RECORD_SEPARATOR):
        texts, line = [], 1
        for part in words.split(_RECORD_SEPARATOR):
            words_of = part.strip(" \t\r\n")
            if words_of:
                first = part[: part.index(words_of)].count("\n")
                texts.append((line + first, words_of))
            line += part.count("\n")
        return texts
    lines = [
        (number, line.strip())
        for number, line in enumerate(words.split("\n"), start=1)
        if line.strip()
    ]
    whole = all(line.startswith("{") and line.endswith("}") for _, line in lines)
    features = bool(lines) and '"features"' not in lines[0][1]
    return lines if len(lines) > 1 and whole and features else None


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else Doubled(pairs)


def _check_digits(words: str, digits: int) -> None:
    """Refuse numbers that would take for ever to read."""
    if not re.search(_DIGITS.pattern % (digits + 1), words):
        return
    bare = re.sub(
        r'"(?:[^"\\]|\\.)*"', lambda text: '"' + " " * (len(text[0]) - 2) + '"', words
    )
    found = re.search(_DIGITS.pattern % (digits + 1), bare)
    if found:
        place = _line_column(words, found.start())
        raise refuse("E_NUMBER_TOO_LONG", place, limit=digits)


def _start(words: str, at: int = 0) -> int:
    """Skip the white space that JSON knows."""
    return at + len(words[at:]) - len(words[at:].lstrip(" \t\r\n"))


def _line_column(words: str, at: int) -> dict[str, Json]:
    return {
        "line": words.count("\n", 0, at) + 1,
        "column": at - words.rfind("\n", 0, at),
    }


def _found(words: str, at: int) -> str:
    """Show what stands where the reader stopped."""
    return words[at : at + 20].strip() or "the end of the text"
