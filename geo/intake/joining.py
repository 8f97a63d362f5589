"""Zones of an upload written into a plan folder."""

import shutil
import tempfile
from pathlib import Path

import geopandas as gpd
import orjson
import pandas as pd

from geo import schema
from geo.errors import Fault, PlanError
from geo.files import replace_file
from geo.geometry.geojson import dumps
from geo.language.messages import text
from geo.plan import read_plan
from geo.zones.bulk import MAGIC


def join_plan(zones: gpd.GeoDataFrame, folder: Path) -> dict[str, int]:
    """
    Add zones to the layer files of a plan, all of them or none.

    Parameters
    ----------
    zones
        Zones in EPSG:4326, as `geo.intake.frame.zones_of` gives them.
    folder
        Folder of the plan.

    Returns
    -------
    added
        Number of zones added, by file.

    Raises
    ------
    PlanError
        If the plan would not be one any more: an id twice, an unknown sector,
        a zone that is no polygon. Nothing is written then.
    """
    faults = [
        _no_polygon(str(zone), kind)
        for zone, kind in zip(zones["id"], zones.geometry.geom_type, strict=True)
        if isinstance(kind, str) and kind not in {"Polygon", "MultiPolygon"}
    ]
    faults += [_one_table(name) for name in MAGIC if (folder / name).exists()]
    if faults:
        raise PlanError(faults)
    read_plan(folder)
    added: dict[str, int] = {}
    drafts: dict[str, bytes] = {}
    for kind, name in schema.LAYER_FILES.items():
        chosen = zones[zones["kind"] == kind]
        if len(chosen):
            drafts[name] = _with(folder / name, chosen)
            added[name] = len(chosen)
    with tempfile.TemporaryDirectory(prefix="beltmap-") as trial:
        for path in folder.iterdir():
            if path.is_file() and path.suffix in {".csv", ".geojson"}:
                shutil.copyfile(path, Path(trial) / path.name)
        for name, content in drafts.items():
            (Path(trial) / name).write_bytes(content)
        read_plan(Path(trial))
    for name, content in drafts.items():
        replace_file(folder / name, content)
    return added


def _with(path: Path, zones: gpd.GeoDataFrame) -> bytes:
    """Write the features of a layer file, letter for letter, and new ones."""
    document = orjson.loads(path.read_bytes())
    more = orjson.loads(dumps(_lean(zones)))
    features = [*document["features"], *more["features"]]
    head = {
        key: value for key, value in document.items() if key not in {"features", "bbox"}
    }
    boxes = [part["bbox"] for part in (document, more) if part.get("bbox")]
    if boxes:
        west, south, east, north = zip(*boxes, strict=True)
        head["bbox"] = [min(west), min(south), max(east), max(north)]
    lines = b",\n".join(orjson.dumps(feature) for feature in features)
    return orjson.dumps(head)[:-1] + b',"features":[\n' + lines + b"\n]}\n"


def _lean(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave out columns in which no zone has a value, but for the plan's own."""
    empty = [
        column
        for column in zones.columns
        if column not in (*schema.COLUMNS, "geometry") and pd.isna(zones[column]).all()
    ]
    return zones.drop(columns=empty)


def _one_table(name: str) -> Fault:
    return Fault(
        "E_PLAN_IS_TABLE",
        name,
        text("fault.plan_is_table"),
        text("fault.plan_is_table.mend"),
    )


def _no_polygon(zone: str, kind: str) -> Fault:
    return Fault(
        "E_BAD_GEOMETRY",
        zone,
        text("fault.zone_shape", kind=kind),
        text("fault.zone_shape.mend"),
    )
