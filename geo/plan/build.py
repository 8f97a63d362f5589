"""Layers are built, not drawn: from claims, anchors and axes to GeoJSON."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo import schema
from beltmap.geo.charter.force import under
from beltmap.geo.charter.reading import read_charter
from beltmap.geo.claims.table import claimed_text, claims_about, read_claims
from beltmap.geo.commit import commit, writing
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry.area import drawn_area_km2
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.geometry.grow import grow
from beltmap.geo.ground.ground import own_basemap
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import Listing
from beltmap.geo.plan.places import AXES, read_anchors
from beltmap.geo.zones.table import WRITTEN, read_zone_table

LAND_FILE: Final = "basemap/land.geojson"

NOMINAL_KM2: Final = 0.5
"""Footprint of a zone whose area no one states: seen on a map, and no more."""

FARTHEST_DEG: Final = 2.0
"""How far a zone grows from its seed where no land ends it, in degrees."""

UNPLACED: Final = "not located"
"""The only boundary of a zone without a seed."""

BASIS: Final = {"stated": "declared", "published elsewhere": "published"}
"""Basis of a zone's area, by the method of its claim."""

OUTLINE: Final = "outline"
"""Attribute of the claim that an outline was drawn by hand, which a build keeps."""

SOURCED_BY: Final = ("sectors", "part_of", "role", "focus")
"""Attributes of the claims whose source is the zone's, the most telling last."""

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
        the axes ``axis*.geojson`` and ``basemap/land.geojson``; a plan without
        a folder ``basemap``, see `geo.ground.ground.own_basemap`, grows its
        zones over land and water alike.

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
    charter = read_charter(folder)
    with under(charter):
        claims = read_claims(folder)
        table = read_zone_table(folder)
    seeds, uncertainties = _seeds(folder)
    drawn = _drawn(folder, charter.files.values(), claims)
    records = []
    for zone, row in table.items():
        record = _record({name: row[name] or None for name in WRITTEN}, claims)
        record["location_uncertainty_m"] = uncertainties.get(zone)
        if zone not in seeds and zone not in drawn:
            record["area_basis"] = None
        records.append(record)
    frame = pd.DataFrame(records, columns=list(schema.COLUMNS), dtype=object)
    # a whole number is written as any other
    frame = frame.astype(dict.fromkeys(schema.NUMBERS, float))
    shapes = _shapes(
        records, seeds, land=_land(folder), limits=_limits(folder), drawn=drawn
    )
    zones = gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)
    zones["drawn_area_km2"] = drawn_area_km2(zones).round(DECIMALS)
    return {kind: zones[zones["kind"] == kind] for kind in charter.by_kind}


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
        Files written, all or none.

    Raises
    ------
    PlanError
        As `build_layers`, and where a file has zones that ``zones.csv`` lacks:
        they would be lost.
    """
    target = out or folder
    with writing(target):
        named = read_charter(folder).files
        layers = build_layers(folder)
        built = {zone for zones in layers.values() for zone in zones["id"]}
        files = {
            named[kind]: dumps(zones, name=Path(named[kind]).stem)
            for kind, zones in layers.items()
        }
        lost = [one for name in files for one in _lost(target / name, built)]
        if lost:
            raise PlanError(lost)
        commit(target, files)
    return [target / name for name in files]


def _lost(path: Path, built: Collection[str]) -> Iterator[Fault]:
    """Find zones of a layer file, drawn or imported, that a build would drop."""
    try:
        features = orjson.loads(path.read_bytes())["features"]
        ids = [str(one["properties"]["id"]) for one in features]
    except (OSError, ValueError, LookupError, TypeError):
        # what cannot be read is built anew: that mends it
        return
    lost = [zone for zone in ids if zone not in built]
    if lost:
        zones = Listing(tuple(lost)).say()
        yield fault("E_BUILD_DROPS", path.name, zones=zones)


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
    for attribute in SOURCED_BY:
        for claim in claims_about(claims, zone, attribute).head(1).to_dict("records"):
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


def _drawn(
    folder: Path, files: Iterable[str], claims: pd.DataFrame
) -> dict[str, BaseGeometry]:
    """Take the outlines that were drawn by hand from the layers as they are."""
    by_hand = set(claims.loc[claims["attribute"] == OUTLINE, "subject"])
    if not by_hand:
        return {}
    drawn = {}
    for name in files:
        try:
            features = orjson.loads((folder / name).read_bytes())["features"]
        except FileNotFoundError:
            continue
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise PlanError([fault("E_DRAWN_LOST", name, error=error)]) from error
        for one in features:
            if one["properties"]["id"] in by_hand and one["geometry"]:
                shape = shapely.geometry.shape(one["geometry"])
                drawn[one["properties"]["id"]] = shape
    return drawn


def _axes(path: Path, role: str = "main") -> list[Any]:
    """Read the shapes of one role from an axis file, one named tuple a shape."""
    from pyogrio.errors import DataSourceError

    try:
        axes = gpd.read_file(path)
        main = axes.loc[axes["role"] == role, ["zone", "uncertainty_m", "geometry"]]
    except (DataSourceError, KeyError) as error:
        raise PlanError([_bad_axis(path, error)]) from error
    return list(main.itertuples())


def _limits(folder: Path) -> dict[str, BaseGeometry]:
    """Find what some zones must not leave, such as the edge of a district."""
    return {
        limit.zone: limit.geometry
        for path in sorted(folder.glob(AXES))
        for limit in _axes(path, "limit")
    }


def _land(folder: Path) -> BaseGeometry | None:
    """Read the land that zones must not leave; None where the plan has no basemap."""
    basemap = own_basemap(folder)
    if basemap is None:
        return None
    file = basemap / Path(LAND_FILE).name
    if not file.is_file():
        raise PlanError([_no_land()])
    coast = gpd.read_file(file)
    return shapely.union_all(np.asarray(coast.geometry.array))


def _shapes(
    records: Iterable[Mapping[str, Any]],
    seeds: Mapping[str, BaseGeometry],
    *,
    land: BaseGeometry | None,
    limits: Mapping[str, BaseGeometry],
    drawn: Mapping[str, BaseGeometry],
) -> list[BaseGeometry | None]:
    """Grow each zone that has a seed; say of all zones at once why one cannot."""
    shapes: list[BaseGeometry | None] = []
    faults = []
    for record in records:
        zone, seed = record["id"], seeds.get(record["id"])
        if zone in drawn:
            shapes.append(drawn[zone])
            continue
        if seed is None:
            shapes.append(None)
            if record["boundary"] != UNPLACED:
                faults.append(_no_seed(zone, record["boundary"]))
            continue
        stated = record["declared_area_km2"]
        area_km2 = NOMINAL_KM2 if stated is None else stated
        try:
            ground = _around(seed) if land is None else land
            ground = ground & limits[zone] if zone in limits else ground
            shapes.append(grow(seed, area_km2=area_km2, land=ground))
        except PlanError as error:
            faults += [
                replace(f, where=text("where.zone_in", zone=zone, where=f.where))
                for f in error.faults
            ]
    if faults:
        raise PlanError(faults)
    return shapes


def _around(seed: BaseGeometry) -> BaseGeometry:
    """Give the ground round a seed, as far as any zone may reach."""
    west, south, east, north = seed.bounds
    far = FARTHEST_DEG
    return shapely.box(west - far, south - far, east + far, north + far)


def _bad_axis(path: Path, error: Exception) -> Fault:
    return fault("E_BAD_AXIS", path.name, error=error)


def _no_land() -> Fault:
    return fault("E_FILE_MISSING.land", LAND_FILE)


def _no_seed(zone: str, boundary: str) -> Fault:
    return fault("E_NO_SEED", zone, boundary=boundary, unplaced=UNPLACED)
