"""Colours and outlines of the map, the same on the page and in every export."""

from typing import Final

from beltmap.geo.charter.force import charter

HATCHES: Final = {
    "solid": None,
    "diagonal": "////",
    "dots": "...",
    "horizontal": "---",
    "vertical": "|||",
    "cross": "xxx",
}
"""Patterns of kinds on paper, as Matplotlib writes them."""

OUTLINES: Final = {
    "described": "solid",
    "drawn": "solid",
    "schematic": "dashed",
    "nominal": "dotted",
    "place unknown": "dashdot",
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
        Kind of the zone, one that the plan names or anything else.

    Returns
    -------
    colour
        Red, green and blue as ``#RRGGBB``.

    Examples
    --------
    >>> kind_colour("belt"), kind_colour(None)
    ('#0072B2', '#666666')
    """
    return charter().colour(kind)


def kind_hatch(kind: object) -> str | None:
    """Give the pattern of a kind on paper, as Matplotlib writes it."""
    found = charter().by_kind.get(str(kind))
    return HATCHES[found.pattern] if found else None


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
