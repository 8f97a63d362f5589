"""Maps on the page, and the places where they stand."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import text
from beltmap.layers.map.drawing import Drawing
from beltmap.layers.page.mapframe import Asked, draw
from beltmap.layers.page.session import plan_folders, select
from beltmap.layers.views import html
from beltmap.layers.views.totals import waiting_tiles

if TYPE_CHECKING:
    from beltmap.layers.prepared import Prepared

MAP_HEIGHT_PX = 620
ROW_HEIGHT_PX = 35
WIDTHS = (0.68, 0.32)


@dataclass
class MapPlace:
    """
    Where the plan's map stands.

    Parameters
    ----------
    head, more, note, map, side
        The answer and the totals above it, where they are written over what stands
        there, and those that are folded; a word between; the map itself; its side.
    key
        Of the map that stands there; empty before one does.
    folded
        Whether `more` is what folds totals, and no longer its place.
    """

    head: DeltaGenerator
    more: DeltaGenerator
    note: DeltaGenerator
    map: DeltaGenerator
    side: DeltaGenerator
    key: str = ""
    folded: bool = False

    def await_totals(self) -> None:
        """Say which totals will stand above the map."""
        self.head = self.head.html(html.answer(()) + html.tiles(waiting_tiles()))
        self.fold()

    def fold(self) -> DeltaGenerator:
        """Give what folds the other totals, made once a run."""
        if not self.folded:
            self.more = self.more.expander(text("tile.more"), key="tile-more")
            self.folded = True
        return self.more


def place_map() -> MapPlace:
    """Lay out the place of the plan's map."""
    # on a phone the style sets the map first, by these keys
    head, note = st.container(key="map-head"), st.container(key="map-note")
    parts = head.container(), head.container()
    columns = st.container(key="map-place").columns(WIDTHS, gap="medium")
    return MapPlace(*parts, note, *columns)


def draw_plan(
    place: MapPlace,
    drawing: Drawing,
    *,
    stamped: str,
    asked: Asked | None = None,
    height: int = MAP_HEIGHT_PX,
) -> bool:
    """Draw the plan's map in its place; tell whether it did not stand there yet."""
    if place.key == drawing.key:
        return False
    if place.key:
        # the plan has another map by now, which the next run draws
        st.rerun()
    place.key = drawing.key
    with place.map:
        draw(
            drawing,
            height,
            taken=partial(take_click, stamped),
            asked=asked,
        )
    return True


def answer_for(opened: "Prepared", *drawings: Drawing) -> None:
    """Keep, with the session, the choices of which its maps may ask for tiles."""
    if opened.tiles is not None:
        filters = [one.state["filter"] for one in drawings]
        st.session_state.answering = [opened.tiles.shown(one) for one in filters]


def take_click(stamped: str, zone: str | None) -> None:
    """Select the zone that was clicked on the map; none where none is."""
    # the first map is drawn before what opens the plan is imported
    from beltmap.layers.page.plans import open_joined
    from beltmap.layers.prepared import open_plan

    # the run that follows tells what is wrong with the plan's files
    with suppress(PlanError):
        opened = open_joined(open_plan(plan_folders(), stamped))
        select(None if opened.row(zone) is None else zone)


def table_height(rows: int, most: int) -> int:
    """Give the height in pixels of a table that shows up to so many rows."""
    return ROW_HEIGHT_PX * (1 + min(max(rows, 1), most)) + 3
