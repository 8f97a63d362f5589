"""Words for what is only said once the reader's language is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, runtime_checkable

from beltmap.geo.language.messages import spoken, text

if TYPE_CHECKING:
    import pandas as pd

SHOWN: Final = 5
"""Items of a list that are spelled out; the others are counted."""


@runtime_checkable
class Sayable(Protocol):
    """Something that is put into words when it is shown."""

    def say(self) -> str:
        """
        Put it into words.

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

    def say(self) -> str:
        """
        Give the name of the code.

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
            return text(f"{self.kind}.{self.code}")
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
    shared
        Whether another zone has the same names: the id, which is called with
        its plan where two plans have it, then tells them apart.
    """

    id: str
    name_en: str | None = None
    name_zh: str | None = None
    shared: bool = False

    def say(self) -> str:
        """
        Give the name in the reader's script, or else in the other one.

        Returns
        -------
        words
            Name of the zone.

        Examples
        --------
        >>> ZoneName("east", "East Park", "东园").say()
        'East Park'
        >>> ZoneName("east", "Park", "园", shared=True).say()
        'Park (east)'
        """
        names = (self.name_en, self.name_zh)
        ordered = names[::-1] if spoken() == "zh" else names
        name = next((name for name in ordered if name), self.id)
        if not self.shared or name == self.id:
            return name
        return text("audit.name_of", name=name, id=self.id)


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

    def say(self) -> str:
        """
        Say the message.

        Returns
        -------
        words
            The message, with its values said in the same language.
        """
        values = {name: _said(value) for name, value in self.values.items()}
        return text(self.key, **values)


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

    def say(self) -> str:
        """
        Name the first few and count the others.

        Returns
        -------
        words
            At most one more than `SHOWN` items, see `in_a_row`.

        Examples
        --------
        >>> Listing(("a", "b")).say()
        'a, b'
        >>> Listing(tuple("abcdefg")).say()
        'a, b, c, d, e and 2 more'
        """
        items = [str(_said(item)) for item in self.items]
        more = len(items) - SHOWN
        # naming the last one is no longer than counting it
        if more <= 1:
            return in_a_row(items)
        return text("list.more", named=in_a_row(items[:SHOWN]), n=more)


def in_a_row(items: Iterable[str]) -> str:
    """
    Put names in a row, by a stronger mark where one of them holds a comma.

    Parameters
    ----------
    items
        In the reader's language.

    Returns
    -------
    words
        All of them, with the language's separator between.

    Examples
    --------
    >>> in_a_row(["Japan", "South Korea"])
    'Japan, South Korea'
    >>> in_a_row(["Film, TV and Animation Town", "Laoshan Town"])
    'Film, TV and Animation Town; Laoshan Town'
    """
    said = list(items)
    comma = text("list.comma")
    strong = any(comma.strip() in item for item in said)
    return text("list.separator" if strong else "list.comma").join(said)


def _said(value: Value) -> str | int:
    return value.say() if isinstance(value, Sayable) else value


Names: TypeAlias = Mapping[str, Sayable]
"""What to call the zones, by id."""


def capital(words: str) -> str:
    """
    Begin words with a capital letter, as a label or a sentence does.

    Parameters
    ----------
    words
        In any script.

    Returns
    -------
    words
        The same, where the script has no capitals.

    Examples
    --------
    >>> capital("ends of the belt")
    'Ends of the belt'
    """
    return words[:1].upper() + words[1:]


def zone_names(zones: "pd.DataFrame") -> dict[str, ZoneName]:
    """
    Collect what to call the zones.

    Parameters
    ----------
    zones
        Zones of a plan with ``id``, ``name_en`` and ``name_zh``.

    Returns
    -------
    names
        Name of each zone by its id; of zones of the same names, with the id.
    """
    named = zones[["name_en", "name_zh"]]
    shared = named.duplicated(keep=False) & named.notna().any(axis=1)
    rows = zip(zones["id"], named["name_en"], named["name_zh"], shared, strict=True)
    return {zone: ZoneName(zone, en, zh, bool(one)) for zone, en, zh, one in rows}


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
