"""The way from the base year to the goals, and what was reached on it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd

from beltmap.geo.audit.comparability import agreement
from beltmap.geo.claims.chapters import base_year
from beltmap.geo.claims.figures import Figure, figures_of
from beltmap.geo.units import UNITS, spoken_unit

ROLES: Final = ("base", "goal", "outcome")

PROGRESS_COLUMNS: Final = (
    "attribute",
    "measure",
    "role",
    "horizon",
    "year",
    "year_basis",
    "value",
    "unit",
    "share",
    "counts",
    "agreement",
    "claim",
)


def progress(claims: pd.DataFrame, *, city: str | None) -> pd.DataFrame:
    """
    Set the goals of a city beside its base year and what was measured later.

    Figures are set side by side where attribute and measure are the same, and
    money where it is of one currency: nothing is converted between currencies.
    The base is that group of figures of the base year that shares the most
    attributes with the goals. Of rival claims the first counts.

    Parameters
    ----------
    claims
        Claims as `geo.claims.table.read_claims` gives them.
    city
        Name of the city.

    Returns
    -------
    progress
        One row a figure, columns `PROGRESS_COLUMNS`, in the order in which
        the goals are claimed: the ``role`` is one of `ROLES`, ``horizon``
        counts the goals from 1 and is 0 for the others; ``value`` is in
        ``unit``, the same for all rows of one attribute and measure;
        ``share`` is the part of the last goal, missing where there is none to
        compare with; ``counts`` says what a figure counts, ``agreement``
        whether that is what the last goal counts, see
        `geo.audit.comparability.agreement`. No rows without goals.
    """
    figures = [each for each in figures_of(claims).values() if _counts(each, city)]
    goals = [each for each in figures if each.stance == "goal"]
    wanted = {each.attribute for each in goals}
    start = base_year(claims, city=city)
    later = [
        each
        for each in figures
        if each.stance == "measured" and each.year and start and each.year > start
    ]
    shown = wanted | {each.attribute for each in later}
    base = [each for each in figures if each.year == start and each not in goals]
    nearest = [each for each in _nearest(base, wanted) if each.attribute in shown]
    horizons = list(dict.fromkeys(each.subject for each in sorted(goals, key=_when)))
    rows = [_row(each, "base", 0) for each in nearest]
    rows += [_row(each, "goal", horizons.index(each.subject) + 1) for each in goals]
    rows += [_row(each, "outcome", 0) for each in later]
    ordered = _ordered(rows) if goals else []
    frame = pd.DataFrame(ordered, columns=list(PROGRESS_COLUMNS))
    same = ["attribute", "measure", "role", "horizon", "year"]
    return _compared(frame.drop_duplicates(same).reset_index(drop=True))


def _counts(figure: Figure, city: str | None) -> bool:
    """Tell whether a figure is one of the city itself: no average, no duration."""
    return figure.city == city and not figure.each_of and figure.measure != "time"


def _when(figure: Figure) -> float:
    return figure.year or float("inf")


def _nearest(base: Sequence[Figure], wanted: set[str]) -> list[Figure]:
    """Choose the group of figures that has the most of the wanted attributes."""
    groups: dict[str, set[str]] = {}
    for each in base:
        groups.setdefault(each.subject, set()).add(each.attribute)
    if not groups:
        return []
    best = max(groups, key=lambda subject: len(groups[subject] & wanted))
    return [each for each in base if each.subject == best]


def _row(figure: Figure, role: str, horizon: int) -> dict[str, Any]:
    return {
        "attribute": figure.attribute,
        "measure": figure.measure,
        "role": role,
        "horizon": horizon,
        "year": figure.year,
        "year_basis": figure.year_basis,
        "value": figure.value,
        "counts": figure.counts,
        "claim": figure.id,
    }


def _ordered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort by attribute and measure as they first occur, role, horizon and year."""
    found = sorted(rows, key=lambda row: row["role"] != "goal")
    attributes = list(dict.fromkeys(row["attribute"] for row in found))
    measures = list(dict.fromkeys(row["measure"] for row in found))
    return sorted(
        rows,
        key=lambda row: (
            attributes.index(row["attribute"]),
            measures.index(row["measure"]),
            ROLES.index(row["role"]),
            row["horizon"],
            row["year"] or 0,
        ),
    )


def _compared(frame: pd.DataFrame) -> pd.DataFrame:
    """Bring each group of comparable figures to one unit and to shares."""
    groups = frame.groupby(["attribute", "measure"], sort=False)
    most = groups["value"].transform("max")
    units = [
        spoken_unit(value, measure=measure)
        for value, measure in zip(most, frame["measure"], strict=True)
    ]
    goal = frame["role"] == "goal"
    keys = [frame["attribute"], frame["measure"]]
    target = frame["value"].where(goal).groupby(keys).transform("last")
    counted = frame["counts"].where(goal).groupby(keys).transform("last")
    factors = pd.Series([UNITS[unit].factor for unit in units], index=frame.index)
    pairs = zip(target, frame["counts"].fillna(""), counted.fillna(""), strict=True)
    told = [
        None if pd.isna(aim) else agreement(one or None, other or None)
        for aim, one, other in pairs
    ]
    return frame.assign(
        year=frame["year"].astype("Int64"),
        unit=pd.Series(units, index=frame.index, dtype=object),
        share=(frame["value"] / target).astype(float),
        agreement=pd.Series(told, index=frame.index, dtype=object),
        value=frame["value"].astype(float) / factors.astype(float),
    )
