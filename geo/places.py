"""Points of a plan: where its zones are anchored, their rivals and their context."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import Fault, PlanError
from geo.language.messages import text
from geo.tables import Row, Table, read_table, row_of

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
    table = read_table(folder / ANCHORS_FILE, columns=ANCHOR_COLUMNS)
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


def read_places(folder: Path) -> gpd.GeoDataFrame:
    """
    Read the points that are no zone: rival candidates and places of context.

    Parameters
    ----------
    folder
        Folder of the plan, with ``anchors.csv``.

    Returns
    -------
    places
        As `read_anchors`, without the anchors of zones; a rival names in
        ``rival_of`` the zone whose place it might be.

    Raises
    ------
    PlanError
        With every fault of the file, each with its line.
    """
    anchors = read_anchors(folder)
    return anchors[anchors["role"] != "zone"].reset_index(drop=True)


def _faults(table: Table) -> Iterator[Fault]:
    ids = [row["id"] for _, row in table.rows]
    zones = {row["id"] for _, row in table.rows if row["role"] == "zone"}
    for line, row in table.rows:
        where = row_of(table.name, line, row["id"])
        yield from _row_faults(row, where, zones=zones)
        if ids.count(row["id"]) > 1:
            yield Fault(
                "E_DUPLICATE_ID",
                where,
                text("fault.duplicate_point"),
                text("fault.duplicate_point.mend"),
            )


def _row_faults(row: Row, where: str, *, zones: Collection[str]) -> Iterator[Fault]:
    for column in ("id", "name_en", "name_zh", "city", "source"):
        if not row[column]:
            yield Fault(
                "E_EMPTY_CELL",
                where,
                text("fault.no_column", column=column),
                text("fault.no_column.mend"),
            )
    for column, known in {"role": ROLES, "basis": BASES}.items():
        if row[column] not in known:
            yield Fault(
                "E_UNKNOWN_VALUE",
                where,
                text("fault.value", column=column, value=row[column]),
                text("fault.make_one_of", known=", ".join(known)),
            )
    for column, (least, most) in _LIMITS.items():
        if not _within(row[column], least, most):
            yield Fault(
                "E_NUMBER",
                where,
                text("fault.value", column=column, value=row[column]),
                text("fault.number_range", least=least, most=most),
            )
    if (row["role"] == "rival") != bool(row["rival_of"]):
        yield Fault(
            "E_RIVAL",
            where,
            text("fault.rival", role=row["role"], rival_of=row["rival_of"]),
            text("fault.rival.mend"),
        )
    elif row["rival_of"] and row["rival_of"] not in zones:
        yield Fault(
            "E_RIVAL",
            where,
            text("fault.rival_unknown", rival_of=row["rival_of"]),
            text("fault.rival_unknown.mend"),
        )


def _within(cell: str, least: float, most: float) -> bool:
    """Tell whether a cell is a number between limits; no NaN."""
    try:
        return least <= float(cell) <= most
    except ValueError:
        return False
