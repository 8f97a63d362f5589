"""The ledger of areas and the overlaps, as a reader sees them."""

from typing import Final

import numpy as np
import pandas as pd

from beltmap.geo.charter.force import chartered
from beltmap.geo.claims.quantities import claim_words
from beltmap.geo.geometry.measures import NOW, Measures
from beltmap.geo.geometry.overlap import overlap_matrix
from beltmap.geo.language.messages import other, own, text
from beltmap.geo.language.wording import Name
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.ledger import area_ledger
from beltmap.geo.query.summary import placeless
from beltmap.geo.units import convert

MOST_ACROSS: Final = 40
"""Zones that fit into a matrix; of more, those that overlap least are left out."""

DECIMALS: Final = 3
"""Decimals of areas and percentages; a thousandth of a km² is a large garden."""


@chartered
def ledger_table(
    selection: Selection,
    *,
    unit: str = "km²",
    most: int | None = None,
    measures: Measures = NOW,
) -> pd.DataFrame:
    """
    Put into words what each zone declares and what is drawn.

    Parameters
    ----------
    selection
        The chosen zones.
    unit
        Unit of the areas, one of `geo.units.AREA_UNITS`.
    most
        Zones that are listed, the first ones; all if left out.
    measures
        What measures the zones.

    Returns
    -------
    table
        One row a zone, indexed by its row number in the plan, columns by their
        codes, see `geo.report.headers`: the numbers of
        `geo.query.ledger.area_ledger`, its codes in words, ``source`` by its
        title, and ``document``, the source's id.
    """
    plan = selection.plan
    ledger = area_ledger(
        selection.first(most), plan.claims, unit=unit, measures=measures
    )
    titles = plan.titles()
    numbers = ledger[["declared", "drawn", "difference", "difference_percent"]]
    return pd.DataFrame(
        {
            "zone": zone_labels(ledger),
            **numbers.round(DECIMALS),
            "unit": unit,
            "basis": _bases(ledger, plan.claims),
            "verdict": [verdict_words(code) for code in ledger["verdict"]],
            "source": [titles.get(key, key) for key in ledger["source"]],
            "document": ledger["source"],
            "place": [plan.say(place) for place in ledger["place"]],
            "method": [
                Name("method", code).say() if code else "" for code in ledger["method"]
            ],
            "claim": ledger["claim"],
        },
        index=ledger.index,
    )


@chartered
def overlap_pairs(selection: Selection, *, measures: Measures = NOW) -> pd.DataFrame:
    """
    Find every two chosen zones that cover the same land.

    Parameters
    ----------
    selection
        The chosen zones; those whose place is unknown cover none in particular.
    measures
        What measures them.

    Returns
    -------
    pairs
        As `geo.geometry.overlap.overlaps`.

    Raises
    ------
    PlanError
        If there are too many.
    """
    zones = selection.zones
    return measures.overlaps(zones[~placeless(zones)])


@chartered
def overlap_table(
    selection: Selection, *, unit: str = "km²", pairs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    List every two chosen zones that cover the same land.

    Parameters
    ----------
    selection, unit
        As for `ledger_table`.
    pairs
        What `overlap_pairs` gives for these zones, if it is known.

    Returns
    -------
    table
        One row a pair, the largest overlap first: both ids ``a_id`` and
        ``b_id``, both names ``a`` and ``b``, the ``overlap``, the land they
        share in ``unit``, and its percentage of each, ``percent_of_a`` and
        ``percent_of_b``.
    """
    zones = selection.zones
    names = dict(zip(zones["id"], zone_labels(zones), strict=True))
    known = overlap_pairs(selection) if pairs is None else pairs
    order = known["overlap_km2"].sort_values(ascending=False, kind="stable").index
    pairs = known.loc[order].reset_index(drop=True)
    table = pd.DataFrame(
        {
            "a_id": pairs["a"],
            "b_id": pairs["b"],
            "a": pairs["a"].map(names),
            "b": pairs["b"].map(names),
            "overlap": pairs["overlap_km2"] * convert(1.0, of="km²", to=unit),
            "unit": unit,
            "percent_of_a": pairs["share_of_a"] * 100,
            "percent_of_b": pairs["share_of_b"] * 100,
        }
    )
    return table.round(DECIMALS)


@chartered
def overlap_square(
    selection: Selection, *, unit: str = "km²", pairs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    Lay the overlaps out as a square, each zone against each.

    Parameters
    ----------
    selection, unit, pairs
        As for `overlap_table`.

    Returns
    -------
    matrix
        Land that two zones share, empty where they share none, named both
        ways; the drawn area of each on the diagonal. Only zones that overlap
        another, at most `MOST_ACROSS`; no rows where none does.
    """
    zones = selection.zones
    known = overlap_pairs(selection) if pairs is None else pairs
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


def _bases(ledger: pd.DataFrame, claims: pd.DataFrame) -> list[str]:
    """Say whose figures the areas are, and how those are meant that are not exact."""
    inexact = claims[(claims["qualifier"] != "exact") & claims["value"].notna()]
    meant = {
        str(row["id"]): claim_words({str(key): said for key, said in row.items()})
        for row in inexact.to_dict("records")
    }
    bases = []
    for code, drawn, claim in zip(
        ledger["basis"], ledger["drawn"], ledger["claim"], strict=True
    ):
        basis = _whose(code, drawn=pd.notna(drawn))
        words = meant.get(claim)
        bases.append(text("basis.meant", basis=basis, words=words) if words else basis)
    return bases


def _whose(code: str | None, *, drawn: bool) -> str:
    """Say whose figure an area is; of a zone that is drawn, perhaps nobody's."""
    if code:
        return text(f"basis.{code}")
    return text("basis.drawn" if drawn else "verdict.not_drawn")


def verdict_words(code: str) -> str:
    """
    Say how a drawn area fits the stated one.

    Examples
    --------
    >>> verdict_words("within 1 %")
    'within 1 %'
    """
    return Name("verdict", code.replace("%", "percent").replace(" ", "_")).say()
