"""Rules over zones: layers against claims, areas, containment and overlaps."""

from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from beltmap.geo.audit.findings import Finding
from beltmap.geo.claims.quantities import Quantity
from beltmap.geo.claims.table import claim_ids
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.measures import NOW, Measures
from beltmap.geo.language.wording import Listing, Name, Names, Value
from beltmap.geo.query.ledger import area_ledger
from beltmap.geo.schema import PLACE_UNKNOWN, SKETCHED

TOUCHING: Final = 0.001
"""Share of a zone that may lie across another's edge unnoticed."""

KM2: Final = 1e6


def drawn_areas(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    names: Names,
    *,
    measures: Measures = NOW,
) -> Iterator[Finding]:
    """
    Compare what is drawn with what is declared or published.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones.
    measures
        What measures the zones.

    Yields
    ------
    finding
        ``drawn_differs`` for each zone that is drawn more than a thousandth
        larger or smaller than the figure it follows; ``drawn_to_scale``, a
        note, where the outline is only schematic and may be scaled to it.
    """
    sketched = set(zones.loc[zones["boundary"].isin(SKETCHED), "id"])
    ledger = area_ledger(zones, claims, measures=measures)
    for row in ledger[ledger["verdict"].isin(["within 1 %", "off"])].to_dict("records"):
        values: dict[str, Value] = {
            "zone": names[row["id"]],
            "declared": Quantity(row["declared"] * KM2, "area"),
            "drawn": Quantity(row["drawn"] * KM2, "area"),
        }
        rests_on = (row["claim"],) if row["claim"] else ()
        zone = (row["id"],)
        if row["id"] in sketched and row["drawn"] > 0:
            values["id"] = row["id"]
            factor = (row["declared"] / row["drawn"]) ** 0.5
            values["factor"] = f"{factor:.4g}"
            yield Finding("drawn_to_scale", "note", values, rests_on, zone)
        else:
            yield Finding("drawn_differs", "error", values, rests_on, zone)


def containment(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    names: Names,
    *,
    measures: Measures = NOW,
) -> Iterator[Finding]:
    """
    Check that what is part of a zone lies in it and is no larger.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones.
    measures
        What measures the zones.

    Yields
    ------
    finding
        ``not_inside`` where a part is drawn outside its whole, and
        ``zone_exceeds_whole`` where it declares more area.
    """
    ids = zones["id"].to_numpy()
    row_of = {zone: row for row, zone in enumerate(ids)}
    parts = np.flatnonzero(zones["part_of"].isin(row_of))
    wholes = np.array([row_of[whole] for whole in zones["part_of"].iloc[parts]], int)
    outside = measures.shares_outside(zones, parts, wholes)
    areas = zones["declared_area_km2"].to_numpy()
    for part, whole, share in zip(parts, wholes, outside, strict=True):
        place = (ids[part], ids[whole])
        values: dict[str, Value] = {"zone": names[place[0]], "whole": names[place[1]]}
        if share > TOUCHING:
            values |= {"share": Quantity(share, "share")}
            rests_on = claim_ids(claims, "part_of", place[:1])
            yield Finding("not_inside", "error", values, rests_on, place)
        if areas[part] > areas[whole]:
            values |= {
                "area": Quantity(areas[part] * KM2, "area"),
                "whole_area": Quantity(areas[whole] * KM2, "area"),
            }
            rests_on = claim_ids(claims, "declared_area", place)
            yield Finding("zone_exceeds_whole", "error", values, rests_on, place)


def counted_twice(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    names: Names,
    *,
    measures: Measures = NOW,
) -> Iterator[Finding]:
    """
    Find land that a sum of declared areas may count more than once.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones.
    measures
        What measures the zones.

    Yields
    ------
    finding
        One ``counted_twice`` for each zone of a declared area on which smaller
        such zones are drawn that no source says to be part of it, the largest
        overlap first; ``counted_twice_unknown`` where zones of the same city
        whose place is unknown may lie on it as well; ``not_compared`` where
        they overlap too often.
    """
    declared = zones[(zones["area_basis"] == "declared") & zones.geometry.notna()]
    try:
        pairs = _unexplained_overlaps(declared, measures)
    except PlanError:
        yield Finding("not_compared", "note", {"n": len(declared)})
        return
    # where a zone without a place is drawn says nothing of what it covers
    lost = declared.loc[declared["boundary"] == PLACE_UNKNOWN, "id"]
    pairs = pairs[~pairs["small"].isin(lost) & ~pairs["large"].isin(lost)]
    area = dict(zip(declared["id"], declared["declared_area_km2"], strict=True))
    rests = claims[claims["attribute"] == "declared_area"].groupby("subject")["id"]
    claims_of = rests.agg(tuple).to_dict()
    for large, (smaller, overlap) in _by_large(pairs).items():
        unknown = _placeless(declared, large)
        concerned = (large, *smaller, *unknown)
        total = sum(area[zone] for zone in concerned)
        values: dict[str, Value] = {
            "whole": names[concerned[0]],
            "zones": Listing(tuple(names[zone] for zone in smaller)),
            "all": Listing(tuple(names[zone] for zone in concerned)),
            "sum": Quantity(total * KM2, "area"),
            "overlap": Quantity(overlap * KM2, "area"),
            "least": Quantity(area[concerned[0]] * KM2, "area"),
        }
        rests_on = tuple(one for zone in concerned for one in claims_of.get(zone, ()))
        if not unknown:
            yield Finding("counted_twice", "warning", values, rests_on, concerned)
            continue
        values["unknown"] = Listing(tuple(names[zone] for zone in unknown))
        yield Finding("counted_twice_unknown", "warning", values, rests_on, concerned)


