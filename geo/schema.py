"""The words of the plan: columns of a zone and the values they may take."""

from typing import Final

SEPARATOR: Final = ";"
"""Joins several values in one property; GIS tools dislike arrays."""

KINDS: Final = ("belt", "town", "park", "base", "zone")
STATUSES: Final = ("existing", "planned")
PATTERNS: Final = ("one-base-four-parks", "one-belt-three-towns-five-parks")
AREA_BASES: Final = ("declared", "published", "nominal")
BOUNDARIES: Final = ("described", "schematic", "nominal", "not located")

COLUMNS: Final = (
    "id",
    "name_en",
    "name_zh",
    "city",
    "kind",
    "status",
    "patterns",
    "sectors",
    "focus_en",
    "focus_zh",
    "declared_area_km2",
    "drawn_area_km2",
    "area_basis",
    "boundary",
    "location_uncertainty_m",
    "part_of",
    "source",
)
"""Properties of every zone, in this order; null where there is no value."""

NUMBERS: Final = ("declared_area_km2", "drawn_area_km2", "location_uncertainty_m")
"""Columns that hold numbers; all others hold text."""

TEXTS: Final = tuple(column for column in COLUMNS if column not in NUMBERS)
"""Columns that hold text."""

CLOSED: Final = {
    "kind": KINDS,
    "status": STATUSES,
    "area_basis": AREA_BASES,
    "boundary": BOUNDARIES,
}
"""Columns whose value comes from a closed list."""

LAYER_FILES: Final = {
    "belt": "belt.geojson",
    "town": "towns.geojson",
    "park": "parks.geojson",
    "base": "base.geojson",
    "zone": "zone.geojson",
}
"""File of each kind, under the plan's folder."""
