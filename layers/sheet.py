"""A sheet of paper, written on with Matplotlib in inches from its upper left."""

from dataclasses import dataclass
from typing import Any, Final

from geo.commands.output import paragraph
from geo.export.names import xml_text
from geo.export.panel import INK

SMALL: Final = 6.3
LINE: Final = 1.42
"""Size of small print in points, and height of its lines in sizes."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """
    A sheet that is being written; places are inches from its upper left corner.

    Parameters
    ----------
    figure
        Of matplotlib.
    width, height
        Of the sheet.
    """

    figure: Any
    width: float
    height: float

    @property
    def step(self) -> float:
        """Height of a line of small print."""
        return SMALL * LINE / 72

    def write(self, x: float, y: float, words: str, **look: Any) -> None:  # noqa: ANN401
        """Write a text with its top at a place."""
        small = {"fontsize": SMALL, "color": INK, "va": "top", "linespacing": LINE}
        at = (x / self.width, 1 - y / self.height)
        self.figure.text(*at, xml_text(words), **small | look)

    def heading(self, x: float, y: float, words: str) -> float:
        """Write a heading; give where what it heads begins."""
        self.write(x, y, words, fontsize=8, fontweight="bold")
        return y + 0.2

    def lines(
        self, x: float, y: float, words: str, *, width: float, most: float
    ) -> float:
        """Write a text in lines of so many inches down to `most`; give its end."""
        broken = lines_of(words, width=width)
        room = max(0, int((most - y) / self.step))
        if len(broken) > room:
            broken = [*broken[: max(0, room - 1)], "…"][:room]
        self.write(x, y, "\n".join(broken))
        return y + len(broken) * self.step


def lines_of(words: str, *, width: float) -> list[str]:
    """
    Break a text into lines of small print.

    Parameters
    ----------
    words
        Any text.
    width
        Of the lines in inches.

    Returns
    -------
    lines
        At least one; a letter is taken to be half as wide as its size, a
        Chinese one as wide.
    """
    return paragraph(words, width=max(1, int(width * 2 * 72 / SMALL))).split("\n")
