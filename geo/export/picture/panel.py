"""One city's panel of a picture: its land, zones, names and a scale bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import shorten
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from beltmap.geo.colours import FILL_OPACITY, OUTLINES, kind_colour, kind_hatch
from beltmap.geo.export.crs import Crs, project
from beltmap.geo.export.names import xml_text
from beltmap.geo.export.picture.around import (
    Around,
    draw_lines,
    draw_places,
    draw_possible,
)
from beltmap.geo.export.picture.ground import LAND, draw_graticule, draw_ground, fill
from beltmap.geo.export.picture.labels import Box, place_labels, place_or_number
from beltmap.geo.ground.ground import Ground
from beltmap.geo.language.messages import other, own, text

MARGIN: Final = 0.15
"""Ground around the zones, as a share of their extent."""

INK: Final = "#222222"
FRAME: Final = "#6F7B84"


METRES_PER_INCH: Final = 0.0254
BAR_M: Final = 0.035
"""Longest scale bar on paper, where panels have one scale."""

LONGEST_NAME: Final = 60
"""Characters of a name on the picture."""

MOST_NAMES: Final = 60
"""Names on a panel, those of its largest zones: more could not be read."""

CROWDED: Final = 20
"""Names where not all zones have one."""

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

_DASHES: Final = {
    "solid": "-",
    "dashed": (0, (4, 2.5)),
    "dotted": (0, (1, 1.6)),
    "dashdot": (0, (5, 2, 1, 2)),
}


@dataclass(frozen=True, eq=False)
class PanelStyle:
    """
    How a panel is drawn.

    Parameters
    ----------
    ground
        The basemap, of which the land is drawn; none where there is none.
    around
        Roads and named places to draw as well.
    both_names
        Whether a zone has both of its names, or only the reader's.
    enlarge
        Factor of letters and lines.
    scale
        Metres on the ground to a metre of paper; so that all zones are shown
        if left out.
    key
        Takes the names that have no room, where numbers stand on the map: the
        first is that of number 1. Without it a name may hide another.
    """

    ground: Ground | None = None
    around: Around | None = None
    both_names: bool = True
    enlarge: float = 1.0
    scale: float | None = None
    key: list[str] | None = None


def draw_panel(
    axes: Any,  # noqa: ANN401 - matplotlib's
    title: str,
    zones: gpd.GeoDataFrame,
    crs: Crs,
    *,
    style: PanelStyle | None = None,
) -> set[str]:
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
    style
        How it is drawn.

    Returns
    -------
    roles
        Of the places that are marked and of the lines to and along possible
        places that are drawn.
    """
    style = style or PanelStyle()
    size = style.enlarge
    box = _window(zones.total_bounds, axes, style.scale)
    west, south, east, north = box.bounds
    axes.set(xlim=(west, east), ylim=(south, north), aspect="equal")
    # where no land is known, no sea is either
    axes.set(facecolor=LAND, xticks=[], yticks=[])
    axes.spines[:].set(color=FRAME, linewidth=0.8 * size)
    heading = {"fontweight": "bold", "color": INK, "fontsize": 10.5 * size}
    axes.set_title(xml_text(title), loc="left", **heading)
    panel = axes.get_window_extent()
    inches = panel.width / axes.figure.dpi
    scale = _metres_across(box, crs) / inches / METRES_PER_INCH
    if not draw_ground(axes, box, crs, ground=style.ground, scale=scale):
        draw_graticule(axes, box, crs, size=size)
    if style.around is not None:
        draw_lines(axes, style.around.roads, box, crs)
    # the largest first, so that none hides another
    rows = zones.geometry.area.sort_values(ascending=False).index
    for row in rows:
        _zone(axes, zones.loc[row])
    most = MOST_NAMES if len(rows) <= MOST_NAMES else CROWDED
    bar = _scale_bar(axes, _metres_across(box, crs), style)
    taken = _names(axes, zones.loc[rows[:most][::-1]], style, bar=bar)
    _north(axes, box, crs, size)
    if style.around is None:
        return set()
    drawn: set[str] = set()
    if style.around.lines is not None:
        lines, marks = style.around.lines, _small(axes, zones)
        drawn, ends = draw_possible(
            axes, lines, box, crs, taken=[*taken, *marks, bar], size=size
        )
        taken = [*taken, *ends]
    return drawn | draw_places(axes, style.around.places, crs, taken=taken, size=size)


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


