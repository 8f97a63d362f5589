"""Areas, overlaps and shapes on the WGS 84 ellipsoid, and their GeoJSON."""
