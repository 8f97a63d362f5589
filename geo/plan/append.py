"""Zones of an upload written into a plan folder."""

import csv
import io
import itertools
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

from beltmap.geo import schema
from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.reading import read_charter
from beltmap.geo.claims.stated import stated_claims
from beltmap.geo.claims.table import (
    CLAIM_COLUMNS,
    CLAIMS_FILE,
    SECTOR_COLUMNS,
    SECTORS_FILE,
    SOURCE_COLUMNS,
    SOURCES_FILE,
    cited_source,
)
from beltmap.geo.commit import commit, writing
from beltmap.geo.csvfile import CHARTER_FILE
from beltmap.geo.errors import Fault, PlanError, fault, unknown_value
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.scratch import scratch
from beltmap.geo.zones.bulk import MAGIC

UPLOAD = "upload"
"""Column with the name of the file that a zone was uploaded in."""

GIVEN = "part_of (as given)"
"""Column for what a zone is part of by its file, where that is no zone."""


@dataclass(frozen=True)
class Joined:
    """
    What was added to a plan.

    Parameters
    ----------
    added
        Number of zones added, by layer file.
    sources
        Ids of the sources that the plan did not have.
    sectors
        Sectors that the plan did not have, as the files call them.
    cities
        Cities of the zones that are none of those in its ``plan.toml``.
    """

    added: Mapping[str, int]
    sources: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()


def join_plan(
    files: Sequence[gpd.GeoDataFrame],
    folder: Path,
    *,
    unnamed: Sequence[NDArray[np.bool_]],
    only_try: bool = False,
) -> Joined:
    """
    Add zones to the layer files of a plan, all of them or none.

    Sources that the zones name and the plan does not have are added as well: the
    files themselves, where they state no other; so are their sectors, where the
    plan keeps its own in a table. An area that a file states as about so much, at
    least, at most or from and to becomes a claim.

    Parameters
    ----------
    files
        Zones in EPSG:4326, as `geo.intake.reading.Outcome` has them of each
        file, with outlines as `geo.plan.footprints.outlined` draws them. What
        they are part of is left out where neither plan nor files have it.
    folder
        Folder of the plan; other writers wait until it is done.
    unnamed
        Which zones of each file have an id that beltmap made up, see
        `geo.intake.repaired.unnamed`; they get another where theirs is taken.
    only_try
        Whether to do all of it but the writing.

    Returns
    -------
    joined
        What was added.

    Raises
    ------
    PlanError
        If the plan would not be one any more: an id twice, an unknown kind or
        sector, a zone that is no polygon. Nothing is written then.
    """
    faults = [
        no_polygon(str(zone), kind)
        for zones in files
        for zone, kind in zip(zones["id"], zones.geometry.geom_type, strict=True)
        if isinstance(kind, str) and kind not in {"Polygon", "MultiPolygon"}
    ]
    faults += [_one_table(name) for name in MAGIC if (folder / name).exists()]
    if faults:
        raise PlanError(faults)
    with writing(folder):
        plan = read_plan(folder)
        if faults := _strange_kinds(files, plan.charter):
            raise PlanError(faults)
        taken = set(plan.zones["id"])
        named = _related(_named(files, unnamed, taken), taken)
        drafts: dict[str, bytes] = {}
        added: dict[str, int] = {}
        for kind, name in read_charter(folder).files.items():
            parts = [zones[zones["kind"] == kind] for zones in named]
            parts = [part for part in parts if len(part)]
            if parts:
                drafts[name] = _with(folder / name, parts)
                added[name] = sum(map(len, parts))
        cited = [cited_source(one) for z in named for one in z["source"].dropna()]
        known = set(plan.sources["id"])
        sources = tuple(dict.fromkeys(one for one in cited if one not in known))
        if sources:
            new = [{"id": source, "title": source} for source in sources]
            drafts[SOURCES_FILE] = _with_rows(
                folder / SOURCES_FILE, new, SOURCE_COLUMNS
            )
        claims = stated_claims(named, plan.claims["id"])
        if claims:
            drafts[CLAIMS_FILE] = _with_rows(
                folder / CLAIMS_FILE, claims, CLAIM_COLUMNS
            )
        sectors = () if plan.charter.sectors else _new_sectors(named, plan.sectors)
        if sectors:
            new = [_sector_row(one) for one in sectors]
            drafts[SECTORS_FILE] = _with_rows(
                folder / SECTORS_FILE, new, SECTOR_COLUMNS
            )
        _try_out(folder, drafts)
        if not only_try:
            commit(folder, drafts)
    return Joined(added, sources, sectors, _strange_cities(named, plan.charter))


def _strange_kinds(files: Sequence[gpd.GeoDataFrame], charter: Charter) -> list[Fault]:
    """Say which zones are of a kind that the plan does not have: no file is theirs."""
    known = tuple(charter.by_kind)
    return [
        unknown_value(zone, "kind", kind, known)
        for zones in files
        for zone, kind in zip(zones["id"], zones["kind"], strict=True)
        if kind not in known
    ]


