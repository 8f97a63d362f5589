"""Two cities side by side, each in its own base year."""

from typing import Final

import pandas as pd

from beltmap.geo.charter.force import charter
from beltmap.geo.claims.chapters import base_year
from beltmap.geo.claims.figures import figures_of
from beltmap.geo.units import UNITS, spoken_unit

COMPARED: Final = {
    "enterprises": "enterprises",
    "employees": "employees",
    "software_export_revenue": "exports",
    "offshore_business": "exports",
    "export_revenue": "exports",
    "offshore_growth": "export_growth",
    "export_growth": "export_growth",
    "japan_share": "japan_share",
    "revenue": "revenue",
    "sales_revenue": "revenue",
}
"""Attributes of the claims by the indicator as which they may stand together."""

COMPARISON_COLUMNS: Final = (
    "indicator",
    "measure",
    "city",
    "subject",
    "year",
    "year_basis",
    "value",
    "unit",
    "share",
    "counts",
    "agreement",
    "claim",
)


def comparison(claims: pd.DataFrame) -> pd.DataFrame:
    """
    Set the base years of all cities side by side.

    Parameters
    ----------
    claims
        Claims as `geo.claims.table.read_claims` gives them.

    Returns
    -------
    comparison
        One row a figure, columns `COMPARISON_COLUMNS`, by indicator in the
        order of `COMPARED`. Rows of one indicator and measure are in one
        ``unit`` and have a ``share``, the part of the largest of them; it is
        missing where another city has no figure of this measure, such as one
        in the same currency. ``counts`` says what a figure counts, ``agreement``
        whether all that are compared count the same, see
        `geo.audit.comparability.agreement`. Figures of a single pattern of
        zones are left out. No rows where fewer than two cities were measured.
    """
    measured = claims[(claims["stance"] == "measured") & claims["city"].notna()]
    starts = {city: base_year(claims, city=city) for city in measured["city"].unique()}
    order = list(dict.fromkeys(COMPARED.values()))
    rows = [
        {
            "indicator": COMPARED[each.attribute],
            "measure": each.measure,
            "city": each.city,
            "subject": each.subject,
            "year": each.year,
            "year_basis": each.year_basis,
            "value": each.value,
            "counts": each.counts,
            "claim": each.id,
        }
        for each in figures_of(measured).values()
        if each.attribute in COMPARED
        and each.subject not in charter().patterns
        and each.year == starts[each.city]
    ]
    frame = pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))
    several = frame.groupby("indicator")["city"].transform("nunique") > 1
    frame = frame[several].sort_values(
        "indicator", key=lambda names: names.map(order.index), kind="stable"
    )
    return _compared(frame.reset_index(drop=True))


def _compared(frame: pd.DataFrame) -> pd.DataFrame:
    """Bring figures of one indicator and measure to one unit and to shares."""
    groups = frame.groupby(["indicator", "measure"], sort=False)
    most = groups["value"].transform("max")
    units = [
        spoken_unit(value, measure=measure)
        for value, measure in zip(most, frame["measure"], strict=True)
    ]
    factors = pd.Series([UNITS[unit].factor for unit in units], index=frame.index)
    shared = groups["city"].transform("nunique") > 1
    counted = groups["counts"]
    several = counted.transform("nunique")
    some = counted.transform("count").between(1, counted.transform("size") - 1)
    agreement = pd.Series(None, index=frame.index, dtype=object)
    agreement = agreement.mask(some, "unsaid").mask(several > 1, "differ")
    return frame.assign(
        year=frame["year"].astype("Int64"),
        unit=pd.Series(units, index=frame.index, dtype=object),
        share=(frame["value"] / most).astype(float).where(shared.astype(bool)),
        agreement=agreement.where(shared.astype(bool), None),
        value=frame["value"].astype(float) / factors.astype(float),
    )
