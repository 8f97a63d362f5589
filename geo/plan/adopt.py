"""A new plan made of the zones of people's files."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from beltmap.geo.charter.charter import Kind, Structure, Words
from beltmap.geo.charter.force import charter
from beltmap.geo.charter.reading import DEFAULT, default_charter
from beltmap.geo.charter.sentence import kind_of, named, read_sentence
from beltmap.geo.charter.writing import charter_text
from beltmap.geo.claims.table import read_sectors
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import drawn_area_km2
from beltmap.geo.plan.append import UPLOAD, join_plan, no_polygon, plan_files
from beltmap.geo.plan.footprints import Sizes, outlined
from beltmap.geo.plan.template import write_plan
from beltmap.geo.schema import SEPARATOR
from beltmap.geo.scratch import scratch

if TYPE_CHECKING:
    import pandas as pd

ARCHIVED: Final = "my-plan"
"""Name of the folder in an archive."""

LONGEST: Final = 40
"""Letters of a code: file systems take no names without end."""


@dataclass(frozen=True)
class Adopted:
    """
    A plan that was made of files.

    Parameters
    ----------
    files
        What was written.
    found
        Kinds, cities and sectors with the number of their zones, in words.
    of_files
        Names of the kinds that are called as the file of their zones is.
    """

    files: tuple[Path, ...]
    found: Mapping[str, str]
    of_files: tuple[str, ...] = ()


def adopted_plan(
    zones: gpd.GeoDataFrame,
    folder: Path,
    *,
    sentence: str = "",
    kinds: Iterable[Kind] = (),
) -> Adopted:
    """
    Make a plan folder of zones that files have.

    Parameters
    ----------
    zones
        Zones in EPSG:4326, as `geo.intake.reading.Outcome` has them.
    folder
        Folder to make; it may exist if it is empty.
    sentence
        Structure of the plan, see `geo.charter.sentence.read_sentence`: zones of
        the kinds that it counts name it.
    kinds
        Kinds that the zones may have besides; every other word of the files for
        a kind becomes a kind of its own.

    Returns
    -------
    adopted
        What was written, and what was found.

    Raises
    ------
    PlanError
        If a zone is no polygon, an id stands twice, or the folder is not empty.
    """
    faults = [
        no_polygon(str(zone), kind)
        for zone, kind in zip(zones["id"], zones.geometry.geom_type, strict=True)
        if isinstance(kind, str) and kind not in {"Polygon", "MultiPolygon"}
    ]
    if faults:
        raise PlanError(faults)
    read = read_sentence(sentence) if sentence else None
    structures = (read.structure,) if read else ()
    words = _words_for_kinds(zones)
    codes, used = _kinds(words, [*(read.kinds if read else ()), *kinds])
    made = zones.assign(kind=words.map(codes), patterns=None)
    if read:
        used = list(dict.fromkeys([*read.kinds, *used]))
        own = made["kind"].isin([kind.code for kind in read.kinds])
        made["patterns"] = own.map({True: read.structure.code, False: None})
    made["city"] = _cities(made["city"])
    ids = made["id"].astype(str)
    made["id"] = ids.where(~ids.duplicated(keep=False), _numbered(ids))
    # what lies in another file is no parent here
    made["part_of"] = made["part_of"].where(made["part_of"].isin(made["id"]), None)
    made["drawn_area_km2"] = drawn_area_km2(made).round(6)
    sectors = made["sectors"].dropna().str.split(SEPARATOR).explode()
    made = made.drop(columns=UPLOAD)
    named = _sectors(sectors.unique())
    written = charter_text(
        _title(structures, folder),
        kinds=used,
        statuses=default_charter().statuses,
        structures=structures,
        cities=made["city"].dropna().unique(),
        sectors=named,
    )
    names = {kind.code: kind.name.say() for kind in used}
    counts = {
        "kind": made["kind"].map(names),
        "city": made["city"],
        "sectors": sectors.map({code: name.say() for code, name in named.items()}),
    }
    found = {column: _counts(values) for column, values in counts.items()}
    unsaid = made.loc[zones["kind"].isna(), "kind"].map(names)
    return Adopted(
        write_plan(folder, made, charter=written, sectors=b""),
        {column: said for column, said in found.items() if said},
        tuple(unsaid.unique()),
    )


def adopted_archive(zones: gpd.GeoDataFrame) -> bytes:
    """
    Make a plan folder of zones that files have, as one archive to take along.

    Parameters
    ----------
    zones
        Zones in EPSG:4326; points and lines get outlines of the usual sizes.

    Returns
    -------
    archive
        A ZIP archive with one folder, which `beltmap --plan` opens.

    Raises
    ------
    PlanError
        If the zones make no plan.
    """
    drawn = outlined(zones, Sizes()).zones
    with scratch() as place:
        adopted_plan(drawn, place / ARCHIVED, kinds=charter().kinds)
        return _zipped(place / ARCHIVED)


def extended_archive(
    folder: Path, zones: gpd.GeoDataFrame, *, unnamed: NDArray[np.bool_]
) -> bytes:
    """
    Copy a plan with zones added, as one archive; the plan itself is not written.

    Parameters
    ----------
    folder
        Folder of the plan.
    zones, unnamed
        Zones with outlines, and which of their ids are made up; see
        `geo.plan.append.join_plan`.

    Returns
    -------
    archive
        A ZIP archive with one folder of the plan's name.

    Raises
    ------
    PlanError
        If the zones cannot join the plan.
    """
    with scratch() as place:
        copy = place / folder.name
        copy.mkdir()
        for path in plan_files(folder):
            shutil.copyfile(path, copy / path.name)
        join_plan([zones], copy, unnamed=[unnamed])
        return _zipped(copy)


def _zipped(folder: Path) -> bytes:
    """Put the files of a folder into an archive, under the folder's name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in plan_files(folder):
            archive.write(path, f"{folder.name}/{path.name}")
    return out.getvalue()


