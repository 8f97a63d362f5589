"""The area ledger: what each zone declares, what is drawn, and who says so."""

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from beltmap.geo.geometry.measures import NOW, Measures
from beltmap.geo.units import convert

EXACT: Final = 0.001
"""Largest share by which a drawn area may leave the declared one unnoticed."""

CLOSE: Final = 0.01

VERDICTS: Final = ("not stated", "not drawn", "exact", "within 1 %", "off")
"""The first that holds is a zone's; the last where none does."""

LEDGER_COLUMNS: Final = (
    "id",
    "name_en",
    "name_zh",
    "declared",
    "drawn",
    "difference",
    "difference_percent",
    "unit",
    "basis",
    "verdict",
    "source",
    "place",
    "method",
    "claim",
)


def area_ledger(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    *,
    unit: str = "km²",
    measures: Measures = NOW,
) -> pd.DataFrame:
    """
    Set the declared area of each zone against the drawn one.

    Parameters
    ----------
    zones
        Zones of a plan in any CRS, columns `geo.schema.COLUMNS`.
    claims
        Claims as `geo.claims.table.read_claims` gives them.
    unit
        Unit of the areas, one of `geo.units.AREA_UNITS`.
    measures
        What measures the zones.

    Returns
    -------
    ledger
        One row a zone on the index of `zones`, columns `LEDGER_COLUMNS`:
        ``declared`` is the figure that the drawing aims at, ``drawn`` is
        measured on the WGS 84 ellipsoid, both in `unit` and missing where
        there is none; ``basis`` says whose figure it is; ``verdict`` is one of
        `VERDICTS`; ``source``, ``place``, ``method`` and ``claim`` lead to
        the claim, or where no one claims an area, to the zone's own source.

    Raises
    ------
    PlanError
        If `zones` has no CRS.
    """
    declared = zones["declared_area_km2"].to_numpy(dtype=np.float64)
    drawn = np.asarray(measures.areas_km2(zones), dtype=np.float64)
    # a share of nothing is no number
    share = (drawn - declared) / np.where(declared == 0, np.nan, declared)
    scale = convert(1.0, of="km²", to=unit)
    return pd.DataFrame(
        {
            **{name: zones[name] for name in ("id", "name_en", "name_zh")},
            "declared": declared * scale,
            "drawn": drawn * scale,
            "difference": (drawn - declared) * scale,
            "difference_percent": share * 100,
            "unit": unit,
            "basis": zones["area_basis"],
            "verdict": _verdicts(declared, drawn, share),
            **_provenance(zones, claims),
        },
        index=zones.index,
        columns=list(LEDGER_COLUMNS),
    )


def _verdicts(
    declared: npt.NDArray[np.float64],
    drawn: npt.NDArray[np.float64],
    share: npt.NDArray[np.float64],
) -> npt.NDArray[np.object_]:
    off = np.abs(share)
    conditions = [np.isnan(declared), np.isnan(drawn), off <= EXACT, off <= CLOSE]
    *chosen, otherwise = VERDICTS
    return np.select(conditions, chosen, default=otherwise).astype(object)


def _provenance(
    zones: gpd.GeoDataFrame, claims: pd.DataFrame
) -> dict[str, "pd.Series[str]"]:
    """Find the claim of each zone's area; the first, where there are rivals."""
    areas = claims[(claims["attribute"] == "declared_area") & claims["value"].notna()]
    first = areas.drop_duplicates("subject").set_index("subject")
    first = first.rename(columns={"id": "claim"}).reindex(zones["id"])
    found = first.set_index(zones.index)[["source", "place", "method", "claim"]]
    own = zones["source"].astype(object).str.partition(", ").reindex(columns=[0, 2])
    unclaimed = found["claim"].isna()
    found.loc[unclaimed, "source"] = own.loc[unclaimed, 0]
    found.loc[unclaimed, "place"] = own.loc[unclaimed, 2]
    # texts that pandas keeps as such would say that they are no number
    plain = found.astype(object)
    return {
        str(name): cells.where(cells.notna(), None) for name, cells in plain.items()
    }
