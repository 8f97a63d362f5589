"""The embedded basemap as payloads: land, roads and names."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.payload.encode import encode

DECIMALS: Final = 5
"""Of a degree: 1.1 m, finer than any line of the basemap."""


def shapes_payload(file: Path) -> bytes:
    """
    Write land or roads as a payload without attributes.

    Parameters
    ----------
    file
        GeoJSON in EPSG:4326.

    Returns
    -------
    payload
        One row a part, so that a view reads only the parts it shows.
    """
    given = shapely.from_geojson(file.read_bytes())
    parts = shapely.get_parts(shapely.get_parts(given))
    return encode(parts, {}, meta={}, decimals=DECIMALS)


def places_payload(places: gpd.GeoDataFrame) -> bytes:
    """
    Write named places as a payload.

    Parameters
    ----------
    places
        Points in EPSG:4326 with `name_en`, `name_zh` and `role`.

    Returns
    -------
    payload
        One point a place, with its names and role.
    """
    columns = {name: places[name] for name in ("name_en", "name_zh", "role")}
    points = np.asarray(places.geometry.array, dtype=object)
    return encode(points, columns, meta={}, decimals=DECIMALS, coded=["role"])


def read_labels(file: Path) -> gpd.GeoDataFrame:
    """
    Read the names of cities, districts and waters.

    Parameters
    ----------
    file
        CSV with `name_en`, `name_zh`, `role`, `lon`, `lat` in EPSG:4326.

    Returns
    -------
    labels
        One point a name.
    """
    table = pd.read_csv(file, dtype={"name_en": str, "name_zh": str, "role": str})
    points = gpd.points_from_xy(table["lon"], table["lat"], crs=4326)
    return gpd.GeoDataFrame(table[["name_en", "name_zh", "role"]], geometry=points)


def basemap_payloads(folder: Path, places: gpd.GeoDataFrame) -> dict[str, bytes]:
    """
    Write the embedded basemap.

    Parameters
    ----------
    folder
        With ``land.geojson``, ``roads.geojson`` and ``labels.csv``.
    places
        Further named points: context and rival candidates. See `read_labels`.

    Returns
    -------
    payloads
        By name, as `layers.map.plan_map` wants their addresses.
    """
    labels = read_labels(folder / "labels.csv")
    named: gpd.GeoDataFrame = pd.concat(
        [labels, places[labels.columns]], ignore_index=True
    )
    return {
        "land": shapes_payload(folder / "land.geojson"),
        "roads": shapes_payload(folder / "roads.geojson"),
        "places": places_payload(named),
    }
