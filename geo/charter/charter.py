"""The charter of a plan: what ``plan.toml`` says, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from beltmap.geo.language.messages import LANGUAGES, catalogue, spoken

NO_GROUND: Final = "none"
"""Basemap of a plan that wants a plain ground."""

OTHER_COLOUR: Final = "#666666"
"""Colour of a kind that a plan does not name, where the plan does not say."""


@dataclass(frozen=True)
class Words:
    """
    What something is called in each language.

    Parameters
    ----------
    en, zh
        In English and in Chinese.
    """

    en: str
    zh: str

    def say(self, *, language: str | None = None) -> str:
        """
        Say it in a language, or in the spoken one.

        Examples
        --------
        >>> Words("Park", "园区").say(language="zh")
        '园区'
        """
        return self.zh if (language or spoken()) == "zh" else self.en


@dataclass(frozen=True)
class Kind:
    """
    A kind of zone.

    Parameters
    ----------
    code
        As the column ``kind`` of a zone has it.
    name
        What one is called.
    file
        Name of the layer file that holds its zones.
    colour
        Red, green and blue as ``#RRGGBB``.
    pattern
        What its colour says, said again: solid, diagonal, dots, horizontal,
        vertical or cross.
    frames
        Whether sums tell what lies inside its zones and what outside.
    in_text
        How the frame is called within a sentence.
    also
        What files of others call it.
    default
        Whether a zone is of this kind of which a file says none.
    """

    code: str
    name: Words
    file: str
    colour: str
    pattern: str = "solid"
    frames: bool = False
    in_text: Words | None = None
    also: tuple[str, ...] = ()
    default: bool = False


@dataclass(frozen=True)
class Structure:
    """
    A sentence by which a plan lays out its zones, such as one belt and five parks.

    Parameters
    ----------
    code
        As the column ``patterns`` of a zone has it.
    name
        The sentence.
    status
        Status of the zones that it speaks of; None where it does not say.
    promises
        Number of zones that name it, by kind.
    whole
        What all of them together are called, where that is no zone and no kind.
    """

    code: str
    name: Words
    status: str | None = None
    promises: Mapping[str, int] = field(default_factory=dict)
    whole: Words | None = None

    @property
    def in_full(self) -> Words:
        """The sentence, and what all of its zones together are called."""
        if self.whole is None:
            return self.name
        said = {}
        for language in LANGUAGES:
            name, whole = (
                one.say(language=language) for one in (self.name, self.whole)
            )
            # words of the plan, of which these are, cannot be asked for yet
            words = catalogue(language).gettext("structure.whole")
            said[language] = words.format(name=name, whole=whole)
        return Words(**said)


@dataclass(frozen=True)
class Start:
    """
    Where a map begins.

    Parameters
    ----------
    lon, lat
        Centre, EPSG:4326.
    zoom
        Of Leaflet, 4 to 18.
    """

    lon: float
    lat: float
    zoom: int


@dataclass(frozen=True)
class City:
    """
    A city of a plan.

    Parameters
    ----------
    code
        As the column ``city`` of a zone has it.
    name
        What it is called.
    crs
        EPSG code of the projected CRS of its own surveys, such as
        ``"EPSG:4549"``; None to go by its longitude.
    view
        Where its map begins; None to begin with its zones.
    """

    code: str
    name: Words
    crs: str | None = None
    view: Start | None = None


@dataclass(frozen=True)
class Sector:
    """
    A sector of a plan's vocabulary.

    Parameters
    ----------
    code
        As the column ``sectors`` of a zone has it.
    name
        What it is called.
    scope
        ``"general"`` or ``"specific"``.
    """

    code: str
    name: Words
    scope: str = "specific"


@dataclass(frozen=True)
class Difference:
    """
    What two plans that are open together say differently.

    Parameters
    ----------
    code
        Code of a kind, city, status or sector, or key of a word.
    kept, other
        Names of the plan that is followed, and of the one that is not.
    """

    code: str
    kept: str
    other: str


@dataclass(frozen=True, eq=False)
class Charter:
    """
    What a plan says of itself.

    Parameters
    ----------
    title, subtitle
        At the head of the page, and in the metadata of every file.
    kinds, structures, cities
        In the order in which they are shown and drawn.
    statuses
        Name of each status by its code.
    sectors
        Vocabulary of sectors; none where it stands in ``sectors.csv``.
    licence, author, date, version
        Said of the plan in files; empty where it does not say.
    feedback
        Where readers send remarks: an address of mail or of a page; perhaps empty.
    unit
        Unit of areas that a reader sees first: "km²", "ha" or "mu".
    views
        Views of the page in their order, the first one shown first; empty for
        the usual order.
    other_colour
        Colour of kinds that the plan does not name.
    basemap
        Code of the basemap that a reader sees first; "none" for a plain ground,
        empty for the embedded one.
    words
        What codes of the tables are called, by key of the catalogue.
    columns
        What columns of the plan's files besides those of a plan are called, in
        the order in which they are shown; None where all of them are.
    plans
        Names of the folders in the plan's own that hold the plans which it
        consists of; none where it holds its zones itself.
    differences
        What the plans that are open together say differently.
    """

    title: Words
    kinds: tuple[Kind, ...]
    statuses: Mapping[str, Words]
    subtitle: Words = Words("", "")
    structures: tuple[Structure, ...] = ()
    cities: tuple[City, ...] = ()
    sectors: tuple[Sector, ...] = ()
    licence: Words = Words("", "")
    author: Words = Words("", "")
    date: str = ""
    version: str = ""
    feedback: str = ""
    unit: str = ""
    views: tuple[str, ...] = ()
    other_colour: str = OTHER_COLOUR
    basemap: str = ""
    words: Mapping[str, Words] = field(default_factory=dict)
    columns: Mapping[str, Words] | None = None
    plans: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    @cached_property
    def by_kind(self) -> dict[str, Kind]:
        """The kinds by their codes."""
        return {kind.code: kind for kind in self.kinds}

    @cached_property
    def files(self) -> dict[str, str]:
        """Name of the layer file of each kind."""
        return {kind.code: kind.file for kind in self.kinds}

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        """Codes of the structures, as the column ``patterns`` has them."""
        return tuple(structure.code for structure in self.structures)

    @cached_property
    def frames(self) -> tuple[Kind, ...]:
        """The kinds inside of which others are summed up."""
        return tuple(kind for kind in self.kinds if kind.frames)

    @cached_property
    def default_kind(self) -> str:
        """Kind of a zone of which a file says none: the plan's, or its last."""
        chosen = [kind.code for kind in self.kinds if kind.default]
        return (chosen or [self.kinds[-1].code])[0]

    @cached_property
    def closed(self) -> dict[str, tuple[str, ...]]:
        """Values of the columns of which the plan says what they may hold."""
        return {"kind": tuple(self.by_kind), "status": tuple(self.statuses)}

    @cached_property
    def messages(self) -> dict[str, dict[str, str]]:
        """What the plan says in each language, by key of the catalogue."""
        named = {f"kind.{kind.code}": kind.name for kind in self.kinds}
        named |= {f"patterns.{each.code}": each.in_full for each in self.structures}
        named |= {f"subject.{each.code}": each.name for each in self.structures}
        named |= {f"city.{city.code}": city.name for city in self.cities}
        named |= {f"status.{code}": name for code, name in self.statuses.items()}
        named |= self.words
        return {
            language: {
                key: words.say(language=language) for key, words in named.items()
            }
            for language in LANGUAGES
        }

    def colour(self, kind: object) -> str:
        """Give the colour of a kind, as ``#RRGGBB``."""
        found = self.by_kind.get(str(kind))
        return found.colour if found else self.other_colour

    def frame(self, *, language: str | None = None) -> str:
        """Say what frames the plan, within a sentence; nothing where nothing does."""
        if not self.frames:
            return ""
        kind = self.frames[0]
        return (kind.in_text or kind.name).say(language=language)