def _window(
    bounds: npt.NDArray[np.float64],
    axes: Any,  # noqa: ANN401 - matplotlib's
    scale: float | None,
) -> BaseGeometry:
    """Grow the zones' extent to a scale, or by a margin, to the panel's shape."""
    west, south, east, north = bounds
    panel = axes.get_window_extent()
    shape = panel.width / panel.height
    half = max(north - south, (east - west) / shape) * (1 + 2 * MARGIN) / 2
    if scale is not None:
        half = panel.height / axes.figure.dpi * METRES_PER_INCH * scale / 2
    x, y = (west + east) / 2, (south + north) / 2
    box: BaseGeometry = shapely.box(
        x - half * shape, y - half, x + half * shape, y + half
    )
    return box


def _zone(axes: Any, zone: Any) -> None:  # noqa: ANN401 - matplotlib's, a row
    look = area_look(str(zone["kind"]))
    shape, clear = zone.geometry, look | {"facecolor": "none"}
    name = xml_text(str(zone["id"]))
    # some readers of PDF lose a pattern over a colour that shines through
    fill(axes, shape, facecolor=look["facecolor"], linewidth=0, gid=name)
    dash = _DASHES[OUTLINES.get(str(zone["boundary"]), "dotted")]
    fill(axes, shape, **clear, linewidth=1.4, linestyle=dash)


def area_look(kind: str) -> dict[str, Any]:
    """Say how the area of a kind of zone is drawn, as Matplotlib takes it."""
    colour = kind_colour(kind)
    hatch = kind_hatch(kind)
    return {"facecolor": with_opacity(colour), "edgecolor": colour, "hatch": hatch}


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


def _names(
    axes: Any,  # noqa: ANN401 - matplotlib's
    zones: gpd.GeoDataFrame,
    style: PanelStyle,
    *,
    bar: Box,
) -> list[Box]:
    """Write the zones' names, each joined to its zone by a line where it moved."""
    import matplotlib.patheffects as effects

    halo = [effects.withStroke(linewidth=2, foreground="white")]
    points = zones.geometry.representative_point()
    labels = [
        axes.annotate(
            _label(zone, both=style.both_names),
            (point.x, point.y),
            ha="center",
            va="center",
            fontsize=(6.5 if style.both_names else 7.2) * style.enlarge,
            color=INK,
            path_effects=halo,
            zorder=5,
        )
        for (_, zone), point in zip(zones.iterrows(), points, strict=True)
    ]
    extents = [label.get_window_extent() for label in labels]
    sizes = [(extent.width, extent.height) for extent in extents]
    corners = zones.bounds.to_numpy().reshape(-1, 2)
    boxes = axes.transData.transform(corners).reshape(-1, 4).tolist()
    frame = axes.get_window_extent().extents.tolist()
    if style.key is None:
        places = place_labels(boxes, sizes, frame=frame)
    else:
        widest = _number_size(labels[0], len(style.key) + len(labels))
        found = place_or_number(boxes, sizes, number=widest, frame=frame, taken=[bar])
        places = [box for box, _ in found]
        named = [name for _, name in found]
        _number(labels, named, np.argsort(zones.index), style.key)
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
    return places


def _number_size(label: Any, most: int) -> tuple[float, float]:  # noqa: ANN401 - matplotlib's
    """Measure the widest number in the letters of a label."""
    words = label.get_text()
    label.set(text="0" * len(str(most)), fontweight="bold")
    extent = label.get_window_extent()
    label.set(text=words, fontweight="normal")
    return extent.width, extent.height


