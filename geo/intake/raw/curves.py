"""Curves as lines: a point every degree, so near that no map shows the difference."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

STEP_DEGREES: Final = 1.0
"""Turn of an arc between two points of its line: off by 0.004 % of the radius."""

_BEZIER_STEPS: Final = 64
_STRAIGHT: Final = 1e-12


def arc_points(start: Points, middle: Points, end: Points) -> Points:
    """
    Give the line that stands for a circular arc.

    Parameters
    ----------
    start, middle, end
        Three points of the arc, two coordinates or more; where start and end
        are the same, `middle` lies opposite on a whole circle.

    Returns
    -------
    points
        From `start` to `end`, both among them; further coordinates (heights)
        go evenly from one to the other. Three points on a line stay a line.

    Examples
    --------
    >>> line = arc_points(np.array([1.0, 0]), np.array([0.0, 1]), np.array([-1.0, 0]))
    >>> len(line), float(np.hypot(*line.T).round(9).min())
    (181, 1.0)
    """
    centre, turn = _circle(start[:2], middle[:2], end[:2])
    if centre is None:
        return np.array([start, middle, end])
    steps = max(2, math.ceil(abs(math.degrees(turn)) / STEP_DEGREES))
    part = np.linspace(0.0, 1.0, steps + 1)
    x, y = start[:2] - centre
    angles = math.atan2(y, x) + turn * part
    radius = math.hypot(x, y)
    line = np.empty((len(part), len(start)))
    line[:, 0] = centre[0] + radius * np.cos(angles)
    line[:, 1] = centre[1] + radius * np.sin(angles)
    line[:, 2:] = start[2:] + np.outer(part, end[2:] - start[2:])
    line[0], line[-1] = start, end
    return line


def bezier_points(start: Points, first: Points, second: Points, end: Points) -> Points:
    """
    Give the line that stands for a cubic Bézier curve.

    Parameters
    ----------
    start, first, second, end
        Its ends and its two handles, two coordinates.

    Returns
    -------
    points
        From `start` to `end`, both among them.
    """
    t = np.linspace(0.0, 1.0, _BEZIER_STEPS + 1)[:, None]
    u = 1 - t
    line = u**3 * start + 3 * u**2 * t * first + 3 * u * t**2 * second + t**3 * end
    return np.asarray(line)


def _circle(start: Points, middle: Points, end: Points) -> tuple[Points | None, float]:
    """Find centre and turn (radians, against the clock) of an arc."""
    if np.array_equal(start, end):
        return (start + middle) / 2, 2 * math.pi
    # counted from the start, since map coordinates are large and arcs are small
    (bx, by), (cx, cy) = middle - start, end - start
    double = 2 * (bx * cy - by * cx)
    if abs(double) <= _STRAIGHT * max(bx * bx + by * by, cx * cx + cy * cy):
        return None, 0.0
    b, c = bx * bx + by * by, cx * cx + cy * cy
    from_start = np.array([cy * b - by * c, bx * c - cx * b]) / double
    centre = start + from_start
    begin = math.atan2(*(-from_start)[::-1])
    finish = math.atan2(*(end - centre)[::-1])
    turn = finish - begin
    if double > 0 and turn < 0:
        turn += 2 * math.pi
    elif double < 0 and turn > 0:
        turn -= 2 * math.pi
    return centre, turn
