"""The plan's priorities, and the zones whose sectors serve them."""

from typing import Final

import geopandas as gpd
import pandas as pd

from beltmap.geo.claims.basis import general_codes, named_sectors
from beltmap.geo.claims.table import claim_ids, claimed_text
from beltmap.geo.query.filters import Filters
from beltmap.geo.schema import SEPARATOR

PRIORITY_COLUMNS: Final = (
    "priority",
    "title",
    "city",
    "sectors",
    "zones",
    "named",
    "claims",
)


def priorities(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    *,
    sectors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    List the priorities and the zones that serve them.

    Parameters
    ----------
    zones
        Zones of the plan, columns `geo.schema.COLUMNS`.
    claims
        Claims as `geo.claims.table.read_claims` gives them. Priorities are the
        goals among them that name sectors.
    sectors
        Vocabulary of the sectors; its ``scope`` tells which codes are general.

    Returns
    -------
    priorities
        One row a priority, columns `PRIORITY_COLUMNS`: its subject, title
        and city; ``sectors``, a tuple of codes; ``zones``, a tuple of the ids
        of the zones of the same city that have one of these sectors;
        ``named``, those of them whose focus names one itself, see
        `geo.claims.basis.named_sectors`; and ``claims``, a tuple of the ids of
        what it rests on.
    """
    matrix = priority_matrix(zones, claims)
    named = named_matrix(zones, claims, sectors=sectors)
    rows = [
        {
            "priority": aim["subject"],
            "title": claimed_text(claims, aim["subject"], "title") or aim["subject"],
            "city": aim["city"],
            "sectors": tuple(aim["text"].split(SEPARATOR)),
            "zones": tuple(matrix.columns[matrix.loc[aim["subject"]] != ""]),
            "named": tuple(named.columns[named.loc[aim["subject"]]]),
            "claims": (
                *claim_ids(claims, "title", (aim["subject"],)),
                *claim_ids(claims, "sectors", (aim["subject"],)),
            ),
        }
        for aim in _aims(claims).to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(PRIORITY_COLUMNS))


def priority_matrix(zones: gpd.GeoDataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """
    Lay priorities and zones out as a square of the sectors they share.

    Parameters
    ----------
    zones, claims
        As for `priorities`.

    Returns
    -------
    matrix
        Codes of the shared sectors, joined by `geo.schema.SEPARATOR`, empty
        where there are none. Indexed by the subject of the priority; one
        column for each zone that is in the city of some priority.
    """
    aims = _aims(claims)
    local = zones
    if aims["city"].notna().all():
        local = zones[zones["city"].isin(aims["city"])]
    offered = {
        zone["id"]: (zone["city"], str(zone["sectors"] or "").split(SEPARATOR))
        for zone in local[["id", "city", "sectors"]].to_dict("records")
    }
    cells = [
        [
            SEPARATOR.join(
                code for code in aim["text"].split(SEPARATOR) if code in codes
            )
            if aim["city"] is None or aim["city"] == city
            else ""
            for city, codes in offered.values()
        ]
        for aim in aims.to_dict("records")
    ]
    return pd.DataFrame(cells, index=list(aims["subject"]), columns=list(offered))


def named_matrix(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    *,
    sectors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Tell which zones name a priority in their focus.

    Parameters
    ----------
    zones, claims, sectors
        As for `priorities`.

    Returns
    -------
    matrix
        On index and columns of `priority_matrix`: true where one of the shared
        codes is no general one and rests on words of the zone's focus.
    """
    matrix = priority_matrix(zones, claims)
    general = general_codes(sectors)
    offered = zones.set_index("id")["sectors"]
    told = {
        zone: named_sectors(claims, str(zone), offered[zone], general=general)
        for zone in matrix.columns
    }
    cells = {
        zone: [
            not told[zone].isdisjoint(codes.split(SEPARATOR)) for codes in matrix[zone]
        ]
        for zone in matrix.columns
    }
    return pd.DataFrame(cells, index=matrix.index, columns=matrix.columns, dtype=bool)


def priority_filters(zones: gpd.GeoDataFrame, claims: pd.DataFrame) -> list[Filters]:
    """
    Give the choice of zones that serves each priority.

    Parameters
    ----------
    zones, claims
        As for `priorities`.

    Returns
    -------
    filters
        One choice a priority, in their order: its city and its sectors. It
        matches no zone where the priority has none.
    """
    return [
        Filters(city=(aim["city"],) if aim["city"] else (), sectors=aim["sectors"])
        for aim in priorities(zones, claims).to_dict("records")
    ]


def _aims(claims: pd.DataFrame) -> pd.DataFrame:
    """Choose the goals that name sectors, of rivals the first."""
    named = (claims["attribute"] == "sectors") & (claims["stance"] == "goal")
    return claims[named & claims["text"].notna()].drop_duplicates("subject")
