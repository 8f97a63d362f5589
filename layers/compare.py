"""Two maps side by side: two cities at one scale, or two patterns of the plan."""

from dataclasses import dataclass
from typing import Final

from geo.filters import FACETS, Filters
from geo.language.labels import facet_label
from geo.query import Mask
from layers.map import Pane, PlanMap, PlanState, map_state, plan_map
from layers.opened import Opened

COMPARISONS: Final = {"city": "scale", "patterns": "view"}
"""Facets whose values are compared, and what both maps keep in common."""


@dataclass(frozen=True, eq=False)
class Side:
    """
    One of two maps, with everything that `st_folium` takes.

    Parameters
    ----------
    title
        What it shows, in the spoken language.
    mask
        Which zones it shows.
    drawing
        The map; the same script for the same plan.
    state
        What changes, for `feature_group_to_add`.
    """

    title: str
    mask: Mask
    drawing: PlanMap
    state: PlanState

    @property
    def key(self) -> str:
        """Key for `st_folium`."""
        return f"pane-{self.drawing.digest}"


def compared(opened: Opened, column: str) -> tuple[str, ...]:
    """
    Choose the two values of a facet that are set side by side.

    Parameters
    ----------
    opened
        The plan, made ready.
    column
        One of `COMPARISONS`.

    Returns
    -------
    values
        Of cities the two with the most zones, the larger first; of patterns
        the first two, the existing one first. Fewer where there are fewer.
    """
    zones = opened.plan.zones
    counts = opened.facet(Filters(), column)["zones"]
    drawn = counts[counts > 0]
    if column == "city":
        located = zones.loc[~zones.geometry.array.isna(), "city"]
        drawn = drawn[drawn.index.isin(located)].sort_values(
            ascending=False, kind="stable"
        )
    return tuple(str(value) for value in drawn.index[:2])


def compare(
    opened: Opened, filters: Filters, column: str, *, selected: int | None = None
) -> tuple[Side, ...]:
    """
    Set two values of a facet side by side.

    Parameters
    ----------
    opened
        The plan, made ready.
    filters
        What is wanted; its choice in this very facet does not count.
    column
        One of `COMPARISONS`.
    selected
        Row of the selected zone.

    Returns
    -------
    sides
        The left and the right map, which keep one scale or one view by
        themselves; none where the plan has fewer than two values.

    Raises
    ------
    ValueError
        If the facet cannot be compared.
    """
    if column not in COMPARISONS or column not in FACETS:
        raise ValueError(f"no comparison by {column!r}")
    values = compared(opened, column)
    if len(values) < 2:  # noqa: PLR2004 - a pair
        return ()
    return tuple(
        _side(opened, filters, column, value, side=side, selected=selected)
        for side, value in enumerate(values)
    )


def _side(  # noqa: PLR0913 - what a side is made of
    opened: Opened,
    filters: Filters,
    column: str,
    value: str,
    *,
    side: int,
    selected: int | None,
) -> Side:
    wanted = Filters(**{**vars(filters), column: (value,)})
    mask = opened.mask(wanted)
    here = selected if selected is not None and mask[selected] else None
    pane = Pane(group=column, side=side, keeps=COMPARISONS[column])
    return Side(
        title=facet_label(opened.plan.sectors, column, value),
        mask=mask,
        drawing=plan_map(opened.addresses, pane=pane),
        state=map_state(mask, selected=here, tiles=opened.tiles),
    )
