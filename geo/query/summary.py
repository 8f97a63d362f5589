"""Totals that name what they count."""

import math
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo.charter.force import charter
from beltmap.geo.geometry.area import union
from beltmap.geo.geometry.cover import Cover, cover
from beltmap.geo.query.matches import Index, Mask
from beltmap.geo.schema import AREA_BASES, PLACE_UNKNOWN
from beltmap.geo.zones.packed import MOST_SHAPES

MOST_SURVEYED: Final = MOST_SHAPES
"""Zones up to which the land that they cover is worth the wait."""


@dataclass(frozen=True, eq=False)
class Land:
    """
    Zones prepared for adding up the land they cover.

    Parameters
    ----------
    all
        Every zone.
    framed
        Every zone, cut to what frames the plan; None where nothing does.
    """

    all: Cover
    framed: Cover | None


@dataclass(frozen=True)
class Totals:
    """
    Totals of a choice of zones; areas in square kilometres.

    Parameters
    ----------
    zones
        Number of zones chosen.
    declared_km2
        Sum of the areas that the plans' documents declare.
    published_km2
        Sum of the areas that others publish for zones without a declared one.
    nominal_km2
        Sum of the footprints drawn for zones of which no area is known.
    covered_km2
        Land under any of the zones as drawn; overlaps count once.
    overlap_km2
        Sum of the drawn areas less the land they cover: what a plain sum
        counts more than once; without zones whose place is unknown.
    inside_km2
        Part of the covered land that lies inside the zones of the kind that
        frames the plan; NaN where no kind does.
    outside_km2
        Part of it that lies outside; NaN likewise.
    place_unknown_km2
        Land drawn for zones whose place is unknown: neither inside nor outside.
    not_located
        Number of zones that no one can place, and that are not drawn.
    """

    zones: int
    declared_km2: float
    published_km2: float
    nominal_km2: float
    covered_km2: float
    overlap_km2: float
    inside_km2: float
    outside_km2: float
    place_unknown_km2: float
    not_located: int


def survey(zones: gpd.GeoDataFrame) -> Land:
    """
    Prepare the zones of a plan for `totals` and `totals_by`.

    Parameters
    ----------
    zones
        All zones of a plan, EPSG:4326. The frame is made of those of the kinds
        that frame it and whose place is known; without one nothing lies in it.

    Returns
    -------
    land
        Zones with the pairs that meet, whole and cut to the frame.
    """
    geometries = zones.geometry.to_numpy()
    framing = [kind.code for kind in charter().frames]
    if not framing:
        return Land(cover(geometries), None)
    lost = placeless(zones)
    frames = zones["kind"].isin(framing).to_numpy(bool) & ~lost
    cut = geometries.copy()
    cut[~frames] = _cut(geometries[~frames], union(geometries[frames]))
    cut[lost] = None
    return Land(cover(geometries), cover(cut))


def _cut(
    geometries: npt.NDArray[np.object_], frame: BaseGeometry
) -> npt.NDArray[np.object_]:
    """Cut zones to the frame, each with only the parts of it that it meets."""
    parts = shapely.get_parts(frame)
    # a zone inside the frame is not cut; indexed parts tell so at once
    shapely.prepare(parts)
    row, part = shapely.STRtree(parts).query(geometries)
    within = shapely.contains_properly(parts[part], geometries[row])
    meets = within.copy()
    meets[~within] = shapely.intersects(parts[part[~within]], geometries[row[~within]])
    pieces = geometries[row].copy()
    pieces[~within] = None
    crossing = meets & ~within
    pieces[crossing] = shapely.intersection(
        geometries[row[crossing]], parts[part[crossing]]
    )
    row, pieces = row[meets], pieces[meets]
    cut = np.full(len(geometries), None, dtype=object)
    cut[row] = pieces
    for several in np.flatnonzero(np.bincount(row) > 1):
        cut[several] = union(pieces[row == several])
    return cut


