"""Points of a plan: where its zones are anchored, their rivals and their context."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely

from beltmap.geo.csvfile import Row, Table, read_table, row_of
from beltmap.geo.errors import Fault, PlanError, fault, unknown_value
from beltmap.geo.schema import PLACE_UNKNOWN

ANCHORS_FILE: Final = "anchors.csv"

ANCHOR_COLUMNS: Final = (
    "id",
    "name_en",
    "name_zh",
    "city",
    "role",
    "rival_of",
    "lon",
    "lat",
    "uncertainty_m",
    "basis",
    "source",
    "note",
)
PLACE_COLUMNS: Final = tuple(c for c in ANCHOR_COLUMNS if c not in {"lon", "lat"})

AXES: Final = "axis*.geojson"
"""Lines along which zones lie, and where else those might run."""

LINE_COLUMNS: Final = ("name_en", "name_zh", "role")

ROLES: Final = ("zone", "rival", "university", "port", "airport", "context")
"""What a point stands for: a zone's anchor, another candidate for it, or context."""

BASES: Final = ("located", "inferred", "schematic")
"""How a point is known: published, from a sourced neighbour, or not at all."""

_LIMITS: Final = {
    "lon": (-180.0, 180.0),
    "lat": (-90.0, 90.0),
    "uncertainty_m": (0, 1e7),
}


def read_anchors(folder: Path) -> gpd.GeoDataFrame:
    """
    Read every point of a plan and check it.

    Parameters
    ----------
    folder
        Folder of the plan, with ``anchors.csv``: WGS 84 longitude and latitude
        in degrees, uncertainty in metres.

    Returns
    -------
    anchors
        One row a point, columns `PLACE_COLUMNS` and a point in EPSG:4326.
        Text columns hold text or None.

    Raises
    ------
    PlanError
        With every fault of the file, each with its line.
    """
    table = read_table(folder / ANCHORS_FILE, columns=ANCHOR_COLUMNS, may_lack=True)
    faults = [*table.faults, *_faults(table)]
    if faults:
        raise PlanError(faults)
    rows = [
        {column: cell or None for column, cell in row.items()} for _, row in table.rows
    ]
    frame = pd.DataFrame(rows, columns=list(ANCHOR_COLUMNS), dtype=object)
    numbers = frame[list(_LIMITS)].astype(np.float64)
    points = gpd.points_from_xy(numbers["lon"], numbers["lat"], crs=4326)
    frame = frame.assign(uncertainty_m=numbers["uncertainty_m"])
    return gpd.GeoDataFrame(frame[list(PLACE_COLUMNS)], geometry=points)


def read_rival_axes(folder: Path) -> gpd.GeoDataFrame:
    """
    Read the lines along which a zone might run instead of its drawn axis.

    Parameters
    ----------
    folder
        Folder of the plan, perhaps with ``axis*.geojson``: WGS 84; lines of
        the role ``rival`` have names and the ``zone`` whose axis they may be.

    Returns
    -------
    axes
        One row a line, columns `LINE_COLUMNS`, ``zone`` and ``uncertainty_m``,
        EPSG:4326. A file that cannot be read has none: `geo.plan.build` says
        what is wrong with it.
    """
    rows: list[dict[str, object]] = []
    for path in sorted(folder.glob(AXES)):
        try:
            features = orjson.loads(path.read_bytes())["features"]
            rows += [
                {
                    **{name: each["properties"].get(name) for name in LINE_COLUMNS},
                    "role": "axis",
                    "zone": each["properties"].get("zone"),
                    "uncertainty_m": float(each["properties"].get("uncertainty_m", 0)),
                    "geometry": shapely.geometry.shape(each["geometry"]),
                }
                for each in features
                if each["properties"].get("role") == "rival"
            ]
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
    columns = [*LINE_COLUMNS, "zone", "uncertainty_m", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), crs=4326)


def leaders(zones: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Lead from each zone whose place is unknown to where it might be.

    Parameters
    ----------
    zones
        Zones of the plan, EPSG:4326.
    places
        As `read_anchors` gives them.

    Returns
    -------
    leaders
        One line a rival candidate, columns `LINE_COLUMNS`, of the role
        ``leader``, from the middle of the zone to the candidate.
    """
    lost = zones[zones["boundary"] == PLACE_UNKNOWN]
    lost = lost[lost.geometry.notna()]
    rivals = places[places["rival_of"].isin(lost["id"])]
    middles = dict(
        zip(lost["id"], shapely.centroid(lost.geometry.to_numpy()), strict=True)
    )
    lines = [
        shapely.LineString([middles[rival.rival_of], rival.geometry])
        for rival in rivals.itertuples()
    ]
    names = rivals[["name_en", "name_zh"]].reset_index(drop=True)
    return gpd.GeoDataFrame(names.assign(role="leader"), geometry=lines, crs=4326)


def _faults(table: Table) -> Iterator[Fault]:
    ids = [row["id"] for _, row in table.rows]
    zones = {row["id"] for _, row in table.rows if row["role"] == "zone"}
    for line, row in table.rows:
        where = row_of(table.name, line, row["id"])
        yield from _row_faults(row, where, zones=zones)
        if ids.count(row["id"]) > 1:
            yield fault("E_DUPLICATE_ID.point", where)


def _row_faults(row: Row, where: str, *, zones: Collection[str]) -> Iterator[Fault]:
    for column in ("id", "name_en", "name_zh", "city", "source"):
        if not row[column]:
            yield fault("E_EMPTY_CELL", where, column=column)
    for column, known in {"role": ROLES, "basis": BASES}.items():
        if row[column] not in known:
            code = "E_UNKNOWN_VALUE"
            yield unknown_value(where, column, row[column], known, code=code)
    for column, (least, most) in _LIMITS.items():
        if not _within(row[column], least, most):
            yield fault(
                "E_NUMBER",
                where,
                column=column,
                value=row[column],
                least=least,
                most=most,
            )
    if (row["role"] == "rival") != bool(row["rival_of"]):
        yield fault("E_RIVAL", where, role=row["role"], rival_of=row["rival_of"])
    elif row["rival_of"] and row["rival_of"] not in zones:
        yield fault("E_RIVAL.unknown", where, rival_of=row["rival_of"])


def _within(cell: str, least: float, most: float) -> bool:
    """Tell whether a cell is a number between limits; no NaN."""
    try:
        return least <= float(cell) <= most
    except ValueError:
        return False
