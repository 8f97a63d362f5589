"""Land that any choice of zones covers, overlaps once, without merging them all."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import ArrayLike

from geo.geometry.area import M2_PER_KM2, areas_m2, mended, merge

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Cover:
    """
    Zones prepared so that the land under any of them is quickly measured.

    Only zones that meet another chosen one need merging; the areas of all
    others add up.

    Parameters
    ----------
    geometries
        Valid polygons in lon, lat degrees (EPSG:4326); None where a zone has
        none.
    areas_km2
        Area of each on the WGS 84 ellipsoid, zero where there is none.
    first, second
        Rows of every two zones that meet, each pair once.
    """

    geometries: npt.NDArray[np.object_]
    areas_km2: npt.NDArray[np.float64]
    first: Rows
    second: Rows

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
        together = mask[self.first] & mask[self.second]
        crowded = np.zeros(len(mask), bool)
        crowded[self.first[together]] = True
        crowded[self.second[together]] = True
        alone = float(self.areas_km2[mask & ~crowded].sum())
        merged = np.array([merge(self.geometries[crowded])])
        return alone + float(areas_m2(merged)[0]) / M2_PER_KM2


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
    first, second = shapely.STRtree(whole).query(whole, predicate="intersects")
    once = first < second
    areas = areas_m2(whole) / M2_PER_KM2
    return Cover(whole, areas, first[once], second[once])
