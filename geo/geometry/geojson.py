"""GeoJSON as RFC 7946 has it: the one writer."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import orjson
import shapely

from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry.antimeridian import inside_world
from beltmap.geo.geometry.polygonjson import MULTIPOLYGON, POLYGON, write_polygons
from beltmap.geo.language.messages import text
from beltmap.geo.memory import collector_paused

Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east and north in degrees."""

DECIMALS: Final = 7
"""Decimals of a coordinate: about a centimetre."""


@collector_paused()
def dumps(
    zones: gpd.GeoDataFrame,
    *,
    name: str | None = None,
    members: Mapping[str, Any] | None = None,
) -> bytes:
    """
    Write zones as an RFC 7946 feature collection, one feature a line.

    Exterior rings run counter-clockwise, coordinates have at most seven
    decimals and no height, what reaches over the antimeridian is cut there,
    there is a ``bbox`` and no `crs` member, and the column ``id`` is both the
    Feature's id and a property, since GIS tools look in either place.

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
    geometries = inside_world(np.asarray(zones.to_crs(4326).geometry.array))
    columns = {
        str(column): _values(zones[column])
        for column in zones.columns
        if column != zones.geometry.name
    }
    features = _features(columns, _shapes(geometries))
    head: dict[str, Any] = {"type": "FeatureCollection"}
    if name:
        head["name"] = name
    if shapely.get_num_coordinates(geometries).any():
        head["bbox"] = np.round(shapely.total_bounds(geometries), DECIMALS).tolist()
    start = orjson.dumps(head)[:-1] + b',"features":[\n'
    tail = b"," + orjson.dumps(dict(members))[1:] if members else b"}"
    return b"".join([start, b",\n".join(features), b"\n]", tail, b"\n"])


def _features(columns: dict[str, list[Any]], geometries: list[bytes]) -> list[bytes]:
    """Write each feature from its columns and its geometry's JSON."""
    names = list(columns)
    rows = (
        zip(*columns.values(), strict=True) if names else iter([()] * len(geometries))
    )
    ids = columns.get("id", [None] * len(geometries))
    return [
        b'{"type":"Feature",%b"geometry":%b,"properties":%b}'
        % (
            b"" if zone is None else b'"id":%b,' % orjson.dumps(zone),
            geometry,
            orjson.dumps(dict(zip(names, row, strict=True))),
        )
        for zone, geometry, row in zip(ids, geometries, rows, strict=True)
    ]


def _shapes(geometries: np.ndarray[Any, Any]) -> list[bytes]:
    """Write each geometry: polygons all at once, the others one by one."""
    areal = np.isin(shapely.get_type_id(geometries), (POLYGON, MULTIPOLYGON))
    areal &= ~shapely.is_empty(geometries)
    texts = np.full(len(geometries), None, object)
    texts[areal] = write_polygons(geometries[areal], decimals=DECIMALS)
    others = shapely.to_geojson(_tidy(geometries[~areal]))
    texts[~areal] = [b"null" if text is None else text.encode() for text in others]
    written: list[bytes] = texts.tolist()
    return written


def _tidy(geometries: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Round coordinates and wind rings by the right-hand rule."""
    rounded = shapely.transform(geometries, lambda xy: np.round(xy, DECIMALS))
    return np.asarray(shapely.orient_polygons(rounded), dtype=object)


def _values(column: Any) -> list[Any]:  # noqa: ANN401 - a Series of any type
    """Give a column's values as JSON knows them."""
    values = column.to_numpy(object)
    missing = column.isna().to_numpy()
    if column.dtype.kind == "f":
        missing = ~np.isfinite(column.to_numpy(float, na_value=np.nan))
    if missing.any():
        values = np.where(missing, None, values)
    listed: list[Any] = values.tolist()
    return listed


def _no_crs() -> Fault:
    return fault("E_CRS_MISSING.zones.write", text("where.zones"))
