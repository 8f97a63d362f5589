"""Totals in words: what each is called, and what it counts."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from beltmap.geo.charter.force import charter, chartered
from beltmap.geo.claims.quantities import number
from beltmap.geo.language.labels import facet_label
from beltmap.geo.language.messages import text
from beltmap.geo.units import convert

if TYPE_CHECKING:
    # the head of the page is drawn before what adds up is imported
    import pandas as pd

    from beltmap.geo.plan.selection import Selection
    from beltmap.geo.query.summary import Totals

AREA: str = "_km2"

FRAMED: Final = ("inside_km2", "outside_km2")
"""Totals that only a plan has of which one kind frames the others."""

UNKNOWN: Final = "–"
"""Stands for a figure that is not known."""

STATED: Final = ("declared_km2", "published_km2")
"""Totals of what sources state, which they may do for none of the zones."""

UNPLACED: Final = {
    "covered": "with",
    "overlap": "without",
    "inside": "without",
    "outside": "without",
    "place_unknown": "with",
}
"""Totals that would be others, were it known where every zone is."""


@dataclass(frozen=True)
class Total:
    """
    One total of a choice of zones.

    Parameters
    ----------
    total
        Code: name of the field of `geo.query.summary.Totals`, without the unit.
    name
        What it is called.
    value
        Number of zones, or an area in `unit`; NaN where it is not known.
    unit
        One of `geo.units.AREA_UNITS`, or "count".
    what
        Sentence on what it counts, or why it is not known.
    """

    total: str
    name: str
    value: float
    unit: str
    what: str

    def say(self) -> str:
        """Say the figure with its unit; a dash where it is not known."""
        if math.isnan(self.value):
            return UNKNOWN
        unit = "" if self.unit == "count" else f" {text(f'unit.name.{self.unit}')}"
        return number(round(self.value, 2)) + unit


def total_name(field: str) -> str:
    """Say what a field of `geo.query.summary.Totals` is called."""
    return text(f"tile.{field}", frame=charter().frame())


def total_what(field: str, *, lost: object) -> str:
    """Say what a field counts; `lost` is the number of zones that no source places."""
    if field == "place_unknown_km2" and not charter().frames:
        return text("tile.place_unknown_km2.what.unframed")
    if field == "zones" and lost == 0:
        return ""
    return text(f"tile.{field}.what", n=lost, frame=charter().frame())


def told(fields: Iterable[str]) -> list[str]:
    """Give the fields of totals that say something of the plan."""
    framed = bool(charter().frames)
    return [field for field in fields if framed or field not in FRAMED]


def in_words(found: "Totals", *, unit: str = "km²") -> tuple[Total, ...]:
    """
    Put totals into words.

    Parameters
    ----------
    found
        Totals of a choice of zones.
    unit
        Unit of the areas, one of `geo.units.AREA_UNITS`.

    Returns
    -------
    totals
        In the order of the fields.
    """
    return tuple(_total(found, field, unit=unit) for field in told(vars(found)))


def _total(found: "Totals", field: str, *, unit: str) -> Total:
    value, name = getattr(found, field), total_name(field)
    what = total_what(field, lost=found.not_located)
    if not field.endswith(AREA):
        return Total(field, name, value, "count", what)
    if unknown := _unknown(found, field):
        return Total(field.removesuffix(AREA), name, math.nan, unit, unknown)
    area = convert(value, of="km²", to=unit)
    return Total(field.removesuffix(AREA), name, area, unit, what)


def _unknown(found: "Totals", field: str) -> str:
    """Say why an area of a choice of zones is not known; nothing where it is."""
    value = getattr(found, field)
    if not found.zones:
        return text("tile.no_zones")
    if math.isnan(value):
        from beltmap.geo.query.summary import MOST_SURVEYED

        return text("tile.not_computed", n=f"{MOST_SURVEYED:,}")
    if field in STATED:
        # what a source states is more than nothing, so a sum of nothing is of none
        return "" if value else text(f"tile.{field}.none")
    return text("tile.none_drawn") if found.zones == found.not_located else ""


@chartered
def total_table(selection: "Selection", *, unit: str = "km²") -> "pd.DataFrame":
    """
    Lay the totals of a choice of zones out as a table.

    Parameters
    ----------
    selection
        The chosen zones.
    unit
        As for `in_words`.

    Returns
    -------
    table
        One row a total, columns as the fields of `Total`; ``what`` names the
        zones whose place is unknown, where the total depends on it.
    """
    import pandas as pd

    from beltmap.geo.language.wording import Listing, zone_names

    rows = [vars(one) for one in in_words(selection.summary, unit=unit)]
    table = pd.DataFrame(rows, dtype=object)
    lost = zone_names(selection.unplaced)
    if lost:
        names = Listing(tuple(lost.values())).say()
        table["what"] = [
            text(f"tile.unplaced.{UNPLACED[total]}", what=what, names=names)
            if total in UNPLACED
            else what
            for total, what in zip(table["total"], table["what"], strict=True)
        ]
    return table


@chartered
def summary_table(selection: "Selection", column: str) -> "pd.DataFrame":
    """
    Lay out the totals of each value of a facet.

    Parameters
    ----------
    selection
        The chosen zones.
    column
        One of `geo.query.filters.FACETS`.

    Returns
    -------
    table
        As `geo.query.summary.totals_by`, with the ``value`` as a column, and its
        ``label`` in words.
    """
    table = selection.summary_by(column).reset_index(names="value")
    sectors = selection.plan.sectors
    labels = [facet_label(sectors, column, value) for value in table["value"]]
    return table.assign(label=labels)
