"""The chapters in which a plan is read: which claim belongs where."""

from typing import Final

import pandas as pd

from beltmap.geo.charter.force import charter

CHAPTERS: Final = (
    "existing",
    "layout",
    "goals",
    "outcomes",
    "priorities",
    "markets",
    "advantages",
    "elsewhere",
)
"""
What a plan says besides its zones: what there was in the base year, how the
zones are laid out, what is
wanted, what was measured later, which sectors come first, who is to buy, why
here, and what is told of other cities.
"""

PRIORITY: Final = (
    "title",
    "sectors",
    "strengths",
    "work",
    "industries",
    "products",
    "client_markets",
)
"""Attributes of a priority."""

OVERALL: Final = "overall"
"""Attribute of a goal that is no figure."""


def leading_city(claims: pd.DataFrame) -> str | None:
    """
    Name the city that a plan is about.

    Parameters
    ----------
    claims
        Claims as `geo.claims.table.read_claims` gives them.

    Returns
    -------
    city
        City with the most goals, the first of several; None without goals.

    Examples
    --------
    >>> from beltmap import data
    >>> from pathlib import Path
    >>> from beltmap.geo.claims.table import read_claims
    >>> leading_city(read_claims(Path(data.__file__).parent / "qingdao"))
    'Qingdao'
    """
    cities = claims.loc[claims["stance"] == "goal", "city"].dropna()
    return None if cities.empty else str(cities.mode(dropna=True).iloc[0])


def base_year(claims: pd.DataFrame, *, city: str | None) -> int | None:
    """
    Find the year from which a city's plan starts.

    Parameters
    ----------
    claims
        Claims as `geo.claims.table.read_claims` gives them.
    city
        Name of the city.

    Returns
    -------
    year
        Earliest year of which something measured is told; None if nothing is.
    """
    measured = claims[(claims["stance"] == "measured") & (claims["city"] == city)]
    years = measured["year"].dropna()
    return None if years.empty else int(years.min())


def chapters(claims: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """
    Sort the claims into the chapters of the plan.

    Parameters
    ----------
    claims
        Claims as `geo.claims.table.read_claims` gives them.

    Returns
    -------
    chapters
        Claims by chapter, in the order of `CHAPTERS`, each with the index of
        `claims`. No claim is in two of them; those that only describe zones
        are in none.
    """
    city = leading_city(claims)
    here = claims["city"] == city
    measured, goal = claims["stance"] == "measured", claims["stance"] == "goal"
    first = claims["year"] == base_year(claims, city=city)
    figure = claims["value"].notna() | (claims["attribute"] == OVERALL)
    priority = goal & claims["attribute"].isin(PRIORITY)
    reasons = claims.loc[claims["attribute"] == "summary", "subject"]
    laid = here & claims["subject"].isin(charter().patterns) & ~measured
    goal &= ~laid
    kept = {
        "existing": here & measured & first,
        "layout": laid,
        "goals": here & goal & figure,
        "outcomes": here & measured & ~first,
        "priorities": here & priority,
        "markets": here & goal & ~figure & ~priority,
        "advantages": here & claims["subject"].isin(reasons),
        "elsewhere": ~here & claims["stance"].notna(),
    }
    return {name: claims[kept[name].fillna(False).astype(bool)] for name in CHAPTERS}
