"""Claims in words: what each says, of which year, where it stands."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from beltmap.geo.charter.force import chartered
from beltmap.geo.claims.quantities import claim_words
from beltmap.geo.language.messages import spoken, text
from beltmap.geo.language.wording import Name, in_a_row, subject_name, zone_names
from beltmap.geo.plan.plan import Plan
from beltmap.geo.schema import SEPARATOR

STATEMENT_COLUMNS: Final = (
    "claim",
    "subject",
    "attribute",
    "said",
    "counts",
    "year",
    "source",
    "place",
    "method",
    "rests_on",
    "note",
)


@chartered
def statements(plan: Plan, claims: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Put claims into words.

    Parameters
    ----------
    plan
        The plan: its zones, sources and sectors give the names.
    claims
        Some of the plan's claims; all of them if None.

    Returns
    -------
    statements
        One row a claim on the index of `claims`, columns `STATEMENT_COLUMNS`:
        the claim's id, and in words its subject, attribute, what is said, what
        that counts, the year and how it is known, the source's title, the
        place in it, the method, what an inference rests on, and the note;
        empty where there is nothing to say.
    """
    chosen = plan.claims if claims is None else claims
    zones = plan.zones
    names = zone_names(zones[zones["id"].isin(_meant(chosen))])
    titles = plan.titles()
    labels = plan.sectors[f"label_{spoken()}"]
    sectors = dict(zip(plan.sectors["code"], labels, strict=True))
    called = {zone: name.say() for zone, name in names.items()}
    rows = [
        {
            "claim": claim["id"],
            "subject": subject_name(names, claim["subject"]).say(),
            "attribute": Name("attribute", claim["attribute"]).say(),
            "said": _said(claim, called, sectors, plan),
            "counts": plan.say(claim["counts"]),
            "year": year_words(claim),
            "source": titles.get(claim["source"], claim["source"]),
            "place": plan.say(claim["place"]),
            "method": Name("method", claim["method"]).say(),
            "rests_on": basis_words(plan, claim),
            "note": plan.say(claim["note"]),
        }
        for claim in _records(chosen)
    ]
    return pd.DataFrame(rows, index=chosen.index, columns=list(STATEMENT_COLUMNS))


@chartered
def basis_words(plan: Plan, claim: Mapping[str, Any]) -> str:
    """
    Say what a claim rests on, where it is inferred.

    Parameters
    ----------
    plan
        The plan: its sectors and glossary give the words.
    claim
        One row of the claims.

    Returns
    -------
    words
        For sectors the words behind each code; nothing where none are named.
    """
    rests_on = claim["rests_on"]
    if not isinstance(rests_on, str):
        return ""
    if claim["attribute"] != "sectors":
        return plan.say(rests_on)
    labels = plan.sectors[f"label_{spoken()}"]
    sectors = dict(zip(plan.sectors["code"], labels, strict=True))
    pairs = [item.partition("=") for item in rests_on.split(SEPARATOR)]
    return in_a_row(
        text(
            "basis.words",
            code=sectors.get(code, code),
            words=plan.say(words),
        )
        for code, _, words in pairs
    )


def year_words(claim: Mapping[str, Any]) -> str:
    """
    Say of which year a claim is, and how that is known.

    Parameters
    ----------
    claim
        Anything with the ``year`` and ``year_basis`` of a claim.

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
    return text(f"year.{basis.replace(' ', '_')}", year=year)


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
    zones: Mapping[str, str],
    sectors: Mapping[str, str],
    plan: Plan,
) -> str:
    """Say what is claimed in full, with names for the codes of zones and sectors."""
    if claim["text"] is None:
        return claim_words(claim)
    # "finance" is a code among sectors, elsewhere the document's own word
    names = sectors if claim["attribute"] == "sectors" else zones
    parts = [part.strip() for part in str(claim["text"]).split(SEPARATOR)]
    return in_a_row(names.get(part) or plan.say(part) for part in parts)