def totals(
    zones: gpd.GeoDataFrame,
    mask: Mask,
    *,
    land: Land | None,
    index: Index | None = None,
) -> Totals:
    """
    Add up a choice of zones.

    Parameters
    ----------
    zones
        All zones of a plan, EPSG:4326.
    mask
        Which of them are chosen.
    land
        The same zones prepared by `survey`; None to do without: covered,
        overlap, inside and outside are then NaN.
    index
        The same zones made ready by `geo.query.matches.index_zones`, if they are.

    Returns
    -------
    totals
        Totals, all zero where nothing is chosen. The frame is the plan's own,
        whether or not it is itself among the chosen zones.
    """

    def by(basis: str) -> Mask:
        return _by_basis(zones, index, basis)

    covered = inside = drawn = placed = math.nan
    if land is not None:
        covered = land.all.km2(mask)
        inside = land.framed.km2(mask) if land.framed else math.nan
        known = mask & ~placeless(zones)
        placed = covered if (known == mask).all() else land.all.km2(known)
        drawn = float(land.all.areas_km2[known].sum())
    return Totals(
        zones=int(mask.sum()),
        declared_km2=_sum(zones, mask & by("declared"), "declared_area_km2"),
        published_km2=_sum(zones, mask & by("published"), "declared_area_km2"),
        nominal_km2=_sum(zones, mask & by("nominal"), "drawn_area_km2"),
        covered_km2=covered,
        overlap_km2=_excess(drawn, placed),
        inside_km2=inside,
        outside_km2=_excess(placed, inside),
        place_unknown_km2=_excess(covered, placed),
        not_located=int((zones.geometry.array.isna() & mask).sum()),
    )


def totals_by(
    zones: gpd.GeoDataFrame,
    mask: Mask,
    *,
    land: Land | None,
    index: Index,
    column: str,
) -> pd.DataFrame:
    """
    Add up a choice of zones for each value of a facet.

    Parameters
    ----------
    zones
        All zones of a plan, EPSG:4326.
    mask
        Which of them are chosen.
    land
        The same zones prepared by `survey`; None to leave out what they cover.
    index
        The same zones made ready by `geo.query.matches.index_zones`.
    column
        One of `geo.query.filters.FACETS`. A zone with several values counts in the
        row of each.

    Returns
    -------
    table
        One row a value that a chosen zone has: the number of ``zones``, the
        ``declared_km2`` of those with a declared area, missing where none has
        one, and with `land` ``covered_km2``, the land under them, where
        overlaps count once.
    """
    members = index.facets[column]
    seen = mask[members.rows]
    rows, codes = members.rows[seen], members.codes[seen]
    by_plan = _by_basis(zones, index, "declared")
    declared = np.where(by_plan, zones["declared_area_km2"].to_numpy(), 0.0)
    size = len(members.values)
    table = pd.DataFrame(
        {
            "zones": np.bincount(codes, minlength=size),
            "declared_km2": np.bincount(codes, declared[rows], size),
        },
        index=pd.Index(members.values, name=column),
    )
    stated = np.bincount(codes, by_plan[rows], size) > 0
    table["declared_km2"] = table["declared_km2"].where(stated)
    table = table[table["zones"] > 0]
    if land is None:
        return table
    place = {value: code for code, value in enumerate(members.values)}
    table["covered_km2"] = [
        land.all.km2(_only(rows[codes == place[value]], len(mask)))
        for value in table.index
    ]
    return table


def placeless(zones: pd.DataFrame) -> Mask:
    """
    Find the zones that are drawn for their size only.

    Parameters
    ----------
    zones
        Zones of a plan; without ``boundary``, each has a place.

    Returns
    -------
    mask
        True where the place is unknown.
    """
    if "boundary" not in zones:
        return np.zeros(len(zones), bool)
    return np.asarray(zones["boundary"] == PLACE_UNKNOWN, bool)


def _only(rows: npt.NDArray[np.intp], n: int) -> Mask:
    """Make a mask of `n` zones that is true for these rows."""
    mask = np.zeros(n, bool)
    mask[rows] = True
    return mask


def _by_basis(zones: gpd.GeoDataFrame, index: Index | None, basis: str) -> Mask:
    """Find the zones whose area is of a basis; in numbers, if they are indexed."""
    if index is None:
        return np.asarray(zones["area_basis"] == basis, bool)
    return np.asarray(index.basis == AREA_BASES.index(basis))


def _sum(zones: gpd.GeoDataFrame, mask: Mask, column: str) -> float:
    return float(np.nansum(zones[column].to_numpy()[mask]))


def _excess(whole: float, part: float) -> float:
    """Subtract without falling below zero; NaN where either is unknown."""
    return math.nan if math.isnan(whole) else max(0.0, whole - part)
