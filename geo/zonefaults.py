"""What is wrong with a zone, said for one zone at a time."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo import schema
from geo.errors import Fault

WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
"""West, south, east and north limits of a coordinate, in degrees."""


def property_faults(
    properties: Mapping[str, Any],
    where: str,
    *,
    kind: str | None,
    sectors: Collection[str],
) -> Iterator[Fault]:
    """
    Find what is wrong with the properties of a zone.

    Parameters
    ----------
    properties
        Values by column; every column of `geo.schema.COLUMNS` is there.
    where
        File and place in it, as a reader would look for it.
    kind
        The only kind that the file may hold; None if it may hold any.
    sectors
        Codes of the sector vocabulary.

    Yields
    ------
    fault
        One a value that is of the wrong type or in no list.
    """
    yield from _value_faults(properties, where, kind=kind)
    yield from _sector_faults(properties, where, sectors)


def geometry_fault(geometry: BaseGeometry | None, where: str) -> Fault | None:
    """
    Find what is wrong with the geometry of a zone.

    Parameters
    ----------
    geometry
        In lon, lat degrees; None where what the file holds cannot be read.
    where
        File and place in it.

    Returns
    -------
    fault
        None for a valid polygon or multipolygon within the world.
    """
    if geometry is None or geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        what = "the geometry is not a polygon"
    elif geometry.is_empty:
        what = "the geometry is empty"
    elif not _inside_world(geometry):
        what = f"coordinates outside the world, bounds {geometry.bounds}"
    elif not geometry.is_valid:
        what = f"the boundary is not valid: {shapely.is_valid_reason(geometry)}"
    else:
        return None
    mend = "Give a valid Polygon or MultiPolygon in lon, lat degrees, or null"
    return Fault("E_BAD_GEOMETRY", where, what, mend)


def _value_faults(
    properties: Mapping[str, Any], where: str, *, kind: str | None
) -> Iterator[Fault]:
    """Find values outside their closed list or of the wrong type."""
    if not isinstance(properties["id"], str) or not properties["id"]:
        yield Fault(
            "E_BAD_ID",
            where,
            "the id is not a text",
            "Give the zone a short, lasting id",
        )
    if properties["kind"] != kind if kind else properties["kind"] is None:
        holds = f"the file holds {kind!r}" if kind else "every zone has one"
        yield Fault(
            "E_WRONG_KIND",
            where,
            f"kind is {properties['kind']!r}, {holds}",
            "Move the zone to the file of its kind" if kind else "Give the zone a kind",
        )
    for column, allowed in schema.CLOSED.items():
        value = properties[column]
        if isinstance(value, str) and value not in allowed:
            yield _unknown(where, column, value, allowed)
    for column in schema.NUMBERS:
        value = properties[column]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (number and 0 <= value < np.inf):
            yield Fault(
                "E_NOT_A_NUMBER",
                where,
                f"{column} is {value!r}",
                "Give a number of zero or more, or null",
            )
    for column in schema.TEXTS:
        value = properties[column]
        if value is not None and not isinstance(value, str):
            yield Fault(
                "E_NOT_TEXT",
                where,
                f"{column} is {value!r}",
                f"Give one text, several values joined by {schema.SEPARATOR!r}",
            )


def _sector_faults(
    properties: Mapping[str, Any], where: str, sectors: Collection[str]
) -> Iterator[Fault]:
    """Find sectors outside the vocabulary and patterns that are not known."""
    for column, allowed in (("sectors", sectors), ("patterns", schema.PATTERNS)):
        value = properties[column]
        for code in value.split(schema.SEPARATOR) if isinstance(value, str) else ():
            if code not in allowed:
                yield _unknown(where, column, code, allowed)


def _unknown(where: str, column: str, value: str, allowed: Collection[str]) -> Fault:
    vocabulary = " (vocabulary: sectors.csv)" if column == "sectors" else ""
    return Fault(
        f"E_UNKNOWN_{column.upper()}",
        where,
        f"{column} has the unknown value {value!r}",
        f"Use one of {', '.join(allowed)}{vocabulary}",
    )


def _inside_world(geometry: BaseGeometry) -> bool:
    west, south, east, north = shapely.bounds(geometry)
    return bool(
        west >= WORLD[0]
        and south >= WORLD[1]
        and east <= WORLD[2]
        and north <= WORLD[3]
    )
