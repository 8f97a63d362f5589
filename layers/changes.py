"""What is drawn of a reader's own file: where it may lie, and what it changes."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.difference import ZoneChange, as_lines
from geo.intake.notices import visible
from geo.intake.questions import Option
from geo.language.messages import text
from layers.assets import Shelf
from layers.compare import Side
from layers.map import Pane, PlanMap, map_state, plan_map
from layers.opened import Opened
from layers.payload.zones import zone_payload

MOST_LINES: Final = 200
"""Lines of a difference that are read on the page; the others are in the file."""

VERSIONS: Final = ("before", "after")


def candidate_map(
    options: Iterable[Option], *, opened: Opened, shelf: Shelf
) -> PlanMap | None:
    """
    Draw where a file would lie under each answer to a question.

    Parameters
    ----------
    options
        Answers with an outline in lon, lat degrees (EPSG:4326).
    opened
        The plan, whose surroundings are drawn below.
    shelf
        Keeps the payload.

    Returns
    -------
    drawing
        For `st_folium`; None where no answer has an outline.
    """
    placed = [option for option in options if option.outline]
    if not placed:
        return None
    names = [visible(option.label) for option in placed]
    zones = gpd.GeoDataFrame(
        {
            "id": [option.value for option in placed],
            "name_en": names,
            "kind": names,
            "boundary": "schematic",
        },
        geometry=[
            shapely.MultiPoint(option.outline).convex_hull.buffer(0.001)
            for option in placed
        ],
        crs=4326,
    )
    return plan_map({**opened.ground, "zones": shelf.put(zone_payload(zones))})


def difference_sides(
    layer: gpd.GeoDataFrame, *, opened: Opened, shelf: Shelf, group: str
) -> tuple[Side, ...]:
    """
    Draw a difference on two maps that keep one view.

    Parameters
    ----------
    layer
        As `geo.difference.difference_zones` gives it, EPSG:4326.
    opened
        The plan, whose surroundings are drawn below.
    shelf
        Keeps the payload.
    group
        Name of the pair.

    Returns
    -------
    sides
        The zones that changed as they were, and as they are; none where there
        is nothing to draw.
    """
    if layer.geometry.isna().all():
        return ()
    zones = layer.assign(
        name_en=[visible(name) for name in layer["name"]],
        kind=[text(f"difference.kind.{change}") for change in layer["change"]],
        boundary="described",
    )
    addresses = {**opened.ground, "zones": shelf.put(zone_payload(zones))}
    sides = []
    for side, version in enumerate(VERSIONS):
        mask = np.asarray(layer["version"] == version, dtype=bool)
        pane = Pane(group=group, side=side, keeps="view")
        drawing = plan_map(addresses, pane=pane)
        title = text(f"bring.version.{version}")
        sides.append(Side(title, mask, drawing, map_state(mask)))
    return tuple(sides)


def difference_words(changes: Sequence[ZoneChange]) -> str:
    """
    Say what changed, as much of it as is read on a page.

    Parameters
    ----------
    changes
        As `geo.difference.difference` gives them.

    Returns
    -------
    words
        Lines in the spoken language; the last says that there are more.
    """
    lines = list(islice(as_lines(changes), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        lines[MOST_LINES] = text("bring.more_changes", n=len(changes))
    return "\n".join(lines)
