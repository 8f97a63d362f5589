"""One city's panel of a picture: its land, zones, names and a scale bar."""

from functools import cache
from textwrap import shorten
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from geo.colours import FILL_OPACITY, OUTLINES, kind_colour
from geo.export.crs import Crs, project
from geo.export.labels import place_labels
from geo.export.names import xml_text
from geo.messages import text
from geo.plan import SHIPPED

MARGIN: Final = 0.15
"""Ground around the zones, as a share of their extent."""

SEA: Final = "#EAF1F5"
LAND: Final = "#FBFAF7"
COAST: Final = "#B9C4CA"
INK: Final = "#222222"

LONGEST_NAME: Final = 60
"""Characters of a name on the picture."""

MOST_NAMES: Final = 60
"""Names on a panel, those of its largest zones: more could not be read."""

LAND_FILE: Final = SHIPPED / "basemap" / "land.geojson"
SLACK_DEG: Final = 0.2
"""Land cut around a panel's window: more than any projection turns it."""

CHINESE_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "SimHei",
)
"""Fonts with Chinese characters; the first that is installed is used."""

_DASHES: Final = {"solid": "-", "dashed": (0, (4, 2.5)), "dotted": (0, (1, 1.6))}


def draw_panel(axes: Any, title: str, zones: gpd.GeoDataFrame, crs: Crs) -> None:  # noqa: ANN401 - matplotlib's
    """
    Draw the zones of one city.

    Parameters
    ----------
    axes
        Axes of matplotlib.
    title
        Name of the city.
    zones
        Its zones in `crs`, all with geometry, at least one.
    crs
        A projected CRS.
    """
    box = _window(zones.total_bounds, axes)
    west, south, east, north = box.bounds
    axes.set(xlim=(west, east), ylim=(south, north), aspect="equal")
    axes.set(facecolor=SEA, xticks=[], yticks=[])
    axes.set_title(xml_text(title), loc="left", fontweight="bold", color=INK)
    _fill(axes, _land(box, crs), facecolor=LAND, edgecolor=COAST, linewidth=0.5)
    # the largest first, so that none hides another
    rows = zones.geometry.area.sort_values(ascending=False).index
    for row in rows:
        _zone(axes, zones.loc[row])
    _names(axes, zones.loc[rows[:MOST_NAMES][::-1]])
    _scale_bar(axes, _metres_across(box, crs))


@cache
def chinese_font() -> str | None:
    """
    Find a font with Chinese characters.

    Returns
    -------
    font
        Name of the first of `CHINESE_FONTS` that is installed, or None.
    """
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in known), None)


def _window(bounds: npt.NDArray[np.float64], axes: Any) -> BaseGeometry:  # noqa: ANN401 - matplotlib's
    """Grow the zones' extent by a margin, to the shape of its panel."""
    west, south, east, north = bounds
    panel = axes.get_window_extent()
    shape = panel.width / panel.height
    half = max(north - south, (east - west) / shape) * (1 + 2 * MARGIN) / 2
    x, y = (west + east) / 2, (south + north) / 2
    box: BaseGeometry = shapely.box(
        x - half * shape, y - half, x + half * shape, y + half
    )
    return box


def _zone(axes: Any, zone: Any) -> None:  # noqa: ANN401 - matplotlib's, a row
    colour = kind_colour(zone["kind"])
    _fill(
        axes,
        zone.geometry,
        facecolor=with_opacity(colour),
        edgecolor=colour,
        linewidth=1.4,
        linestyle=_DASHES[OUTLINES.get(str(zone["boundary"]), "dotted")],
        gid=xml_text(str(zone["id"])),
    )


def with_opacity(colour: str) -> str:
    """
    Let a colour's ground shine through.

    Parameters
    ----------
    colour
        Red, green and blue as ``#RRGGBB``.

    Returns
    -------
    colour
        The same with the opacity of a zone's fill, as ``#RRGGBBAA``.

    Examples
    --------
    >>> with_opacity("#0072B2")
    '#0072B23D'
    """
    return f"{colour}{round(FILL_OPACITY * 255):02X}"


