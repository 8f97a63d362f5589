"""The zones of a plan as the payload that the map draws."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

from beltmap.geo.charter.force import charter
from beltmap.geo.claims.shown import area_unit, per_km2
from beltmap.geo.errors import PlanError, fault
from beltmap.geo.intake.overlay import is_mine
from beltmap.geo.language.hidden import reveal, reveal_each
from beltmap.geo.language.labels import code_label
from beltmap.geo.language.messages import spoken, text
from beltmap.geo.schema import PLACE_UNKNOWN
from beltmap.layers.basemap.basemaps import BASEMAPS, Basemap, basemap_table
from beltmap.layers.palette import MINE, boundary_styles, kind_styles
from beltmap.layers.payload.encode import encode
from beltmap.layers.payload.simplify import decimals_for, simplify

EARTH: Final = pyproj.Geod(ellps="WGS84")

SCHEMATIC: Final = "schematic"

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

READ: Final = ("name_en", "name_zh")
"""Columns of a stranger's text that the map shows as it is."""

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
    "elsewhere",
    "elsewhere_go",
    "fit",
    "fit_city",
    "fullscreen",
    "kinds",
    "legend",
    "opacity",
    "places",
    "role_airport",
    "role_axis",
    "role_bay",
    "role_city",
    "role_context",
    "role_district",
    "role_leader",
    "role_port",
    "role_rival",
    "scale_km",
    "scale_m",
    "role_sea",
    "role_university",
    "surroundings",
    "two_fingers",
    "zoom_in",
    "zoom_out",
    "zones",
)
"""Messages that the map shows, without their prefix."""


def zone_payload(  # noqa: PLR0913 - each an option of its own
    zones: gpd.GeoDataFrame,
    *,
    basemaps: Sequence[Basemap] = BASEMAPS,
    decimals: int = 6,
    zoom: int | None = None,
    tiles: Mapping[str, Any] | None = None,
    note: str = "",
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
        `layers.payload.simplify`; without one, they are exact.
    tiles
        Where to find tiles of zones, if they are not all in the payload: see
        `layers.tiles.tiles`.
    note
        Line that the legend ends with.

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
        raise PlanError([fault("E_NO_CRS", text("where.zones"))])
    placed = zones if zones.crs == "EPSG:4326" else zones.to_crs(4326)
    columns = read_columns(placed) | {"region": regions(placed)}
    columns |= {name: [None] * len(placed) for name in CODED if name not in placed}
    geometries = np.asarray(placed.geometry.array, dtype=object)
    if zoom is not None:
        geometries = simplify(geometries, zoom=zoom)
        decimals = decimals_for(zoom, most=decimals)
    return encode(
        geometries,
        columns,
        meta={
            **describe(placed, basemaps=basemaps),
            "tiles": tiles,
            "note": reveal(note),
        },
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
    columns = read_columns(zone)
    geometry = np.asarray(zone.geometry.array, dtype=object)
    return encode(geometry, {"row": [row], **columns}, meta={}, coded=CODED)


def regions(zones: gpd.GeoDataFrame) -> list[int | None]:
    """
    Find the zones that a selection lights up instead of a circle.

    Parameters
    ----------
    zones
        Zones of a plan, or some of them.

    Returns
    -------
    regions
        By zone: the row of the zone in which its place is assumed, see
        `geo.schema.COLUMNS`; -1 where there is none to be lit and no circle to be
        drawn, and None where the circle of its uncertainty says it all.
    """
    needed = {"boundary", "part_of", "id", "area_basis", "location_uncertainty_m"}
    if needed - set(zones):
        return [None] * len(zones)
    rows = {zone: row for row, zone in enumerate(zones["id"])}
    return [
        -1
        if boundary == PLACE_UNKNOWN or beyond
        else rows.get(whole, -1)
        if boundary == SCHEMATIC and isinstance(whole, str)
        else None
        for boundary, whole, beyond in zip(
            zones["boundary"], zones["part_of"], _beyond_circle(zones), strict=True
        )
    ]


def _beyond_circle(zones: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """
    Find sketches of a stated area that are longer than their circle is wide.

    The uncertainty of a strip is how far each part of it may be off: a circle
    around its middle would leave out its ends.
    """
    sketched = (zones["boundary"] == SCHEMATIC) & (zones["area_basis"] != "nominal")
    found = (sketched & zones.geometry.notna()).to_numpy(bool)
    beyond = np.zeros(len(zones), bool)
    west, south, east, north = zones.geometry.bounds.to_numpy()[found].T
    across_m = EARTH.inv(west, south, east, north)[2]
    radius_m = zones["location_uncertainty_m"].to_numpy(float)[found]
    beyond[found] = across_m / 2 > radius_m
    return beyond


def read_columns(zones: gpd.GeoDataFrame) -> dict[str, Any]:
    """
    Give the columns that the map needs, with nothing hidden in what is read.

    Ids stay letter for letter, since clicks send them; where one hides
    something, the column ``shown_id`` has all of them to be read.
    """
    columns: dict[str, Any] = {name: zones[name] for name in COLUMNS if name in zones}
    columns |= {name: reveal_each(columns[name]) for name in READ if name in columns}
    if "kind" in columns:
        columns["kind"] = drawn_kinds(zones)
    if "id" in columns:
        shown = reveal_each(columns["id"])
        if list(shown) != list(columns["id"]):
            columns["shown_id"] = shown
    return columns


def drawn_kinds(zones: gpd.GeoDataFrame) -> "pd.Series[Any]":
    """Give the kinds by which the map tells zones apart: a reader's own are others."""
    mine = is_mine(zones)
    kinds: pd.Series[Any] = zones["kind"]
    return kinds.where(~mine, MINE + kinds.fillna("")) if mine.any() else kinds


def describe(
    zones: gpd.GeoDataFrame, *, basemaps: Sequence[Basemap]
) -> Mapping[str, Any]:
    """Collect styles, names and words for the browser, in the spoken language."""
    drawn = zones.assign(kind=drawn_kinds(zones)) if "kind" in zones else zones
    kinds = values_of(drawn, "kind") or [None]
    cities = [city for city in values_of(zones, "city") if city is not None]
    return {
        "language": spoken(),
        "kinds": kind_styles(kinds),
        "boundaries": boundary_styles(),
        "cities": {city: reveal(code_label("city", city)) for city in cities},
        "views": {one.code: vars(one.view) for one in charter().cities if one.view},
        "basemaps": basemap_table(basemaps),
        "words": {word: text(f"map.{word}") for word in WORDS}
        | {"area": text(f"unit.{area_unit()}")},
        "per_km2": per_km2(),
    }


def values_of(zones: gpd.GeoDataFrame, name: str) -> list[str | None]:
    """List the values of a column, also those of a category that no zone has."""
    if name not in zones:
        return []
    column = zones[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [*column.cat.categories, *[None] * bool(column.hasnans)]
    return [None if pd.isna(value) else value for value in column.unique()]
