"""What lies around a city's zones on a picture: roads, places, possible ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo.export.crs import Crs, project
from beltmap.geo.export.names import xml_text
from beltmap.geo.export.picture.labels import Box, holds, meet
from beltmap.geo.language.messages import other, own, text

ROAD: Final = "#DDD6C8"
QUIET: Final = "#6B7680"
WATER: Final = "#5C89A0"

PLACES: Final = {
    "city": ("normal", 8.5, ""),
    "district": ("normal", 6.5, ""),
    "sea": ("italic", 7, ""),
    "bay": ("italic", 6.5, ""),
    "university": ("normal", 6.5, "s"),
    "port": ("normal", 6.5, "D"),
    "airport": ("normal", 6.5, "^"),
    "rival": ("normal", 6.5, "o"),
    "context": ("normal", 6.5, "."),
}
"""Slant, size in points and mark of a place of each role."""

LINES: Final = {"axis": (0, (6, 5)), "leader": (0, (2, 4))}
"""Dashes of lines along and to possible places, by role."""


NEAR: Final = tuple(side * step / 4 for step in range(4, 33) for side in (-1, 1))
"""Lines of words away from where a line leaves the map, the nearest first."""


@dataclass(frozen=True, eq=False)
class Around:
    """
    What lies around the zones, in EPSG:4326.

    Parameters
    ----------
    roads
        Lines.
    places
        Points with ``name_en``, ``name_zh`` and ``role``.
    lines
        Lines to and along possible places; None if there are none.
    """

    roads: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame | None = None


def draw_lines(  # noqa: PLR0913 - how lines look
    axes: Any,  # noqa: ANN401 - matplotlib's
    roads: gpd.GeoDataFrame,
    box: BaseGeometry,
    crs: Crs,
    *,
    color: str = ROAD,
    width: float = 0.7,
    style: Any = "-",  # noqa: ANN401 - matplotlib's
) -> None:
    """Draw lines under the zones."""
    from matplotlib.collections import LineCollection

    local = project(roads, crs)
    lines = [
        shapely.get_coordinates(line)
        for line in shapely.get_parts(local.geometry.clip(box).to_numpy())
        if line.geom_type == "LineString" and not line.is_empty
    ]
    drawn = LineCollection(
        lines, colors=color, linewidths=width, linestyles=[style], zorder=1
    )
    axes.add_collection(drawn, autolim=False)


def draw_possible(  # noqa: PLR0913 - how lines look and what they avoid
    axes: Any,  # noqa: ANN401 - matplotlib's
    lines: gpd.GeoDataFrame,
    box: BaseGeometry,
    crs: Crs,
    *,
    taken: Sequence[Box],
    size: float,
) -> tuple[set[str], list[Box]]:
    """
    Draw lines along and to possible places; one that leaves says where to.

    Returns
    -------
    roles, ends
        Roles of the lines that are drawn, and where words stand at the edge.
    """
    drawn: set[str] = set()
    ends: list[Box] = []
    for role, dash in LINES.items():
        here = lines[lines["role"] == role]
        local = project(here, crs)
        seen = local.geometry.intersects(box).to_numpy()
        if not seen.any():
            continue
        drawn.add(role)
        draw_lines(
            axes, here[seen], box, crs, color=QUIET, width=0.9 * size, style=dash
        )
        for line in local[seen].itertuples():
            goal = shapely.get_point(line.geometry, -1)
            name = getattr(line, own("name")) or getattr(line, other("name"))
            if role == "leader" and name and not goal.within(box):
                km = goal.distance(box) / 1000
                said = text("export.leads_to", name=shorten(name, 60), km=f"{km:.0f}")
                out = shapely.get_coordinates(line.geometry.intersection(box))[-1]
                beside = [*taken, *ends]
                ends.append(_at_edge(axes, said, out, taken=beside, size=size))
    return drawn, ends


def _at_edge(
    axes: Any,  # noqa: ANN401 - matplotlib's
    said: str,
    out: npt.NDArray[np.float64],
    *,
    taken: Sequence[Box],
    size: float,
) -> Box:
    """Write beside where a line leaves the panel, clear of what stands there."""
    frame = axes.get_window_extent()
    look = {"fontsize": 6.4 * size, "color": QUIET, "zorder": 3, "va": "center"}
    label = axes.annotate(xml_text(said), out, **look)
    x, y = axes.transData.transform(out)
    width, height = (side + 4 for side in label.get_window_extent().size)
    left = x + 3 if x < (frame.x0 + frame.x1) / 2 else x - 3 - width
    levels = [y + step * height for step in NEAR]
    boxes = [
        (left, level - height / 2, left + width, level + height / 2) for level in levels
    ]
    inside = [box for box in boxes if holds(frame.extents.tolist(), box)] or boxes
    clear = (box for box in inside if not any(meet(box, one) for one in taken))
    place = next(clear, inside[0])
    middle = (left + 2, (place[1] + place[3]) / 2)
    label.set_position(axes.transData.inverted().transform(middle))
    return place


def draw_places(
    axes: Any,  # noqa: ANN401 - matplotlib's
    places: gpd.GeoDataFrame,
    crs: Crs,
    *,
    taken: list[Box],
    size: float,
) -> set[str]:
    """Mark places, and name them where no zone's name stands; give their roles."""
    frame = axes.get_window_extent().extents.tolist()
    boxes = [
        (left - 3, low - 3, right + 3, high + 3) for left, low, right, high in taken
    ]
    marked = set()
    for place in project(places, crs).itertuples():
        name = getattr(place, own("name")) or getattr(place, other("name"))
        slant, points, mark = PLACES.get(place.role, PLACES["context"])
        at = axes.transData.transform((place.geometry.x, place.geometry.y))
        if not holds(frame, (*at, *at)):
            continue
        if mark:
            look = {"color": QUIET, "markersize": 3 * size}
            axes.plot(place.geometry.x, place.geometry.y, mark, **look)
            marked.add(str(place.role))
        label = axes.annotate(
            xml_text(str(name)),
            (place.geometry.x, place.geometry.y),
            xytext=(0, 5 * size if mark else 0),
            textcoords="offset points",
            ha="center",
            va="bottom" if mark else "center",
            fontsize=points * size,
            fontstyle=slant,
            color=WATER if place.role in {"sea", "bay"} else QUIET,
            zorder=3,
        )
        box = tuple(label.get_window_extent().extents)
        if holds(frame, box) and not any(meet(box, one) for one in boxes):
            boxes.append(box)
        else:
            label.remove()
    return marked
