"""Rules that match zones with what the plan promises: patterns and priorities."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import geopandas as gpd
import pandas as pd

from beltmap.geo.audit.findings import Finding
from beltmap.geo.audit.priorities import priorities as served
from beltmap.geo.charter.force import charter
from beltmap.geo.claims.basis import general_codes
from beltmap.geo.claims.table import claim_ids
from beltmap.geo.language.wording import Listing, Name, Names, Phrase, Value
from beltmap.geo.schema import SEPARATOR


def patterns(
    zones: gpd.GeoDataFrame, claims: pd.DataFrame, names: Names
) -> Iterator[Finding]:
    """
    Count the zones of each structure and compare with what it promises.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones.

    Yields
    ------
    finding
        ``pattern_incomplete`` where another number of zones of some kind name
        a structure than the plan's charter promises of it.
    """
    promises = {one.code: one.promises for one in charter().structures}
    members = zones.assign(pattern=zones["patterns"].str.split(SEPARATOR))
    for pattern, group in members.explode("pattern").groupby("pattern", sort=False):
        code = str(pattern)
        promised = {kind: n for kind, n in promises.get(code, {}).items() if n}
        found = Counter(group["kind"])
        if not promised or promised == dict(found):
            continue
        ids = tuple(group["id"])
        off = [
            kind
            for kind in dict.fromkeys([*promised, *found])
            if promised.get(kind, 0) != found[kind]
        ]
        values: dict[str, Value] = {
            "pattern": Name("patterns", code),
            "promised": _counts(promised, off),
            "found": _counts(found, off),
            "zones": Listing(tuple(names[zone] for zone in ids)),
        }
        rests_on = tuple(
            claims.loc[
                (claims["subject"] == code)
                & claims["attribute"].isin([f"{kind}s" for kind in promised]),
                "id",
            ]
        )
        yield Finding("pattern_incomplete", "warning", values, rests_on, ids)


def _counts(of_kinds: Mapping[str, int], kinds: Iterable[str]) -> Listing:
    """Say how many there are of some kinds."""
    return Listing(
        tuple(
            Phrase(
                "audit.kind_count",
                {"kind": Name("kind", kind), "count": str(of_kinds.get(kind, 0))},
            )
            for kind in kinds
        )
    )


def priorities(
    zones: gpd.GeoDataFrame, claims: pd.DataFrame, names: Names
) -> Iterator[Finding]:
    """
    Match the sectors of the priorities with those of the zones, city by city.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones. Priorities are the goals among
        the claims that name sectors.

    Yields
    ------
    finding
        ``priority_unserved`` for a priority none of whose sectors any zone
        has, and ``sector_unprioritised`` for a sector of zones that no
        priority names.
    """
    aims = claims[(claims["attribute"] == "sectors") & (claims["stance"] == "goal")]
    for city, wanted in aims.groupby("city", sort=False, dropna=False):
        local = zones if pd.isna(city) else zones[zones["city"] == city]
        offered = _sector_rows(local, "sectors")
        named = _sector_rows(wanted, "text")
        for subject, group in named.groupby("subject", sort=False):
            if not group["code"].isin(offered["code"]).any():
                yield _unserved(str(subject), group, names)
        left = offered[~offered["code"].isin(named["code"])]
        for code, group in left.groupby("code", sort=False):
            ids = tuple(group["id"])
            values: dict[str, Value] = {
                "sector": _sector(code, names),
                "zones": Listing(tuple(names[zone] for zone in ids)),
            }
            rests_on = claim_ids(claims, "sectors", ids)
            yield Finding("sector_unprioritised", "note", values, rests_on, ids)


def named_priorities(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    names: Names,
    *,
    sectors: pd.DataFrame | None,
) -> Iterator[Finding]:
    """
    Find priorities that no focus names, and that only a general code reaches.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones.
    sectors
        Vocabulary of the sectors with their ``scope``; without one no code is
        a general one.

    Yields
    ------
    finding
        One ``priority_general`` a city in which there are such priorities.
    """
    if not general_codes(sectors):
        return
    rows = served(zones, claims, sectors=sectors)
    for _, group in rows.groupby("city", sort=False, dropna=False):
        unnamed = group[group["named"].map(len) == 0]
        reached = unnamed[unnamed["zones"].map(len) > 0]
        if reached.empty:
            continue
        values: dict[str, Value] = {
            "all": len(group),
            "n": len(unnamed),
            "unnamed": _titles(unnamed, names),
            "reached": _titles(reached, names),
        }
        rests_on = tuple(
            claim
            for subject in unnamed["priority"]
            for claim in claim_ids(claims, "sectors", (subject,))
        )
        ids = tuple(dict.fromkeys(zone for zones in reached["zones"] for zone in zones))
        yield Finding("priority_general", "warning", values, rests_on, ids)


def _titles(rows: pd.DataFrame, names: Names) -> Listing:
    return Listing(
        tuple(
            names.get(f"{subject}.title", Name("subject", subject))
            for subject in rows["priority"]
        )
    )


def _unserved(subject: str, group: pd.DataFrame, names: Names) -> Finding:
    values: dict[str, Value] = {
        "priority": names.get(f"{subject}.title", Name("subject", subject)),
        "sectors": Listing(tuple(_sector(code, names) for code in group["code"])),
    }
    rests_on = tuple(dict.fromkeys(group["id"]))
    return Finding("priority_unserved", "warning", values, rests_on)


def _sector(code: object, names: Names) -> Value:
    return names.get(f"sector:{code}", str(code))


def _sector_rows(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give one row a sector code, in the order in which they are written."""
    codes = rows[column].astype(object).str.split(SEPARATOR)
    return pd.DataFrame(rows.assign(code=codes)).explode("code").dropna(subset="code")
