"""Every visible text, by key, in the reader's language."""

import gettext
import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final, TypeAlias

from beltmap.geo.language.compiling import (
    CATALOGUES,
    compile_catalogue,
    compiled_name,
)

LANGUAGES: Final = ("en", "zh")
"""Languages of the catalogue; the first is spoken where no other is asked for."""

Vocabulary: TypeAlias = Mapping[str, Mapping[str, str]]
"""Messages of a plan's own, by language and key."""

_SPOKEN: Final[ContextVar[str]] = ContextVar("language", default=LANGUAGES[0])
_WORDS: Final[ContextVar[Vocabulary | None]] = ContextVar("words", default=None)
_STANDING: Final[list[Callable[[], Vocabulary]]] = []


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """
    Speak a language for as long as a ``with`` block runs.

    Each run of the page and each command has a language of its own, also
    where several run at once in threads.

    Parameters
    ----------
    language
        Code of a language in `LANGUAGES`.

    Raises
    ------
    ValueError
        If the catalogue does not have the language.

    Examples
    --------
    >>> with speaking("zh"):
    ...     text("filter.kind")
    '类型'
    """
    before = _SPOKEN.set(_known(language))
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def speak(language: str) -> None:
    """
    Speak a language until the ``with speaking(...)`` block around ends.

    Parameters
    ----------
    language
        Code of a language in `LANGUAGES`.
    """
    _SPOKEN.set(_known(language))


def stand_by(words: Callable[[], Vocabulary]) -> None:
    """Say where words of a plan come from while none is spoken of."""
    _STANDING[:] = [words]


def use_words(words: Vocabulary) -> None:
    """
    Let a plan's own words come before the catalogue's.

    Parameters
    ----------
    words
        Its messages; they are said as they are, without placeholders.
    """
    _WORDS.set(words)


def spoken() -> str:
    """Tell the code of the language that is spoken."""
    return _SPOKEN.get()


def choose(*wishes: str | None) -> str:
    """
    Choose the language of a reader.

    Parameters
    ----------
    *wishes
        What the reader asks for, the weightiest first: a code, a locale such
        as ``"zh_CN.UTF-8"``, or a header such as ``"de, zh-CN;q=0.8, en;q=0.5"``.

    Returns
    -------
    language
        Code of the first language in `LANGUAGES` that is wished for; the
        first of them if none is.

    Examples
    --------
    >>> choose(None, "fr-FR, zh-TW;q=0.9, en;q=0.5"), choose("C.UTF-8")
    ('zh', 'en')
    """
    for wish in wishes:
        for tag in _by_weight(wish or ""):
            language = re.split(r"[-_.@]", tag.lower())[0]
            if language in LANGUAGES:
                return language
    return LANGUAGES[0]


def own(stem: str) -> str:
    """
    Name the column that holds something in the reader's language.

    Parameters
    ----------
    stem
        Name of the columns without their language: name, focus, label.

    Returns
    -------
    column
        Such as ``"name_zh"``.
    """
    return f"{stem}_{spoken()}"


def other(stem: str) -> str:
    """
    Name the column that holds something in the other language.

    Examples
    --------
    >>> own("name"), other("name")
    ('name_en', 'name_zh')
    """
    return f"{stem}_{LANGUAGES[spoken() == LANGUAGES[0]]}"


@lru_cache(maxsize=8)
def catalogue(language: str) -> gettext.GNUTranslations:
    """
    Load the messages of one language.

    Parameters
    ----------
    language
        Code of a language in `LANGUAGES`.

    Returns
    -------
    catalogue
        Messages by key, with plural rules.
    """
    source = (CATALOGUES / f"{language}.po").read_bytes()
    compiled = CATALOGUES / compiled_name(language, source)
    if compiled.exists():
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    return gettext.GNUTranslations(io.BytesIO(compile_catalogue(language, source)))


def text(key: str, /, **values: object) -> str:
    """
    Say one message in the spoken language.

    Parameters
    ----------
    key
        Name of the message, such as ``"filter.city"``.
    **values
        Fill the ``{placeholders}`` of the message. A value called `n` also
        chooses between singular and plural where the message has both.

    Returns
    -------
    text
        The message, with its values filled in.

    Raises
    ------
    KeyError
        If the catalogue has no such key: a fault of the program, not of a plan.

    Examples
    --------
    >>> text("summary.zones", n=1)
    '1 zone'
    >>> text("summary.zones", n=12)
    '12 zones'
    """
    if (mine := _own_word(key, spoken())) is not None:
        return mine
    messages = catalogue(spoken())
    n = values.get("n")
    said = (
        messages.ngettext(key, key, n) if isinstance(n, int) else messages.gettext(key)
    )
    if said == key:
        said = messages.gettext(key)
    if said == key:
        raise KeyError(key)
    return said.format(**values) if values else said


def _own_word(key: str, language: str) -> str | None:
    """Find a word of the plan that is spoken of."""
    words = _WORDS.get()
    if words is None:
        words = _STANDING[0]() if _STANDING else {}
    return words.get(language, {}).get(key)


def has_text(key: str) -> bool:
    """
    Tell whether the catalogue of the spoken language has a message.

    Examples
    --------
    >>> has_text("filter.kind"), has_text("no.such.key")
    (True, False)
    """
    messages = catalogue(spoken())
    return {messages.gettext(key), messages.ngettext(key, key, 1)} != {key}


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"no messages in {language!r}")
    return language


def _by_weight(wish: str) -> list[str]:
    """Split a header into its languages, those with the largest q first."""
    weighed = []
    for part in wish.split(","):
        tag, _, weight = part.partition(";")
        q = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight)
        weighed.append((float(q[1]) if q else 1.0, tag.strip()))
    return [tag for q, tag in sorted(weighed, key=lambda one: -one[0]) if q and tag]
