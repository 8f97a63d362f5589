"""What is wrong with a zone, said for one zone at a time."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo import schema
from beltmap.geo.charter.force import charter
from beltmap.geo.errors import Fault, fault, unknown_value
from beltmap.geo.language.messages import text

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
        return fault("E_BAD_GEOMETRY.type", where)
    if geometry.is_empty:
        return fault("E_BAD_GEOMETRY.empty", where)
    if not _inside_world(geometry):
        return fault("E_BAD_GEOMETRY.outside", where, bounds=str(geometry.bounds))
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        return fault("E_BAD_GEOMETRY.invalid", where, reason=reason)
    return None


def _value_faults(
    properties: Mapping[str, Any], where: str, *, kind: str | None
) -> Iterator[Fault]:
    """Find values outside their closed list or of the wrong type."""
    if not isinstance(properties["id"], str) or not properties["id"]:
        yield fault("E_BAD_ID", where)
    if properties["kind"] != kind if kind else properties["kind"] is None:
        code = "E_WRONG_KIND.file" if kind else "E_WRONG_KIND.any"
        yield fault(code, where, kind=properties["kind"], held=kind)
    for column, allowed in (charter().closed | schema.CLOSED).items():
        value = properties[column]
        if isinstance(value, str) and value not in allowed:
            yield _unknown(where, column, value, allowed)
    for column in schema.NUMBERS:
        value = properties[column]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (number and 0 <= value < np.inf):
            yield fault("E_NOT_A_NUMBER.layer", where, column=column, value=value)
    for column in schema.TEXTS:
        value = properties[column]
        if value is not None and not isinstance(value, str):
            yield fault(
                "E_NOT_TEXT",
                where,
                column=column,
                value=value,
                separator=schema.SEPARATOR,
            )


def _sector_faults(
    properties: Mapping[str, Any], where: str, sectors: Collection[str]
) -> Iterator[Fault]:
    """Find sectors outside the vocabulary and patterns that are not known."""
    for column, allowed in (("sectors", sectors), ("patterns", charter().patterns)):
        value = properties[column]
        for code in value.split(schema.SEPARATOR) if isinstance(value, str) else ():
            # a plan that names no structure leaves open which there are
            if code not in allowed and (allowed or column == "sectors"):
                yield _unknown(where, column, code, allowed)


def _unknown(where: str, column: str, value: str, allowed: Collection[str]) -> Fault:
    known = ", ".join(allowed)
    if column == "sectors":
        known += text("where.vocabulary")
    return unknown_value(where, column, value, known)


def _inside_world(geometry: BaseGeometry) -> bool:
    west, south, east, north = shapely.bounds(geometry)
    return bool(
        west >= WORLD[0]
        and south >= WORLD[1]
        and east <= WORLD[2]
        and north <= WORLD[3]
    )
