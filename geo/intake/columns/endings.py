"""What the end of a zone's name tells: a park, a town, or nothing."""

import re
from collections.abc import Mapping
from typing import Final

_ONE_OF: Final = re.compile(
    r"[\s#-]*(?:no\.?\s*)?(?:(?<![a-z])[a-z]|\d{1,3}号?|[一二三四五六七八九十]{1,3})$"
)
"""What tells a zone from the next at the end of a name."""


def kind_endings(words: Mapping[str, str]) -> dict[str, str]:
    """
    Give what the names of zones of each kind may end with, the longest first.

    Parameters
    ----------
    words
        Code by word in small letters, see `geo.intake.zones.words_of`.

    Returns
    -------
    endings
        Code of the kind by ending, for `kind_named`.
    """
    # a Latin word ends where a word ends, a Chinese one anywhere
    ends = {f" {word}" if word.isascii() else word: words[word] for word in words}
    return {end: ends[end] for end in sorted(ends, key=len, reverse=True)}


def kind_named(name: str, endings: Mapping[str, str]) -> str:
    """
    Find the kind that a zone's name ends with.

    Parameters
    ----------
    name
        Of the zone, in either language.
    endings
        As `kind_endings` gives them.

    Returns
    -------
    kind
        Code of the kind with the longest such ending; empty if there is none.

    Examples
    --------
    >>> known = {"园": "park", "园区": "park", "区": "zone", "park": "park"}
    >>> ends = kind_endings(known)
    >>> kind_named("城阳物流园", ends), kind_named("Parkside", ends)
    ('park', '')
    >>> kind_named("Eco Park No. 3", ends), kind_named("园区B", ends)
    ('park', 'park')
    """
    # what tells one from the next comes after: Park A, Park No. 3, 园区二
    folded = f" {_ONE_OF.sub('', name.strip().casefold())}"
    if not folded.endswith(tuple(endings)):
        return ""
    return next(kind for end, kind in endings.items() if folded.endswith(end))
