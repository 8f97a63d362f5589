"""Claims in words: what each says, of which year, where it stands."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.claims.quantities import claim_words
from geo.filters import Filters
from geo.language.messages import spoken, text
from geo.language.wording import Name, subject_name, zone_names
from geo.plan import Plan
from geo.query import Mask
from geo.schema import SEPARATOR

STATEMENT_COLUMNS: Final = (
    "claim",
    "subject",
    "attribute",
    "said",
    "year",
    "source",
    "place",
    "method",
    "note",
)


def statements(
    plan: Plan, claims: pd.DataFrame | None = None, *, language: str | None = None
) -> pd.DataFrame:
    """
    Put claims into words.

    Parameters
    ----------
    plan
        The plan: its zones, sources and sectors give the names.
    claims
        Some of the plan's claims; all of them if None.
    language
        Code of a language in `geo.language.messages.LANGUAGES`; by default the one
        that is spoken.

    Returns
    -------
    statements
        One row a claim on the index of `claims`, columns `STATEMENT_COLUMNS`:
        the claim's id, and in words its subject, attribute, what is said, the
        year and how it is known, the source's title, the place in it, the
        method and the note; empty where there is nothing to say.
    """
    chosen = plan.claims if claims is None else claims
    zones = plan.zones
    names = zone_names(zones[zones["id"].isin(_meant(chosen))])
    titles = plan.titles()
    labels = plan.sectors[f"label_{language or spoken()}"]
    sectors = dict(zip(plan.sectors["code"], labels, strict=True))
    called = {zone: name.say(language=language) for zone, name in names.items()}
    rows = [
        {
            "claim": claim["id"],
            "subject": subject_name(names, claim["subject"]).say(language=language),
            "attribute": Name("attribute", claim["attribute"]).say(language=language),
            "said": _said(claim, called | sectors, plan, language=language),
            "year": year_words(claim, language=language),
            "source": titles.get(claim["source"], claim["source"]),
            "place": plan.say(claim["place"]),
            "method": Name("method", claim["method"]).say(language=language),
            "note": plan.say(claim["note"]),
        }
        for claim in _records(chosen)
    ]
    return pd.DataFrame(rows, index=chosen.index, columns=list(STATEMENT_COLUMNS))


def year_words(claim: Mapping[str, Any], *, language: str | None = None) -> str:
    """
    Say of which year a claim is, and how that is known.

    Parameters
    ----------
    claim
        Anything with the ``year`` and ``year_basis`` of a claim.
    language
        Code of a language in `geo.language.messages.LANGUAGES`; by default the one
        that is spoken.

    Returns
    -------
    words
        The year; "not stated" where a source should have given it; nothing
        where no year belongs to the claim.

    Examples
    --------
    >>> year_words({"year": 2010, "year_basis": "inferred"})
    '2010 (inferred)'
    >>> year_words({"year": None, "year_basis": "not stated"})
    'year not stated'
    >>> year_words({"year": None, "year_basis": None})
    ''
    """
    basis = claim["year_basis"]
    if not isinstance(basis, str):
        return ""
    year = "" if pd.isna(claim["year"]) else str(int(claim["year"]))
    return text(f"year.{basis.replace(' ', '_')}", language=language, year=year)


def claims_within(plan: Plan, mask: Mask, filters: Filters) -> pd.DataFrame:
    """
    Choose the claims that belong to a choice of zones.

    Parameters
    ----------
    plan
        The plan.
    mask
        Which of its zones are chosen.
    filters
        The choice that gave `mask`.

    Returns
    -------
    claims
        Claims about the chosen zones and, where nothing but cities is
        filtered, also those about these cities as a whole. All claims where
        nothing is filtered.
    """
    if not filters.narrow:
        return plan.claims
    subject = plan.claims["subject"]
    kept = subject.isin(plan.zones.loc[mask, "id"])
    if filters == Filters(city=filters.city):
        whole = ~subject.isin(plan.zones["id"])
        kept |= whole & plan.claims["city"].isin(filters.city)
    return plan.claims[kept]


def _records(claims: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Give the claims as dicts, with None for every missing word."""
    plain = claims.astype(object).where(claims.notna(), None)
    numbers = claims[["value", "value_max"]].fillna(np.nan)
    for claim, number in zip(
        plain.to_dict("records"), numbers.to_dict("records"), strict=True
    ):
        yield {str(column): cell for column, cell in (claim | number).items()}


def _meant(claims: pd.DataFrame) -> set[str]:
    """Collect whatever may be a zone's id: few claims, however many zones."""
    texts = claims["text"].dropna().astype(str)
    parts = {part.strip() for words in texts for part in words.split(SEPARATOR)}
    return {*claims["subject"], *parts}


def _said(
    claim: Mapping[str, Any],
    names: Mapping[str, str],
    plan: Plan,
    *,
    language: str | None,
) -> str:
    """Say what is claimed in full, with names for the codes of zones and sectors."""
    if claim["text"] is None:
        return claim_words(claim, language=language)
    parts = [part.strip() for part in str(claim["text"]).split(SEPARATOR)]
    separator = text("list.separator", language=language)
    return separator.join(names.get(part) or plan.say(part) for part in parts)
