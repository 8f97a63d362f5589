"""Which zones meet, two and three at once, within bounds."""

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

Rows = npt.NDArray[np.intp]
Geometries = npt.NDArray[np.object_]

BATCH: Final = 64
"""Zones whose neighbours are looked up at once, each with all others at worst."""

MOST_PAIRS: Final = 64
"""Pairs of boxes for each zone; a layer that has more lies all in one heap."""

FEWEST_PAIRS: Final = 100_000
"""Pairs that are never too many."""

LONG: Final = 500
"""Vertices from which an outline is indexed before it is compared."""

LONGEST: Final = 10_000
"""Vertices up to which it is looked whether a zone lies inside another."""

MOST_WEDGES: Final = 20_000_000
"""Pairs of pairs with a zone in common up to which threes are looked for."""

MOST_VERTICES: Final = 100_000
"""Vertices of outlines of which it is found out how often they cross."""

MOST_CROSSINGS: Final = 10_000
"""Crossings that are measured in a quarter of a second and 50 MB."""

_NEIGHBOURS: Final = 3
"""Pieces whose boxes meet that of a piece: the one before, itself, the next."""

_PIECES: Final = 16
"""Pieces that are looked up at once, likewise."""


def meeting(geometries: Geometries) -> tuple[Rows, Rows] | None:
    """
    Find every two zones that meet.

    Parameters
    ----------
    geometries
        Valid shapely geometries in any one CRS, or None.

    Returns
    -------
    first, second
        Rows of every two that touch or overlap, each pair once, in the order
        of `first`. None where the boxes of more than `MOST_PAIRS` times as
        many pairs as zones meet.

    Examples
    --------
    >>> first, second = meeting(shapely.box([0, 1, 5], 0, [2, 3, 6], 1))
    >>> first.tolist(), second.tolist()
    ([0], [1])
    """
    boxes = _meeting_boxes(geometries)
    if boxes is None:
        return None
    first, second = boxes
    sizes = shapely.get_num_coordinates(geometries)
    swap = sizes[first] < sizes[second]
    long, short = np.where(swap, second, first), np.where(swap, first, second)
    met = shapely.intersects(_indexed(geometries, sizes)[long], geometries[short])
    return first[met], second[met]


def inside(
    geometries: Geometries, first: Rows, second: Rows
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """
    Tell of which pairs one zone lies inside the other, their boundaries apart.

    Parameters
    ----------
    geometries
        Valid shapely geometries in any one CRS, or None.
    first, second
        Rows of pairs that meet, see `meeting`.

    Returns
    -------
    in_second, in_first
        Whether the first lies in the second, and the second in the first;
        never for a zone of more than `LONGEST` vertices.
    """
    sizes = shapely.get_num_coordinates(geometries)
    indexed = _indexed(geometries, sizes)
    bounds = shapely.bounds(geometries)

    def within(inner: Rows, outer: Rows) -> npt.NDArray[np.bool_]:
        found = np.asarray(
            (bounds[inner, :2] > bounds[outer, :2]).all(axis=1)
            & (bounds[inner, 2:] < bounds[outer, 2:]).all(axis=1)
            & (sizes[inner] <= LONGEST)
        )
        found[found] = shapely.contains_properly(
            indexed[outer[found]], geometries[inner[found]]
        )
        return found

    return within(first, second), within(second, first)


def triangles(first: Rows, second: Rows, n: int) -> Rows | None:
    """
    Find every three zones of which each two are a pair.

    Parameters
    ----------
    first, second
        Rows of pairs, each pair once.
    n
        Number of zones.

    Returns
    -------
    threes
        One row a three, the lowest row first; None where looking for them would take
        more than `MOST_WEDGES` steps.

    Examples
    --------
    >>> triangles(np.array([0, 0, 1, 3]), np.array([1, 2, 2, 0]), 4).tolist()
    [[0, 1, 2]]
    """
    degree = np.bincount(np.append(first, second), minlength=n)
    # from the zone with fewer pairs to that with more, so that none has many
    swap = np.where(
        degree[first] == degree[second], first > second, degree[first] > degree[second]
    )
    low, high = np.where(swap, second, first), np.where(swap, first, second)
    order = np.argsort(low, kind="stable")
    low, high = low[order], high[order]
    ends = np.cumsum(np.bincount(low, minlength=n))[low]
    later = ends - 1 - np.arange(len(low))
    steps = int(later.sum())
    if steps > MOST_WEDGES:
        return None
    one = np.repeat(np.arange(len(low)), later)
    other = one + 1 + np.arange(steps) - np.repeat(np.cumsum(later) - later, later)
    a, b = high[one], high[other]
    known = np.sort(np.minimum(low, high) * n + np.maximum(low, high))
    wanted = np.minimum(a, b) * n + np.maximum(a, b)
    at = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    closed = known[at] == wanted if len(known) else np.zeros(0, bool)
    threes: Rows = np.sort(np.column_stack([low[one], a, b])[closed], axis=1)
    return threes


def cross_much(geometries: Geometries) -> bool:
    """
    Tell whether outlines cross so often that it would take long to measure it.

    Two zones of a few hundred vertices each can cross ten thousand times.

    Parameters
    ----------
    geometries
        Shapely geometries and None.

    Returns
    -------
    much
        Whether pieces of outlines may meet more than `MOST_CROSSINGS` times, or
        there are more than `MOST_VERTICES`. Boxes of pieces are compared, which
        costs little and counts rather too much.

    Examples
    --------
    >>> cross_much(shapely.box([0, 0], [0, 0], [1, 2], [1, 2]))
    False
    """
    if shapely.get_num_coordinates(geometries).sum() > MOST_VERTICES:
        return True
    outlines = shapely.get_parts(shapely.boundary(geometries))
    places, outline = shapely.get_coordinates(outlines, return_index=True)
    within = outline[1:] == outline[:-1]
    ends = np.stack([places[:-1][within], places[1:][within]], axis=1)
    pieces: Geometries = np.asarray(shapely.linestrings(ends), object)
    tree = shapely.STRtree(pieces)
    left = _NEIGHBOURS * len(pieces) + 2 * MOST_CROSSINGS
    for start in range(0, len(pieces), _PIECES):
        left -= tree.query(pieces[start : start + _PIECES]).shape[1]
        if left < 0:
            return True
    return False


def _meeting_boxes(geometries: Geometries) -> tuple[Rows, Rows] | None:
    """Find every two zones whose boxes meet; None where they are too many."""
    tree = shapely.STRtree(geometries)
    most = max(FEWEST_PAIRS, MOST_PAIRS * len(geometries))
    first, second = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    found = 0
    for start in range(0, len(geometries), BATCH):
        a, b = tree.query(geometries[start : start + BATCH])
        a += start
        once = a < b
        first.append(a[once])
        second.append(b[once])
        found += len(first[-1])
        if found > most:
            return None
    return np.concatenate(first), np.concatenate(second)


def _indexed(geometries: Geometries, sizes: npt.NDArray[np.int32]) -> Geometries:
    """Give the same geometries, the long ones indexed: each time anew."""
    long = np.flatnonzero(sizes >= LONG)
    if not len(long):
        return geometries
    whole = geometries.copy()
    # an index is built when first used, which no two threads may do at once
    whole[long] = shapely.transform(geometries[long], np.copy)
    shapely.prepare(whole[long])
    return whole
