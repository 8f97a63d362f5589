"""What lies under the zones of a panel: land, water and sea, or a plain graticule."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo.export.crs import Crs, project
from beltmap.geo.ground.ground import Ground

SEA: Final = "#EAF1F5"
LAND: Final = "#FBFAF7"
COAST: Final = "#B9C4CA"
LINE: Final = "#D8D4C8"

SLACK_DEG: Final = 0.2
"""Degrees around a panel in which the basemap is cut before it is projected."""

STEPS_DEG: Final = (30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)
"""Distances of the lines of a graticule."""

FEWEST: Final = 3
"""Lines that a graticule has across a panel at least."""

LETTERING: Final = 0.1
"""Share of a panel that the name of one of its lines may take."""


def draw_ground(
    axes: Any,  # noqa: ANN401 - matplotlib's
    box: BaseGeometry,
    crs: Crs,
    *,
    ground: Ground | None,
    scale: float,
) -> bool:
    """
    Draw land, lakes, rivers and sea where the basemap bears the scale.

    Parameters
    ----------
    axes
        Axes of matplotlib.
    box
        What they show, in `crs`.
    crs
        A projected CRS.
    ground
        The basemap; none where there is none.
    scale
        Such as 50000 for 1:50,000.

    Returns
    -------
    whole
        Whether all of the box has a ground; where it has none, it stays plain.
    """
    if ground is None:
        return False
    frame = gpd.GeoSeries([box], crs=crs.system).to_crs(4326)
    bounds = frame.total_bounds + np.array([-1, -1, 1, 1]) * SLACK_DEG
    drawn = shapely.intersection(ground.drawn(scale), shapely.box(*bounds))
    if not shapely.intersects(drawn, frame.iloc[0]):
        return False
    sea = _cut([drawn], drawn, box, crs)
    fill(axes, sea, facecolor=SEA, linewidth=0)
    land = _cut(ground.land, drawn, box, crs)
    if not len(ground.land):
        # a basemap without land is all land
        land = sea
    fill(axes, land, facecolor=LAND, edgecolor=COAST, linewidth=0.5)
    water = _cut(ground.water, drawn, box, crs)
    fill(axes, water, facecolor=SEA, edgecolor=COAST, linewidth=0.4)
    for part in shapely.get_parts(water):
        if part.geom_type == "LineString":
            x, y = shapely.get_coordinates(part).T
            axes.plot(x, y, color=COAST, linewidth=0.8, zorder=1)
    return bool(shapely.covers(shapely.buffer(sea, box.length * 1e-6), box))


def draw_graticule(axes: Any, box: BaseGeometry, crs: Crs, *, size: float) -> None:  # noqa: ANN401 - matplotlib's
    """Draw meridians and parallels at round degrees, each named at the border."""
    frame = gpd.GeoSeries([box], crs=crs.system).to_crs(4326)
    west, south, east, north = frame.total_bounds
    span = min(east - west, north - south)
    step = next((s for s in STEPS_DEG if span / s >= FEWEST), STEPS_DEG[-1])
    left, low, right, high = box.bounds
    look = {"color": LINE, "linewidth": 0.5 * size, "zorder": 0.5}
    name = {"fontsize": 6.5 * size, "color": "#6B6658", "zorder": 0.6}
    along = np.linspace(-step, step, 20)
    for lon in np.arange(np.ceil(west / step), np.floor(east / step) + 1) * step:
        lats = np.linspace(south, north, len(along))
        x, y = _line(np.full(len(lats), lon), lats, crs)
        axes.plot(x, y, **look)
        # a name that would leave the frame is left out
        if left < x[0] < right - LETTERING * (right - left):
            axes.text(x[0], low, f" {_degrees(lon, 'EW')}", va="bottom", **name)
    for lat in np.arange(np.ceil(south / step), np.floor(north / step) + 1) * step:
        lons = np.linspace(west, east, len(along))
        x, y = _line(lons, np.full(len(lons), lat), crs)
        axes.plot(x, y, **look)
        if low < y[-1] < high - LETTERING * (high - low):
            label = f"{_degrees(lat, 'NS')} "
            axes.text(right, y[-1], label, ha="right", va="bottom", **name)


def fill(axes: Any, geometry: BaseGeometry | None, **look: Any) -> None:  # noqa: ANN401 - matplotlib's
    """Fill polygons as one shape."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    paths = [
        Outline(shapely.get_coordinates(ring), closed=True)
        for part in shapely.get_parts(geometry)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    if paths:
        # the panel has its limits: a patch that asked for its own costs a millisecond
        axes.add_artist(PathPatch(Outline.make_compound_path(*paths), **look))


def _cut(
    shapes: Any,  # noqa: ANN401 - an array of shapes, or a list
    drawn: BaseGeometry,
    box: BaseGeometry,
    crs: Crs,
) -> BaseGeometry:
    """Cut shapes in EPSG:4326 to where they may be drawn, and to a panel."""
    around = shapely.clip_by_rect(np.asarray(shapes, dtype=object), *drawn.bounds)
    inside = shapely.intersection(shapely.union_all(shapely.make_valid(around)), drawn)
    local = project(gpd.GeoDataFrame(geometry=[inside], crs=4326), crs)
    cut: BaseGeometry = local.geometry.make_valid().iloc[0].intersection(box)
    return cut


def _line(lons: Any, lats: Any, crs: Crs) -> tuple[Any, Any]:  # noqa: ANN401 - arrays
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lons, lats, crs=4326))
    local = project(points, crs).geometry
    return local.x.to_numpy(), local.y.to_numpy()


def _degrees(value: float, sides: str) -> str:
    side = sides[0] if value >= 0 else sides[1]
    return f"{abs(round(value, 4)):g}°{side}"
