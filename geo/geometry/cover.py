"""Land that any choice of zones covers, overlaps once, mostly without merging."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import ArrayLike

from beltmap.geo.geometry.area import M2_PER_KM2, areas_m2, mended, merge
from beltmap.geo.geometry.pairs import inside, meeting, triangles

Rows = npt.NDArray[np.intp]

NO_THREES: Final[Rows] = np.empty((0, 3), np.intp)

MOST_WORK: Final = 4
"""Vertices in overlaps that are measured, for each vertex of all zones."""


@dataclass(frozen=True, eq=False)
class Cover:
    """
    Zones prepared so that the land under any of them is quickly measured.

    A zone inside another chosen one adds nothing. Of what is left, areas add
    up, less what two zones share; only where three meet must they be merged.

    Parameters
    ----------
    geometries
        Valid polygons in lon, lat degrees (EPSG:4326); None where a zone has
        none.
    areas_km2
        Area of each on the WGS 84 ellipsoid, zero where there is none.
    outer, inner
        Rows of every two zones of which one lies inside the other.
    first, second, shared_km2
        Rows of every other two zones that meet, each pair once, and the area
        that they share; pairs of tangled zones may be left out.
    threes
        Rows of every three zones of which each two are such a pair.
    tangled
        Which zones are always merged.
    """

    geometries: npt.NDArray[np.object_]
    areas_km2: npt.NDArray[np.float64]
    outer: Rows
    inner: Rows
    first: Rows
    second: Rows
    shared_km2: npt.NDArray[np.float64]
    threes: Rows
    tangled: npt.NDArray[np.bool_]

    def km2(self, mask: npt.NDArray[np.bool_]) -> float:
        """
        Measure the land under the chosen zones, overlaps once.

        Parameters
        ----------
        mask
            Which zones are chosen.

        Returns
        -------
        covered_km2
            Area on the WGS 84 ellipsoid in square kilometres.
        """
        left = mask.copy()
        left[self.inner[mask[self.outer] & mask[self.inner]]] = False
        merged = left & self.tangled
        merged[self.threes[left[self.threes].all(axis=1)]] = True
        counted = left[self.first] & left[self.second]
        counted &= ~(merged[self.first] & merged[self.second])
        apart = self.areas_km2[left & ~merged].sum() - self.shared_km2[counted].sum()
        if not merged.any():
            return float(apart)
        whole = np.array([merge(self.geometries[merged])])
        return float(apart + areas_m2(whole)[0] / M2_PER_KM2)


def cover(geometries: ArrayLike) -> Cover:
    """
    Prepare zones for measuring the land that any choice of them covers.

    Parameters
    ----------
    geometries
        Polygons in lon, lat degrees (EPSG:4326); invalid ones are mended,
        None and empty ones cover nothing.

    Returns
    -------
    cover
        The zones with the pairs that meet.

    Examples
    --------
    >>> cell = shapely.box(120, 36, 120.01, 36.01)
    >>> prepared = cover([cell, cell, None])
    >>> round(prepared.km2(np.array([True, True, True])), 4)
    1.0004
    """
    whole = mended(geometries)
    areas = areas_m2(whole) / M2_PER_KM2
    met = meeting(whole)
    if met is None:
        # nearly all meet nearly all: one merging costs less than every pair
        none, everything = np.empty(0, np.intp), np.ones(len(whole), bool)
        return Cover(
            whole, areas, none, none, none, none, np.empty(0), NO_THREES, everything
        )
    in_second, in_first = inside(whole, *met)
    outer = np.append(met[1][in_second], met[0][in_first])
    inner = np.append(met[0][in_second], met[1][in_first])
    beside = ~(in_second | in_first)
    first, second, tangled = _measurable(whole, met[0][beside], met[1][beside])
    shared = areas_m2(shapely.intersection(whole[first], whole[second])) / M2_PER_KM2
    # what only touches shares nothing
    first, second, shared = first[shared > 0], second[shared > 0], shared[shared > 0]
    threes = triangles(first, second, len(whole))
    if threes is None:
        tangled[first] = tangled[second] = True
        threes = NO_THREES
    return Cover(whole, areas, outer, inner, first, second, shared, threes, tangled)


def _measurable(
    geometries: npt.NDArray[np.object_], first: Rows, second: Rows
) -> tuple[Rows, Rows, npt.NDArray[np.bool_]]:
    """Keep the pairs that are worth measuring; tell which zones the others tangle."""
    sizes = shapely.get_num_coordinates(geometries)
    work = sizes[first] + sizes[second]
    # the lightest first: a zone of a million vertices is no partner for many
    order = np.argsort(work, kind="stable")
    light = np.cumsum(work[order]) <= MOST_WORK * sizes.sum()
    kept, left = order[light], order[~light]
    tangled = np.zeros(len(geometries), bool)
    tangled[first[left]] = tangled[second[left]] = True
    return first[kept], second[kept], tangled
