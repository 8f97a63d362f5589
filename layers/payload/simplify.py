"""Outlines with no more vertices than a zoom can show."""

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from beltmap.layers.payload.mercator import deg_per_px

Geometries = NDArray[Any]

TOLERANCE_PX: Final = 0.5
"""How far a simplified outline may lie beside the given one."""

MANY: Final = 20_000
"""Vertices beyond which an outline is thinned before it is simplified."""

ROUNDS: Final = 6
"""Most turns of thinning, each with twice the tolerance."""

HAIR: Final = 0.25
"""Share of a pixel to which simplified coordinates are kept."""


def simplify(geometries: Geometries, *, zoom: int) -> Geometries:
    """
    Take out the vertices that a zoom does not show; no geometry is lost.

    Parameters
    ----------
    geometries
        In EPSG:4326; missing and empty ones stay as they are.
    zoom
        Of Leaflet, 256 pixels around the equator at zoom 0.

    Returns
    -------
    simplified
        Outlines of kept vertices, at most half a pixel beside the given ones;
        a point where nothing is left of an outline. Whether polygons that
        touched still do is not looked after.

    Examples
    --------
    >>> circle = shapely.Point(120, 36).buffer(0.1, quad_segs=64)
    >>> [shapely.get_num_coordinates(simplify(np.array([circle]), zoom=zoom)).item()
    ...  for zoom in (0, 8, 16)]
    [1, 33, 257]
    """
    lats = shapely.bounds(geometries)[:, [1, 3]]
    furthest = np.abs(lats[~np.isnan(lats)]).max(initial=0)
    px = deg_per_px(zoom) * max(0.05, float(np.cos(np.radians(furthest))))
    simplified = thin(geometries, tolerance_deg=TOLERANCE_PX / 2 * px)
    # worst cases take time quadratic in the vertices, so that these must be few
    few = shapely.get_num_coordinates(simplified) <= MANY
    simplified[few] = shapely.simplify(
        simplified[few], TOLERANCE_PX / 2 * px, preserve_topology=False
    )
    lost = shapely.is_empty(simplified) & ~shapely.is_empty(geometries)
    west, south, east, north = shapely.bounds(geometries[lost]).T
    simplified[lost] = shapely.points((west + east) / 2, (south + north) / 2)
    return simplified


def thin(geometries: Geometries, *, tolerance_deg: float) -> Geometries:
    """
    Take out vertices beside the one before, where an outline has too many.

    The tolerance grows until few enough are left, or there is nothing to gain:
    what has more vertices than pixels may lie further beside its outline.
    """
    thinned = geometries.copy()
    for turn in range(ROUNDS):
        many = shapely.get_num_coordinates(thinned) > MANY
        if not many.any():
            break
        thinned[many] = shapely.remove_repeated_points(
            thinned[many], tolerance=tolerance_deg * 2**turn
        )
    return thinned


def decimals_for(zoom: int, *, most: int = 6) -> int:
    """
    Say how many decimals of a degree a zoom can show.

    Examples
    --------
    >>> [decimals_for(zoom) for zoom in (4, 8, 18)]
    [2, 3, 6]
    """
    return min(most, int(np.ceil(-np.log10(HAIR * deg_per_px(zoom)))))
