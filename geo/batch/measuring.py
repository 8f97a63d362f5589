"""The outlines of a part measured, with those of other parts that they meet."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo.batch.parts import Rows
from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.force import under
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import drawn_area_km2
from beltmap.geo.geometry.cover import Cover
from beltmap.geo.geometry.measures import shares_outside
from beltmap.geo.geometry.overlap import overlaps
from beltmap.geo.query.summary import survey
from beltmap.geo.zones.bulk import read_outlines
from beltmap.geo.zones.packed import Shapes

Floats = NDArray[np.float64]
Taken: TypeAlias = "tuple[tuple[Path, Rows], ...]"
"""Zones of other parts: file and rows."""


@dataclass(frozen=True, eq=False)
class Piece:
    """
    What a part adds to a `geo.geometry.cover.Cover` of the whole plan.

    Zones go by their numbers in the plan. Of every two and every three zones, the
    part of the first of them tells.

    Parameters
    ----------
    areas_km2
        Area of each zone of the part.
    outer, inner, first, second, shared_km2, threes
        As of a cover.
    tangled
        Numbers of the zones that are always merged.
    outlines
        Those that may have to be merged, by number.
    """

    areas_km2: Floats
    outer: Rows
    inner: Rows
    first: Rows
    second: Rows
    shared_km2: Floats
    threes: Rows
    tangled: Rows
    outlines: dict[int, bytes]


@dataclass(frozen=True, eq=False)
class Job:
    """
    What a worker is to measure.

    Parameters
    ----------
    path
        File of the part.
    start, end
        Numbers of its zones in the plan, the second one after its last.
    beside
        Zones of later parts that may meet its own.
    frames
        Zones of any other part that may frame either.
    about
        Columns ``number``, ``kind`` and ``boundary`` of all these, in that order.
    parts, wholes
        Rows of own zones that are part of one, and the zones of which they are.
    land, pairs
        Whether the land and the overlaps are asked for.
    charter
        Of the plan.
    """

    path: Path
    start: int
    end: int
    beside: Taken
    frames: Taken
    about: pd.DataFrame
    parts: Rows
    wholes: Taken
    land: bool
    pairs: bool
    charter: Charter


@dataclass(frozen=True, eq=False)
class Measured:
    """
    What a worker has measured.

    Parameters
    ----------
    areas_km2
        Drawn area of each zone of the part; NaN where nothing is drawn.
    all, framed
        Pieces of the land, see `geo.query.summary.Land`; None if not asked for,
        or where nothing frames the plan.
    pairs
        Overlaps by number, see `geo.geometry.overlap.overlaps`; None if not asked
        for.
    too_many
        The fault, where they were too many to be measured.
    outside
        Share of each of the job's parts that lies outside its whole.
    """

    areas_km2: Floats
    all: Piece | None
    framed: Piece | None
    pairs: pd.DataFrame | None
    too_many: PlanError | None
    outside: Floats


def measure(job: Job) -> Measured:
    """
    Measure the zones of a part.

    Parameters
    ----------
    job
        What to measure.

    Returns
    -------
    measured
        Each zone's own area, and whatever it shares with zones after it.
    """
    own = read_outlines(job.path)
    beside, frames = _taken(job.beside), _taken(job.frames)
    zones = gpd.GeoDataFrame(
        job.about.assign(id=job.about["number"]),
        geometry=np.concatenate([own, beside, frames]),
        crs=4326,
    )
    whole = framed = pairs = too_many = None
    if job.land:
        with under(job.charter):
            land = survey(zones)
        whole = _piece(land.all, job)
        framed = _piece(land.framed, job) if land.framed else None
    if job.pairs:
        try:
            found = overlaps(zones[: len(own) + len(beside)])
            pairs = found[found["a"].between(job.start, job.end, inclusive="left")]
        except PlanError as error:
            too_many = error
    return Measured(
        areas_km2=np.asarray(drawn_area_km2(zones[: len(own)]), np.float64),
        all=whole,
        framed=framed,
        pairs=pairs,
        too_many=too_many,
        outside=shares_outside(own[job.parts], _taken(job.wholes)),
    )


def _taken(others: Taken) -> Shapes:
    """Read the outlines of zones of other parts."""
    read = [read_outlines(path, rows) for path, rows in others]
    return np.concatenate([np.empty(0, object), *read])


def _piece(cover: Cover, job: Job) -> Piece:
    """Take from a cover what the part is to tell, by numbers."""
    number = job.about["number"].to_numpy(np.intp)

    def ours(*rows: Rows) -> NDArray[np.bool_]:
        lowest = np.minimum.reduce([number[one] for one in rows])
        return np.asarray((lowest >= job.start) & (lowest < job.end))

    held = ours(cover.outer, cover.inner)
    shared = ours(cover.first, cover.second)
    threes = cover.threes[ours(*cover.threes.T)]
    # the frames of other parts are merged, if at all, where they are whole
    tangled = np.flatnonzero(cover.tangled & (number >= job.start))
    merged = np.union1d(threes.ravel(), tangled).astype(np.intp)
    outlines = shapely.to_wkb(cover.geometries[merged])
    own = slice(0, job.end - job.start)
    return Piece(
        areas_km2=cover.areas_km2[own],
        outer=number[cover.outer[held]],
        inner=number[cover.inner[held]],
        first=number[cover.first[shared]],
        second=number[cover.second[shared]],
        shared_km2=cover.shared_km2[shared],
        threes=number[threes],
        tangled=number[tangled],
        outlines={
            int(one): wkb
            for one, wkb in zip(number[merged], outlines, strict=True)
            if wkb is not None
        },
    )
