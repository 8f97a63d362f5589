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

NEAR: Final = 3
"""The same where a number may stand instead of a name that is far from its zone."""

MOST_STEPS: Final = 200
"""The same for the numbers themselves, which must stand somewhere."""


def place_labels(
    zones: Sequence[Box],
    sizes: Sequence[tuple[float, float]],
    *,
    frame: Box,
    taken: Sequence[Box] = (),
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
    taken
        What else no name should hide.

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
        hidden = [*taken, *placed, *_smaller(zones, size)]
        found = _clear(zone, size, frame=frame, taken=hidden)
        placed.append(found or _tries(zone, size)[0])
    return placed


def place_or_number(
    zones: Sequence[Box],
    sizes: Sequence[tuple[float, float]],
    *,
    number: tuple[float, float],
    frame: Box,
    taken: Sequence[Box] = (),
) -> list[tuple[Box, bool]]:
    """
    Place for each zone its name or, where that has no room, a number.

    Parameters
    ----------
    zones, sizes, frame, taken
        As `place_labels` takes them.
    number
        Width and height of the widest number.

    Returns
    -------
    places
        Extent of each label, and whether it is a name. No two share a place as
        long as the frame has room for a number each.

    Examples
    --------
    >>> two = [(0, 0, 2, 2), (0, 0, 2, 2)]
    >>> place_or_number(two, [(10, 2)] * 2, number=(2, 2), frame=(-2, -2, 14, 3))
    [((3.0, 0.0, 13.0, 2.0), True), ((0.0, 0.0, 2.0, 2.0), False)]
    """
    labelled: list[tuple[Box, bool]] = []
    for names in (True, False):
        labelled = []
        for zone, size in zip(zones, sizes, strict=True):
            found, hidden = None, [*taken, *(box for box, _ in labelled)]
            if names:
                small = _smaller(zones, size)
                beside = [*hidden, *small]
                found = _clear(zone, size, frame=frame, taken=beside, steps=NEAR)
            if found is not None:
                labelled.append((found, True))
                continue
            found = _clear(zone, number, frame=frame, taken=hidden, steps=MOST_STEPS)
            if found is None and names:
                # the names left no room: numbers for all
                break
            labelled.append((found or _tries(zone, number)[0], False))
        else:
            return labelled
    return labelled


def _smaller(zones: Sequence[Box], size: tuple[float, float]) -> list[Box]:
    """List the zones that a name would hide."""
    return [z for z in zones if z[2] - z[0] < size[0] and z[3] - z[1] < 4 * size[1]]


def _clear(
    zone: Box,
    size: tuple[float, float],
    *,
    frame: Box,
    taken: Sequence[Box],
    steps: int = STEPS,
) -> Box | None:
    """Find the first place within the frame that hides nothing."""
    for box in _tries(zone, size, steps=steps):
        if holds(frame, box) and not any(meet(box, other) for other in taken):
            return box
    return None


def _tries(zone: Box, size: tuple[float, float], *, steps: int = STEPS) -> list[Box]:
    """List the places for a name, its zone's middle first."""
    left, bottom, right, top = zone
    (width, height), (x, y) = size, ((left + right) / 2, (bottom + top) / 2)
    centres = [(x, y)]
    for step, angle in product(range(1, steps + 1), ANGLES):
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
