"""Areas of shapes that may run anywhere on the globe."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.area import areas_m2


def measured_m2(geometries: ArrayLike) -> NDArray[np.float64]:
    """
    Measure polygons on the WGS 84 ellipsoid, also where they touch a pole.

    Parameters
    ----------
    geometries
        Shapely geometries and None in longitude and latitude, degrees.

    Returns
    -------
    areas_m2
        As `geo.area.areas_m2`; 0 where an area cannot be told.

    Examples
    --------
    >>> measured_m2([None]).tolist()
    [0.0]
    """
    with np.errstate(all="ignore"):
        return np.abs(np.nan_to_num(areas_m2(geometries), posinf=0.0, neginf=0.0))
