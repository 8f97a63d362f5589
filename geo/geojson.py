"""GeoJSON as RFC 7946 has it: the one writer."""

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from geo.errors import Fault, PlanError
from geo.messages import text

DECIMALS: Final = 7
"""Decimals of a coordinate: about a centimetre."""

WHOLE_TURN: Final = 360
"""Degrees of longitude around the world."""


def dumps(
    zones: gpd.GeoDataFrame,
    *,
    name: str | None = None,
    members: Mapping[str, Any] | None = None,
) -> bytes:
    """
    Write zones as an RFC 7946 feature collection, one feature a line.

    Exterior rings run counter-clockwise, coordinates have at most seven
    decimals, what reaches over the antimeridian is cut there, there is a `bbox`
    and no `crs` member, and the column ``id`` is
    both the Feature's id and a property, since GIS tools look in either place.

    Parameters
    ----------
    zones
        Any columns and one geometry column, in any CRS. Missing values and
        numbers that JSON does not know (NaN, infinity) become null.
    name
        Name of the layer, which GDAL and QGIS show.
    members
        Further members of the collection, such as claims and sources; readers
        that do not know them pass over them (section 6.1).

    Returns
    -------
    geojson
        UTF-8 text. An empty frame gives a collection with no features.

    Raises
    ------
    PlanError
        If `zones` has no CRS.
    """
    if zones.crs is None:
        raise PlanError([_no_crs()])
    geometries = _tidy(np.asarray(zones.to_crs(4326).geometry.array))
    fragments = [
        None if text is None else orjson.Fragment(text)
        for text in shapely.to_geojson(geometries)
    ]
    columns = {
        str(column): _values(zones[column])
        for column in zones.columns
        if column != zones.geometry.name
    }
    features = _features(columns, fragments)
    head: dict[str, Any] = {"type": "FeatureCollection"}
    if name:
        head["name"] = name
    if shapely.get_num_coordinates(geometries).any():
        head["bbox"] = shapely.total_bounds(geometries).tolist()
    tail = b"," + orjson.dumps(dict(members))[1:] if members else b"}"
    return (
        orjson.dumps(head)[:-1]
        + b',"features":[\n'
        + b",\n".join(features)
        + b"\n]"
        + tail
        + b"\n"
    )


def _features(columns: dict[str, list[Any]], fragments: list[Any]) -> list[bytes]:
    """Write each feature from its columns and its geometry's JSON."""
    names = list(columns)
    rows = zip(*columns.values(), strict=True) if names else iter([()] * len(fragments))
    features = []
    for row, geometry in zip(rows, fragments, strict=True):
        feature: dict[str, Any] = {"type": "Feature"}
        properties = dict(zip(names, row, strict=True))
        if properties.get("id") is not None:
            feature["id"] = properties["id"]
        feature["geometry"] = geometry
        feature["properties"] = properties
        features.append(orjson.dumps(feature))
    return features


def _tidy(geometries: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Cut at the antimeridian, round, and wind rings by the right-hand rule."""
    geometries = _inside_world(geometries)
    rounded = shapely.transform(geometries, lambda xy: np.round(xy, DECIMALS))
    return np.asarray(shapely.orient_polygons(rounded), dtype=object)


def _inside_world(geometries: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Cut what reaches over 180° in two, as section 3.1.9 asks."""
    bounds = shapely.bounds(geometries)
    over = (bounds[:, 0] < -WHOLE_TURN / 2) | (bounds[:, 2] > WHOLE_TURN / 2)
    cut = geometries.copy()
    for row in np.flatnonzero(over):
        cut[row] = shapely.union_all(
            [_window(geometries[row], west) for west in (-540, -180, 180)]
        )
    return cut


def _window(geometry: BaseGeometry, west: float) -> BaseGeometry:
    """Cut one turn out of a geometry and put it where longitudes are usual."""
    part = shapely.clip_by_rect(geometry, west, -90, west + WHOLE_TURN, 90)
    return affinity.translate(part, xoff=-WHOLE_TURN / 2 - west)


def _values(column: Any) -> list[Any]:  # noqa: ANN401 - a Series of any type
    """Give a column's values as JSON knows them."""
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    if column.dtype.kind == "f":
        return [None if v is None or not np.isfinite(v) else v for v in values]
    return values


def _no_crs() -> Fault:
    return Fault(
        "E_CRS_MISSING",
        text("where.zones"),
        text("fault.crs_missing"),
        text("fault.crs_missing.write"),
    )
