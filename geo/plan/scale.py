"""A sketched outline enlarged or shrunk to the area that is stated."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo import schema
from beltmap.geo.charter.reading import inner_plans, only_plan
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.files import replace_file
from beltmap.geo.geometry.area import M2_PER_KM2, Floats, areas_m2
from beltmap.geo.geometry.geojson import DECIMALS
from beltmap.geo.plan.build import DECIMALS as AREA_DECIMALS
from beltmap.geo.plan.plan import read_plan

STEPS: Final = 8
"""Each step shrinks what is wrong a thousandfold: the earth is nearly flat here."""


def scaled(shape: BaseGeometry, *, area_km2: float) -> BaseGeometry:
    """
    Enlarge or shrink a shape about its centre until it has an area.

    Parameters
    ----------
    shape
        Polygon or multipolygon in EPSG:4326.
    area_km2
        Area wanted, in square kilometres on the WGS 84 ellipsoid.

    Returns
    -------
    shape
        The same outline in another size, with seven decimals.

    Examples
    --------
    >>> shape = scaled(shapely.box(120, 36, 120.1, 36.1), area_km2=5)
    >>> round(float(areas_m2([shape])[0]) / M2_PER_KM2, 4)
    5.0
    """
    centre = np.asarray(shape.centroid.coords[0])
    factor = 1.0
    for _ in range(STEPS):
        grown = _about(shape, centre, factor)
        factor *= (area_km2 * M2_PER_KM2 / float(areas_m2(np.array([grown]))[0])) ** 0.5
    return shapely.transform(
        _about(shape, centre, factor), lambda points: points.round(DECIMALS)
    )


def scale_zones(folder: Path, zones: Collection[str]) -> dict[str, Path]:
    """
    Scale zones of a plan to their stated areas, in its layer files.

    Parameters
    ----------
    folder
        Folder of the plan.
    zones
        Ids of the zones.

    Returns
    -------
    written
        The layer file of each zone.

    Raises
    ------
    PlanError
        If there is no such zone, none states its area, it is not drawn, or its
        outline is not a sketch but described by a document; then with the
        faults of all of them, and nothing is written.
    """
    plan = read_plan(folder)
    rows = {row["id"]: row for row in plan.zones.to_dict("records")}
    files = plan.charter.files
    faults = [fault for zone in zones for fault in _unfit(zone, rows.get(zone, {}))]
    if faults:
        raise PlanError(faults)
    paths = {zone: folder / files[rows[zone]["kind"]] for zone in zones}
    for path in dict.fromkeys(paths.values()):
        chosen = {zone: rows[zone] for zone in zones if paths[zone] == path}
        replace_file(path, _rewritten(path.read_bytes(), chosen))
    return paths


def plan_of(zones: Collection[str], *folders: Path) -> Path:
    """
    Find which of several plans has some zones.

    Parameters
    ----------
    zones
        Ids of the zones.
    folders
        Folders of the plans, see `geo.charter.reading.inner_plans`.

    Returns
    -------
    folder
        Of the only plan that has any of them.

    Raises
    ------
    PlanError
        If none of several plans has any, or more than one.
    """
    inner = inner_plans(*folders)
    if len(inner) > 1:
        wanted = set(zones)
        having = [one for one in inner if wanted & set(read_plan(one).zones["id"])]
        inner = tuple(having) or inner
    return only_plan(*inner)


def _about(shape: BaseGeometry, centre: Floats, factor: float) -> BaseGeometry:
    return shapely.transform(shape, lambda points: centre + (points - centre) * factor)


def _rewritten(content: bytes, rows: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Write a layer file anew with some of its zones scaled, the rest as it is."""
    layer = orjson.loads(content)
    for feature in layer["features"]:
        given = feature["properties"]
        if row := rows.get(given["id"]):
            shape = scaled(row["geometry"], area_km2=row["declared_area_km2"])
            area_km2 = float(areas_m2(np.array([shape]))[0]) / M2_PER_KM2
            feature["geometry"] = shapely.geometry.mapping(shape)
            given["drawn_area_km2"] = round(area_km2, AREA_DECIMALS)
            # an outline of another size is no longer the file's
            if given["boundary"] == schema.DRAWN:
                given["boundary"] = "schematic"
    shapes = [
        shapely.geometry.shape(f["geometry"])
        for f in layer["features"]
        if f["geometry"]
    ]
    if "bbox" in layer:
        layer["bbox"] = shapely.total_bounds(shapes).round(DECIMALS).tolist()
    head = {key: value for key, value in layer.items() if key != "features"}
    lines = b",\n".join(orjson.dumps(feature) for feature in layer["features"])
    return orjson.dumps(head)[:-1] + b',"features":[\n' + lines + b"\n]}\n"


def _unfit(zone: str, row: Mapping[str, Any]) -> Iterator[Fault]:
    """Say why a zone cannot be scaled."""
    if not row:
        reason = "missing"
    elif row["geometry"] is None:
        reason = "not_drawn"
    elif pd.isna(row["declared_area_km2"]):
        reason = "no_area"
    elif row["boundary"] not in (*schema.SKETCHED, schema.DRAWN):
        reason = "described"
    else:
        return
    yield fault(f"E_CANNOT_SCALE.{reason}", zone)
