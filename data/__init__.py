"""The shipped plan: places, claims, sources, layers and basemap."""
