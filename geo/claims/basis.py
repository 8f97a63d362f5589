"""What an assigned code rests on: the words behind each sector of a zone."""

from typing import Final

import pandas as pd

from beltmap.geo.claims.table import claims_about
from beltmap.geo.schema import SEPARATOR

GENERAL: Final = "general"
"""Scope of a code that stands for a whole branch, such as BPO."""

ELSEWHERE: Final = (":", "：")
"""Mark of words that are not in the focus: ``name: Software Park``."""


def sector_words(claims: pd.DataFrame, subject: str) -> dict[str, str]:
    """
    Look up the words on which each sector of a zone or priority rests.

    Parameters
    ----------
    claims
        Claims as `geo.claims.table.read_claims` gives them.
    subject
        Id of the zone or priority.

    Returns
    -------
    words
        Words by code; those that are not the focus's own say before a colon
        whose they are. Empty where no words are named.

    Examples
    --------
    >>> from beltmap import data
    >>> from pathlib import Path
    >>> from beltmap.geo.claims.table import read_claims
    >>> claims = read_claims(Path(data.__file__).parent / "qingdao")
    >>> sector_words(claims, "qd-belt")["R&D"]
    'scientific research'
    >>> sector_words(claims, "qd-base-laoshan")
    {'software': 'name: Software Park'}
    """
    named = claims_about(claims, subject, "sectors")["rests_on"].dropna()
    pairs = named.iloc[0].split(SEPARATOR) if len(named) else []
    return dict(pair.split("=", 1) for pair in pairs)


def named_sectors(
    claims: pd.DataFrame, subject: str, codes: object, *, general: frozenset[str]
) -> frozenset[str]:
    """
    Choose the sectors that the focus of a zone itself names.

    Parameters
    ----------
    claims
        Claims as `geo.claims.table.read_claims` gives them.
    subject
        Id of the zone.
    codes
        All its codes, joined by `geo.schema.SEPARATOR`; missing if it has none.
    general
        Codes that stand for a whole branch: no line of business is named by
        them.

    Returns
    -------
    named
        Codes without the general ones, and without those that rest on the
        zone's name or on what is said of its city.
    """
    words = sector_words(claims, subject)
    given = codes.split(SEPARATOR) if isinstance(codes, str) else []
    return frozenset(
        code
        for code in given
        if code not in general
        and not any(mark in words.get(code, "") for mark in ELSEWHERE)
    )


def general_codes(sectors: pd.DataFrame | None) -> frozenset[str]:
    """
    Choose the codes of a vocabulary that stand for a whole branch.

    Parameters
    ----------
    sectors
        Vocabulary with ``code`` and ``scope``; without one, no code does.
    """
    if sectors is None or "scope" not in sectors:
        return frozenset()
    return frozenset(sectors.loc[sectors["scope"] == GENERAL, "code"])
