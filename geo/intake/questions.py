"""What only the person who brings a file can say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from beltmap.geo.intake.notices import Notice
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.messages import text

_WIDEST: Final = 160
"""Characters of a row that a question shows."""


@dataclass(frozen=True)
class Answers:
    """
    What a person has decided about a file.

    Parameters
    ----------
    crs
        CRS of the coordinates, see `geo.intake.checks.crs.canonical`.
    layer
        Name of the layer to read.
    encoding
        Encoding of the text, for every format that is text or has a table.
    columns
        Column of the file by column of the plan (or ``lon``, ``lat``,
        ``wkt``); empty text for none.
    area_unit
        Unit of the areas, as `geo.units.area_unit` takes it.
    sectors
        Code of the plan by word of the file, for sectors that the file calls
        by words of its own.
    leave_out
        Whether to draw the others without the rows that are refused.
    head
        Rows of a table that name its columns, as ``3`` or ``3-4``.
    """

    crs: str | None = None
    layer: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    area_unit: str | None = None
    sectors: Mapping[str, str] = field(default_factory=dict)
    leave_out: bool = False
    head: str | None = None


@dataclass(frozen=True)
class Option:
    """
    One possible answer.

    Parameters
    ----------
    value
        What to put into `Answers`.
    label
        The same for people.
    why
        What speaks for it.
    outline
        Hull of the layer if this is the answer: longitude and latitude,
        degrees; empty where there is nothing to draw.
    """

    value: str
    label: str
    why: str = ""
    outline: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Question:
    """
    Something that must be answered before a file can be drawn.

    Parameters
    ----------
    about
        Field of `Answers` that answers it.
    notice
        Why it is asked.
    options
        Possible answers, the likeliest first.
    unlisted
        How many more there are that are not among them.
    """

    about: str
    notice: Notice
    options: tuple[Option, ...] = ()
    unlisted: int = 0

    def rows_in_words(self) -> list[str]:
        """Show the first rows of a table whose head is asked, the guess marked."""
        if self.about != "head":
            return []
        first, _, last = str(self.notice.values["guess"]).partition("-")
        guess = range(int(first), int(last or first) + 1)
        lines = []
        for row in self.notice.values["rows"]:
            number = int(str(row).partition(" | ")[0])
            line = excerpt(row, limit=_WIDEST)
            guessed = number in guess
            lines.append(text("intake.head.guess", row=line) if guessed else line)
        return lines
