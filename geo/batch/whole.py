"""A plan put together from its parts, which knows what was measured of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo.batch.engine import Done, Engine
from beltmap.geo.batch.measuring import Job, Measured, Piece, Taken, measure
from beltmap.geo.batch.parts import Part, Rows, around, look, touching
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.cover import NO_THREES, Cover
from beltmap.geo.geometry.measures import Floats, Measures
from beltmap.geo.language.messages import spoken
from beltmap.geo.plan.plan import Plan, id_faults, read_tables
from beltmap.geo.query.summary import Land, placeless
from beltmap.geo.zones.bulk import read_outlines

SOMEWHERE: Final = shapely.Point(0, 0)
"""Stands for an outline that its part has and this process does not need."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PartedPlan(Plan):
    """
    A plan of which the zones are in several tables.

    The zones have all their columns, but outlines only where places
    speak of them; `SOMEWHERE` stands for the others.

    Parameters
    ----------
    pieces
        The tables.
    surveyed
        The land under the zones, once it is measured.
    """

    pieces: tuple[Part, ...] = ()
    surveyed: Land | None = None

    @cached_property
    def land(self) -> Land | None:
        """The land under the zones."""
        return self.surveyed


class Known(Measures):
    """
    Measures that the workers have taken.

    Parameters
    ----------
    ids
        Of all zones.
    measured
        What was measured of each part, in the order of the zones.
    outside
        Share that lies outside its whole, by number of the part.
    """

    def __init__(
        self,
        ids: "pd.Series[str]",
        measured: Sequence[Measured],
        outside: dict[int, float],
    ) -> None:
        self._ids = ids.to_numpy(object)
        self._areas = np.concatenate([one.areas_km2 for one in measured])
        self._too_many = [one.too_many for one in measured if one.too_many]
        pairs = [one.pairs for one in measured if one.pairs is not None]
        self._pairs = pd.concat(pairs, ignore_index=True) if pairs else None
        self._outside = outside

    def areas_km2(self, zones: gpd.GeoDataFrame) -> "pd.Series[float]":
        """Give the area of each zone."""
        numbers = zones.index.to_numpy(np.intp)
        return pd.Series(self._areas[numbers], index=zones.index)

    def overlaps(self, zones: gpd.GeoDataFrame) -> pd.DataFrame:
        """Give every two of the zones that overlap."""
        if self._too_many:
            raise self._too_many[0]
        assert self._pairs is not None
        wanted = np.zeros(len(self._ids), bool)
        wanted[zones.index.to_numpy(np.intp)] = True
        a, b = (self._pairs[name].to_numpy(np.intp) for name in ("a", "b"))
        pairs = self._pairs[wanted[a] & wanted[b]].sort_values(["a", "b"])
        named = {name: self._ids[pairs[name].to_numpy(np.intp)] for name in ("a", "b")}
        found: pd.DataFrame = pairs.assign(**named).reset_index(drop=True)
        return found

    def shares_outside(
        self, zones: gpd.GeoDataFrame, parts: Rows, wholes: Rows
    ) -> Floats:
        """Give the share of each part that lies outside its whole."""
        assert len(parts) == len(wholes)
        numbers = zones.index.to_numpy(np.intp)[parts]
        return np.array([self._outside[int(number)] for number in numbers], float)


def read_parts(
    paths: Sequence[Path], folder: Path, engine: Engine, *, done: Done
) -> PartedPlan:
    """
    Read a plan whose zones are in several tables, and check all of it.

    Parameters
    ----------
    paths
        The tables, in the order of their zones.
    folder
        Folder with the plan's other tables.
    engine
        What reads them.
    done
        Called whenever one is read.

    Returns
    -------
    plan
        The plan.

    Raises
    ------
    PlanError
        With every fault of every file.
    """
    plan = read_tables(folder)
    codes = frozenset(plan.sectors["code"])
    jobs = [(path, codes, plan.charter, spoken()) for path in paths]
    pieces = tuple(engine.each(look, jobs, done=done))
    faults = [each for one in pieces for each in one.faults]
    columns = pd.concat([one.columns for one in pieces], ignore_index=True)
    faults += id_faults(columns)
    if faults:
        raise PlanError(faults)
    boxes = np.concatenate([one.boxes for one in pieces])
    shapes = np.full(len(columns), None, object)
    shapes[~np.isnan(boxes[:, 0])] = SOMEWHERE
    placed = _placed(plan, columns)
    starts = np.cumsum([0, *map(len, pieces)])
    for path, rows in _taken(placed, starts, pieces):
        start = starts[[one.path for one in pieces].index(path)]
        shapes[start + rows] = read_outlines(path, rows)
    zones = gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)
    return PartedPlan(**{**vars(plan), "zones": zones}, pieces=pieces)


def _placed(plan: Plan, columns: pd.DataFrame) -> Rows:
    """Find the zones that places or rival axes speak of, and what they are part of."""
    named = set(plan.places["id"])
    if plan.rival_axes is not None:
        named |= set(plan.rival_axes["zone"])
    named |= set(columns.loc[columns["id"].isin(named), "part_of"])
    return np.flatnonzero(columns["id"].isin(named))


