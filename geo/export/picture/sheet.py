"""A sheet of paper, written on with Matplotlib in inches from its upper left."""

from dataclasses import dataclass, field
from typing import Any, Final

from beltmap.geo.export.names import xml_text
from beltmap.geo.export.picture.panel import INK
from beltmap.geo.language.typeset import paragraph

ACCENT: Final = "#0B5C74"
HAIR: Final = "#C9D1D7"

SMALL: Final = 6.6
LINE: Final = 1.42
LATIN: Final = 2.05
"""Size of small print in points, height of its lines, and letters to a size."""


@dataclass(frozen=True)
class Heading:
    """
    A heading on a sheet.

    Parameters
    ----------
    words
        The heading.
    top
        Where it stands, in parts of the sheet's height from its lower edge.
    page
        Number of the sheet, from 0.
    """

    words: str
    top: float
    page: int = 0


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
    enlarge
        Factor of everything: what is 1 inch here is so many on the paper.
    headings
        What was headed, in the order in which it was written.
    page
        Number of the sheet, from 0.
    """

    figure: Any
    width: float
    height: float
    enlarge: float = 1.0
    headings: list[Heading] = field(default_factory=list)
    page: int = 0

    @property
    def step(self) -> float:
        """Height of a line of small print."""
        return SMALL * LINE / 72

    def write(self, x: float, y: float, words: str, **look: Any) -> None:  # noqa: ANN401
        """Write a text with its top at a place."""
        small = {"fontsize": SMALL, "color": INK, "va": "top", "linespacing": LINE}
        look = {**small, **look}
        look["fontsize"] *= self.enlarge
        self.figure.text(*self.at(x, y), xml_text(words), **look)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Give a place in parts of the figure, from its lower left corner."""
        return x / self.width, 1 - y / self.height

    def heading(self, x: float, y: float, words: str, *, width: float) -> float:
        """Write a heading over a rule; give where what it heads begins."""
        self.headings.append(Heading(words, self.at(x, y)[1], self.page))
        self.write(x, y, words, fontsize=8.5, fontweight="bold", color=ACCENT)
        self.rule(x, y + 0.185, width=width, color=ACCENT, linewidth=0.8)
        return y + 0.25

    def rule(self, x: float, y: float, *, width: float, **look: Any) -> None:  # noqa: ANN401
        """Draw a level line."""
        self.line([x, x + width], [y, y], **{"color": HAIR, "linewidth": 0.4} | look)

    def line(self, x: list[float], y: list[float], **look: Any) -> None:  # noqa: ANN401
        """Draw a line through places."""
        from matplotlib.lines import Line2D

        places = zip(
            *(self.at(*place) for place in zip(x, y, strict=True)), strict=True
        )
        for name in ("linewidth", "markersize"):
            if name in look:
                look[name] *= self.enlarge
        self.figure.add_artist(Line2D(*map(list, places), **look))

    def box(self, x: float, y: float, size: tuple[float, float], **look: Any) -> None:  # noqa: ANN401
        """Draw a rectangle of a width and height by its upper left corner."""
        from matplotlib.patches import Rectangle

        look["linewidth"] = look.get("linewidth", 0.8) * self.enlarge
        corner = self.at(x, y + size[1])
        parts = (size[0] / self.width, size[1] / self.height)
        look["transform"] = self.figure.transSubfigure
        self.figure.add_artist(Rectangle(corner, *parts, **look))

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
    # Latin letters alone are a little narrower than half their size
    halves = LATIN if words.isascii() else 2.0
    return paragraph(words, width=max(1, int(width * halves * 72 / SMALL))).split("\n")
