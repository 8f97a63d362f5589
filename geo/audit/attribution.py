"""Rules over where claims stand: whose they are, who dates them, what they rest on."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from beltmap.geo.audit.findings import Finding
from beltmap.geo.claims.basis import ELSEWHERE, sector_words
from beltmap.geo.claims.comments import STATES
from beltmap.geo.claims.table import claim_ids, claimed_text
from beltmap.geo.language.wording import Listing, Name, Names, Value, subject_name

NAMING: Final = ("named", "title")
"""Attributes whose claims say where a document names their subject."""


def stated_of_another(
    zones: gpd.GeoDataFrame, claims: pd.DataFrame, names: Names
) -> Iterator[Finding]:
    """
    Find what is claimed as stated of something where its document does not name it.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones. Where a document names a subject,
        a zone or not, is said by the claims of the attributes `NAMING`.

    Yields
    ------
    finding
        ``stated_of_another`` for each stated claim in a place in which the same
        document does not name its subject, or in no place. Zones must be named by
        a document that names any; other subjects may have no name in it, as a
        list of goals has not.
    """
    ids = set(zones["id"])
    columns = ("id", "subject", "attribute", "source", "place", "method")
    rows = zip(*(claims[column].to_list() for column in columns), strict=True)
    about = [row for row in rows if row[1] in ids or row[5] == "stated"]
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, subject, attribute, source, place, _ in about:
        if attribute in NAMING and place:
            known[subject, source].update(_places(place))
    naming = {source for subject, source in known if subject in ids}
    for claim, subject, attribute, source, place, method in about:
        expected = (subject, source) in known or (subject in ids and source in naming)
        if method != "stated" or not expected:
            continue
        if place and set(_places(place)) <= known.get((subject, source), set()):
            continue
        values: dict[str, Value] = {
            "subject": subject_name(names, subject),
            "attribute": Name("attribute", attribute),
            "place": names.get(f"words:{place}", place) if place else "–",
        }
        zone = (subject,) if subject in ids else ()
        yield Finding("stated_of_another", "error", values, (claim,), zone)


def years_attested(
    zones: gpd.GeoDataFrame,  # noqa: ARG001 - as all rules
    claims: pd.DataFrame,
    names: Names,
) -> Iterator[Finding]:
    """
    Find years that another source is said to state, and does not.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones.

    Yields
    ------
    finding
        ``year_not_attested`` for each claim whose year is "stated elsewhere"
        while no claim of another source states it of the same thing.
    """
    # what beltmap computes attests nothing
    by_others = claims["method"].isin(["stated", "published elsewhere"])
    stated = claims[(claims["year_basis"] == "stated") & by_others]
    for row in claims[claims["year_basis"] == "stated elsewhere"].to_dict("records"):
        same = stated[
            (stated["subject"] == row["subject"])
            & (stated["attribute"] == row["attribute"])
            & (stated["source"] != row["source"])
            & (stated["year"] == row["year"])
        ]
        if same.empty:
            values: dict[str, Value] = {
                "subject": subject_name(names, row["subject"]),
                "attribute": Name("attribute", row["attribute"]),
                "year": str(row["year"]),
            }
            yield Finding("year_not_attested", "error", values, (row["id"],))


def focus_stated(
    zones: gpd.GeoDataFrame, claims: pd.DataFrame, names: Names
) -> Iterator[Finding]:
    """
    Find a focus that no document states, and codes that rest on nothing in it.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones. Zones of which the claims give
        no sectors are left alone.

    Yields
    ------
    finding
        ``focus_not_stated`` for a zone with a focus that no claim states, and
        ``sector_without_words`` for codes whose words its focus does not have,
        nor its name where they are said to stand there.
    """
    told = claims.loc[claims["attribute"] == "sectors", "subject"]
    stated = claims[(claims["attribute"] == "focus") & (claims["method"] == "stated")]
    for row in zones[zones["id"].isin(told)].to_dict("records"):
        zone = str(row["id"])
        has_focus = any(isinstance(row[name], str) for name in ("focus_en", "focus_zh"))
        if has_focus and zone not in set(stated["subject"]):
            rests_on = claim_ids(claims, "focus", (zone,))
            values: dict[str, Value] = {"zone": names[zone]}
            yield Finding("focus_not_stated", "error", values, rests_on, (zone,))
        focus = (claimed_text(stated, zone, "focus") or "").casefold()
        lost = [
            code
            for code, words in sector_words(claims, zone).items()
            if not _stands(words, focus=focus, row=row)
        ]
        if lost:
            sectors = tuple(names.get(f"sector:{code}", code) for code in lost)
            values = {"zone": names[zone], "sectors": Listing(sectors)}
            rests_on = claim_ids(claims, "sectors", (zone,))
            yield Finding("sector_without_words", "error", values, rests_on, (zone,))


def open_comments(
    comments: pd.DataFrame, claims: pd.DataFrame, names: Names
) -> Iterator[Finding]:
    """
    List the comments that nobody has settled.

    Parameters
    ----------
    comments
        As `geo.claims.comments.read_comments` gives them.
    claims
        Claims of the plan.
    names
        What to call the zones.

    Yields
    ------
    finding
        ``comment_open`` for each on a zone or claim, ``comment_open_at`` for each on
        a place.
    """
    subjects = dict(zip(claims["id"], claims["subject"], strict=True))
    waiting = comments[comments["state"] == STATES[0]]
    for one in waiting.to_dict("records"):
        about = one["about"]
        values: dict[str, Value] = {
            "author": one["author"],
            "day": str(one["time"])[:10],
            "words": one["text"],
        }
        if about is None:
            place = f"{one['lon']:.5f}, {one['lat']:.5f}"
            yield Finding("comment_open_at", "note", values | {"place": place})
            continue
        subject = subjects.get(about, about)
        named = values | {"about": subject_name(names, subject)}
        rests = (about,) if about in subjects else ()
        zones = (subject,) if subject in names else ()
        yield Finding("comment_open", "note", named, rests, zones)


def _stands(words: str, *, focus: str, row: Mapping[Hashable, Any]) -> bool:
    """Tell whether the words behind a code stand where they are said to stand."""
    where, mark, said = words.replace(ELSEWHERE[1], ELSEWHERE[0]).partition(
        ELSEWHERE[0]
    )
    if not mark:
        return words.casefold() in focus
    if where.strip() != "name":
        return True
    called = " ".join(str(row[name]) for name in ("name_en", "name_zh"))
    return said.strip().casefold() in called.casefold()


def _places(words: str) -> list[str]:
    return [place.strip() for place in words.split(";")]
