"""Collections of a plan: one a kind and shape of its zones, and its tables."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from beltmap.geo.export.extract import sources_of
from beltmap.geo.geometry.geojson import Box
from beltmap.geo.language.labels import code_label, column_label
from beltmap.geo.language.messages import text
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.cql import GEOMETRY, NUMBER, TEXT

if TYPE_CHECKING:
    import pandas as pd

Rows = NDArray[np.intp]

SHAPES: Final = {"Polygon": "polygon", "LineString": "line", "Point": "point"}
"""What is in a collection, and how it is called beside one of areas."""

HALF: Final = 180


@dataclass(frozen=True, eq=False)
class Field:
    """
    A property of the features of a collection.

    Parameters
    ----------
    name, title
        Its code, and what it is called in the reader's language.
    type
        Of JSON.
    """

    name: str
    title: str
    type: str


@dataclass(frozen=True, eq=False)
class Collection:
    """
    Features of one shape, with the same fields.

    Parameters
    ----------
    code
        Its id.
    title, about
        What it is called, and what is in it.
    table
        Where its features are, among others.
    rows
        Which they are: the first ones have a value in each column that has any, and
        a geometry, since QGIS takes the types from the first ten.
    shape
        Type of the geometries; None where they have none.
    fields
        Properties of the features.
    """

    code: str
    title: str
    about: str
    table: gpd.GeoDataFrame
    rows: Rows
    shape: str | None
    fields: tuple[Field, ...]

    @property
    def properties(self) -> dict[str, str]:
        """Types of what a filter in CQL2 may name."""
        types = {
            one.name: TEXT if one.type == "string" else NUMBER for one in self.fields
        }
        return types | ({GEOMETRY: GEOMETRY} if self.shape else {})

    @property
    def bounds(self) -> list[float] | None:
        """West, south, east and north of all features, in degrees."""
        found = self.boxes[~np.isnan(self.boxes[:, 0])]
        if not len(found):
            return None
        return [*found[:, :2].min(axis=0).tolist(), *found[:, 2:].max(axis=0).tolist()]

    @cached_property
    def boxes(self) -> NDArray[np.float64]:
        """The same of each feature."""
        shapes = np.asarray(self.table.geometry.array.take(self.rows), dtype=object)
        return np.asarray(shapely.bounds(shapes))

    def take(self, rows: Rows) -> gpd.GeoDataFrame:
        """Give features by their rows of the table."""
        part = self.table.take(rows)
        if self.shape is None or not self.shape.startswith("Multi"):
            return part
        shapes = np.asarray(part.geometry.array, dtype=object)
        return part.set_geometry([_multiple(one) for one in shapes], crs=4326)

    def within(self, box: Box) -> Rows:
        """Find the features that touch a box in degrees."""
        west, south, east, north = box
        if west > east:
            # such a box reaches over the antimeridian
            halves = (west, south, HALF, north), (-HALF, south, east, north)
            found = [self.within(half) for half in halves]
            return self.rows[np.isin(self.rows, np.concatenate(found))]
        with np.errstate(invalid="ignore"):
            near = (self.boxes[:, 0] <= east) & (self.boxes[:, 2] >= west)
            near &= (self.boxes[:, 1] <= north) & (self.boxes[:, 3] >= south)
        rows = self.rows[near]
        shapes = np.asarray(self.table.geometry.array.take(rows), dtype=object)
        return rows[shapely.intersects(shapes, shapely.box(*box))]

    def row(self, feature: str) -> int | None:
        """Find the row of a feature by its id."""
        ids = self.table["id"].to_numpy(object)[self.rows]
        found = self.rows[ids == feature]
        return int(found[0]) if len(found) else None


def collections(selection: Selection) -> dict[str, Collection]:
    """
    Give the collections of what is chosen, none of them empty.

    Parameters
    ----------
    selection
        Zones of a plan.

    Returns
    -------
    collections
        By their ids, titles in the spoken language: one for each kind of zones and
        each of their shapes, then ``claims`` and ``sources``.
    """
    made: dict[str, Collection] = {}
    for one in (*_zones(selection), *_tables(selection)):
        code = one.code
        # a kind may be called as a table is
        while code in made:
            code += "-table"
        made[code] = Collection(**{**vars(one), "code": code})
    return made


def _zones(selection: Selection) -> Iterator[Collection]:
    zones, charter = selection.plan.zones, selection.charter
    fields = tuple(
        Field(name, column_label(name), _type(zones[name]))
        for name in zones.columns
        if name != zones.geometry.name
    )
    chosen = np.flatnonzero(selection.mask)
    kinds = zones["kind"].fillna("other").to_numpy(object)[chosen]
    shapes = np.asarray(zones.geometry.array.take(chosen), dtype=object)
    types = shapely.get_type_id(shapes)
    codes = (*charter.by_kind, *sorted(set(kinds) - set(charter.by_kind)))
    for kind in codes:
        of_kind = kinds == kind
        found = [name for name in SHAPES if (of_kind & _having(types, name)).any()]
        for place, name in enumerate(found or [None]):
            # those without a shape go with the first, so that each is told once
            mine = of_kind & (_having(types, name) | ((place == 0) & (types < 0)))
            rows = chosen[mine]
            if not len(rows):
                continue
            title = code_label("kind", kind)
            several = name and (types[mine] > _LAST_SINGLE).any()
            yield Collection(
                code=kind if place == 0 else f"{kind}-{SHAPES[str(name)]}",
                title=title if place == 0 else f"{title} · {_shape_words(name)}",
                about=text("services.about", plan=charter.title.say(), name=title),
                table=zones,
                rows=rows[_order(zones.take(rows), types[mine] >= 0)],
                shape=f"Multi{name}" if several else name,
                fields=fields,
            )


def _tables(selection: Selection) -> Iterator[Collection]:
    claims = selection.claims
    title = selection.charter.title.say()
    for code, table in (
        ("claims", claims),
        ("sources", sources_of(selection, claims)),
    ):
        if not len(table):
            continue
        frame = gpd.GeoDataFrame(
            table.reset_index(drop=True),
            geometry=np.full(len(table), None, object),
            crs=4326,
        )
        yield Collection(
            code=code,
            title=text(f"services.{code}"),
            about=text("services.about", plan=title, name=text(f"services.{code}")),
            table=frame,
            rows=_order(frame, np.ones(len(frame), bool)),
            shape=None,
            fields=tuple(
                Field(name, text(f"services.field.{name}"), _type(table[name]))
                for name in table.columns
            ),
        )


_IDS: Final = {"Point": (0, 4), "LineString": (1, 2, 5), "Polygon": (3, 6)}
_LAST_SINGLE: Final = 3


def _having(types: NDArray[Any], name: str | None) -> NDArray[np.bool_]:
    return np.isin(types, _IDS[name] if name else (-1,))


def _shape_words(name: str | None) -> str:
    return text(f"services.shape.{SHAPES[str(name)]}")


def _order(frame: gpd.GeoDataFrame, located: NDArray[np.bool_]) -> Rows:
    """Put those first whose values tell the types of all columns."""
    rest = np.argsort(~located, kind="stable")
    numbers = [c for c in frame.columns if _type(frame[c]) != "string"]
    there = frame[numbers].notna().to_numpy()[rest]
    first = [rest[:1], *(rest[column][:1] for column in there.T)]
    listed = dict.fromkeys(np.concatenate([*first, rest]).tolist())
    return np.fromiter(listed, np.intp, len(listed))


def _type(column: "pd.Series[Any]") -> str:
    kinds = {"f": "number", "i": "integer", "u": "integer", "b": "boolean"}
    return kinds.get(column.dtype.kind, "string")


_MULTIPLE: Final[Mapping[str, Callable[[list[Any]], BaseGeometry]]] = {
    "Polygon": shapely.MultiPolygon,
    "LineString": shapely.MultiLineString,
    "Point": shapely.MultiPoint,
}


def _multiple(shape: BaseGeometry | None) -> BaseGeometry | None:
    if shape is None or shape.geom_type not in _MULTIPLE:
        return shape
    return _MULTIPLE[shape.geom_type]([shape])
