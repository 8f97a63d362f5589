"""Where names stand on a picture so that none hides another or a small zone."""

import math
from collections.abc import Sequence
from itertools import product
from typing import Final, TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right and top, in any one unit."""

ANGLES: Final = (0, 180, 45, 135, 315, 225, 90, 270)
"""Directions in degrees in which a name gives way, the best first."""

STEPS: Final = 12
"""Distances that are tried, each half a name's height further than the last."""


def place_labels(
    zones: Sequence[Box], sizes: Sequence[tuple[float, float]], *, frame: Box
) -> list[Box]:
    """
    Place a name for each zone.

    Parameters
    ----------
    zones
        Extent of each zone, those first whose names matter most.
    sizes
        Width and height of each name, in the same unit.
    frame
        Extent of the picture, which no name should leave.

    Returns
    -------
    boxes
        Extent of each name. It stands in the middle of a zone that is larger,
        else beside it, clear of the names before it and of zones smaller than
        itself where one of the places tried is; in the middle otherwise.

    Examples
    --------
    >>> two = [(0, 0, 2, 2), (0, 0, 2, 2)]
    >>> place_labels(two, [(10, 2), (10, 2)], frame=(-20, -20, 20, 20))
    [(3.0, 0.0, 13.0, 2.0), (-11.0, 0.0, -1.0, 2.0)]
    """
    placed: list[Box] = []
    for zone, size in zip(zones, sizes, strict=True):
        small = [
            z for z in zones if z[2] - z[0] < size[0] and z[3] - z[1] < 4 * size[1]
        ]
        taken = [*placed, *small]
        tries = _tries(zone, size)
        inside = [box for box in tries if holds(frame, box)]
        clear = (box for box in inside if not any(meet(box, other) for other in taken))
        placed.append(next(clear, tries[0]))
    return placed


def _tries(zone: Box, size: tuple[float, float]) -> list[Box]:
    """List the places for a name, its zone's middle first."""
    left, bottom, right, top = zone
    (width, height), (x, y) = size, ((left + right) / 2, (bottom + top) / 2)
    centres = [(x, y)]
    for step, angle in product(range(1, STEPS + 1), ANGLES):
        away = step * height / 2
        east, north = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        # a name moves until its near edge, not its middle, is clear of the zone
        dx = round(east, 9) * ((right - left + width) / 2 + away)
        dy = round(north, 9) * ((top - bottom + height) / 2 + away)
        centres.append((x + dx, y + dy))
    return [
        (cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
        for cx, cy in centres
    ]


def holds(frame: Box, box: Box) -> bool:
    """Tell whether a box lies within a frame."""
    return (
        frame[0] <= box[0]
        and frame[1] <= box[1]
        and box[2] <= frame[2]
        and box[3] <= frame[3]
    )


def meet(one: Box, other: Box) -> bool:
    """Tell whether two boxes share a place."""
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )
