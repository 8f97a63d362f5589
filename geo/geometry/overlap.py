"""Which zones overlap as drawn, and by how much."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry.area import areas_m2, drawn_area_km2, in_degrees, mended
from beltmap.geo.geometry.pairs import inside, meeting
from beltmap.geo.language.messages import text
from beltmap.geo.units import convert

SLIVER_KM2 = 1e-6
"""Overlaps below one square metre are touching edges."""

MOST_WORK = 30_000_000
"""Vertices that are looked through for what pairs of zones share."""


def overlaps(zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Find every two zones that cover the same land.

    Parameters
    ----------
    zones
        Polygons in any CRS, named by their column ``id`` or else by their
        index; those without geometry overlap nothing.

    Returns
    -------
    pairs
        One row a pair in the order of `zones`: the ids ``a`` and ``b``,
        ``overlap_km2`` on the WGS 84 ellipsoid, and ``share_of_a`` and
        ``share_of_b``, the part of each zone's drawn area that it is. No rows
        where nothing overlaps.

    Raises
    ------
    PlanError
        If `zones` has no CRS, or there are too many pairs to be measured one by
        one, see `geo.geometry.pairs.meeting` and `MOST_WORK`.

    Examples
    --------
    >>> squares = [shapely.box(120, 36, 121, 37), shapely.box(120.5, 36, 121.5, 37)]
    >>> overlaps(gpd.GeoDataFrame(geometry=squares, crs=4326)).round(2)
       a  b  overlap_km2  share_of_a  share_of_b
    0  0  1      4970.82         0.5         0.5
    """
    geometries = mended(in_degrees(zones))
    met = meeting(geometries)
    if met is None:
        raise PlanError([_too_many()])
    order = np.lexsort((met[1], met[0]))
    a, b = met[0][order], met[1][order]
    drawn = areas_m2(geometries) / 1e6
    shared = _shared_km2(geometries, a, b, drawn)
    keep = shared > SLIVER_KM2
    a, b, shared = a[keep], b[keep], shared[keep]
    ids = zones.get("id", zones.index).to_numpy()
    return pd.DataFrame(
        {
            "a": ids[a],
            "b": ids[b],
            "overlap_km2": shared,
            "share_of_a": shared / drawn[a],
            "share_of_b": shared / drawn[b],
        }
    )


def _shared_km2(
    geometries: NDArray[np.object_],
    a: NDArray[np.intp],
    b: NDArray[np.intp],
    drawn: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Measure what pairs share; of a zone inside another that is all of it."""
    a_in_b, b_in_a = inside(geometries, a, b)
    shared = np.where(a_in_b, drawn[a], drawn[b])
    beside = ~(a_in_b | b_in_a)
    sizes = shapely.get_num_coordinates(geometries).astype(np.int64)
    if (sizes[a] + sizes[b])[beside].sum() > MOST_WORK:
        raise PlanError([_too_many()])
    both = shapely.intersection(geometries[a[beside]], geometries[b[beside]])
    shared[beside] = areas_m2(both) / 1e6
    return np.asarray(shared, np.float64)


def _too_many() -> Fault:
    return fault("E_TOO_MANY_OVERLAPS", text("where.zones"))


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
