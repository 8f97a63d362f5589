"""Running coordinates as short steps: two bytes a number, with room for leaps."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAP: Final = -(2**15)
"""Stands where a step does not fit into 16 bits; the step is in `leaps`."""


def to_steps(
    points: NDArray[np.int32],
) -> tuple[NDArray[np.int16], NDArray[np.int32]]:
    """
    Write points as the way from each to the next.

    Most steps within a zone are short, so 16 bits hold them; a reader needs
    no arithmetic on bits, and the server none of its own either.

    Parameters
    ----------
    points
        Whole numbers, shape ``(n, 2)``.

    Returns
    -------
    steps, leaps
        ``2 n`` short steps, x and y in turn; and those, in order, for which
        `steps` holds `LEAP`. Sums wrap at 32 bits.

    Examples
    --------
    >>> steps, leaps = to_steps(np.array([[3, 4], [2, 4], [900000, 4]], np.int32))
    >>> steps.tolist(), leaps.tolist()
    ([3, 4, -1, 0, -32768, 0], [899998])
    """
    flat = points.ravel()
    way = flat.copy()
    np.subtract(flat[2:], flat[:-2], out=way[2:])
    steps = way.astype(np.int16)
    far = (steps != way) | (steps == LEAP)
    steps[far] = LEAP
    return steps, way[far]


def from_steps(steps: NDArray[np.int16], leaps: NDArray[np.int32]) -> NDArray[np.int32]:
    """
    Read points back from the way between them.

    Parameters
    ----------
    steps, leaps
        What `to_steps` wrote.

    Returns
    -------
    points
        Whole numbers, shape ``(n, 2)``.

    Examples
    --------
    >>> from_steps(*to_steps(np.array([[3, 4], [900000, 4]], np.int32))).tolist()
    [[3, 4], [900000, 4]]
    """
    way = steps.astype(np.int32)
    way[steps == LEAP] = leaps
    points: NDArray[np.int32] = np.cumsum(way.reshape(-1, 2), axis=0, dtype=np.int32)
    return points
