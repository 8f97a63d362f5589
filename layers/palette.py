"""How each kind of zone and each certainty of a boundary is drawn."""

from collections.abc import Iterable
from typing import Any, Final

from geo.colours import FILL_OPACITY, KIND_COLOURS
from geo.language.labels import code_label
from geo.language.messages import text
from layers.escape import unhidden

WIDTH_PX: Final = 2.0

PATTERNS: Final = {
    "belt": "diagonal",
    "town": "dots",
    "park": "solid",
    "base": "cross",
    "zone": "horizontal",
}
"""Pattern of each kind: what its colour says, said again."""

KINDS: Final = {kind: (colour, PATTERNS[kind]) for kind, colour in KIND_COLOURS.items()}
"""Colour and pattern of each kind."""

OTHERS: Final = (
    ("#56788F", "solid"),
    ("#7A5195", "dots"),
    ("#8A6D3B", "diagonal"),
    ("#2F8F8B", "horizontal"),
    ("#A23B4A", "cross"),
    ("#4C6B1F", "vertical"),
    ("#3F5AA9", "solid"),
    ("#A0522D", "dots"),
)
"""Colours and patterns of kinds that no table names, in turn."""

DASHES: Final[dict[str, list[float]]] = {
    "described": [],
    "schematic": [7, 5],
    "nominal": [0.1, 4.5],
}
"""Dash and gap in pixels of each certainty that has an outline."""


def kind_styles(kinds: Iterable[str | None]) -> dict[str, dict[str, Any]]:
    """
    Say how to draw each kind.

    Parameters
    ----------
    kinds
        Kinds as they occur; those that no table names share a few styles.

    Returns
    -------
    styles
        For each kind its colour, pattern, opacity, width of the outline in
        pixels and label; an unnamed kind is the empty string.

    Examples
    --------
    >>> kind_styles(["belt"])["belt"]["color"]
    '#0072B2'
    """
    styles: dict[str, dict[str, Any]] = {}
    others = 0
    for kind in kinds:
        name = kind or ""
        if name in KINDS:
            color, pattern = KINDS[name]
        else:
            color, pattern = OTHERS[others % len(OTHERS)]
            others += 1
        styles[name] = {
            "color": color,
            "pattern": pattern,
            "fill": FILL_OPACITY,
            "width": WIDTH_PX,
            "label": unhidden(code_label("kind", name)) or "-",
        }
    return styles


def boundary_styles() -> dict[str, dict[str, Any]]:
    """
    Say how to draw the outline for each certainty of a boundary.

    Returns
    -------
    styles
        Dash in pixels, label and a note, in the order of the legend.
    """
    return {
        name: {
            "dash": dash,
            "label": text(f"boundary.{name}"),
            "note": text(f"card.boundary.{name}"),
        }
        for name, dash in DASHES.items()
    }