def _placeless(declared: gpd.GeoDataFrame, large: str) -> list[str]:
    """Give the zones that may lie anywhere, so on a larger one of their city too."""
    whole = declared[declared["id"] == large].iloc[0]
    lost = declared[
        (declared["boundary"] == PLACE_UNKNOWN)
        & (declared["city"] == whole["city"])
        & (declared["declared_area_km2"] < whole["declared_area_km2"])
        & (declared["part_of"] != large)
    ]
    return [str(zone) for zone in lost["id"]]


def _by_large(pairs: pd.DataFrame) -> dict[str, tuple[list[str], float]]:
    """Give the zones on each large one and the land that they share with it."""
    smaller: dict[str, list[str]] = {}
    for large, small in zip(pairs["large"], pairs["small"], strict=True):
        smaller.setdefault(large, []).append(small)
    shared = pairs.groupby("large")["overlap_km2"].sum()
    order = shared.sort_values(ascending=False, kind="stable")
    return {str(large): (smaller[str(large)], km2) for large, km2 in order.items()}


def _unexplained_overlaps(
    declared: gpd.GeoDataFrame, measures: Measures
) -> pd.DataFrame:
    """Give the overlaps that no source explains, the smaller zone of each first."""
    by_id = declared.set_index("id")
    area, parent = by_id["declared_area_km2"], by_id["part_of"]
    pairs = measures.overlaps(declared)
    first_smaller = pairs["a"].map(area) < pairs["b"].map(area)
    pairs["small"] = pairs["a"].where(first_smaller, pairs["b"])
    pairs["large"] = pairs["b"].where(first_smaller, pairs["a"])
    stated = pairs["small"].map(parent) == pairs["large"]
    stated |= pairs["large"].map(parent) == pairs["small"]
    share = pairs[["share_of_a", "share_of_b"]].max(axis=1)
    return pairs[~stated & (share > TOUCHING)]


def layers_and_claims(
    zones: gpd.GeoDataFrame, claims: pd.DataFrame, names: Names
) -> Iterator[Finding]:
    """
    Compare what the layers carry with what the claims say.

    Parameters
    ----------
    zones, claims, names
        The plan, and what to call its zones.

    Yields
    ------
    finding
        ``zone_differs_from_claim`` for each focus, declared area, list of
        sectors or whole that a zone carries otherwise than its first claim.
    """
    area = _first_claimed(zones, claims, "declared_area", column="value").astype(float)
    sectors = _first_claimed(zones, claims, "sectors", column="text")
    whole = _first_claimed(zones, claims, "part_of", column="text")
    focus = _first_claimed(zones, claims, "focus", column="text")
    differs = {
        "focus": (
            (zones["focus_en"] != focus) & (zones["focus_zh"] != focus)
        ).to_numpy(),
        "declared_area": ~np.isclose(zones["declared_area_km2"], area),
        "sectors": (zones["sectors"] != sectors).to_numpy(),
        "part_of": (zones["part_of"] != whole).to_numpy(),
    }
    said = {
        "focus": focus,
        "declared_area": area,
        "sectors": sectors,
        "part_of": whole,
    }
    for attribute, different in differs.items():
        for zone in zones.loc[different & said[attribute].notna(), "id"]:
            values: dict[str, Value] = {
                "zone": names[zone],
                "attribute": Name("attribute", attribute),
            }
            rests_on = claim_ids(claims, attribute, (zone,))
            yield Finding("zone_differs_from_claim", "error", values, rests_on, (zone,))


def _first_claimed(
    zones: gpd.GeoDataFrame, claims: pd.DataFrame, attribute: str, *, column: str
) -> "pd.Series[Any]":
    """Give what the first claim says of each zone; missing where none does."""
    about = claims[(claims["attribute"] == attribute) & claims[column].notna()]
    first = about.drop_duplicates("subject").set_index("subject")[column]
    said: pd.Series[Any] = zones["id"].map(first)
    return said
