"""A whole plan folder held against itself: every fault of every file at once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd

from beltmap.geo import schema
from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.force import under
from beltmap.geo.charter.reading import (
    SCHEMA,
    default_charter,
    inner_plans,
    plan_names,
    read_charter,
)
from beltmap.geo.claims.comments import COMMENTS_FILE, read_comments
from beltmap.geo.claims.glossary import GLOSSARY_FILE, read_glossary
from beltmap.geo.claims.table import (
    CLAIMS_FILE,
    SECTORS_FILE,
    SOURCES_FILE,
    read_claims,
    read_sectors,
    read_sources,
)
from beltmap.geo.csvfile import CHARTER_FILE
from beltmap.geo.errors import Fault, PlanError, fault, unknown_value
from beltmap.geo.ground.ground import BASEMAP, Ground
from beltmap.geo.plan.build import AXES
from beltmap.geo.plan.places import ANCHORS_FILE, read_anchors
from beltmap.geo.plan.plan import id_faults
from beltmap.geo.zones.bulk import MAGIC
from beltmap.geo.zones.files import FORMER, read_layers
from beltmap.geo.zones.table import ZONES_FILE, read_zone_table

TABLES: Final = (
    CHARTER_FILE,
    SCHEMA.name,
    CLAIMS_FILE,
    SOURCES_FILE,
    SECTORS_FILE,
    ANCHORS_FILE,
    GLOSSARY_FILE,
    ZONES_FILE,
    COMMENTS_FILE,
)
"""Files of a plan besides its layers."""

PLAIN: Final = (".md", ".txt", ".py", "")
"""Endings of files that people keep beside a plan, as this or any other project."""

T = TypeVar("T")


def folder_faults(folder: Path) -> tuple[Fault, ...]:
    """
    Find everything that is wrong with a plan folder.

    Parameters
    ----------
    folder
        Folder of the plan, see `geo.plan.plan.read_plan`.

    Returns
    -------
    faults
        Those that keep it from being opened, those of ``zones.csv`` and of the
        basemap, and references from one file to another that lead nowhere.
    """
    inner = inner_plans(folder)
    if inner != (folder,):
        return tuple(
            replace(one, where=f"{name}: {one.where}")
            for name, plan in zip(plan_names(inner), inner, strict=True)
            for one in folder_faults(plan)
        )
    faults: list[Fault] = []

    def tried(read: Callable[[Path], T], path: Path = folder) -> T | None:
        try:
            return read(path)
        except PlanError as error:
            faults.extend(error.faults)
            return None

    charter = tried(read_charter)
    with under(charter or default_charter()):
        sectors = tried(read_sectors)
        sources = tried(read_sources)
        anchors = tried(read_anchors)
        claims, comments = tried(read_claims), tried(read_comments)
        tried(read_glossary)
        if (folder / ZONES_FILE).exists():
            tried(read_zone_table)
        if (folder / BASEMAP).is_dir():
            tried(_labelled, folder / BASEMAP)
            tried(_drawn, folder / BASEMAP)
        # without its kinds or sectors, every zone would seem to be wrong
        if charter is not None and sectors is not None:
            layers = read_layers(folder, sectors=set(sectors["code"]))
            found = [fault for layer in layers for fault in layer.faults]
            zones = pd.concat([layer.columns for layer in layers], ignore_index=True)
            faults += found or id_faults(zones)
            if not found:
                faults += _cross_faults(zones, charter, sources, anchors)
                if claims is not None and comments is not None:
                    faults += _astray(zones, claims, comments)
    # sectors may stand in a charter that cannot be read
    unsure = () if charter is not None else ("E_UNKNOWN_SECTOR",)
    return tuple(dict.fromkeys(one for one in faults if one.code not in unsure))


def _labelled(basemap: Path) -> int:
    return len(Ground((basemap,)).labels)


def _drawn(basemap: Path) -> int:
    ground = Ground((basemap,))
    return len(ground.extents) + sum(
        map(len, (ground.land, ground.water, ground.roads))
    )


def unused_files(folder: Path) -> tuple[str, ...]:
    """
    Name the files of a plan folder that beltmap does not read.

    Parameters
    ----------
    folder
        Folder of the plan.

    Returns
    -------
    names
        Without hidden files, texts and folders; a layer file of a kind that
        the plan does not have is one of them.
    """
    try:
        charter = read_charter(folder)
    except PlanError:
        charter = default_charter()
    known = {*TABLES, *charter.files.values(), *MAGIC, *FORMER}
    return tuple(
        sorted(
            path.name
            for path in folder.iterdir()
            if path.is_file()
            and path.name not in known
            and path.suffix not in PLAIN
            and not path.name.startswith(".")
            and not path.match(AXES)
        )
    )


def unused_columns(folder: Path) -> dict[str, tuple[str, ...]]:
    """
    Name the properties of layer files that a plan does not have.

    Parameters
    ----------
    folder
        Folder of the plan.

    Returns
    -------
    names
        By layer file, those of any of its features; files that cannot be read
        and files without any are left out. They stay in the files, and are on
        no map, in no table and in no export.
    """
    try:
        charter = read_charter(folder)
    except PlanError:
        return {}
    found = {}
    for name in charter.files.values():
        try:
            features = orjson.loads((folder / name).read_bytes())["features"]
            keys = dict.fromkeys(key for one in features for key in one["properties"])
        except (OSError, ValueError, LookupError, TypeError):
            continue
        if own := tuple(key for key in keys if key not in schema.COLUMNS):
            found[name] = own
    return found


def _cross_faults(
    zones: pd.DataFrame,
    charter: Charter,
    sources: pd.DataFrame | None,
    anchors: gpd.GeoDataFrame | None,
) -> Iterator[Fault]:
    """Find references that lead nowhere."""
    given = zones[zones["source"].notna()]
    if sources is not None:
        cited = given["source"].map(lambda said: said.partition(",")[0].strip())
        known = list(sources["id"])
        lost = given[~cited.isin(known).to_numpy(bool)]
        for zone, source in zip(lost["id"], lost["source"], strict=True):
            yield unknown_value(zone, "source", source, known)
    if charter.cities:
        known = [city.code for city in charter.cities]
        named = zones[zones["city"].notna() & ~zones["city"].isin(known)]
        for zone, city in zip(named["id"], named["city"], strict=True):
            yield unknown_value(zone, "city", city, known)
    yield from _wholes(zones, charter)
    if anchors is not None:
        own = anchors["role"] == "zone"
        astray = own & ~np.isin(anchors["id"].to_numpy(str), zones["id"].to_numpy(str))
        for anchor in anchors["id"][astray]:
            yield fault("E_NO_SUCH_ZONE", f"{ANCHORS_FILE} ({anchor})", zone=anchor)


def _astray(
    zones: pd.DataFrame, claims: pd.DataFrame, comments: pd.DataFrame
) -> Iterator[Fault]:
    """Find comments on zones and claims that there are not."""
    about = comments[comments["about"].notna()]
    known = {*zones["id"], *claims["id"]}
    for comment, thing in zip(about["id"], about["about"], strict=True):
        if thing not in known:
            where = f"{COMMENTS_FILE} ({comment})"
            yield fault("E_COMMENT_ABOUT.unknown", where, about=thing)


def _wholes(zones: pd.DataFrame, charter: Charter) -> Iterator[Fault]:
    """Find structures whose whole is called as a zone: then it is no whole."""
    called = zones[["id", "name_en", "name_zh"]].itertuples(index=False)
    names = {name.casefold(): row.id for row in called for name in row if name}
    for one in charter.structures:
        words = () if one.whole is None else (one.whole.en, one.whole.zh)
        zone = next(
            (names[word.casefold()] for word in words if word.casefold() in names), None
        )
        if zone is not None:
            yield fault("E_WHOLE_IS_ZONE", f"{CHARTER_FILE} ({one.code})", zone=zone)
