"""Totals as tiles: each has its unit, and a sentence that says what it counts."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from beltmap.geo.claims.shown import area_unit
from beltmap.geo.language.messages import text
from beltmap.geo.report.totals import (
    UNKNOWN,
    Total,
    in_words,
    told,
    total_name,
    total_what,
)
from beltmap.layers.views.html import Tile

if TYPE_CHECKING:
    from beltmap.geo.plan.selection import Selection
    from beltmap.geo.query.summary import Totals

HEAD: Final = (
    "zones",
    "declared_km2",
    "published_km2",
    "covered_km2",
    "inside_km2",
    "overlap_km2",
    "nominal_km2",
)
"""Totals at the head of the page; `geo.query.summary.Totals` has more."""

FIGURES: Final = ("zones", "declared_km2", "covered_km2")
"""Those of them that are shown at once; the page folds the others."""

LEAST_SAID_KM2: Final = 0.05
"""Area of a reader's own zones that is not rounded to nothing."""

WAITING: Final = "…"


def total_tiles(
    found: "Totals",
    *,
    names: Sequence[str] | None = None,
    unit: str | None = None,
    everything: int | None = None,
) -> list[Tile]:
    """
    Lay out totals of a choice of zones.

    Parameters
    ----------
    found
        Totals of the zones.
    names
        Which of its fields to say, in this order; all, if left out.
    unit
        Unit of the areas, one of `geo.units.AREA_UNITS`; the plan's, if left out.
    everything
        Number of zones that there are to choose from, to be said as well.

    Returns
    -------
    tiles
        One tile a total; one that was not computed says so.
    """
    said = dict(
        zip(told(vars(found)), in_words(found, unit=unit or area_unit()), strict=True)
    )
    return [_tile(said[name], everything) for name in told(names or said)]


def own_words(found: "Totals") -> str:
    """Say what the zones of a reader's own files add up to, apart from the plan's."""
    areas = {"declared": found.declared_km2, "covered": found.covered_km2}
    # of what is not known, or nothing, no figure is said
    said = [
        text(f"mine.totals.{name}", km2=f"{area:,.1f}")
        for name, area in areas.items()
        if area >= LEAST_SAID_KM2
    ]
    parts = [text("mine.totals.zones", n=f"{found.zones:,}"), *said]
    return text("mine.totals", parts=text("mine.totals.between").join(parts))


def own_counted(selection: "Selection") -> str:
    """Say that totals of a choice count zones of a reader's own; else nothing."""
    # the first map is drawn before what opens the plan is imported
    from beltmap.geo.intake.overlay import is_mine

    n = int((is_mine(selection.plan.zones) & selection.mask).sum())
    return text("mine.counted", n=f"{n:,}") if n else ""


def waiting_tiles(names: Sequence[str] = FIGURES) -> list[Tile]:
    """Say which totals are being added up; as tall as `total_tiles` will be."""
    return [
        Tile(total_name(name), WAITING, "", total_what(name, lost=WAITING))
        for name in told(names)
    ]


def _tile(one: Total, everything: int | None) -> Tile:
    """Make the tile of one total."""
    if one.unit == "count":
        whole = one.total == "zones" and everything is not None
        of = text("tile.of", n=f"{everything:,}") if whole else ""
        return Tile(one.name, f"{one.value:,}", of, one.what)
    figure = UNKNOWN if math.isnan(one.value) else f"{one.value:,.1f}"
    return Tile(one.name, figure, text(f"unit.name.{one.unit}"), one.what)
