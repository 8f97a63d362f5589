"""Layers are built, not drawn: from claims, anchors and axes to GeoJSON."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyogrio.errors import DataSourceError
from shapely.geometry.base import BaseGeometry

from geo import schema
from geo.claims.table import claimed_text, claims_about, read_claims
from geo.errors import Fault, PlanError
from geo.files import replace_file
from geo.geometry.area import drawn_area_km2
from geo.geometry.geojson import dumps
from geo.geometry.grow import grow
from geo.language.messages import text
from geo.places import read_anchors
from geo.zones.zonetable import WRITTEN, read_zone_table

LAND_FILE: Final = "basemap/land.geojson"
AXES: Final = "axis*.geojson"

NOMINAL_KM2: Final = 0.5
"""Footprint of a zone whose area no one states: seen on a map, and no more."""

UNPLACED: Final = "not located"
"""The only boundary of a zone without a seed."""

BASIS: Final = {"stated": "declared", "published elsewhere": "published"}
"""Basis of a zone's area, by the method of its claim."""

DECIMALS: Final = 6
"""Decimals of a drawn area in square kilometres: a square metre."""


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
        If a table or the land is missing or wrong, or zones cannot grow; then
        with the faults of all of them.
    """
    claims = read_claims(folder)
    table = read_zone_table(folder)
    seeds, uncertainties = _seeds(folder)
    records = []
    for zone, row in table.items():
        record = _record({name: row[name] or None for name in WRITTEN}, claims)
        record["location_uncertainty_m"] = uncertainties.get(zone)
        if zone not in seeds:
            record["area_basis"] = None
        records.append(record)
    frame = pd.DataFrame(records, columns=list(schema.COLUMNS), dtype=object)
    shapes = _shapes(records, seeds, land=_land(folder))
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
        for axis in _axes(path):
            seeds[axis.zone] = axis.geometry
            uncertainties.setdefault(axis.zone, axis.uncertainty_m)
    return seeds, uncertainties


def _axes(path: Path) -> list[Any]:
    """Read the main lines of an axis file, one named tuple a line."""
    try:
        axes = gpd.read_file(path)
        main = axes.loc[axes["role"] == "main", ["zone", "uncertainty_m", "geometry"]]
    except (DataSourceError, KeyError) as error:
        raise PlanError([_bad_axis(path, error)]) from error
    return list(main.itertuples())


def _land(folder: Path) -> BaseGeometry:
    """Read the land that zones must not leave."""
    if not (folder / LAND_FILE).is_file():
        raise PlanError([_no_land()])
    coast = gpd.read_file(folder / LAND_FILE)
    return shapely.union_all(np.asarray(coast.geometry.array))


def _shapes(
    records: Iterable[Mapping[str, Any]],
    seeds: Mapping[str, BaseGeometry],
    *,
    land: BaseGeometry,
) -> list[BaseGeometry | None]:
    """Grow each zone that has a seed; say of all zones at once why one cannot."""
    shapes: list[BaseGeometry | None] = []
    faults = []
    for record in records:
        zone, seed = record["id"], seeds.get(record["id"])
        if seed is None:
            shapes.append(None)
            if record["boundary"] != UNPLACED:
                faults.append(_no_seed(zone, record["boundary"]))
            continue
        stated = record["declared_area_km2"]
        area_km2 = NOMINAL_KM2 if stated is None else stated
        try:
            shapes.append(grow(seed, area_km2=area_km2, land=land))
        except PlanError as error:
            faults += [
                replace(f, where=text("where.zone_in", zone=zone, where=f.where))
                for f in error.faults
            ]
    if faults:
        raise PlanError(faults)
    return shapes


def _bad_axis(path: Path, error: Exception) -> Fault:
    return Fault(
        "E_BAD_AXIS",
        path.name,
        text("fault.bad_axis", error=error),
        text("fault.bad_axis.mend"),
    )


def _no_land() -> Fault:
    return Fault(
        "E_FILE_MISSING",
        LAND_FILE,
        text("fault.file_gone"),
        text("fault.file_missing.land"),
    )


def _no_seed(zone: str, boundary: str) -> Fault:
    return Fault(
        "E_NO_SEED",
        zone,
        text("fault.no_seed", boundary=boundary),
        text("fault.no_seed.mend", unplaced=UNPLACED),
    )
