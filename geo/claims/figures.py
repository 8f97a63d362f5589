"""Claims as quantities that can be compared: bounds, base units, ties."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import pandas as pd

from beltmap.geo.units import UNITS

LOOSE: Final = 0.1
"""How far from its figure a quantity may lie that is "about" or "nearly" so much."""

_AS_CLAIMED: Final = (
    "id",
    "subject",
    "attribute",
    "qualifier",
    "city",
    "stance",
    "year_basis",
    "source",
    "method",
    "counts",
    "share_of",
    "summand_of",
    "each_of",
)


@dataclass(frozen=True)
class Figure:
    """
    One claim that has a number.

    Parameters
    ----------
    id, subject, attribute, qualifier, city, stance, year, year_basis, source, method
        As in the claims; None where the claim has none.
    counts
        What the figure counts, or None.
    share_of, summand_of, each_of
        Ids of the claims that it is tied to, or None.
    value
        The number as claimed, in base units of the measure.
    low, high
        Between which the quantity lies, given how the claim is qualified.
    measure
        What is measured, as in `geo.units.Unit`.
    """

    id: str
    subject: str
    attribute: str
    qualifier: str
    city: str | None
    stance: str | None
    year: int | None
    year_basis: str | None
    source: str
    method: str
    counts: str | None
    share_of: str | None
    summand_of: str | None
    each_of: str | None
    value: float
    low: float
    high: float
    measure: str

    def times(self, count: "Figure") -> "Figure":
        """
        Multiply an average by the number of those it is an average of.

        Parameters
        ----------
        count
            How many there are.

        Returns
        -------
        product
            This figure with the value and bounds of the total, qualified as
            the count is where the average is exact.
        """
        return replace(
            self,
            qualifier=count.qualifier if self.qualifier == "exact" else self.qualifier,
            value=self.value * count.value,
            low=self.low * count.low,
            high=self.high * count.high,
        )

    def exceeds(self, other: "Figure") -> bool:
        """
        Tell whether even its low bound is above another figure's high one.

        Parameters
        ----------
        other
            Figure in the same base units; the caller sees to it.

        Returns
        -------
        exceeds
            True only where no reading of the two could make them fit.
        """
        return self.low > other.high and not math.isclose(self.low, other.high)


Figures: TypeAlias = Mapping[str, Figure]
"""Figures by the id of their claim, in the order of the claims."""


def figures_of(claims: pd.DataFrame) -> dict[str, Figure]:
    """
    Take the numbers out of the claims.

    Parameters
    ----------
    claims
        Claims as `geo.claims.table.read_claims` gives them.

    Returns
    -------
    figures
        One figure a claim with a value, by id, in base units: m², m, single
        units of a currency, shares of 1.

    Examples
    --------
    >>> from beltmap import data
    >>> from pathlib import Path
    >>> from beltmap.geo.claims.table import read_claims
    >>> figures = figures_of(read_claims(Path(data.__file__).parent / "qingdao"))
    >>> belt = figures["qd-belt.declared_area"]
    >>> belt.low, belt.high, belt.measure
    (40000000.0, 40000000.0, 'area')
    >>> goal = figures["qd-goal-1.employees"]
    >>> goal.low, goal.high
    (100000.0, inf)
    """
    known = claims[claims["value"].notna()]
    return {claim["id"]: _figure(claim) for _, claim in known.iterrows()}


def _figure(claim: "pd.Series[Any]") -> Figure:
    unit = UNITS[claim["unit"]]
    value = float(claim["value"]) * unit.factor
    value_max = float(claim["value_max"]) * unit.factor
    low, high = _bounds(claim["qualifier"], value, value_max)
    return Figure(
        **{column: claim[column] for column in _AS_CLAIMED},
        year=None if pd.isna(claim["year"]) else int(claim["year"]),
        value=value,
        low=low,
        high=high,
        measure=unit.measure,
    )


def _bounds(qualifier: str, value: float, value_max: float) -> tuple[float, float]:
    """Give the lowest and highest quantity that a qualified number can mean."""
    loose = LOOSE * abs(value)
    bounds = {
        "exact": (value, value),
        "at least": (value, math.inf),
        "more than": (value, math.inf),
        "above": (value, math.inf),
        "about": (value - loose, value + loose),
        "nearly": (value - loose, value),
        "at most": (0.0, value),
        "range": (value, value_max),
    }
    return bounds[qualifier]
