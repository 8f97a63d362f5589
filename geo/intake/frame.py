"""An upload that was read, as zones that join a plan's own."""

import json
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely

from geo import schema
from geo.geometry.geojson import DECIMALS
from geo.intake.context import Context, known_words
from geo.intake.measure import measured_m2
from geo.intake.reading import Outcome
from geo.intake.rows import ABSENT, Rows
from geo.intake.zones import zone_columns

UPLOAD: Final = "upload"
"""Column with the name of the file: marks a zone as the user's."""


def zones_of(outcome: Outcome, *, context: Context | None = None) -> gpd.GeoDataFrame:
    """
    Give what was read the shape of a plan's zones.

    Parameters
    ----------
    outcome
        What `geo.intake.worker.read_apart` gave; it must have rows.
    context
        The plan that is open, for its vocabulary of sectors.

    Returns
    -------
    zones
        One row a row of the file in EPSG:4326: `geo.schema.COLUMNS`, then
        ``upload``, then every column of the file that did not go over letter
        for letter. No rows for an outcome without any.
    """
    rows = outcome.rows or _no_rows()
    areas = measured_m2(rows.geometries) if len(rows) else np.zeros(0)
    columns, _ = zone_columns(
        rows,
        outcome.matches if outcome.rows else (),
        words=known_words(context or Context(), outcome.sectors),
        name=outcome.receipt.name,
        areas_m2=areas,
    )
    frame = pd.DataFrame(
        {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    )
    for column in schema.NUMBERS:
        frame[column] = frame[column].astype(np.float64)
    geometries = rows.geometries.copy()
    geometries[shapely.is_empty(geometries)] = None
    return gpd.GeoDataFrame(frame, geometry=geometries, crs=4326)


def repaired_geojson(outcome: Outcome) -> bytes:
    """
    Write the repaired layer as RFC 7946 GeoJSON, its columns as in the file.

    Parameters
    ----------
    outcome
        What was read; it must have rows.

    Returns
    -------
    geojson
        UTF-8. A member that a row did not have is left out, null stays null,
        and every id is as it was given.
    """
    rows = outcome.rows or _no_rows()
    geometries = shapely.orient_polygons(shapely.force_2d(rows.geometries))
    rounded = shapely.transform(geometries, lambda xy: np.round(xy, DECIMALS + 2))
    shapes = shapely.to_geojson(rounded)
    features = []
    for row, shape in enumerate(shapes.tolist()):
        feature: dict[str, Any] = {"type": "Feature"}
        if rows.ids[row] is not ABSENT:
            feature["id"] = rows.ids[row]
        feature["geometry"] = None if shape is None else orjson.Fragment(shape)
        feature["properties"] = {
            name: values[row]
            for name, values in rows.columns.items()
            if values[row] is not ABSENT
        }
        features.append(orjson.dumps(feature))
    head = json.dumps({"type": "FeatureCollection", "name": rows.name})[:-1].encode()
    return head + b', "features": [\n' + b",\n".join(features) + b"\n]}\n"


def _no_rows() -> Rows:
    return Rows("", {}, np.empty(0, dtype=object), [], [])
