"""The repaired layer of an upload, and which of its rows have no id."""

import json
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from beltmap.geo.geometry.area import Geometries
from beltmap.geo.geometry.geojson import DECIMALS
from beltmap.geo.intake.reading import Outcome
from beltmap.geo.intake.rows import ABSENT, NO_ROWS


def unnamed(outcome: Outcome) -> NDArray[np.bool_]:
    """
    Tell which rows have no id in the file, so that one is made up.

    Parameters
    ----------
    outcome
        What was read.

    Returns
    -------
    unnamed
        One value a row of the outcome's zones.
    """
    rows = outcome.rows or NO_ROWS
    given = [row is not ABSENT for row in rows.ids]
    for match in outcome.matches:
        if match.target == "id":
            cells = rows.columns[match.column]
            has = [cell is not ABSENT and cell not in (None, "") for cell in cells]
            given = [one or other for one, other in zip(given, has, strict=True)]
    return ~np.array(given, bool)


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
        UTF-8, with the heights that the file has. A member that a row did not
        have is left out, null stays null, and every id is as it was given.
    """
    rows = outcome.rows or NO_ROWS
    shapes = shapely.to_geojson(_rounded(shapely.orient_polygons(rows.geometries)))
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


def _rounded(geometries: Geometries) -> Geometries:
    """Round longitudes and latitudes, and leave heights as they are."""
    rounded, high = geometries.copy(), shapely.has_z(geometries)
    rounded[~high] = shapely.transform(
        geometries[~high], lambda xy: np.round(xy, DECIMALS + 2)
    )
    rounded[high] = shapely.transform(
        geometries[high],
        lambda xyz: np.column_stack([np.round(xyz[:, :2], DECIMALS + 2), xyz[:, 2]]),
        include_z=True,
    )
    return rounded