def _strange_cities(
    files: Sequence[gpd.GeoDataFrame], charter: Charter
) -> tuple[str, ...]:
    """Name cities that the plan does not have, if it says which it has."""
    known = {city.code for city in charter.cities}
    given = [city for zones in files for city in zones["city"].dropna()]
    return tuple(dict.fromkeys(city for city in given if known and city not in known))


def _new_sectors(
    files: Sequence[gpd.GeoDataFrame], known: pd.DataFrame
) -> tuple[str, ...]:
    """Name the sectors of zones that the plan's vocabulary does not have."""
    given = [one for zones in files for one in zones["sectors"].dropna()]
    named = [one for words in given for one in words.split(schema.SEPARATOR)]
    codes = set(known["code"])
    return tuple(dict.fromkeys(one for one in named if one and one not in codes))


def _sector_row(word: str) -> dict[str, str]:
    """Say of a sector what its file says of it: its word."""
    return {"code": word, "label_en": word, "label_zh": word, "scope": "specific"}


def _with_rows(
    path: Path, new: Sequence[Mapping[str, str]], names: Sequence[str]
) -> bytes:
    """Write a table as it is, and new rows below."""
    content = path.read_bytes() if path.exists() else b""
    header = next(csv.reader([content.decode("utf-8-sig").partition("\n")[0]]), [])
    columns = [name.strip() for name in header] or list(names)
    out = io.StringIO()
    writer = csv.DictWriter(
        out, columns, restval="", extrasaction="ignore", lineterminator="\n"
    )
    if not header:
        writer.writeheader()
    writer.writerows(new)
    rows = out.getvalue().encode()
    if b"\r\n" in content:
        rows = rows.replace(b"\n", b"\r\n")
    gap = b"" if content.endswith(b"\n") or not content else b"\n"
    return content + gap + rows


def _named(
    files: Sequence[gpd.GeoDataFrame],
    unnamed: Sequence[NDArray[np.bool_]],
    taken: set[str],
) -> list[gpd.GeoDataFrame]:
    """Give zones whose id is made up one that is free; others keep what they have."""
    free = taken.union(
        *(zones["id"][~made] for zones, made in zip(files, unnamed, strict=True))
    )
    named = []
    for zones, made in zip(files, unnamed, strict=True):
        ids = zones["id"].tolist()
        for row in np.flatnonzero(made):
            word, _, number = str(ids[row]).rpartition("-")
            numbers = itertools.count(int(number))
            ids[row] = next(one for n in numbers if (one := f"{word}-{n}") not in free)
            free.add(ids[row])
        named.append(zones.assign(id=ids))
    return named


def _related(
    files: Sequence[gpd.GeoDataFrame], taken: set[str]
) -> list[gpd.GeoDataFrame]:
    """Keep as a column of its own what zones are part of that is no zone."""
    known = taken.union(*(zones["id"] for zones in files))
    related = []
    for zones in files:
        given = zones["part_of"]
        strange = given.notna() & ~given.isin(known)
        made = zones.assign(part_of=given.where(~strange, None))
        if strange.any() and GIVEN not in zones:
            made[GIVEN] = given.where(strange, None)
        related.append(made)
    return related


def plan_files(folder: Path) -> list[Path]:
    """List the files of a folder that are a plan's, by name."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and (path.suffix in {".csv", ".geojson"} or path.name == CHARTER_FILE)
    )


def _try_out(folder: Path, drafts: Mapping[str, bytes]) -> None:
    """Read the plan as it would be; it raises where that is none."""
    with scratch() as trial:
        for path in plan_files(folder):
            shutil.copyfile(path, trial / path.name)
        for name, content in drafts.items():
            (trial / name).write_bytes(content)
        read_plan(trial)


def _with(path: Path, parts: Sequence[gpd.GeoDataFrame]) -> bytes:
    """Write the features of a layer file, letter for letter, and new ones."""
    document = orjson.loads(path.read_bytes())
    more = [orjson.loads(dumps(_lean(zones))) for zones in parts]
    features = [one for part in (document, *more) for one in part["features"]]
    head = {
        key: value for key, value in document.items() if key not in {"features", "bbox"}
    }
    boxes = [part["bbox"] for part in (document, *more) if part.get("bbox")]
    if boxes:
        west, south, east, north = zip(*boxes, strict=True)
        head["bbox"] = [min(west), min(south), max(east), max(north)]
    lines = b",\n".join(orjson.dumps(feature) for feature in features)
    return orjson.dumps(head)[:-1] + b',"features":[\n' + lines + b"\n]}\n"


def _lean(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave out columns without a value, and the mark of what is an upload no more."""
    own = zones.columns.difference([*schema.COLUMNS, "geometry"])
    empty = [column for column in own if pd.isna(zones[column]).all()]
    return zones.drop(columns={*empty, *own.intersection([UPLOAD])})


def _one_table(name: str) -> Fault:
    return fault("E_PLAN_IS_TABLE", name)


def no_polygon(zone: str, kind: str) -> Fault:
    """Say that a zone is drawn as something else than a polygon."""
    return fault("E_BAD_GEOMETRY.shape", zone, kind=kind)
