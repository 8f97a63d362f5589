"""A whole plan folder held against itself: every fault of every file at once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import geopandas as gpd
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
    cited_source,
    read_claims,
    read_sectors,
    read_sources,
)
from beltmap.geo.csvfile import CHARTER_FILE, read_table
from beltmap.geo.errors import Fault, PlanError, fault, unknown_value
from beltmap.geo.ground.ground import BASEMAP, Ground
from beltmap.geo.plan.places import ANCHORS_FILE, AXES, read_anchors
from beltmap.geo.plan.plan import id_faults
from beltmap.geo.zones.bulk import MAGIC, column_names
from beltmap.geo.zones.files import FORMER, read_layers
from beltmap.geo.zones.layerfile import Layer, place_of, read_layer, refused, zone_of
from beltmap.geo.zones.lines import feature_lines
from beltmap.geo.zones.table import WRITTEN, ZONES_FILE, read_zone_table

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

_OF_CHARTER: Final = ("E_UNKNOWN_KIND", "E_UNKNOWN_STATUS", "E_UNKNOWN_PATTERNS")
_OF_SECTORS: Final = ("E_UNKNOWN_SECTOR", "E_UNKNOWN_SECTORS")
"""Faults that no one can be sure of where these cannot be read."""

_HIDING: Final = frozenset(
    {
        *("E_FILE_MISSING", "E_NO_ACCESS", "E_JSON_SYNTAX", "E_ROOT_TYPE", "E_BAD_ID"),
        *("E_FEATURES_NOT_ARRAY", "E_NO_PROPERTIES", "E_MISSING_PROPERTY"),
        *("E_OLD_LAYER", "E_TOO_MANY_FILES", "E_MORE_FAULTS"),
    }
)
"""Faults of layers behind which there may be zones that were not read."""

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
        known = set() if sectors is None else set(sectors["code"])
        if charter is None:
            layers = [_any_kind(path) for path in layer_files(folder)]
        else:
            layers = read_layers(folder, sectors=known)
        found = [fault for layer in layers for fault in layer.faults]
        faults += found
        zones = pd.concat(
            [layer.columns for layer in layers] or [refused().columns],
            ignore_index=True,
        )
        across = [*_cross_faults(zones, charter, sources)]
        # of a zone that could not be read, no one knows whether it is named
        if _HIDING.isdisjoint(one.code for one in found):
            across += [*id_faults(zones), *_lost_anchors(folder, zones, anchors)]
            if claims is not None and comments is not None:
                across += _astray(zones, claims, comments)
        places = _places(folder) if across else {}
        faults += [
            replace(one, where=places.get(one.where, one.where)) for one in across
        ]
    # kinds, statuses, structures and sectors stand in a charter that cannot be read
    unsure = () if charter is not None else _OF_CHARTER
    told = sectors is not None and (charter is not None or len(sectors))
    unsure = unsure if told else (*unsure, *_OF_SECTORS)
    return tuple(dict.fromkeys(one for one in faults if one.code not in unsure))


def layer_files(folder: Path) -> tuple[Path, ...]:
    """List the GeoJSON files of a plan folder that may hold zones."""
    found = sorted(path for path in folder.glob("*.geojson") if not path.match(AXES))
    return tuple(path for path in found if path.name not in FORMER)


def _any_kind(path: Path) -> Layer:
    """Read a layer whose kind no one knows, since the charter cannot be read."""
    return read_layer(path, kind=None, sectors=())


def _places(folder: Path) -> dict[str, str]:
    """Say where each zone stands, by its id."""
    places = {}
    for path in layer_files(folder):
        content = path.read_bytes()
        try:
            features = orjson.loads(content)["features"]
        except (ValueError, LookupError, TypeError):
            continue
        lines = feature_lines(content)
        for at, feature in enumerate(features, start=1):
            if isinstance(zone := zone_of(feature), str):
                places[zone] = place_of(path.name, at, feature, lines)
    return places


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
        layers = set(read_charter(folder).files.values())
    except PlanError:
        # no one knows which of them are layers
        layers = {path.name for path in layer_files(folder)}
    known = {*TABLES, *layers, *MAGIC, *FORMER}
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
    Name the columns of a plan that is one table which are not read.

    Parameters
    ----------
    folder
        Folder of the plan.

    Returns
    -------
    names
        By file, see `geo.zones.bulk.MAGIC`; a file that cannot be read is left
        out. They stay in the file, and are on no map, in no table and in no
        export; what a GeoJSON layer has besides is read.
    """
    found = {}
    for path in (folder / name for name in MAGIC if (folder / name).exists()):
        own = tuple(one for one in column_names(path) if one not in schema.COLUMNS)
        if own:
            found[path.name] = own
    return found


def _cross_faults(
    zones: pd.DataFrame, charter: Charter | None, sources: pd.DataFrame | None
) -> Iterator[Fault]:
    """Find references that lead nowhere."""
    given = zones[zones["source"].notna()]
    if sources is not None:
        cited = given["source"].map(cited_source)
        known = list(sources["id"])
        lost = given[~cited.isin(known).to_numpy(bool)]
        for zone, source in zip(lost["id"], lost["source"], strict=True):
            yield unknown_value(zone, "source", source, known)
    if charter and charter.cities:
        known = [city.code for city in charter.cities]
        named = zones[zones["city"].notna() & ~zones["city"].isin(known)]
        for zone, city in zip(named["id"], named["city"], strict=True):
            yield unknown_value(zone, "city", city, known)
    yield from _wholes(zones, charter) if charter else ()


def _lost_anchors(
    folder: Path, zones: pd.DataFrame, anchors: gpd.GeoDataFrame | None
) -> Iterator[Fault]:
    """Find anchors of zones that are neither drawn nor listed to be built."""
    if anchors is None:
        return
    known = {*zones["id"], *listed_zones(folder)}
    for anchor in anchors["id"][anchors["role"] == "zone"]:
        if anchor not in known:
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


def listed_zones(folder: Path) -> tuple[str, ...]:
    """Give the ids of the zones that ``zones.csv`` lists; none where it cannot be."""
    if not (folder / ZONES_FILE).exists():
        return ()
    rows = read_table(folder / ZONES_FILE, columns=WRITTEN).rows
    return tuple(row["id"] for _, row in rows)


def unbuilt_zones(folder: Path) -> tuple[str, ...]:
    """Name the zones that ``zones.csv`` lists and no layer file has yet."""
    built = _places(folder)
    tables = any((folder / name).exists() for name in MAGIC)
    return () if tables else tuple(z for z in listed_zones(folder) if z not in built)


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
