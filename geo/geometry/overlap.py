"""Which zones overlap as drawn, and by how much."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.geometry.area import areas_m2, drawn_area_km2
from geo.units import convert

SLIVER_KM2 = 1e-6
"""Overlaps below one square metre are touching edges."""


def overlaps(zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Find every two zones that cover the same land.

    Parameters
    ----------
    zones
        Zones of a plan with their ``id``, valid polygons in EPSG:4326; those
        without geometry overlap nothing.

    Returns
    -------
    pairs
        One row a pair in the order of `zones`: the ids ``a`` and ``b``,
        ``overlap_km2`` on the WGS 84 ellipsoid, and ``share_of_a`` and
        ``share_of_b``, the part of each zone's drawn area that it is. No rows
        where nothing overlaps.
    """
    geometries = zones.geometry.to_numpy()
    a, b = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    a, b = a[a < b], b[a < b]
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    shared = areas_m2(shapely.intersection(geometries[a], geometries[b])) / 1e6
    keep = shared > SLIVER_KM2
    a, b, shared = a[keep], b[keep], shared[keep]
    ids = zones["id"].to_numpy()
    drawn = areas_m2(geometries) / 1e6
    return pd.DataFrame(
        {
            "a": ids[a],
            "b": ids[b],
            "overlap_km2": shared,
            "share_of_a": shared / drawn[a],
            "share_of_b": shared / drawn[b],
        }
    )


def overlap_matrix(zones: gpd.GeoDataFrame, *, unit: str = "km²") -> pd.DataFrame:
    """
    Lay the overlaps out as a square, each zone against each.

    Parameters
    ----------
    zones
        As for `overlaps`; meant for a plan that fits on a page.
    unit
        One of `geo.units.AREA_UNITS`.

    Returns
    -------
    matrix
        Area that two zones share, symmetric, indexed by id both ways; on the
        diagonal the drawn area of each. Zones without geometry are left out.
    """
    located = zones[zones.geometry.notna()]
    ids = located["id"].to_numpy()
    place = {zone: row for row, zone in enumerate(ids)}
    matrix = np.diag(drawn_area_km2(located).to_numpy())
    for pair in overlaps(located).to_dict("records"):
        a, b = place[pair["a"]], place[pair["b"]]
        matrix[a, b] = matrix[b, a] = pair["overlap_km2"]
    scale = convert(1.0, of="km²", to=unit)
    return pd.DataFrame(matrix * scale, index=ids, columns=ids)
