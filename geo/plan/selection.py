"""A choice of a plan's zones, and what follows from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.force import chartered
from beltmap.geo.errors import Fault, PlanError, unknown_value
from beltmap.geo.language.labels import facet_codes
from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan
from beltmap.geo.query.filters import FACETS, Filters, renamed
from beltmap.geo.query.matches import Mask, count, matches
from beltmap.geo.query.summary import Totals, placeless, totals, totals_by


@dataclass(frozen=True, eq=False)
class Selection:
    """
    The zones of a plan that filters choose.

    Parameters
    ----------
    plan
        The plan.
    filters
        What is wanted; all zones if left out.
    """

    plan: Plan
    filters: Filters = field(default_factory=Filters)

    @property
    def charter(self) -> Charter:
        """What the plan says of itself."""
        return self.plan.charter

    def __len__(self) -> int:
        """Count the chosen zones."""
        return int(self.mask.sum())

    @cached_property
    def mask(self) -> Mask:
        """Which zones are chosen: one truth value a zone, in the plan's order."""
        mask = matches(self.plan.index, self.filters)
        mask.setflags(write=False)
        return mask

    @property
    def zones(self) -> gpd.GeoDataFrame:
        """
        The chosen zones, EPSG:4326, on the index of the plan's.

        A new frame each time: whoever changes it changes nothing else, and what
        is remembered of large plans stays small.
        """
        return self.plan.zones[self.mask]

    def first(self, most: int | None) -> gpd.GeoDataFrame:
        """Give the first of the chosen zones; of very many, no others are taken."""
        return self.plan.zones.take(np.flatnonzero(self.mask)[:most])

    @property
    def unplaced(self) -> gpd.GeoDataFrame:
        """The chosen zones whose place is unknown: drawn for their size only."""
        zones = self.plan.zones
        return zones[self.mask & placeless(zones)]

    @property
    def whole(self) -> bool:
        """Whether all zones of the plan are chosen."""
        return bool(self.mask.all())

    @property
    def claims(self) -> pd.DataFrame:
        """
        The claims that belong to the choice.

        Those about the chosen zones and, where nothing but cities is filtered,
        also those about these cities as a whole; all where nothing is.
        """
        filters, plan = self.filters, self.plan
        if not filters.narrow:
            return plan.claims
        subject = plan.claims["subject"]
        kept = subject.isin(plan.zones.loc[self.mask, "id"])
        if filters == Filters(city=filters.city):
            whole = ~subject.isin(plan.zones["id"])
            kept |= whole & plan.claims["city"].isin(filters.city)
        return plan.claims[kept]

    @cached_property
    def summary(self) -> Totals:
        """The totals; of a plan too large to be measured, without the land covered."""
        plan = self.plan
        return totals(plan.zones, self.mask, land=plan.land, index=plan.index)

    def summary_by(self, column: str) -> pd.DataFrame:
        """Add up for each value of a facet. See `geo.query.summary.totals_by`."""
        plan = self.plan
        return totals_by(
            plan.zones, self.mask, land=plan.land, index=plan.index, column=column
        )

    def count(self, column: str) -> pd.DataFrame:
        """Count the zones of each value of a facet. See `geo.query.matches.count`."""
        return count(self.plan.index, self.mask, column)


@chartered
def filters_for(plan: Plan, choice: Mapping[str, Any]) -> Filters:
    """
    Read filters that a person typed: values by code, or as they are called.

    Parameters
    ----------
    plan
        The plan.
    choice
        Fields of `geo.query.filters.Filters`; a value of a facet may be said
        in either language, in any case.

    Returns
    -------
    filters
        With the codes of all values.

    Raises
    ------
    PlanError
        With a fault for each value that no zone of the plan can have.
    """
    known = plan.index.known
    codes: dict[str, tuple[str, ...]] = {}
    faults: list[Fault] = []
    for facet in FACETS:
        wanted = renamed(facet, choice.get(facet, ()), known)
        given = facet_codes(plan.sectors, facet, known[facet]) if wanted else {}
        found = [given.get(value, given.get(value.casefold())) for value in wanted]
        faults += _unknown(facet, known[facet], wanted, found)
        codes[facet] = tuple(code for code in found if code)
    if faults:
        raise PlanError(faults)
    return Filters(**{**choice, **codes})


def _unknown(
    facet: str,
    known: Sequence[str],
    wanted: Sequence[str],
    found: Sequence[str | None],
) -> Iterator[Fault]:
    for value, code in zip(wanted, found, strict=True):
        if code is None:
            where = text(f"filter.{facet}")
            yield unknown_value(where, facet, value, known, code="E_UNKNOWN_VALUE")
