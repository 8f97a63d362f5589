"""Land covered, measured the plain way: merged, then measured."""

import numpy as np

from beltmap.geo.geometry.area import M2_PER_KM2, areas_m2, union


def covered_km2(geometries):
    """Measure the land that polygons in degrees cover together, overlaps once."""
    return float(areas_m2(np.array([union(geometries)]))[0]) / M2_PER_KM2
