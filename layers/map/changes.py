"""What is drawn of a reader's own file: where it may lie, and what it changes."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from beltmap.geo.intake.questions import Option
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.messages import text
from beltmap.geo.query.difference import ZoneChange, as_lines
from beltmap.geo.report.totals import UNKNOWN
from beltmap.layers.assets import Shelf
from beltmap.layers.basemap.basemaps import BASEMAPS
from beltmap.layers.map.compare import Side
from beltmap.layers.map.drawing import Drawing
from beltmap.layers.map.map import Pane, map_state, plan_map
from beltmap.layers.payload.ground import embedded
from beltmap.layers.payload.zones import zone_payload
from beltmap.layers.prepared import Prepared

MOST_LINES: Final = 200
"""Lines of a difference that are read on the page; the others are in the file."""

VERSIONS: Final = ("before", "after")


def candidate_map(
    options: Iterable[Option], *, opened: Prepared, shelf: Shelf
) -> Drawing | None:
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
        None where no answer has an outline.
    """
    placed = [option for option in options if option.outline]
    if not placed:
        return None
    names = [excerpt(option.label) for option in placed]
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
    offered = (embedded(opened.plan), *BASEMAPS[1:])
    return plan_map(
        {**opened.ground, "zones": shelf.put(zone_payload(zones, basemaps=offered))}
    )


def difference_sides(
    layer: gpd.GeoDataFrame, *, opened: Prepared, shelf: Shelf, group: str
) -> tuple[Side, ...]:
    """
    Draw a difference on two maps that keep one view.

    Parameters
    ----------
    layer
        As `geo.query.difference.difference_zones` gives it, EPSG:4326.
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
        name_en=[excerpt(name) for name in layer["name"]],
        kind=[text(f"difference.kind.{change}") for change in layer["change"]],
        boundary=layer["version"].map({"before": "schematic", "after": "described"}),
    )
    offered = (embedded(opened.plan), *BASEMAPS[1:])
    addresses = {
        **opened.ground,
        "zones": shelf.put(zone_payload(zones, basemaps=offered)),
    }
    sides = []
    for side, version in enumerate(VERSIONS):
        mask = np.asarray(layer["version"] == version, dtype=bool)
        pane = Pane(group=group, side=side, keeps="view")
        # the old outlines lie under the new ones
        shown = mask | np.asarray(layer["version"] == VERSIONS[0], dtype=bool)
        drawing = plan_map(addresses, map_state(shown), pane=pane)
        sides.append(Side(text(f"bring.version.{version}"), mask, drawing))
    return tuple(sides)


def difference_words(changes: Sequence[ZoneChange]) -> str:
    """
    Say what changed, as much of it as is read on a page.

    Parameters
    ----------
    changes
        As `geo.query.difference.difference` gives them.

    Returns
    -------
    words
        Lines in the spoken language; the last says that there are more.
    """
    lines = list(islice(as_lines(changes), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        lines[MOST_LINES] = text("bring.more_changes", n=len(changes))
    return "\n".join(lines)


def totals_words(version: str, zones: gpd.GeoDataFrame) -> str:
    """
    Say what one version adds up to.

    Parameters
    ----------
    version
        One of `VERSIONS`.
    zones
        Its zones.
    """
    return text(
        "bring.version.totals",
        version=text(f"bring.version.{version}"),
        count=len(zones),
        declared=_sum_in_words(zones["declared_area_km2"]),
        drawn=_sum_in_words(zones["drawn_area_km2"]),
    )


def _sum_in_words(areas: pd.Series) -> str:
    """Add up areas; a dash where none of them is known."""
    return f"{areas.sum():.4g}" if areas.notna().any() else UNKNOWN
