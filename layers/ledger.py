"""The ledger of areas, the overlaps and the totals, as a reader sees them."""

from typing import Final

import numpy as np
import pandas as pd

from geo.commands.reporting import basis_words, verdict_words
from geo.geometry.overlap import overlap_matrix, overlaps
from geo.language.messages import other, own, text
from geo.language.wording import Name
from geo.ledger import area_ledger
from geo.plan import Plan
from geo.query import Mask
from geo.units import convert
from layers.table import MOST_ROWS

MOST_ACROSS: Final = 40
"""Zones that fit into a matrix; of more, those that overlap least are left out."""


DECIMALS: Final = 3
"""Decimals of areas and percentages; a thousandth of a km² is a large garden."""


def ledger_table(plan: Plan, mask: Mask, *, unit: str = "km²") -> pd.DataFrame:
    """
    Lay out what each zone declares and what is drawn.

    Parameters
    ----------
    plan
        The plan.
    mask
        Which of its zones are chosen.
    unit
        Unit of the areas, one of `geo.units.AREA_UNITS`.

    Returns
    -------
    table
        One row a zone, at most `layers.table.MOST_ROWS`, indexed by the
        zone's row number in the plan; headers with their unit and codes in
        words, sources by their titles.
    """
    ledger = area_ledger(plan.zones[mask].head(MOST_ROWS), plan.claims, unit=unit)
    titles = plan.titles()
    columns = {
        "zone": zone_labels(ledger),
        "declared": ledger["declared"],
        "drawn": ledger["drawn"],
        "difference": ledger["difference"],
        "difference_percent": ledger["difference_percent"],
        "basis": [basis_words(code) for code in ledger["basis"]],
        "verdict": [verdict_words(code) for code in ledger["verdict"]],
        "source": [titles.get(key, key) for key in ledger["source"]],
        "place": [plan.say(place) for place in ledger["place"]],
        "method": [
            Name("method", code).say() if code else "" for code in ledger["method"]
        ],
        "claim": ledger["claim"],
    }
    measured = text(f"unit.name.{unit}")
    heads = {name: text(f"ledger.{name}", unit=measured) for name in columns}
    table = pd.DataFrame(columns, index=ledger.index)
    return table.round(DECIMALS).rename(columns=heads)


def overlap_table(
    plan: Plan, mask: Mask, *, unit: str = "km²", pairs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    List every two chosen zones that cover the same land.

    Parameters
    ----------
    plan, mask, unit
        As for `ledger_table`.
    pairs
        What `geo.geometry.overlap.overlaps` gives for these zones, if it is
        known.

    Returns
    -------
    table
        One row a pair, the largest overlap first, at most
        `layers.table.MOST_ROWS`: both names, the land they share, and its
        percentage of each.
    """
    zones = plan.zones[mask]
    names = dict(zip(zones["id"], zone_labels(zones), strict=True))
    known = overlaps(zones) if pairs is None else pairs
    pairs = known.nlargest(MOST_ROWS, "overlap_km2")
    columns = {
        "a": pairs["a"].map(names),
        "b": pairs["b"].map(names),
        "overlap": pairs["overlap_km2"] * convert(1.0, of="km²", to=unit),
        "percent_of_a": pairs["share_of_a"] * 100,
        "percent_of_b": pairs["share_of_b"] * 100,
    }
    measured = text(f"unit.name.{unit}")
    heads = {name: text(f"overlap.{name}", unit=measured) for name in columns}
    table = pd.DataFrame(columns).reset_index(drop=True)
    return table.round(DECIMALS).rename(columns=heads)


def overlap_square(
    plan: Plan, mask: Mask, *, unit: str = "km²", pairs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    Lay the overlaps out as a square, each zone against each.

    Parameters
    ----------
    plan, mask, unit, pairs
        As for `overlap_table`.

    Returns
    -------
    matrix
        Land that two zones share, empty where they share none, named both
        ways; the drawn area of each on the diagonal. Only zones that overlap
        another, at most `MOST_ACROSS`; no rows where none does.
    """
    zones = plan.zones[mask]
    known = overlaps(zones) if pairs is None else pairs
    pairs = known.nlargest(MOST_ACROSS // 2, "overlap_km2")
    kept = zones[zones["id"].isin({*pairs["a"], *pairs["b"]})]
    matrix = overlap_matrix(kept, unit=unit).round(DECIMALS)
    labels = pd.Index(zone_labels(kept), dtype=object)
    return matrix.where(matrix > 0).set_axis(labels, axis=0).set_axis(labels, axis=1)


def zone_labels(zones: pd.DataFrame) -> list[str]:
    """
    Give each zone a name that no other has.

    Parameters
    ----------
    zones
        Zones with ``id``, ``name_en`` and ``name_zh``.

    Returns
    -------
    labels
        The name; with the id where two zones share it.
    """
    named = pd.Series(zones["id"].to_numpy(), dtype=object)
    for name in (other("name"), own("name")):
        given = pd.Series(zones[name].to_numpy(), dtype=object)
        named = given.where(given.notna() & (given != ""), named)
    shared = named.duplicated(keep=False).to_numpy()
    labels: list[str] = named.tolist()
    for row in np.flatnonzero(shared).tolist():
        labels[row] = text("zone.label", name=labels[row], id=zones["id"].iloc[row])
    return labels
