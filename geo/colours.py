"""Colours and outlines of the map, the same on the page and in every export."""

from typing import Final

KIND_COLOURS: Final = {
    "belt": "#0072B2",
    "town": "#D55E00",
    "park": "#009E73",
    "base": "#B4548C",
    "zone": "#C98500",
}
"""
Colour of each kind: five hues of Okabe and Ito's, told apart by the colour-blind;
pink and orange are darker than theirs, for contrast on pale land.
"""

KIND_HATCHES: Final = {
    "belt": "////",
    "town": "...",
    "base": "+++",
    "zone": "---",
}
"""Pattern of each kind on paper, as Matplotlib writes it; parks are plain."""

OTHER_COLOUR: Final = "#666666"
"""Colour of a kind that the plan's vocabulary does not have."""

OUTLINES: Final = {
    "described": "solid",
    "schematic": "dashed",
    "nominal": "dotted",
}
"""Outline of each certainty of a boundary; all others are drawn dotted too."""

FILL_OPACITY: Final = 0.24
"""How much of the ground a zone's fill hides, from 0 to 1."""


def kind_colour(kind: object) -> str:
    """
    Choose the colour of a kind of zone.

    Parameters
    ----------
    kind
        Kind of the zone, one of `geo.schema.KINDS` or anything else.

    Returns
    -------
    colour
        Red, green and blue as ``#RRGGBB``.

    Examples
    --------
    >>> kind_colour("belt"), kind_colour(None)
    ('#0072B2', '#666666')
    """
    return KIND_COLOURS.get(str(kind), OTHER_COLOUR)


def rgb(colour: str) -> tuple[int, int, int]:
    """
    Split a colour into its parts.

    Parameters
    ----------
    colour
        Red, green and blue as ``#RRGGBB``.

    Returns
    -------
    rgb
        Red, green and blue from 0 to 255.

    Examples
    --------
    >>> rgb("#0072B2")
    (0, 114, 178)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
