"""The columns of a zone, and the values that are the same for every plan."""

from typing import Final

SEPARATOR: Final = ";"
"""Joins several values in one property; GIS tools dislike arrays."""

AREA_BASES: Final = ("declared", "published", "nominal")
DRAWN: Final = "drawn"
"""Boundary of a zone whose outline is as a file has it, and no document says it."""

BOUNDARIES: Final = (
    "described",
    DRAWN,
    "schematic",
    "nominal",
    "place unknown",
    "not located",
)

PLACE_UNKNOWN: Final = "place unknown"
"""Boundary of a zone that is drawn for its size, where it touches nothing."""

SKETCHED: Final = ("schematic", "nominal", PLACE_UNKNOWN)
"""Boundaries whose outline is no one's statement."""

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

RESERVED: Final = frozenset({"upload", "claims", "geometry"})
"""Names of columns that are made on the way in or out, and so are no one's own."""

NUMBERS: Final = ("declared_area_km2", "drawn_area_km2", "location_uncertainty_m")
"""Columns that hold numbers; all others hold text."""

TEXTS: Final = tuple(column for column in COLUMNS if column not in NUMBERS)
"""Columns that hold text."""

CLOSED: Final = {
    "area_basis": AREA_BASES,
    "boundary": BOUNDARIES,
}
"""Columns whose value comes from a list that is the same for every plan."""

QUALIFIER: Final = "declared_area_qualifier"
"""Column with the qualifiers of declared areas, where a file has any."""

MOST: Final = "declared_area_most_km2"
"""Column with the upper ends of declared areas that are ranges."""

QUALIFIED: Final = (QUALIFIER, MOST)
"""Columns that zones have where a file qualifies its figures."""
