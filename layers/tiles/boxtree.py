"""Finds the boxes of a window without looking at all: a packed tree."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from beltmap.layers.payload.mercator import Box

Boxes = NDArray[np.int32]

FAN: Final = 16


@dataclass(frozen=True, eq=False)
class BoxTree:
    """
    Boxes with boxes around every `FAN` of them, and so on up to a few.

    Parameters
    ----------
    levels
        The boxes themselves, neighbours together, then one level of boxes
        after another; shape ``(n, 4)``: west, north, east, south.
    """

    levels: tuple[Boxes, ...]

    def search(self, window: Box) -> NDArray[np.intp]:
        """
        Find the boxes that touch a window.

        Parameters
        ----------
        window
            West, north, east and south, in the units of the boxes.

        Returns
        -------
        places
            Of the boxes in the first level, ascending.
        """
        places = np.arange(len(self.levels[-1]))
        for depth, level in enumerate(reversed(self.levels)):
            if depth:
                places = (places[:, None] * FAN + np.arange(FAN)).ravel()
                places = places[places < len(level)]
            places = places[_meets(level[places], window)]
        return places


def box_tree(boxes: Boxes) -> BoxTree:
    """
    Build the tree of boxes that are sorted along a curve.

    Parameters
    ----------
    boxes
        West, north, east and south of each, shape ``(n, 4)``.

    Returns
    -------
    tree
        A few bytes a box more than the boxes, which it keeps.

    Examples
    --------
    >>> boxes = np.array([[0, 0, 1, 1], [4, 4, 5, 5]], np.int32)
    >>> box_tree(boxes).search((3, 3, 9, 9)).tolist()
    [1]
    """
    levels = [boxes]
    while len(levels[-1]) > FAN:
        below = levels[-1]
        starts = np.arange(0, len(below), FAN)
        least = np.minimum.reduceat(below[:, :2], starts)
        most = np.maximum.reduceat(below[:, 2:], starts)
        levels.append(np.hstack([least, most]))
    return BoxTree(tuple(levels))


def _meets(boxes: Boxes, window: Box) -> NDArray[np.bool_]:
    west, north, east, south = window
    return np.asarray(
        (boxes[:, 0] <= east)
        & (boxes[:, 2] >= west)
        & (boxes[:, 1] <= south)
        & (boxes[:, 3] >= north)
    )
