"""Two maps side by side: plans or cities at one scale, or structures of one plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from beltmap.geo.language.labels import facet_label
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.query.matches import Mask
from beltmap.layers.map.drawing import Drawing
from beltmap.layers.map.map import Pane, map_state, plan_map
from beltmap.layers.prepared import Prepared

COMPARISONS: Final = {"plan": "scale", "city": "scale", "patterns": "view"}
"""What is compared, and what both maps keep in common."""


@dataclass(frozen=True, eq=False)
class Side:
    """
    One of two maps.

    Parameters
    ----------
    title
        What it shows, in the spoken language.
    mask
        Which zones it shows.
    drawing
        The map; of the same key for the same plan.
    chosen
        The zones that it shows, with their claims; None where they are no plan's.
    """

    title: str
    mask: Mask
    drawing: Drawing
    chosen: Selection | None = None


def comparisons(opened: Prepared) -> tuple[str, ...]:
    """Give what of a plan can be compared, or what it could be by, of none."""
    found = [one for one in COMPARISONS if len(compared(opened, one)) > 1]
    return tuple(found) or ("city",)


def compared(opened: Prepared, column: str) -> tuple[str, ...]:
    """
    List what can be set side by side.

    Parameters
    ----------
    opened
        The plan, made ready.
    column
        One of `COMPARISONS`.

    Returns
    -------
    values
        Plans in their order; cities that are on the map, those with the most zones
        first; structures, the existing one first. Fewer than two where there are
        no two.
    """
    zones = opened.plan.zones
    if column == "plan":
        return tuple(name for name, part in opened.plan.parts if len(part.zones))
    counts = opened.facet(Filters(), column)["zones"]
    drawn = counts[counts > 0]
    if column == "city":
        located = zones.loc[~zones.geometry.array.isna(), "city"]
        drawn = drawn[drawn.index.isin(located)].sort_values(
            ascending=False, kind="stable"
        )
    return tuple(str(value) for value in drawn.index)


def value_label(opened: Prepared, column: str, value: str) -> str:
    """Say what is compared: the title of a plan, or the name of a value."""
    if column == "plan":
        return dict(opened.plan.parts)[value].charter.title.say()
    return facet_label(opened.plan.sectors, column, value)


def compare(
    opened: Prepared,
    filters: Filters,
    column: str,
    *,
    values: Sequence[str] = (),
    selected: int | None = None,
) -> tuple[Side, ...]:
    """
    Set two plans, cities or structures side by side.

    Parameters
    ----------
    opened
        The plan, made ready.
    filters
        What is wanted; its choice in this very facet does not count.
    column
        One of `COMPARISONS`.
    values
        The left and the right one, of those that `compared` gives; the first two
        if left out.
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
    if column not in COMPARISONS:
        raise ValueError(f"no comparison by {column!r}")
    pair = tuple(values) or compared(opened, column)[:2]
    if len(pair) < 2:  # noqa: PLR2004 - a pair
        return ()
    return tuple(
        _side(opened, filters, column, value, side=side, selected=selected)
        for side, value in enumerate(pair)
    )


def _side(  # noqa: PLR0913 - what a side is made of
    opened: Prepared,
    filters: Filters,
    column: str,
    value: str,
    *,
    side: int,
    selected: int | None,
) -> Side:
    if column == "plan":
        # figures and claims are those of the plan by itself
        chosen = Selection(dict(opened.plan.parts)[value], filters)
        mask = np.zeros(len(opened.plan.zones), bool)
        rows = opened.plan.rows[value]
        mask[rows] = opened.select(filters).mask[rows]
    else:
        wanted = Filters(**{**vars(filters), column: (value,)})
        chosen = opened.select(wanted)
        mask = chosen.mask
    here = selected if selected is not None and mask[selected] else None
    pane = Pane(group=column, side=side, keeps=COMPARISONS[column])
    state = map_state(mask, selected=here, tiles=opened.tiles)
    drawing = plan_map(opened.addresses, state, pane=pane)
    return Side(value_label(opened, column, value), mask, drawing, chosen)
