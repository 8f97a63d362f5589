"""Totals as tiles: each has its unit, and a sentence that says what it counts."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from geo.language.messages import text
from geo.units import convert
from layers.html import Tile

if TYPE_CHECKING:
    from geo.summary import Totals

HEAD: Final = (
    "zones",
    "declared_km2",
    "published_km2",
    "covered_km2",
    "inside_belt_km2",
    "overlap_km2",
    "nominal_km2",
)
"""Totals at the head of the page; `geo.summary.Totals` has more."""

WAITING: Final = "…"


def total_tiles(
    found: "Totals",
    *,
    names: Sequence[str] | None = None,
    unit: str = "km²",
    everything: int | None = None,
) -> list[Tile]:
    """
    Say totals of a choice of zones, and what each counts.

    Parameters
    ----------
    found
        Totals of the zones.
    names
        Which of its fields to say, in this order; all, if left out.
    unit
        Unit of the areas, one of `geo.units.AREA_UNITS`.
    everything
        Number of zones that there are to choose from, to be said as well.

    Returns
    -------
    tiles
        One tile a total; one that was not computed says so.
    """
    chosen = vars(found) if names is None else names
    return [_tile(found, name, unit=unit, everything=everything) for name in chosen]


def waiting_tiles(names: Sequence[str] = HEAD) -> list[Tile]:
    """Say which totals are being added up; as tall as `total_tiles` will be."""
    return [
        Tile(text(f"tile.{name}"), WAITING, "", text(f"tile.{name}.what", n=WAITING))
        for name in names
    ]


def _tile(found: "Totals", name: str, *, unit: str, everything: int | None) -> Tile:
    """Make the tile of one total."""
    value, label = getattr(found, name), text(f"tile.{name}")
    what = text(f"tile.{name}.what", n=found.not_located)
    if isinstance(value, int):
        whole = name == "zones" and everything is not None
        of = text("tile.of", n=f"{everything:,}") if whole else ""
        return Tile(label, f"{value:,}", of, what)
    figure = f"{convert(value, of='km²', to=unit):,.1f}"
    if math.isnan(value):
        # the head of the page is drawn before what adds up is imported
        from geo.summary import MOST_SURVEYED

        figure, what = "–", text("tile.not_computed", n=f"{MOST_SURVEYED:,}")
    return Tile(label, figure, text(f"unit.name.{unit}"), what)