def _names(axes: Any, zones: gpd.GeoDataFrame) -> None:  # noqa: ANN401 - matplotlib's
    """Write the zones' names, each joined to its zone by a line where it moved."""
    import matplotlib.patheffects as effects

    halo = [effects.withStroke(linewidth=2, foreground="white")]
    points = zones.geometry.representative_point()
    labels = [
        axes.annotate(
            _label(zone),
            (point.x, point.y),
            ha="center",
            va="center",
            fontsize=6.5,
            color=INK,
            path_effects=halo,
            zorder=5,
        )
        for (_, zone), point in zip(zones.iterrows(), points, strict=True)
    ]
    extents = [label.get_window_extent() for label in labels]
    corners = zones.bounds.to_numpy().reshape(-1, 2)
    boxes = axes.transData.transform(corners).reshape(-1, 4).tolist()
    places = place_labels(
        boxes,
        [(extent.width, extent.height) for extent in extents],
        frame=axes.get_window_extent().extents.tolist(),
    )
    to_data = axes.transData.inverted().transform
    for label, point, (left, bottom, right, top) in zip(
        labels, points, places, strict=True
    ):
        label.set_position(to_data(((left + right) / 2, (bottom + top) / 2)))
        start = axes.transData.transform((point.x, point.y))
        end = to_data(np.clip(start, (left, bottom), (right, top)))
        axes.plot(
            [point.x, end[0]], [point.y, end[1]], color=INK, linewidth=0.4, zorder=4
        )


def _label(zone: Any) -> str:  # noqa: ANN401 - a row
    names = [zone["name_en"], zone["name_zh"] if chinese_font() else None]
    texts = (xml_text(name) for name in names if isinstance(name, str))
    return "\n".join(shorten(name, LONGEST_NAME, placeholder=" …") for name in texts)


def _fill(axes: Any, geometry: BaseGeometry | None, **look: Any) -> None:  # noqa: ANN401 - matplotlib's
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    paths = [
        Outline(shapely.get_coordinates(ring), closed=True)
        for part in shapely.get_parts(geometry)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    if paths:
        axes.add_patch(PathPatch(Outline.make_compound_path(*paths), **look))


def _land(box: BaseGeometry, crs: Crs) -> BaseGeometry | None:
    """Cut the land of the shipped basemap to a panel; None where there is none."""
    if not LAND_FILE.exists():
        return None
    frame = gpd.GeoDataFrame(geometry=[box], crs=crs.system).to_crs(4326)
    slack = np.array([-1, -1, 1, 1]) * SLACK_DEG
    land = shapely.clip_by_rect(_coast(), *(frame.total_bounds + slack))
    local = project(gpd.GeoDataFrame(geometry=[land], crs=4326), crs)
    cut: BaseGeometry = local.geometry.make_valid().iloc[0].intersection(box)
    return cut


@cache
def _coast() -> BaseGeometry:
    land: BaseGeometry = gpd.read_file(LAND_FILE).geometry.union_all()
    return land


def _metres_across(box: BaseGeometry, crs: Crs) -> float:
    """Measure the width of a panel on the ground, whatever the CRS makes of it."""
    west, south, east, north = box.bounds
    middle = (south + north) / 2
    line = shapely.LineString([(west, middle), (east, middle)])
    frame = gpd.GeoDataFrame(geometry=[line], crs=crs.system).to_crs(4326)
    return float(Geod(ellps="WGS84").geometry_length(frame.geometry.iloc[0]))


def _scale_bar(axes: Any, width_m: float) -> None:  # noqa: ANN401 - matplotlib's
    """Draw a round number of kilometres, about a fifth of the panel."""
    rough = width_m / 5
    power = 10 ** np.floor(np.log10(rough))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= rough)
    right = 0.04 + length_m / width_m
    look = {"transform": axes.transAxes, "color": INK}
    axes.plot([0.04, right], [0.04, 0.04], linewidth=2, solid_capstyle="butt", **look)
    label = text("export.scale", km=f"{length_m / 1000:g}")
    axes.text(0.04, 0.05, label, fontsize=7, **look)
