"""Rules that match zones with what the plan promises: patterns and priorities."""

from collections import Counter
from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from geo.audit.findings import Finding
from geo.claims.table import claim_ids, claimed_value
from geo.language.wording import Listing, Name, Names, Value
from geo.schema import KINDS, SEPARATOR


def patterns(
    zones: gpd.GeoDataFrame, claims: pd.DataFrame, names: Names
) -> Iterator[Finding]:
    """
    Count the zones of each pattern and compare with what its name promises.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones.

    Yields
    ------
    finding
        ``pattern_incomplete`` where a pattern has another number of zones of
        some kind than the claims about its name, such as ``parks``, say.
    """
    members = zones.assign(pattern=zones["patterns"].str.split(SEPARATOR))
    for pattern, group in members.explode("pattern").groupby("pattern", sort=False):
        code = str(pattern)
        said = {kind: claimed_value(claims, code, f"{kind}s") for kind in KINDS}
        promised = {kind: int(n) for kind, n in said.items() if n is not None}
        found = Counter(group["kind"])
        if not promised or promised == dict(found):
            continue
        ids = tuple(group["id"])
        values: dict[str, Value] = {
            "pattern": Name("patterns", code),
            "promised": sum(promised.values()),
            "found": len(ids),
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
