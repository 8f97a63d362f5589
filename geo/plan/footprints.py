"""Points and lines as zones: a nominal outline around what has none."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from beltmap.geo.geometry.anywhere import measured_m2
from beltmap.geo.geometry.area import Shape

Points = NDArray[np.float64]

FOOTPRINT_KM2: Final = 0.5
"""Nominal area of a point whose size nobody states, as the shipped parks have it."""

WIDTH_M: Final = 20.0
"""Nominal width of a line."""

_CORNERS: Final = 8
"""Corners of a circle, by quadrant."""

_POLYGONS: Final = frozenset({"Polygon", "MultiPolygon"})


@dataclass(frozen=True)
class Sizes:
    """
    How large what has no outline is drawn.

    Parameters
    ----------
    footprint_km2
        Area of a point whose zone declares none.
    width_m
        Width of a line.
    """

    footprint_km2: float = FOOTPRINT_KM2
    width_m: float = WIDTH_M


@dataclass(frozen=True, eq=False)
class Outlined:
    """
    Zones that all have an outline, or no place at all.

    Parameters
    ----------
    zones
        In EPSG:4326; drawn around a point or along a line, their boundary is
        ``nominal``.
    declared, nominal, lines
        How many points were drawn as large as they declare, how many with a
        nominal footprint, and how many lines.
    """

    zones: gpd.GeoDataFrame
    declared: int = 0
    nominal: int = 0
    lines: int = 0


def outlined(zones: gpd.GeoDataFrame, sizes: Sizes) -> Outlined:
    """
    Draw outlines around points and along lines.

    Parameters
    ----------
    zones
        Zones in EPSG:4326 with the columns of a plan.
    sizes
        How large to draw what states no size.

    Returns
    -------
    outlined
        The zones, and what was drawn. A point with a declared area is a
        circle of that area on the ellipsoid; its area stays unknown where it
        declares none.
    """
    shapes = np.array(zones.geometry.array, dtype=object)
    bare = [
        row
        for row, shape in enumerate(shapes.tolist())
        if shape is not None and not shape.is_empty and shape.geom_type not in _POLYGONS
    ]
    if not bare:
        return Outlined(zones)
    counts = {"declared": 0, "nominal": 0, "lines": 0}
    areas = zones["declared_area_km2"].to_numpy(dtype=float)
    for row in bare:
        area = float(areas[row])
        flat = shapely.get_dimensions(shapes[row]) == 0
        known = area > 0
        counts[("declared" if known else "nominal") if flat else "lines"] += 1
        shapes[row] = _outline(
            shapes[row], area if known else sizes.footprint_km2, sizes.width_m
        )
    made = zones.set_geometry(gpd.GeoSeries(shapes, index=zones.index, crs=4326))
    rows = zones.index[bare]
    made.loc[rows, "boundary"] = "nominal"
    sizeless = made.index.isin(rows) & made["declared_area_km2"].isna()
    made.loc[sizeless & made["area_basis"].isna(), "area_basis"] = "nominal"
    made.loc[rows, "drawn_area_km2"] = measured_m2(shapes[bare]) / 1e6
    return Outlined(made[list(zones.columns)], **counts)


def _outline(shape: Shape, area_km2: float, width_m: float) -> Shape:
    """Draw around every part of a shape; parts that are polygons stay."""
    parts = shapely.get_parts(shapely.force_2d(shape)).tolist()
    flat = [part for part in parts if part.geom_type == "Point"]
    made = [
        part
        if part.geom_type == "Polygon"
        else _circle(part, area_km2 / len(flat))
        if part.geom_type == "Point"
        else _buffered(part, width_m / 2)
        for part in parts
        if part.geom_type in {"Point", "Polygon", "LineString", "LinearRing"}
    ]
    return shapely.union_all(made)


def _circle(point: Shape, area_km2: float) -> Shape:
    """Draw a circle of an area on the ellipsoid."""
    radius_m = float(np.sqrt(area_km2 * 1e6 / np.pi))
    for _ in range(3):
        shape = _buffered(point, radius_m)
        drawn_km2 = float(measured_m2(np.array([shape], dtype=object))[0]) / 1e6
        radius_m *= float(np.sqrt(area_km2 / drawn_km2))
    return _buffered(point, radius_m)


def _buffered(shape: Shape, radius_m: float) -> Shape:
    """Draw at a distance around a shape, in metres around its middle."""
    middle = shapely.centroid(shape)
    local = f"+proj=aeqd +lon_0={middle.x} +lat_0={middle.y} +datum=WGS84 +units=m"
    there = Transformer.from_crs(4326, local, always_xy=True)

    def move(points: Points, direction: str) -> Points:
        x, y = points.T
        return np.column_stack(there.transform(x, y, direction=direction))

    flat = shapely.transform(shape, lambda points: move(points, "FORWARD"))
    grown = shapely.buffer(flat, radius_m, quad_segs=_CORNERS)
    return shapely.transform(grown, lambda points: move(points, "INVERSE"))
