"""How each kind of zone and each certainty of a boundary is drawn."""

from collections.abc import Iterable
from typing import Any, Final

from beltmap.geo.charter.force import charter
from beltmap.geo.colours import FILL_OPACITY
from beltmap.geo.language.hidden import reveal
from beltmap.geo.language.labels import code_label
from beltmap.geo.language.messages import text

WIDTH_PX: Final = 2.0

MINE: Final = "mine:"
"""What the map's kinds of a reader's own zones begin with."""

MINE_COLOUR: Final = "#B0006D"
MINE_WIDTH_PX: Final = 3.0
"""Outline of a reader's own zones, whatever their kind."""

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
    "drawn": [],
    "schematic": [7, 5],
    "nominal": [0.1, 4.5],
    "place unknown": [8, 3.5, 2, 3.5],
}
"""Dash and gap in pixels of each certainty that has an outline."""


def kind_looks() -> dict[str, tuple[str, str]]:
    """Give colour and pattern of each kind that the plan names."""
    return {kind.code: (kind.colour, kind.pattern) for kind in charter().kinds}


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
        pixels and label; an unnamed kind is the empty string. One that begins
        with `MINE` is of a reader's own zones.

    Examples
    --------
    >>> kind_styles(["belt"])["belt"]["color"]
    '#0072B2'
    """
    styles: dict[str, dict[str, Any]] = {}
    looks = kind_looks()
    others = 0
    for kind in kinds:
        code = kind or ""
        name = code.removeprefix(MINE)
        mine = name != code
        if name in looks:
            color, pattern = looks[name]
        else:
            color, pattern = OTHERS[others % len(OTHERS)]
            others += 1
        label = reveal(code_label("kind", name)) or "-"
        styles[code] = {
            "color": MINE_COLOUR if mine else color,
            "pattern": pattern,
            "fill": FILL_OPACITY,
            "width": MINE_WIDTH_PX if mine else WIDTH_PX,
            "label": text("map.mine", kind=label) if mine else label,
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
