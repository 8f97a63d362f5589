"""A new plan made of the zones of people's files."""

import io
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from beltmap.geo.charter.charter import Structure, Words
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.charter.sentence import read_sentence
from beltmap.geo.charter.writing import charter_text
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import drawn_area_km2
from beltmap.geo.plan.append import join_plan, no_polygon, plan_files
from beltmap.geo.plan.footprints import Sizes, outlined
from beltmap.geo.plan.template import write_plan
from beltmap.geo.schema import SEPARATOR
from beltmap.geo.scratch import scratch

if TYPE_CHECKING:
    import pandas as pd

ARCHIVED: Final = "my-plan"
"""Name of the folder in an archive."""


def adopted_plan(
    zones: gpd.GeoDataFrame, folder: Path, *, sentence: str = ""
) -> tuple[tuple[Path, ...], dict[str, str]]:
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

    Returns
    -------
    files
        What was written.
    found
        Kinds, cities and sectors with the number of their zones, in words.

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
    usual = default_charter()
    kinds, default = dict(usual.by_kind), usual.default_kind
    structures: tuple[Structure, ...] = ()
    if sentence:
        counted, structure = read_sentence(sentence)
        kinds = {kind.code: kind for kind in counted} | {default: kinds[default]}
        structures = (structure,)
    made = zones.assign(kind=zones["kind"].fillna(default), patterns=None)
    if structures:
        own = made["kind"].isin(structures[0].promises)
        made["patterns"] = own.map({True: structures[0].code, False: None})
    ids = made["id"].astype(str)
    made["id"] = ids.where(~ids.duplicated(keep=False), _numbered(ids))
    # what lies in another file is no parent here
    made["part_of"] = made["part_of"].where(made["part_of"].isin(made["id"]), None)
    made["drawn_area_km2"] = drawn_area_km2(made).round(6)
    used = [kind for kind in kinds.values() if (made["kind"] == kind.code).any()]
    used += [kinds[kind] for each in structures for kind in each.promises]
    codes = made["sectors"].dropna().str.split(SEPARATOR).explode()
    title = structures[0].name if structures else Words(folder.name, folder.name)
    charter = charter_text(
        title,
        kinds=dict.fromkeys(used),
        statuses=usual.statuses,
        structures=structures,
        cities=made["city"].dropna().unique(),
        sectors=codes.unique(),
    )
    counts = {"kind": made["kind"], "city": made["city"], "sectors": codes}
    found = {column: _counts(values) for column, values in counts.items()}
    files = write_plan(folder, made, charter=charter, sectors=b"")
    return files, {column: said for column, said in found.items() if said}


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
        adopted_plan(drawn, place / ARCHIVED)
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


def _numbered(ids: "pd.Series[str]") -> "pd.Series[str]":
    """Tell apart by a number what several files call alike."""
    places = ids.groupby(ids).cumcount() + 1
    return ids + "-" + places.astype(str)


def _counts(values: "pd.Series[str]") -> str:
    counts = values.dropna().value_counts(sort=False)
    return "; ".join(f"{value} {n}" for value, n in counts.items())
