"""Every visible text, by key, in the reader's language."""

import gettext
import io
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("en",)


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


def text(key: str, *, language: str = "en", **values: object) -> str:
    """
    Say one message.

    Parameters
    ----------
    key
        Name of the message, such as ``"filter.city"``.
    language
        Code of a language in `LANGUAGES`.
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
    messages = catalogue(language)
    n = values.get("n")
    said = (
        messages.ngettext(key, key, n) if isinstance(n, int) else messages.gettext(key)
    )
    if said == key:
        said = messages.gettext(key)
    if said == key:
        raise KeyError(key)
    return said.format(**values) if values else said
