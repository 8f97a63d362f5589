"""Every visible text, by key, in the reader's language."""

import gettext
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("en", "zh")
"""Languages of the catalogue; the first is spoken where no other is asked for."""

_SPOKEN: Final[ContextVar[str]] = ContextVar("language", default=LANGUAGES[0])


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
    ...     text("kind.park")
    '园区'
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
    with (CATALOGUES / f"{language}.po").open("rb") as source:
        messages = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def text(key: str, /, *, language: str | None = None, **values: object) -> str:
    """
    Say one message.

    Parameters
    ----------
    key
        Name of the message, such as ``"filter.city"``.
    language
        Code of a language in `LANGUAGES`; the spoken one if left out.
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
    messages = catalogue(language or spoken())
    n = values.get("n")
    said = (
        messages.ngettext(key, key, n) if isinstance(n, int) else messages.gettext(key)
    )
    if said == key:
        said = messages.gettext(key)
    if said == key:
        raise KeyError(key)
    return said.format(**values) if values else said


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
