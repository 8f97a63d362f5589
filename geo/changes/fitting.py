"""Changes held against a plan: what still fits, and what meets another change."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from beltmap.geo import schema
from beltmap.geo.changes.change import (
    ADDED,
    PROPERTIES,
    REMOVED,
    Change,
    Difference,
    Version,
    same_shape,
    same_value,
    versions,
)
from beltmap.geo.errors import Fault, fault
from beltmap.geo.geometry.area import Shape, areas_m2
from beltmap.geo.geometry.geojson import DECIMALS
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.labels import column_label
from beltmap.geo.language.messages import text
from beltmap.geo.plan.build import DECIMALS as AREA_DECIMALS

GEOMETRY: Final = "geometry"
"""What a conflict is about where it is about the outline."""

WHOLE: Final = "zone"
"""The same where it is about whether the zone is there at all."""


@dataclass(frozen=True, eq=False)
class Conflict:
    """
    A change that someone else's change has overtaken.

    Parameters
    ----------
    zone
        Id of the zone.
    about
        A column, `GEOMETRY` or `WHOLE`.
    before, now, after
        What the change was made over, what the plan says now, what the change
        wants: values, or outlines; whether the zone is there, of a `WHOLE`.
    """

    zone: str
    about: str
    before: Any
    now: Any
    after: Any

    def fault(self) -> Fault:
        """Say it with all versions."""
        if self.about == WHOLE:
            return fault(f"E_CONFLICT.{'there' if self.now else 'gone'}", self.zone)
        what = (
            text("difference.outline")
            if self.about == GEOMETRY
            else column_label(self.about)
        )
        shown = {"before": self.before, "now": self.now, "after": self.after}
        return fault(
            "E_CONFLICT",
            self.zone,
            what=what,
            **{name: _shown(value, self.about) for name, value in shown.items()},
        )


def conflicts(zones: gpd.GeoDataFrame, difference: Difference) -> tuple[Conflict, ...]:
    """
    Find the changes that no longer fit a plan.

    Parameters
    ----------
    zones
        Zones of the plan as it is now, EPSG:4326.
    difference
        Changes, made over this state or another one.

    Returns
    -------
    conflicts
        One a value that is neither what it was then nor what it is to be.
    """
    now = dict(versions(zones))
    return tuple(
        conflict
        for change in difference.changes
        for conflict in _conflicts(change, now.get(change.id))
    )


def changed_zones(zones: gpd.GeoDataFrame, difference: Difference) -> gpd.GeoDataFrame:
    """
    Make changes in a plan's zones, whether or not they fit.

    Parameters
    ----------
    zones
        Zones of the plan, EPSG:4326; they stay as they are.
    difference
        The changes.

    Returns
    -------
    zones
        In their order without those removed, then those added; drawn areas are
        measured anew where an outline changes.
    """
    made = zones.astype(dict.fromkeys(schema.TEXTS, object)).reset_index(drop=True)
    shapes = np.array(np.asarray(made.geometry.array), dtype=object)
    rows = {zone: row for row, zone in enumerate(made["id"])}
    more: list[dict[str, Any]] = []
    outlines: list[Shape] = []
    gone: list[int] = []
    for change in difference.changes:
        row = rows.get(change.id)
        after = change.after
        if change.sort == REMOVED:
            gone += [] if row is None else [row]
        elif row is None:
            blank = dict.fromkeys(schema.COLUMNS)
            more.append(
                blank
                | dict(after.properties)
                | {"id": change.id, "drawn_area_km2": drawn_km2(after.geometry)}
            )
            outlines.append(tidy(after.geometry))
        else:
            for column, value in after.properties.items():
                made.loc[row, column] = value
            if after.drawn:
                shapes[row] = tidy(after.geometry)
                made.loc[row, "drawn_area_km2"] = drawn_km2(after.geometry)
    plain = pd.DataFrame(made.drop(columns=made.geometry.name))
    kept = np.setdiff1d(np.arange(len(made)), gone)
    table = pd.concat(
        [plain.iloc[kept], pd.DataFrame(more, columns=plain.columns, dtype=object)],
        ignore_index=True,
    ).astype(dict.fromkeys(schema.NUMBERS, float))
    both = np.concatenate([shapes[kept], np.array([*outlines, None], object)[:-1]])
    return gpd.GeoDataFrame(table, geometry=both, crs=zones.crs)


def tidy(shape: Shape) -> Shape:
    """Put the corners of an outline on the grid of the files."""
    if shape is None:
        return None
    return shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))


def drawn_km2(shape: Shape) -> float | None:
    """Measure an outline as the layers of a plan say it."""
    if shape is None or shape.is_empty:
        return None
    return round(float(areas_m2([tidy(shape)])[0]) / 1e6, AREA_DECIMALS)


def _conflicts(change: Change, now: Version | None) -> list[Conflict]:
    if change.sort == ADDED:
        there = now is not None and not _equal(now, change.after)
        return [Conflict(change.id, WHOLE, False, True, True)] if there else []
    if now is None:
        gone = Conflict(change.id, WHOLE, True, False, change.sort != REMOVED)
        return [] if change.sort == REMOVED else [gone]
    was, will = change.before, change.after
    found = [
        Conflict(change.id, column, value, now.properties[column], wanted)
        for column, value in was.properties.items()
        for wanted in [will.properties.get(column)]
        if not same_value(now.properties[column], value)
        and (change.sort == REMOVED or not same_value(now.properties[column], wanted))
    ]
    if (
        was.drawn
        and not same_shape(now.geometry, was.geometry)
        and (change.sort == REMOVED or not same_shape(now.geometry, will.geometry))
    ):
        shapes = was.geometry, now.geometry, will.geometry
        found.append(Conflict(change.id, GEOMETRY, *shapes))
    return found


def _equal(now: Version, after: Version) -> bool:
    return same_shape(now.geometry, after.geometry) and all(
        same_value(now.properties[column], after.properties.get(column))
        for column in PROPERTIES
    )


def _shown(value: Any, about: str) -> str:  # noqa: ANN401 - a value or an outline
    """Show a version in a message: an outline by its area and number of corners."""
    if value is None:
        return "-"
    if about != GEOMETRY:
        return excerpt(value)
    corners = max(int(shapely.get_num_coordinates(value)) - 1, 0)
    km2 = float(areas_m2([value])[0]) / 1e6
    return text("difference.outline_of", km2=f"{km2:.6g}", corners=f"{corners:,}")
