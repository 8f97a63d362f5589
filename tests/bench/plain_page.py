"""The page that one would write first: streamlit-folium, its map built each time."""

import os
from pathlib import Path

import folium
import streamlit as st

from beltmap.geo.plan.plan import read_plan
from beltmap.layers.assets import LEAFLET, ROOT, file_address
from beltmap.layers.routes import routes
from tests.bench.folium_map import folium_map

SCRIPT = f"/{ROOT}/{file_address((LEAFLET / 'leaflet.js',))}"
STYLE = f"/{ROOT}/{file_address((LEAFLET / 'leaflet.css',))}"
folium.Map.default_js = [("leaflet", SCRIPT)]
folium.Map.default_css = [("leaflet-css", STYLE)]


@st.cache_resource
def opened():
    return read_plan(Path(os.environ["BELTMAP_PLAN"])).zones


def main():
    # a component registers with the running server, so not before there is one
    from streamlit_folium import st_folium

    zones = opened()
    known = sorted(zones["kind"].unique())
    kinds = [kind for kind in known if st.checkbox(kind, value=True)]
    chosen = zones[zones["kind"].isin(kinds)]
    st.metric("zones", len(chosen))
    st_folium(folium_map(chosen), height=620, returned_objects=[])
    st.dataframe(chosen[["id", "name_en", "kind"]].head(1000))


if __name__ == "__main__":
    main()

app = st.App(__file__, routes=routes())