def _number(
    labels: Sequence[Any],
    named: Sequence[bool],
    order: npt.NDArray[np.int_],
    key: list[str],
) -> None:
    """Write numbers for names that have no room, in the order of the zones."""
    for place in order:
        if not named[place]:
            key.append(labels[place].get_text())
            labels[place].set(text=str(len(key)), fontweight="bold")


def _small(axes: Any, zones: gpd.GeoDataFrame) -> list[Box]:  # noqa: ANN401 - matplotlib's
    """Give the places of zones that words at the edge should not hide."""
    corners = zones.bounds.to_numpy().reshape(-1, 2)
    boxes = axes.transData.transform(corners).reshape(-1, 4)
    across = boxes[:, 2] - boxes[:, 0]
    small = boxes[across < axes.get_window_extent().width / 5]
    places: list[Box] = [tuple(box) for box in small.tolist()]
    return places


def _label(zone: Any, *, both: bool) -> str:  # noqa: ANN401 - a row
    columns = (own("name"), other("name"))
    names = [zone[c] for c in columns if c.endswith("en") or chinese_font()]
    known = [name for name in names if isinstance(name, str)]
    texts = (xml_text(name) for name in (known if both else known[:1]))
    return "\n".join(shorten(name, LONGEST_NAME, placeholder=" …") for name in texts)


def _north(axes: Any, box: BaseGeometry, crs: Crs, size: float) -> None:  # noqa: ANN401 - matplotlib's
    """Draw an arrow to true north, which a projection turns a little."""
    west, south, east, north = box.bounds
    start = gpd.GeoSeries.from_xy([(west + east) / 2], [(south + north) / 2])
    place = start.set_crs(crs.system).to_crs(4326).iloc[0]
    there = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([place.x] * 2, [place.y, place.y + 0.01], crs=4326)
    )
    low, high = project(there, crs).geometry
    turn = np.arctan2(high.x - low.x, high.y - low.y)
    foot = np.array([0.95, 0.86])
    panel = axes.get_window_extent()
    length = 0.07 * min(panel.width, panel.height) * 1.3
    head = foot + length * np.array(
        [np.sin(turn) / panel.width, np.cos(turn) / panel.height]
    )
    look = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.1 * size}
    look["mutation_scale"] = 11 * size
    ends = {"xycoords": "axes fraction", "textcoords": "axes fraction"}
    axes.annotate("", head, foot, arrowprops=look, **ends)
    axes.annotate(
        text("export.north"),
        head,
        (0, 2),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="center",
        fontsize=8 * size,
        fontweight="bold",
        color=INK,
    )


def _metres_across(box: BaseGeometry, crs: Crs) -> float:
    """Measure the width of a panel on the ground, whatever the CRS makes of it."""
    west, south, east, north = box.bounds
    middle = (south + north) / 2
    line = shapely.LineString([(west, middle), (east, middle)])
    frame = gpd.GeoDataFrame(geometry=[line], crs=crs.system).to_crs(4326)
    return float(Geod(ellps="WGS84").geometry_length(frame.geometry.iloc[0]))


def _scale_bar(axes: Any, width_m: float, style: PanelStyle) -> Box:  # noqa: ANN401 - matplotlib's
    """Draw a round number of kilometres, a fifth of the panel; give its place."""
    size = style.enlarge
    # the same on all panels of one scale
    rough = width_m / 5 if style.scale is None else style.scale * BAR_M
    power = 10 ** np.floor(np.log10(rough))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= rough)
    right = 0.04 + length_m / width_m
    look = {"transform": axes.transAxes, "color": INK}
    axes.plot(
        [0.04, right], [0.04, 0.04], linewidth=2 * size, solid_capstyle="butt", **look
    )
    label = text("export.scale", km=f"{length_m / 1000:g}")
    words = axes.text(0.04, 0.05, label, fontsize=7 * size, **look)
    place: Box = tuple(words.get_window_extent().extents)
    return place