def _title(structures: tuple[Structure, ...], folder: Path) -> Words:
    name = folder.resolve().name
    return structures[0].name if structures else Words(name, name)


def _words_for_kinds(zones: gpd.GeoDataFrame) -> "pd.Series[str]":
    """Give the word of each zone for its kind; of those without, their file's name."""
    stems = zones[UPLOAD].map(lambda name: Path(str(name)).name.partition(".")[0])
    words: pd.Series[str] = zones["kind"].where(zones["kind"].notna(), stems)
    return words


def _kinds(
    words: "pd.Series[str]", known: Iterable[Kind]
) -> tuple[dict[str, str], list[Kind]]:
    """Find the kind that each word means, or make one of it."""
    kinds: dict[str, Kind] = {}
    called: dict[str, str] = {}
    for kind in known:
        kinds.setdefault(kind.code, kind)
        for word in (kind.code, kind.name.en, kind.name.zh, *kind.also):
            called.setdefault(word.casefold(), kind.code)
    codes = {}
    for word in words.unique():
        name = named(word)
        code = _code(name.en)
        codes[word] = called.get(word.casefold()) or called.get(name.zh, code)
        if codes[word] not in kinds:
            kinds[code] = kind_of(code, name, len(kinds))
            codes[word] = code
    order = dict.fromkeys(codes.values())
    return codes, [kind for code, kind in kinds.items() if code in order]


def _code(name: str) -> str:
    """Make a code of a name, as ``plan.toml`` and file names can have it."""
    return re.sub(r"[^\w-]+", "-", name.casefold()).strip("-_")[:LONGEST] or "zone"


def _cities(given: "pd.Series[str]") -> "pd.Series[str]":
    """Call a city in one way that is written with and without the word for city."""
    bare = given.str.removesuffix("市")
    made: pd.Series[str] = given.where(~bare.isin(set(given.dropna())), bare)
    return made


def _sectors(codes: Iterable[str]) -> dict[str, Words]:
    """Name sectors: those of the usual vocabulary as it does, others as given."""
    usual = read_sectors(DEFAULT).set_index("code")
    names = map(Words, usual["label_en"], usual["label_zh"])
    known = dict(zip(usual.index, names, strict=True))
    return {code: known.get(code, Words(code, code)) for code in codes}


def _numbered(ids: "pd.Series[str]") -> "pd.Series[str]":
    """Tell apart by a number what several files call alike."""
    places = ids.groupby(ids).cumcount() + 1
    return ids + "-" + places.astype(str)


def _counts(values: "pd.Series[str]") -> str:
    counts = values.dropna().value_counts(sort=False)
    return "; ".join(f"{value} {n}" for value, n in counts.items())
