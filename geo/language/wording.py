"""Words for what is only said once the reader's language is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, runtime_checkable

import pandas as pd

from geo.language.messages import spoken, text

SHOWN: Final = 5
"""Items of a list that are spelled out; the others are counted."""


@runtime_checkable
class Sayable(Protocol):
    """Something that is put into words when it is shown."""

    def say(self, *, language: str | None = None) -> str:
        """
        Put it into words.

        Parameters
        ----------
        language
            Code of a language in `geo.language.messages.LANGUAGES`; the spoken one if
            left out.

        Returns
        -------
        words
            Text for a reader.
        """


Value: TypeAlias = Sayable | str | int


@dataclass(frozen=True)
class Name:
    """
    A code of the plan, such as an attribute, and what to call it.

    Parameters
    ----------
    kind
        Family of codes in the catalogue: attribute, subject or patterns.
    code
        The code; said as it is where the catalogue has no name for it.
    """

    kind: str
    code: str

    def say(self, *, language: str | None = None) -> str:
        """
        Give the name of the code.

        Parameters
        ----------
        language
            Code of a language in `geo.language.messages.LANGUAGES`; the spoken one if
            left out.

        Returns
        -------
        words
            Its name in the catalogue, or else the code with blanks.

        Examples
        --------
        >>> Name("attribute", "offshore_business").say()
        'offshore business'
        >>> Name("attribute", "green_roofs").say()
        'green roofs'
        """
        try:
            return text(f"{self.kind}.{self.code}", language=language)
        except KeyError:
            return self.code.replace("_", " ")


@dataclass(frozen=True)
class ZoneName:
    """
    What to call a zone.

    Parameters
    ----------
    id
        Said where the zone has no name.
    name_en, name_zh
        Its names, or None.
    """

    id: str
    name_en: str | None = None
    name_zh: str | None = None

    def say(self, *, language: str | None = None) -> str:
        """
        Give the name in the reader's script, or else in the other one.

        Parameters
        ----------
        language
            Code of a language in `geo.language.messages.LANGUAGES`; the spoken one if
            left out.

        Returns
        -------
        words
            Name of the zone.

        Examples
        --------
        >>> ZoneName("qd-belt", "Belt", "产业带").say()
        'Belt'
        """
        names = (self.name_en, self.name_zh)
        ordered = names[::-1] if (language or spoken()) == "zh" else names
        return next((name for name in ordered if name), self.id)


@dataclass(frozen=True)
class Phrase:
    """
    A message with the values that it needs.

    Parameters
    ----------
    key
        Name of the message in the catalogue.
    values
        Placeholders of the message and what to fill in.
    """

    key: str
    values: Mapping[str, Value]

    def say(self, *, language: str | None = None) -> str:
        """
        Say the message.

        Parameters
        ----------
        language
            Code of a language in `geo.language.messages.LANGUAGES`; the spoken one if
            left out.

        Returns
        -------
        words
            The message, with its values said in the same language.
        """
        values = {name: _said(value, language) for name, value in self.values.items()}
        return text(self.key, language=language, **values)


@dataclass(frozen=True)
class Listing:
    """
    Several things in a row.

    Parameters
    ----------
    items
        What to name, the most important first.
    """

    items: tuple[Value, ...]

    def say(self, *, language: str | None = None) -> str:
        """
        Name the first few and count the others.

        Parameters
        ----------
        language
            Code of a language in `geo.language.messages.LANGUAGES`; the spoken one if
            left out.

        Returns
        -------
        words
            At most `SHOWN` items, with the language's separator; names may hold commas.

        Examples
        --------
        >>> Listing(("a", "b")).say()
        'a; b'
        >>> Listing(tuple("abcdefg")).say()
        'a; b; c; d; e and 2 more'
        """
        separator = text("list.separator", language=language)
        items = [str(_said(item, language)) for item in self.items]
        named, more = separator.join(items[:SHOWN]), len(items) - SHOWN
        if more <= 0:
            return named
        return text("list.more", language=language, named=named, n=more)


def _said(value: Value, language: str | None) -> str | int:
    return value.say(language=language) if isinstance(value, Sayable) else value


Names: TypeAlias = Mapping[str, Sayable]
"""What to call the zones, by id."""


def zone_names(zones: pd.DataFrame) -> dict[str, ZoneName]:
    """
    Collect what to call the zones.

    Parameters
    ----------
    zones
        Zones of a plan with ``id``, ``name_en`` and ``name_zh``.

    Returns
    -------
    names
        Name of each zone by its id.
    """
    named = zip(zones["id"], zones["name_en"], zones["name_zh"], strict=True)
    return {zone: ZoneName(zone, en, zh) for zone, en, zh in named}


def subject_name(names: Names, subject: str) -> Sayable:
    """
    Choose what to call the subject of a claim.

    Parameters
    ----------
    names
        What to call the zones, by id.
    subject
        Subject of a claim, a zone's id or not.

    Returns
    -------
    name
        The zone's name, or else the subject's in the catalogue.
    """
    return names.get(subject, Name("subject", subject))
