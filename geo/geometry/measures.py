"""What is measured of outlines; elsewhere than here, where that was done before."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo.geometry.area import areas_m2, drawn_area_km2
from beltmap.geo.geometry.overlap import overlaps

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]


class Measures:
    """Measure the outlines that zones have."""

    def areas_km2(self, zones: gpd.GeoDataFrame) -> "pd.Series[float]":
        """Measure each zone, see `geo.geometry.area.drawn_area_km2`."""
        return drawn_area_km2(zones)

    def overlaps(self, zones: gpd.GeoDataFrame) -> pd.DataFrame:
        """Find every two that overlap, see `geo.geometry.overlap.overlaps`."""
        return overlaps(zones)

    def shares_outside(
        self, zones: gpd.GeoDataFrame, parts: Rows, wholes: Rows
    ) -> Floats:
        """
        Give the share of each part that lies outside its whole.

        Parameters
        ----------
        zones
            Zones in EPSG:4326.
        parts, wholes
            Rows of both, in pairs.

        Returns
        -------
        shares
            Of the part's area, NaN where either is not drawn.
        """
        shapes = zones.geometry.to_numpy()
        return shares_outside(shapes[parts], shapes[wholes])


def shares_outside(parts: NDArray[np.object_], wholes: NDArray[np.object_]) -> Floats:
    """Give the share of each outline that lies outside another; NaN without one."""
    outside = areas_m2(shapely.difference(parts, wholes))
    full = areas_m2(parts)
    return np.asarray(outside / np.where(full > 0, full, np.nan))


NOW: Final = Measures()
"""Measures what it is asked for when it is asked."""
