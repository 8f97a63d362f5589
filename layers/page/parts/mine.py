"""What every view says of a reader's own zones, which end with the session."""

from collections.abc import Sequence
from functools import partial

import geopandas as gpd
import streamlit as st

from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.intake.columns.names import unique
from beltmap.geo.intake.overlay import put_together
from beltmap.geo.language.messages import text
from beltmap.layers.escape import as_markdown
from beltmap.layers.page.plans import read_zones
from beltmap.layers.views import html


def show_mine() -> None:
    """Offer a reader's own zones to take along, and warn before they are lost."""
    state = st.session_state
    if not state.upload_turn:
        return
    # a browser asks only someone who would lose something
    script = html.warn_before_leaving(warn=bool(state.uploads))
    st.html(script, unsafe_allow_javascript=True)
    zones = read_zones()
    if not zones:
        return
    place = st.container(horizontal=True, vertical_alignment="center", key="mine-bar")
    n = f"{sum(map(len, zones)):,}"
    place.caption(as_markdown(text("mine.note", n=n)), width="stretch")
    place.download_button(
        text("mine.take"),
        partial(own_geojson, zones),
        file_name="my-zones.geojson",
        mime="application/geo+json",
        on_click="ignore",
        key="mine-take",
    )


def own_geojson(files: Sequence[gpd.GeoDataFrame]) -> bytes:
    """Write the zones of all files under each other, each with an id of its own."""
    zones = put_together(files)
    return dumps(zones.assign(id=unique(zones["id"].astype(str).tolist())))