def measured(
    plan: PartedPlan,
    engine: Engine,
    *,
    done: Done,
    land: bool = False,
    pairs: bool = False,
) -> tuple[PartedPlan, Known]:
    """
    Measure the zones of a plan in parts.

    Parameters
    ----------
    plan
        The plan.
    engine
        What measures them.
    done
        Called whenever a part is measured.
    land, pairs
        Whether the land that the zones cover, and what every two of them share and
        which lie outside the zone that they are part of, are asked for.

    Returns
    -------
    plan, measures
        The plan, which now knows the land, and its other measures.
    """
    jobs = list(_jobs(plan, land=land, pairs=pairs))
    found = engine.each(measure, [(job,) for job in jobs], done=done)
    outside = {
        int(job.start + row): float(share)
        for job, one in zip(jobs, found, strict=True)
        for row, share in zip(job.parts, one.outside, strict=True)
    }
    known = Known(plan.zones["id"], found, outside)
    # hand-drawn zones that do not say how large they are, as in any plan
    column = "drawn_area_km2"
    unsaid = plan.zones[column].isna() & plan.zones.geometry.notna()
    areas = plan.zones[column].where(~unsaid, known.areas_km2(plan.zones))
    plan = replace(plan, zones=plan.zones.assign(**{column: areas}))
    if not land:
        return plan, known
    whole = _cover(plan, found, lambda one: one.all)
    framed = _cover(plan, found, lambda one: one.framed)
    assert whole is not None
    return replace(plan, surveyed=Land(whole, framed)), known


def _jobs(plan: PartedPlan, *, land: bool, pairs: bool) -> list[Job]:
    """Tell each worker which zones of other parts concern its own."""
    zones, pieces = plan.zones, plan.pieces
    starts = np.cumsum([0, *map(len, pieces)])
    boxes = np.concatenate([one.boxes for one in pieces])
    framing = [kind.code for kind in plan.charter.frames]
    frames = (zones["kind"].isin(framing) & ~placeless(zones)).to_numpy(bool)
    parts, wholes = _wholes(zones) if pairs else (NONE, NONE)
    jobs = []
    for (start, end), part in zip(pairwise(starts.tolist()), pieces, strict=True):
        beside = end + touching(boxes[end:], part.box)
        here = np.concatenate([np.arange(start, end), beside])
        others = np.empty(0, np.intp)
        if land and framing:
            others = touching(boxes, around(boxes[here]))
            others = np.setdiff1d(others[frames[others]], here)
        numbers = np.concatenate([here, others])
        about = zones[["kind", "boundary"]].iloc[numbers].reset_index(drop=True)
        own = (parts >= start) & (parts < end)
        jobs.append(
            Job(
                path=part.path,
                start=start,
                end=end,
                beside=_taken(beside, starts, pieces),
                frames=_taken(others, starts, pieces),
                about=about.assign(number=numbers),
                parts=parts[own] - start,
                wholes=_taken(wholes[own], starts, pieces),
                land=land,
                pairs=pairs,
                charter=plan.charter,
            )
        )
    return jobs


NONE: Final[Rows] = np.empty(0, np.intp)


def _wholes(zones: gpd.GeoDataFrame) -> tuple[Rows, Rows]:
    """Give the numbers of zones that are part of another, and of that one."""
    at = pd.Index(zones["id"]).get_indexer(pd.Index(zones["part_of"]))
    parts = np.flatnonzero((at >= 0) & zones["part_of"].notna().to_numpy())
    order = np.lexsort((parts, at[parts]))
    return parts[order], at[parts][order]


def _taken(numbers: Rows, starts: NDArray[np.intp], pieces: tuple[Part, ...]) -> Taken:
    """Say in which files zones are; their order is kept, which goes by parts."""
    of = np.searchsorted(starts, numbers, side="right") - 1
    return tuple(
        (pieces[int(one)].path, numbers[of == one] - starts[one])
        for one in np.unique(of)
    )


def _cover(
    plan: PartedPlan,
    found: Sequence[Measured],
    of: Callable[[Measured], Piece | None],
) -> Cover | None:
    """Put the pieces of the land together."""
    pieces = [piece for one in found if (piece := of(one)) is not None]
    if not pieces:
        return None
    n = len(plan.zones)
    geometries = np.full(n, None, object)
    tangled = np.zeros(n, bool)
    for one in pieces:
        tangled[one.tangled] = True
        numbers = np.fromiter(one.outlines, np.intp, len(one.outlines))
        geometries[numbers] = shapely.from_wkb(list(one.outlines.values()))

    def joined(name: str, none: Rows | Floats) -> NDArray[Any]:
        return np.concatenate([none, *(getattr(one, name) for one in pieces)])

    return Cover(
        geometries=geometries,
        areas_km2=joined("areas_km2", np.empty(0)),
        outer=joined("outer", NONE),
        inner=joined("inner", NONE),
        first=joined("first", NONE),
        second=joined("second", NONE),
        shared_km2=joined("shared_km2", np.empty(0)),
        threes=joined("threes", NO_THREES),
        tangled=tangled,
    )
