"""Which zones match: the one query behind map, facets, summary and export."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from beltmap.geo import schema
from beltmap.geo.charter.force import charter
from beltmap.geo.query.filters import FACETS, Filters

Mask: TypeAlias = npt.NDArray[np.bool_]
"""One truth value a zone, in the order of the plan."""

SEARCHED = ("id", "name_en", "name_zh", "focus_en", "focus_zh")


@dataclass(frozen=True, eq=False)
class Memberships:
    """
    Which zones have which values of one facet; a zone may have several.

    Parameters
    ----------
    values
        Values of the facet, in the order in which they are shown.
    rows, codes
        One entry a membership: the zone's row and the place of its value in
        `values`; half the size of other numbers, of millions of zones.
    """

    values: tuple[str, ...]
    rows: npt.NDArray[np.int32]
    codes: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Index:
    """
    Zones made ready for filtering.

    Parameters
    ----------
    facets
        Memberships of every facet of `geo.query.filters.FACETS`.
    area_km2
        Area that the range filters use: declared, or else drawn; NaN where
        there is neither.
    drawn_km2
        Drawn area, zero where nothing is drawn.
    basis
        Whose figure the area is, as its place in `geo.schema.AREA_BASES`; -1
        where there is none.
    zones
        The zones themselves.
    """

    facets: Mapping[str, Memberships]
    area_km2: npt.NDArray[np.float64]
    drawn_km2: npt.NDArray[np.float64]
    basis: npt.NDArray[np.int8]
    zones: gpd.GeoDataFrame

    @cached_property
    def words(self) -> "pd.Series[str]":
        """Searchable text of each zone, folded by `fold`; of use in a search only."""
        joined = self.zones[SEARCHED[0]].fillna("").astype("str")
        for column in SEARCHED[1:]:
            joined = joined + " " + self.zones[column].fillna("").astype("str")
        return _fold_all(joined)

    @property
    def known(self) -> dict[str, tuple[str, ...]]:
        """Values that each facet may take."""
        return {facet: members.values for facet, members in self.facets.items()}


def index_zones(zones: gpd.GeoDataFrame, *, sectors: Iterable[str]) -> Index:
    """
    Make zones ready for filtering.

    Parameters
    ----------
    zones
        Zones of a plan, see `geo.plan.plan.Plan`.
    sectors
        Vocabulary of sector codes; one that no zone has is still a value.

    Returns
    -------
    index
        Everything that `matches` and `facet` need, computed once.
    """
    order: dict[str, Sequence[str]] = {
        "city": (),
        "kind": tuple(charter().by_kind),
        "patterns": charter().patterns,
        "sectors": tuple(sectors),
        "boundary": schema.BOUNDARIES,
    }
    drawn = zones["drawn_area_km2"].to_numpy(np.float64)
    declared = zones["declared_area_km2"].to_numpy(np.float64)
    return Index(
        facets={facet: _memberships(zones[facet], order[facet]) for facet in FACETS},
        area_km2=np.where(np.isnan(declared), drawn, declared),
        drawn_km2=np.nan_to_num(drawn),
        basis=pd.Index(schema.AREA_BASES)
        .get_indexer(zones["area_basis"])
        .astype(np.int8),
        zones=zones,
    )


def matches(index: Index, filters: Filters) -> Mask:
    """
    Find the zones that a reader wants to see.

    Parameters
    ----------
    index
        Zones made ready by `index_zones`.
    filters
        What is wanted.

    Returns
    -------
    mask
        True for each zone that matches, in the order of the plan.
    """
    mask = np.ones(len(index.area_km2), bool)
    for facet, members in index.facets.items():
        wanted = getattr(filters, facet)
        if wanted:
            mask &= _having(members, wanted, len(mask))
    if filters.least_km2 is not None:
        mask &= index.area_km2 >= filters.least_km2
    if filters.most_km2 is not None:
        mask &= index.area_km2 <= filters.most_km2
    for word in fold(filters.text).split():
        mask &= index.words.str.contains(word, regex=False).to_numpy(bool)
    return mask


def facet(index: Index, filters: Filters, column: str) -> pd.DataFrame:
    """
    Count the zones of each value of a facet under all the other filters.

    Parameters
    ----------
    index
        Zones made ready by `index_zones`.
    filters
        What is wanted; its choice in this very facet does not count.
    column
        One of `geo.query.filters.FACETS`.

    Returns
    -------
    facet
        As from `count`.
    """
    return count(index, matches(index, filters.without(column)), column)


def count(index: Index, mask: Mask, column: str) -> pd.DataFrame:
    """
    Count the zones of each value of a facet.

    Parameters
    ----------
    index
        Zones made ready by `index_zones`.
    mask
        Which zones count.
    column
        One of `geo.query.filters.FACETS`.

    Returns
    -------
    counts
        One row a value, also where the count is zero: the number of
        ``zones``, and their summed drawn area ``drawn_km2``, where overlaps
        count as often as they are drawn.
    """
    members = index.facets[column]
    # numbers choose twice as fast as truth values
    seen = np.flatnonzero(mask[members.rows])
    size = len(members.values)
    codes, rows = members.codes[seen], members.rows[seen]
    return pd.DataFrame(
        {
            "zones": np.bincount(codes, minlength=size),
            "drawn_km2": np.bincount(codes, index.drawn_km2[rows], minlength=size),
        },
        index=pd.Index(members.values, name=column),
    )


def fold(words: str) -> str:
    """
    Fold text so that case, width and accents do not matter in a search.

    Examples
    --------
    >>> fold("Lǚshùn ＩＴ")
    'lushun it'
    """
    decomposed = unicodedata.normalize("NFKD", words.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _fold_all(words: "pd.Series[str]") -> "pd.Series[str]":
    """Fold each text; the common plain ones without a Python call each."""
    folded = words.str.lower()
    other = ~folded.str.fullmatch(r"[\x20-\x7e\u4e00-\u9fff，、；。]*")
    if other.any():
        folded = folded.where(~other, words.map(fold))
    return folded


def _memberships(column: "pd.Series[str]", order: Sequence[str]) -> Memberships:
    """List who has what; distinct texts are few, so only they are split."""
    whole, distinct = pd.factorize(column)
    parts = [str(text).split(schema.SEPARATOR) for text in distinct]
    extra = sorted({value for values in parts for value in values} - set(order))
    values = (*order, *extra)
    place = {value: code for code, value in enumerate(values)}
    # factorize gives -1 for a missing text: the zero at the end is its length
    lengths = np.array([len(values) for values in parts] + [0], np.intp)
    starts = np.cumsum(lengths) - lengths
    flat = np.array([place[v] for values in parts for v in values], np.intp)
    counts = lengths[whole]
    rows = np.repeat(np.arange(len(column)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    codes = flat[np.repeat(starts[whole], counts) + within]
    return Memberships(values, rows.astype(np.int32), codes.astype(np.int32))


def _having(members: Memberships, wanted: Sequence[str], n: int) -> Mask:
    """Find the zones that have any of the wanted values."""
    chosen = np.isin(np.array(members.values), wanted)
    mask = np.zeros(n, bool)
    mask[members.rows[chosen[members.codes]]] = True
    return mask
