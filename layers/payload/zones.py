"""The zones of a plan as the payload that the map draws."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import Fault, PlanError
from geo.language.labels import code_label
from geo.language.messages import spoken, text
from layers.basemap import BASEMAPS, Basemap, basemap_table
from layers.palette import boundary_styles, kind_styles
from layers.payload.encode import encode
from layers.tiles.simplify import decimals_for, simplify

CODED: Final = ("kind", "city", "boundary", "area_basis")
"""Columns that the map colours, dashes or finds by."""

COLUMNS: Final = (
    "id",
    "name_en",
    "name_zh",
    *CODED,
    "declared_area_km2",
    "drawn_area_km2",
    "location_uncertainty_m",
)
"""Columns that the map needs; all others stay on the server."""

WORDS: Final = (
    "area_declared",
    "area_drawn",
    "area_nominal",
    "area_published",
    "aria",
    "background",
    "background_failed",
    "boundary",
    "city",
    "fit",
    "fit_city",
    "kinds",
    "legend",
    "opacity",
    "places",
    "role_airport",
    "role_bay",
    "role_city",
    "role_context",
    "role_district",
    "role_port",
    "role_rival",
    "scale_km",
    "scale_m",
    "role_sea",
    "role_university",
    "surroundings",
    "zoom_in",
    "zoom_out",
)
"""Messages that the map shows, without their prefix."""


def zone_payload(
    zones: gpd.GeoDataFrame,
    *,
    basemaps: Sequence[Basemap] = BASEMAPS,
    decimals: int = 6,
    zoom: int | None = None,
    tiles: Mapping[str, Any] | None = None,
) -> bytes:
    """
    Write all zones of a plan as one payload, with everything the map says.

    Parameters
    ----------
    zones
        Zones in any CRS, in the order of their row numbers; columns that are
        missing are left out. A zone without geometry keeps its row.
    basemaps
        Basemaps to choose from, the first of them embedded.
    decimals
        Decimals of a degree that are kept.
    zoom
        Zoom of the map for which outlines are simplified, see
        `layers.tiles.simplify`; without one, they are exact.
    tiles
        Where to find tiles of zones, if they are not all in the payload: see
        `layers.tiles.tiles`.

    Returns
    -------
    payload
        See `layers.payload.encode`; its meta holds styles by kind and boundary,
        names of cities, basemaps and the words of the legend.

    Raises
    ------
    PlanError
        If `zones` has no CRS, or a geometry that cannot be drawn.
    """
    if zones.crs is None:
        raise PlanError(
            [
                Fault(
                    "E_NO_CRS",
                    text("where.zones"),
                    text("fault.no_crs"),
                    text("fault.no_crs.mend"),
                )
            ]
        )
    placed = zones if zones.crs == "EPSG:4326" else zones.to_crs(4326)
    columns = {name: placed[name] for name in COLUMNS if name in placed}
    columns |= {name: [None] * len(placed) for name in CODED if name not in placed}
    geometries = np.asarray(placed.geometry.array, dtype=object)
    if zoom is not None:
        geometries = simplify(geometries, zoom=zoom)
        decimals = decimals_for(zoom, most=decimals)
    return encode(
        geometries,
        columns,
        meta={**describe(placed, basemaps=basemaps), "tiles": tiles},
        decimals=decimals,
        coded=CODED,
    )


def row_payload(zones: gpd.GeoDataFrame, row: int) -> bytes:
    """
    Write one zone of a plan with its attributes, but no styles and words.

    Parameters
    ----------
    zones
        All zones of the plan, EPSG:4326.
    row
        Row of the zone.

    Returns
    -------
    payload
        One row, exact, with the column ``row``.
    """
    zone = zones.iloc[[row]]
    columns = {name: zone[name] for name in COLUMNS if name in zone}
    geometry = np.asarray(zone.geometry.array, dtype=object)
    return encode(geometry, {"row": [row], **columns}, meta={}, coded=CODED)


def describe(
    zones: gpd.GeoDataFrame, *, basemaps: Sequence[Basemap]
) -> Mapping[str, Any]:
    """Collect styles, names and words for the browser, in the spoken language."""
    kinds = values_of(zones, "kind") or [None]
    cities = [city for city in values_of(zones, "city") if city is not None]
    return {
        "language": spoken(),
        "kinds": kind_styles(kinds),
        "boundaries": boundary_styles(),
        "cities": {city: code_label("city", city) for city in cities},
        "basemaps": basemap_table(basemaps),
        "words": {word: text(f"map.{word}") for word in WORDS},
    }


def values_of(zones: gpd.GeoDataFrame, name: str) -> list[str | None]:
    """List the values of a column, also those of a category that no zone has."""
    if name not in zones:
        return []
    column = zones[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [*column.cat.categories, *[None] * bool(column.hasnans)]
    return [None if pd.isna(value) else value for value in column.unique()]
