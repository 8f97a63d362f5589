"""GeoJSON as RFC 7946 has it: the one writer."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import shapely

from geo.errors import Fault, PlanError

DECIMALS: Final = 7
"""Decimals of a coordinate: about a centimetre."""


def dumps(zones: gpd.GeoDataFrame, *, name: str | None = None) -> bytes:
    """
    Write zones as an RFC 7946 feature collection, one feature a line.

    Exterior rings run counter-clockwise, coordinates have at most seven
    decimals, there is a `bbox` and no `crs` member, and the column ``id`` is
    both the Feature's id and a property, since GIS tools look in either place.

    Parameters
    ----------
    zones
        Any columns and one geometry column, in any CRS. Missing values and
        numbers that JSON does not know (NaN, infinity) become null.
    name
        Name of the layer, which GDAL and QGIS show.

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
    return (
        orjson.dumps(head)[:-1] + b',"features":[\n' + b",\n".join(features) + b"\n]}\n"
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
    """Round coordinates and wind rings by the right-hand rule."""
    rounded = shapely.transform(geometries, lambda xy: np.round(xy, DECIMALS))
    return np.asarray(shapely.orient_polygons(rounded), dtype=object)


def _values(column: Any) -> list[Any]:  # noqa: ANN401 - a Series of any type
    """Give a column's values as JSON knows them."""
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    if column.dtype.kind == "f":
        return [None if v is None or not np.isfinite(v) else v for v in values]
    return values


def _no_crs() -> Fault:
    return Fault(
        "E_CRS_MISSING",
        "zones",
        "the coordinate reference system is not stated",
        "Say it with set_crs before writing",
    )
