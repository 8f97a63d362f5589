"""Layers are built, not drawn: from claims, anchors and axes to GeoJSON."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo import schema
from geo.area import drawn_area_km2
from geo.claims import claimed_text, claims_about, read_claims
from geo.files import replace_file
from geo.geojson import dumps
from geo.grow import grow
from geo.places import read_anchors
from geo.tables import read_table

ZONES_FILE: Final = "zones.csv"
LAND_FILE: Final = "basemap/land.geojson"
AXES: Final = "axis*.geojson"

NOMINAL_KM2: Final = 0.5
"""Footprint of a zone whose area no one states: seen on a map, and no more."""

BASIS: Final = {"stated": "declared", "published elsewhere": "published"}
"""Basis of a zone's area, by the method of its claim."""

DECIMALS: Final = 6
"""Decimals of a drawn area in square kilometres: a square metre."""

WRITTEN: Final = (
    "id",
    "name_en",
    "name_zh",
    "city",
    "kind",
    "status",
    "patterns",
    "focus_zh",
    "boundary",
)
"""Columns of the table of zones; the claims give all others."""


def build_layers(folder: Path) -> dict[str, gpd.GeoDataFrame]:
    """
    Build the layers of a plan.

    A zone grows on land from its axis or anchor until its area on the
    ellipsoid is the claimed one; without a claim it gets a nominal footprint,
    and without an anchor no geometry.

    Parameters
    ----------
    folder
        Folder of the plan, with ``zones.csv``, ``claims.csv``, ``anchors.csv``,
        the axes ``axis*.geojson`` and ``basemap/land.geojson``.

    Returns
    -------
    layers
        Zones by kind, columns `geo.schema.COLUMNS` and a geometry in
        EPSG:4326 with seven decimals.

    Raises
    ------
    PlanError
        If a table is missing or wrong, or a zone cannot grow.
    """
    claims = read_claims(folder)
    seeds, uncertainties = _seeds(folder)
    table = read_table(folder / ZONES_FILE, columns=WRITTEN)
    land = _land(folder)
    records, shapes = [], []
    for _, row in table.rows:
        record = _record({name: row[name] or None for name in WRITTEN}, claims)
        seed = seeds.get(row["id"])
        area_km2 = record["declared_area_km2"]
        if seed is None:
            record["area_basis"] = None
        else:
            record["location_uncertainty_m"] = uncertainties[row["id"]]
        records.append(record)
        shapes.append(_shape(seed, area_km2 or NOMINAL_KM2, land))
    frame = pd.DataFrame(records, columns=list(schema.COLUMNS), dtype=object)
    zones = gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)
    zones["drawn_area_km2"] = drawn_area_km2(zones).round(DECIMALS)
    return {kind: zones[zones["kind"] == kind] for kind in schema.KINDS}


def write_layers(folder: Path, *, out: Path | None = None) -> list[Path]:
    """
    Build the layers of a plan and write them, one GeoJSON file a kind.

    Parameters
    ----------
    folder
        Folder of the plan, see `build_layers`.
    out
        Folder to write to; that of the plan if left out.

    Returns
    -------
    paths
        Files written, each whole or not at all.
    """
    paths = []
    for kind, zones in build_layers(folder).items():
        path = (out or folder) / schema.LAYER_FILES[kind]
        replace_file(path, dumps(zones, name=path.stem))
        paths.append(path)
    return paths


def _record(row: Mapping[str, Any], claims: pd.DataFrame) -> dict[str, Any]:
    """Fill the properties of a zone from the claims about it."""
    zone = row["id"]
    record = dict.fromkeys(schema.COLUMNS) | dict(row)
    for column, attribute in (
        ("sectors", "sectors"),
        ("focus_en", "focus"),
        ("part_of", "part_of"),
    ):
        record[column] = claimed_text(claims, zone, attribute)
    record["area_basis"] = "nominal"
    for claim in claims_about(claims, zone, "declared_area").head(1).to_dict("records"):
        record["declared_area_km2"] = claim["value"]
        record["area_basis"] = BASIS[claim["method"]]
    for claim in claims_about(claims, zone, "focus").head(1).to_dict("records"):
        record["source"] = f"{claim['source']}, {claim['place']}"
    return record


def _seeds(folder: Path) -> tuple[dict[str, BaseGeometry], dict[str, float]]:
    """Find what each zone grows from, and how far off that may be, in metres."""
    anchors = read_anchors(folder)
    anchors = anchors[anchors["role"] == "zone"].set_index("id")
    seeds = anchors.geometry.to_dict()
    uncertainties = anchors["uncertainty_m"].to_dict()
    for path in sorted(folder.glob(AXES)):
        axes = gpd.read_file(path)
        for axis in axes[axes["role"] == "main"].itertuples():
            seeds[axis.zone] = axis.geometry
            uncertainties.setdefault(axis.zone, axis.uncertainty_m)
    return seeds, uncertainties


def _land(folder: Path) -> BaseGeometry:
    """Read the land that zones must not leave."""
    coast = gpd.read_file(folder / LAND_FILE)
    return shapely.union_all(np.asarray(coast.geometry.array))


def _shape(
    seed: BaseGeometry | None, area_km2: float, land: BaseGeometry
) -> BaseGeometry | None:
    return None if seed is None else grow(seed, area_km2=area_km2, land=land)
