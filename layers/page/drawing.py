"""Maps on the page, and the places where they stand."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers import html
from layers.firstmap import FirstMap
from layers.page.mapframe import draw, draw_again
from layers.page.session import select
from layers.totals import waiting_tiles

if TYPE_CHECKING:
    from layers.map import PlanMap, PlanState

MAP_HEIGHT_PX = 620
ROW_HEIGHT_PX = 35
WIDTHS = (0.68, 0.32)


@dataclass
class MapPlace:
    """
    Where the plan's map stands.

    Parameters
    ----------
    head, note, map, side
        The totals above it, where they are written over what stands there; a word
        between; the map itself; and its side.
    key
        Of the map that stands there; empty before one does.
    """

    head: DeltaGenerator
    note: DeltaGenerator
    map: DeltaGenerator
    side: DeltaGenerator
    key: str = ""

    def await_totals(self) -> None:
        """Say which totals will stand above the map."""
        self.head = self.head.html(html.tiles(waiting_tiles()))


def place_map() -> MapPlace:
    """Lay out the place of the plan's map."""
    return MapPlace(st.container(), st.container(), *st.columns(WIDTHS, gap="medium"))


def draw_plan(
    place: MapPlace, drawing: "PlanMap", state: "PlanState"
) -> FirstMap | None:
    """Draw the plan's map in its place; None if it stands there already."""
    key = f"map-{drawing.digest}"
    if place.key == key:
        return None
    if place.key:
        # the plan has another map by now, which the next run draws
        st.rerun()
    with place.map:
        return draw(drawing, key, MAP_HEIGHT_PX, state, partial(take_click, key))


def draw_first(place: MapPlace, first: FirstMap) -> None:
    """Draw the plan's map as it was, before the plan is open."""
    place.key = first.key
    with place.map:
        draw_again(first, partial(take_click, first.key))


def take_click(key: str) -> None:
    """Select the zone that was clicked on the map; none where none is."""
    # the first map is drawn before what opens the plan is imported
    from layers.page.plans import open_joined

    ids = open_joined().plan.zones["id"]
    row = (st.session_state[key] or {}).get("row", -1)
    select(str(ids.iloc[row]) if 0 <= row < len(ids) else None)


def table_height(rows: int, most: int) -> int:
    """Give the height in pixels of a table that shows up to so many rows."""
    return ROW_HEIGHT_PX * (1 + min(max(rows, 1), most)) + 3
