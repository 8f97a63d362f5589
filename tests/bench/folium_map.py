"""Folium's own way to draw zones: style, tooltip and popup."""

import folium

COLOURS = {
    "belt": "#0072B2",
    "town": "#D55E00",
    "park": "#009E73",
    "zone": "#C98500",
}


def folium_map(zones, *, canvas=False):
    """Draw zones as folium's documentation does."""
    drawing = folium.Map([37.5, 121], zoom_start=7, tiles=None, prefer_canvas=canvas)
    shown = zones[["id", "name_en", "kind", "declared_area_km2", "geometry"]]
    shown = shown.assign(declared_area_km2=shown["declared_area_km2"].astype(object))
    folium.GeoJson(
        shown.where(shown.notna(), None),
        style_function=lambda feature: {
            "color": COLOURS[feature["properties"]["kind"]],
            "weight": 1,
            "fillOpacity": 0.3,
        },
        tooltip=folium.GeoJsonTooltip(["name_en", "kind"]),
        popup=folium.GeoJsonPopup(["id", "name_en", "kind", "declared_area_km2"]),
    ).add_to(drawing)
    return drawing
