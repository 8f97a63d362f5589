"""Does the plan add up? Rules over claims and geometry, no list of known faults."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import geopandas as gpd
import pandas as pd

from beltmap.geo.audit import (
    arithmetic,
    attribution,
    comparability,
    consistency,
    placement,
    promises,
)
from beltmap.geo.audit.findings import SEVERITIES, Finding
from beltmap.geo.claims.figures import Figures, figures_of
from beltmap.geo.geometry.measures import NOW, Measures
from beltmap.geo.language.wording import Names, Sayable, ZoneName, zone_names

CLAIM_RULES: Final[tuple[Callable[[Figures, Names], Iterator[Finding]], ...]] = (
    arithmetic.shares,
    arithmetic.products,
    arithmetic.sums,
    arithmetic.rivals,
    arithmetic.goals,
    arithmetic.years,
    comparability.measures,
)
"""Rules that need only the figures."""

ZONE_RULES: Final[tuple[Callable[..., Iterator[Finding]], ...]] = (
    consistency.layers_and_claims,
    consistency.drawn_areas,
    consistency.containment,
    consistency.counted_twice,
    attribution.stated_of_another,
    attribution.years_attested,
    attribution.focus_stated,
    promises.patterns,
    promises.priorities,
)
"""Rules that need the zones as well, and the names of both."""

MEASURING: Final = (
    consistency.drawn_areas,
    consistency.containment,
    consistency.counted_twice,
)
"""Those of them that need measures of the zones, too."""


def audit(  # noqa: PLR0913 - all that a plan has
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    *,
    glossary: Mapping[str, str] | None = None,
    sectors: pd.DataFrame | None = None,
    places: gpd.GeoDataFrame | None = None,
    rival_axes: gpd.GeoDataFrame | None = None,
    comments: pd.DataFrame | None = None,
    measures: Measures = NOW,
) -> tuple[Finding, ...]:
    """
    Find what does not fit in a plan.

    Parameters
    ----------
    zones
        Zones of the plan, columns `geo.schema.COLUMNS`, valid polygons in
        EPSG:4326 or no geometry.
    claims
        Claims as `geo.claims.table.read_claims` gives them.
    glossary
        Chinese for titles that the claims give, see `geo.claims.glossary`.
    sectors
        Vocabulary of the sectors, columns ``code``, ``label_en`` and
        ``label_zh``, and perhaps ``scope``; without one, sectors are named by
        their codes, and none is taken for a general one.
    places
        Anchors and rival candidates, see `geo.plan.places.read_anchors`; without
        them nothing is said about how far off a place may be.
    rival_axes
        Lines along which a zone might run instead, see
        `geo.plan.places.read_rival_axes`.
    comments
        Remarks of readers, of which the open ones are questions.
    measures
        What measures the zones.

    Returns
    -------
    findings
        Errors first, then warnings, then notes; none for a plan that adds up.
    """
    names: dict[str, Sayable] = {**zone_names(zones), **_titles(claims, glossary or {})}
    names |= {} if sectors is None else _sectors(sectors)
    found = [*_claim_findings(claims, names)]
    for rule in ZONE_RULES:
        more = {"measures": measures} if rule in MEASURING else {}
        found += rule(zones, claims, names, **more)
    found += promises.named_priorities(zones, claims, names, sectors=sectors)
    if places is not None:
        called = {**zone_names(places), **names}
        found += placement.uncertainties(zones, places, called, axes=rival_axes)
        found += placement.away_from_anchors(zones, places, called)
        found += placement.drawn_inside(
            zones, claims, called, places=places, measures=measures
        )
    if comments is not None:
        found += attribution.open_comments(comments, claims, names)
    return tuple(sorted(found, key=lambda each: SEVERITIES.index(each.severity)))


def _sectors(sectors: pd.DataFrame) -> dict[str, ZoneName]:
    """Collect what the sectors are called, by "sector:" and code."""
    return {
        f"sector:{row['code']}": ZoneName(row["code"], row["label_en"], row["label_zh"])
        for row in sectors.to_dict("records")
    }


def audit_claims(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    *,
    glossary: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """
    Find what does not fit in the claims alone, whatever the number of zones.

    Parameters
    ----------
    zones, claims, glossary
        As for `audit`; of the zones only the names are looked at.

    Returns
    -------
    findings
        Those of `CLAIM_RULES`, in the order of `audit`.
    """
    named = zones[zones["id"].isin(claims["subject"])]
    names: dict[str, Sayable] = {**zone_names(named), **_titles(claims, glossary or {})}
    found = _claim_findings(claims, names)
    return tuple(sorted(found, key=lambda each: SEVERITIES.index(each.severity)))


def _claim_findings(claims: pd.DataFrame, names: Names) -> Iterator[Finding]:
    figures = figures_of(claims)
    for rule in CLAIM_RULES:
        yield from rule(figures, names)


def _titles(claims: pd.DataFrame, glossary: Mapping[str, str]) -> dict[str, ZoneName]:
    """Collect words of the claims: titles by subject, others by themselves."""
    titled = claims[claims["attribute"] == "title"].drop_duplicates("subject")
    words = [*claims["counts"].dropna().unique(), *claims["place"].dropna().unique()]
    said = {f"words:{each}": ZoneName(each, each, glossary.get(each)) for each in words}
    return said | {
        f"{subject}.title": ZoneName(subject, title, glossary.get(title))
        for subject, title in zip(titled["subject"], titled["text"], strict=True)
    }
