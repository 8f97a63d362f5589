"""The Folium map, its views and its state."""
