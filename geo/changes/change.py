"""A difference over a plan as one value, and how it is written."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely

from beltmap.geo import schema
from beltmap.geo.geometry.area import Shape
from beltmap.geo.geometry.geojson import DECIMALS

FORMAT: Final = "difference"
"""Value of the member ``beltmap`` of the file."""

VERSION: Final = 1

DERIVED: Final = ("id", "drawn_area_km2")
"""Columns that are no property of a change: one names it, one is measured."""

PROPERTIES: Final = tuple(one for one in schema.COLUMNS if one not in DERIVED)
"""Columns that a change may give another value."""

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"
SORTS: Final = (ADDED, REMOVED, CHANGED)

GRID: Final = 10.0**-DECIMALS
"""Step of a coordinate in the files, degrees."""

Value: TypeAlias = str | float | None


@dataclass(frozen=True)
class Edit:
    """
    Who changed something, when and why; as they say of themselves.

    Parameters
    ----------
    by
        Name as typed; no one has verified it.
    at
        Time in ISO 8601.
    basis
        What the change rests on: a document, a survey, a wish.
    note
        What else is to be said.
    """

    by: str = ""
    at: str = ""
    basis: str = ""
    note: str = ""

    def as_json(self) -> dict[str, str]:
        """Give what is said; nothing of what is not."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True, eq=False)
class Version:
    """
    What a change touches, as it was or as it is to be.

    Parameters
    ----------
    properties
        Values by column of `PROPERTIES`.
    drawn
        Whether the outline is touched.
    geometry
        That outline, EPSG:4326; None for none, and where it is not touched.
    """

    properties: Mapping[str, Value] = field(default_factory=dict)
    drawn: bool = False
    geometry: Shape = None


@dataclass(frozen=True, eq=False)
class Change:
    """
    What is to become of one zone.

    Parameters
    ----------
    id
        Of the zone.
    sort
        One of `SORTS`.
    before, after
        What it touches; both name the same columns where the zone is changed.
        Nothing before one that is added, nothing after one that is removed.
    edit
        Who says so.
    """

    id: str
    sort: str
    before: Version = field(default_factory=Version)
    after: Version = field(default_factory=Version)
    edit: Edit = field(default_factory=Edit)


@dataclass(frozen=True, eq=False)
class Difference:
    """
    Changes over a plan.

    Parameters
    ----------
    changes
        One a zone.
    plan
        Name of the plan's folder.
    stamp
        Of the plan's content when the changes were made, see `content_stamp`.
    name
        What the reader calls them.
    edit
        Who made them, where a change does not say so itself.
    """

    changes: tuple[Change, ...]
    plan: str = ""
    stamp: str = ""
    name: str = ""
    edit: Edit = field(default_factory=Edit)

    def edit_of(self, change: Change) -> Edit:
        """Give who says so of one change: itself, or else all of them together."""
        said = {
            one.name: getattr(change.edit, one.name) or getattr(self.edit, one.name)
            for one in fields(Edit)
        }
        return Edit(**said)


def content_stamp(zones: gpd.GeoDataFrame) -> str:
    """
    Tell the state of a plan's zones by what they say, wherever they are kept.

    Parameters
    ----------
    zones
        Zones of a plan, EPSG:4326.

    Returns
    -------
    stamp
        Sixteen hexadecimal digits: equal for equal ids, properties and outlines
        on the grid of the files, in whatever order.
    """
    lines = sorted(
        orjson.dumps([zone, version.properties], option=orjson.OPT_SORT_KEYS)
        + (shapely.to_wkb(on_grid(version.geometry)) or b"")
        for zone, version in versions(zones)
    )
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:16]


def versions(zones: gpd.GeoDataFrame) -> Iterator[tuple[str, Version]]:
    """Give every zone's id, and all that a change may touch of it."""
    table = pd.DataFrame({name: zones[name] for name in ("id", *PROPERTIES)})
    shapes = np.asarray(zones.geometry.array)
    for row, shape in zip(table.to_dict("records"), shapes, strict=True):
        said = {name: _plain(row[name]) for name in PROPERTIES}
        yield str(row["id"]), Version(said, drawn=True, geometry=shape)


def on_grid(shape: Shape) -> Shape:
    """
    Give an outline as it is compared; None for nothing.

    Its corners lie on the grid and are in one order, and it is no multipolygon of
    one part.

    Examples
    --------
    >>> square = shapely.box(0, 0, 1, 1)
    >>> on_grid(square) == on_grid(shapely.MultiPolygon([square.reverse()]))
    True
    """
    if shape is None or shape.is_empty:
        return None
    if shapely.get_num_geometries(shape) == 1:
        shape = shapely.get_geometry(shape, 0)
    rounded = shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))
    return shapely.normalize(rounded)


def same_shape(one: Shape, other: Shape) -> bool:
    """Tell whether two outlines are the same in a file."""
    one, other = on_grid(one), on_grid(other)
    if one is None or other is None:
        return one is other
    return bool(shapely.equals_exact(one, other, tolerance=GRID / 100))


def same_value(one: Value, other: Value) -> bool:
    """Tell whether two values are the same; an empty text is none."""
    return (None if one == "" else one) == (None if other == "" else other)


def dumps(difference: Difference) -> bytes:
    """
    Write a difference as GeoJSON: a feature for what each zone is to be.

    Parameters
    ----------
    difference
        What is to be written.

    Returns
    -------
    geojson
        RFC 7946; what else there is to know stands in foreign members, see
        `geo.changes.reading.parse_difference`.
    """
    head: dict[str, Any] = {
        "type": "FeatureCollection",
        "beltmap": FORMAT,
        "version": VERSION,
        "name": difference.name,
        "base": {"plan": difference.plan, "stamp": difference.stamp},
        **difference.edit.as_json(),
    }
    lines = b",\n".join(_feature(change) for change in difference.changes)
    return orjson.dumps(head)[:-1] + b',"features":[\n' + lines + b"\n]}\n"


def _feature(change: Change) -> bytes:
    """Write one change: what is to be as a feature, what was as a member of it."""
    feature: dict[str, Any] = {
        "type": "Feature",
        "id": change.id,
        "change": change.sort,
        "geometry": geometry_json(change.after.geometry),
        "properties": {**change.after.properties},
    }
    if change.sort != ADDED:
        before: dict[str, Any] = {"properties": {**change.before.properties}}
        if change.before.drawn:
            before["geometry"] = geometry_json(change.before.geometry)
        feature["before"] = before
    if said := change.edit.as_json():
        feature["edit"] = said
    return orjson.dumps(feature)


def geometry_json(shape: Shape) -> Any:  # noqa: ANN401 - JSON's
    """Write an outline corner by corner, in the order in which it was drawn."""
    if shape is None or shape.is_empty:
        return None
    rounded = shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))
    return orjson.loads(shapely.to_geojson(shapely.force_2d(rounded)))


def _plain(value: object) -> Value:
    """Give a cell as JSON has it; missing is None."""
    if value is None or value is pd.NA or value == "":
        return None
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    return number if np.isfinite(number) else None
