"""A new plan: an empty folder that can be opened, with one zone to copy."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo import schema
from beltmap.geo.charter.charter import Charter, Kind, Structure, Words
from beltmap.geo.charter.reading import DEFAULT, SCHEMA, parse_charter
from beltmap.geo.charter.sentence import read_sentence
from beltmap.geo.charter.writing import charter_text
from beltmap.geo.claims.stated import stated_claims
from beltmap.geo.claims.table import (
    CLAIM_COLUMNS,
    CLAIMS_FILE,
    SECTORS_FILE,
    SOURCE_COLUMNS,
    SOURCES_FILE,
    cited_source,
)
from beltmap.geo.commit import LOCK, commit, unwritable, writing
from beltmap.geo.csvfile import CHARTER_FILE
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry.area import drawn_area_km2
from beltmap.geo.geometry.geojson import DECIMALS, dumps
from beltmap.geo.language.messages import text
from beltmap.geo.plan.places import ANCHOR_COLUMNS, ANCHORS_FILE
from beltmap.geo.plan.plan import Plan

README: Final = "README.md"

NEW_FILE: Final = "new.toml"
"""What a new plan says of itself, beside the charter of plans that have none."""

AT: Final = (105.0, 35.0)
"""Longitude and latitude where sketched zones begin, if no one says where."""

STEP_DEG: Final = 0.015
SIDE_DEG: Final = 0.01
"""From a sketched zone to the next, and its side: about a square kilometre."""


def new_plan(
    folder: Path,
    *,
    sentence: str = "",
    at: tuple[float, float] = AT,
) -> tuple[Path, ...]:
    """
    Make a plan folder with every file, a guide and zones to copy or move.

    Parameters
    ----------
    folder
        Folder to make; it may exist if it is empty.
    sentence
        Structure of the plan, see `geo.charter.sentence.read_sentence`; its
        zones are sketched as squares. Without one there is an example zone.
    at
        Longitude and latitude where the zones are drawn, degrees.

    Returns
    -------
    files
        What was written.

    Raises
    ------
    PlanError
        If there is something in the folder, it cannot be made, or the sentence
        counts nothing.
    """
    usual = parse_charter((DEFAULT / NEW_FILE).read_text(encoding="utf-8"))
    kinds = usual.kinds
    structures: tuple[Structure, ...] = ()
    if sentence:
        read = read_sentence(sentence)
        kinds, structures = read.kinds, (read.structure,)
        zones = _sketched(kinds, read.structure, at)
    else:
        zones = _example(at, kind=usual.default_kind)
    title = folder.resolve().name
    words = structures[0].name if structures else Words(title, title)
    made = charter_text(
        words, kinds=kinds, statuses=usual.statuses, structures=structures
    )
    sectors = (DEFAULT / SECTORS_FILE).read_bytes()
    return write_plan(folder, zones, charter=made, sectors=sectors)


def blank_plan(folder: Path, plan: Plan) -> None:
    """
    Make a plan without zones that has the kinds and sectors of another.

    Parameters
    ----------
    folder
        Folder to make.
    plan
        The other plan.
    """
    sectors = plan.sectors.set_index("code")
    names = map(Words, sectors["label_en"], sectors["label_zh"])
    made = charter_text(
        plan.charter.title,
        kinds=plan.charter.kinds,
        statuses=plan.charter.statuses,
        sectors=dict(zip(sectors.index, names, strict=True)),
    )
    write_plan(folder, _frame(), charter=made, sectors=b"")


def write_plan(
    folder: Path, zones: gpd.GeoDataFrame, *, charter: str, sectors: bytes
) -> tuple[Path, ...]:
    """
    Write a plan folder, all of it or nothing.

    Parameters
    ----------
    folder
        Folder to make; it may exist if it is empty.
    zones
        Zones of the kinds that the charter has, EPSG:4326.
    charter
        Content of ``plan.toml``.
    sectors
        Content of ``sectors.csv``; none where the charter has them.

    Returns
    -------
    files
        What was written.

    Raises
    ------
    PlanError
        If there is something in the folder, or it cannot be made.
    """
    made = parse_charter(charter)
    files = {CHARTER_FILE: charter.encode(), SCHEMA.name: SCHEMA.read_bytes()}
    files |= {
        kind.file: dumps(zones[zones["kind"] == kind.code], name=Path(kind.file).stem)
        for kind in made.kinds
    }
    files |= {
        CLAIMS_FILE: _header(CLAIM_COLUMNS) + _claims(zones),
        SOURCES_FILE: _header(SOURCE_COLUMNS) + _sources(zones),
        ANCHORS_FILE: _header(ANCHOR_COLUMNS),
        README: guide(made).encode(),
    }
    if sectors:
        files[SECTORS_FILE] = sectors
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise PlanError([_unusable(folder, error.strerror or "")]) from error
    except OSError as error:
        raise PlanError([unwritable(folder, error)]) from error
    with writing(folder):
        if any(path.name != LOCK for path in folder.iterdir()):
            raise PlanError([_unusable(folder, "it is not empty")])
        commit(folder, files)
    return tuple(folder / name for name in files)


def guide(charter: Charter) -> str:
    """
    Write what each file and each column of a plan is for.

    Parameters
    ----------
    charter
        What the plan says of itself.

    Returns
    -------
    guide
        Markdown.
    """
    lines = [text("intake.guide.head"), ""]
    lines += [
        f"- `{kind.file}`: {text('intake.guide.file.layer', name=kind.name.say())}"
        for kind in charter.kinds
    ]
    others = (
        CHARTER_FILE,
        SCHEMA.name,
        CLAIMS_FILE,
        SOURCES_FILE,
        SECTORS_FILE,
        ANCHORS_FILE,
    )
    lines += [f"- `{name}`: {text(f'intake.guide.file.{name}')}" for name in others]
    lines += ["", text("intake.guide.columns"), ""]
    closed = charter.closed | schema.CLOSED
    lines += [
        f"- `{column}`: {text(f'intake.guide.column.{column}')}"
        + (f" ({', '.join(closed[column])})" if column in closed else "")
        for column in schema.COLUMNS
    ]
    return "\n".join([*lines, "", text("intake.guide.foot"), ""])


def _example(at: tuple[float, float], *, kind: str) -> gpd.GeoDataFrame:
    """Draw one zone that can be copied and changed."""
    return _frame(
        {
            "id": "example-park",
            "name_en": "Example Park",
            "name_zh": "示例园区",
            "kind": kind,
            "status": "planned",
            "sectors": "software;research",
            "focus_en": "copy this zone, then remove it",
            "declared_area_km2": 0.8,
            "area_basis": "declared",
            "boundary": "schematic",
            "location_uncertainty_m": 500.0,
            "source": "S1, page 1",
            "geometry": _square(at, 0, 0),
        }
    )


def _sketched(
    kinds: tuple[Kind, ...], structure: Structure, at: tuple[float, float]
) -> gpd.GeoDataFrame:
    """Draw as many squares as a structure promises, a row a kind."""
    return _frame(
        *(
            {
                "id": f"{kind.code}-{n}",
                "name_en": f"{kind.name.en} {n}",
                "name_zh": f"{kind.name.zh}{n}",
                "kind": kind.code,
                "patterns": structure.code,
                "area_basis": "nominal",
                "boundary": "schematic",
                "source": "S1",
                "geometry": _square(at, n - 1, row),
            }
            for row, kind in enumerate(kinds)
            for n in range(1, structure.promises.get(kind.code, 0) + 1)
        )
    )


def _square(at: tuple[float, float], column: int, row: int) -> BaseGeometry:
    west, north = at[0] + column * STEP_DEG, at[1] - row * STEP_DEG
    box = shapely.box(west, north - SIDE_DEG, west + SIDE_DEG, north)
    return shapely.transform(box, lambda points: points.round(DECIMALS))


def _frame(*rows: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Make zones of what is known of each."""
    columns = [*schema.COLUMNS, "geometry"]
    zones = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), crs=4326)
    return zones.assign(drawn_area_km2=drawn_area_km2(zones).round(4))


def _header(columns: tuple[str, ...]) -> bytes:
    return (",".join(columns) + "\r\n").encode()


def _claims(zones: gpd.GeoDataFrame) -> bytes:
    """Give the claims of areas that files do not state exactly."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CLAIM_COLUMNS, restval="", lineterminator="\n")
    writer.writerows(stated_claims([zones], ()))
    return out.getvalue().encode()


def _sources(zones: gpd.GeoDataFrame) -> bytes:
    """Give the sources that the zones name."""
    cited = map(cited_source, zones["source"].dropna().map(str))
    out = io.StringIO()
    for source in dict.fromkeys(cited):
        title = "Title of your plan" if source == "S1" else source
        known = {"id": source, "title": title}
        csv.writer(out).writerow([known.get(column, "") for column in SOURCE_COLUMNS])
    return out.getvalue().encode()


def _unusable(folder: Path, why: str) -> Fault:
    return fault("E_FOLDER_TAKEN", folder, why=why)
