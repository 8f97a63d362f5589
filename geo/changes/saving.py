"""Changes made in the files of a plan: all of them or none, and none that misfits."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import shapely

from beltmap.geo import schema
from beltmap.geo.changes.between import difference_between
from beltmap.geo.changes.change import ADDED, REMOVED, Change, Difference
from beltmap.geo.changes.fitting import changed_zones, conflicts
from beltmap.geo.changes.tables import CLAIMED, changed_tables
from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.force import under
from beltmap.geo.claims.table import claims_about
from beltmap.geo.commit import commit, writing
from beltmap.geo.csvfile import CHARTER_FILE
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry.geojson import DECIMALS, dumps
from beltmap.geo.plan.check import folder_faults
from beltmap.geo.plan.plan import Plan, read_plan
from beltmap.geo.scratch import scratch
from beltmap.geo.zones.bulk import MAGIC
from beltmap.geo.zones.faults import geometry_fault, property_faults

PLAIN: Final = {".csv", ".geojson"}


def save_difference(
    folder: Path, difference: Difference, *, only_try: bool = False
) -> tuple[str, ...]:
    """
    Make changes in the files of a plan.

    Parameters
    ----------
    folder
        Folder of one plan; other writers wait until it is done.
    difference
        The changes. Those that are made already count as done.
    only_try
        Whether to do all of it but the writing.

    Returns
    -------
    names
        Of the files written. A build afterwards keeps the outlines.

    Raises
    ------
    PlanError
        If someone else has changed the same meanwhile, with all versions; if
        an outline crosses itself, a word is unknown, or a check of the folder
        would find what it does not find now. Nothing is written then.
    """
    tables = [_one_table(name) for name in MAGIC if (folder / name).exists()]
    if tables:
        raise PlanError(tables)
    with writing(folder):
        plan = read_plan(folder)
        with under(plan.charter):
            faults = list(_faults(plan, difference))
            if faults:
                raise PlanError(faults)
            zones = changed_zones(plan.zones, difference)
            changes = _undone(plan, difference)
            drafts = _layers(folder, plan.charter, zones, changes)
            bases = dict(zip(zones["id"], zones["area_basis"], strict=True))
            drafts |= changed_tables(folder, changes, difference.edit_of, bases=bases)
        _try_out(folder, drafts)
        if drafts and not only_try:
            commit(folder, drafts)
    return tuple(drafts)


def _faults(plan: Plan, difference: Difference) -> Iterator[Fault]:
    """Find what does not fit the plan, and what no plan may have."""
    yield from (one.fault() for one in conflicts(plan.zones, difference))
    sectors = set(plan.sectors["code"])
    for change in difference.changes:
        if change.sort == REMOVED:
            continue
        if change.after.geometry is not None:
            bad = geometry_fault(change.after.geometry, change.id)
            if bad is not None:
                yield bad
        if not _is_name(change.id):
            yield fault("E_BAD_ID", change.id)
        row = {"id": change.id, **dict.fromkeys(schema.COLUMNS)}
        row |= {"id": change.id, **change.after.properties}
        kind = change.after.properties.get("kind", change.before.properties.get("kind"))
        row["kind"] = kind or next(iter(plan.charter.by_kind))
        yield from property_faults(row, change.id, kind=None, sectors=sectors)
        if change.sort == ADDED and kind is None:
            yield fault("E_WRONG_KIND.any", change.id, kind=None, held=None)
        for column, attribute in CLAIMED.items():
            unsaid = column in change.after.properties
            unsaid &= change.after.properties.get(column) is None
            if unsaid and len(claims_about(plan.claims, change.id, attribute)):
                yield fault("E_CLAIM_STANDS", change.id, column=column)


def _is_name(zone: str) -> bool:
    """Tell whether an id can stand in tables, links and files."""
    return zone.strip() == zone and zone.isprintable() and zone[:1] not in "=+-@"


def _undone(plan: Plan, difference: Difference) -> list[Change]:
    """Leave out what the plan says already."""
    after = changed_zones(plan.zones, difference)
    real = {one.id: one for one in difference_between(plan.zones, after).changes}
    edits = {one.id: one.edit for one in difference.changes}
    return [
        Change(one.id, one.sort, before=one.before, after=one.after, edit=edits[zone])
        for zone, one in real.items()
    ]


def _layers(
    folder: Path, charter: Charter, zones: gpd.GeoDataFrame, changes: Sequence[Change]
) -> dict[str, bytes]:
    """Write the layer files that changes touch; all other features stay as they are."""
    touched = {change.id for change in changes}
    rows = zones[zones["id"].isin(touched)]
    made = {
        str(feature["properties"]["id"]): feature
        for feature in orjson.loads(dumps(rows[[*schema.COLUMNS, "geometry"]]))[
            "features"
        ]
    }
    drafts = {}
    for kind, name in charter.files.items():
        own = {
            zone: feature
            for zone, feature in made.items()
            if feature["properties"]["kind"] == kind
        }
        path = folder / name
        document = orjson.loads(path.read_bytes()) if path.exists() else _empty(path)
        new = _features(document["features"], own, touched)
        if new != document["features"]:
            drafts[name] = _written(document, new)
    return drafts


def _features(
    old: Sequence[Any], own: Mapping[str, Any], touched: set[str]
) -> list[Any]:
    """Put changed features in the places of the old ones, new ones last."""
    new, placed = [], set()
    for feature in old:
        zone = str(feature["properties"]["id"])
        if zone not in touched:
            new.append(feature)
        elif zone in own:
            given = {**feature["properties"], **own[zone]["properties"]}
            new.append({**feature, **own[zone], "properties": given})
            placed.add(zone)
    return new + [feature for zone, feature in own.items() if zone not in placed]


def _empty(path: Path) -> dict[str, Any]:
    return {"type": "FeatureCollection", "name": path.stem, "features": []}


def _written(document: Mapping[str, Any], features: Sequence[Any]) -> bytes:
    """Write a layer file with other features."""
    head = {key: value for key, value in document.items() if key != "features"}
    shapes = [
        shapely.geometry.shape(one["geometry"]) for one in features if one["geometry"]
    ]
    if shapes:
        head["bbox"] = np.round(shapely.total_bounds(shapes), DECIMALS).tolist()
    else:
        head.pop("bbox", None)
    lines = b",\n".join(orjson.dumps(feature) for feature in features)
    return orjson.dumps(head)[:-1] + b',"features":[\n' + lines + b"\n]}\n"


def _try_out(folder: Path, drafts: Mapping[str, bytes]) -> None:
    """Check the plan as it would be; raise what is wrong that was not before."""
    with scratch() as trial:
        for path in folder.iterdir():
            plain = path.suffix in PLAIN or path.name == CHARTER_FILE
            if path.is_file() and plain:
                shutil.copyfile(path, trial / path.name)
        for name, content in drafts.items():
            (trial / name).write_bytes(content)
        found = folder_faults(trial)
        if found:
            # lines may have moved
            old = Counter((one.code, one.what) for one in folder_faults(folder))
            new = Counter((one.code, one.what) for one in found) - old
            worse = [one for one in found if (one.code, one.what) in new]
            if worse:
                raise PlanError(worse)
        read_plan(trial)


def _one_table(name: str) -> Fault:
    return fault("E_PLAN_IS_TABLE", name)
