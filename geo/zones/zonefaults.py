"""What is wrong with a zone, said for one zone at a time."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo import schema
from geo.errors import Fault
from geo.language.messages import text

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
        what = text("fault.geometry_type")
    elif geometry.is_empty:
        what = text("fault.geometry_empty")
    elif not _inside_world(geometry):
        what = text("fault.geometry_outside", bounds=geometry.bounds)
    elif not geometry.is_valid:
        what = text("fault.geometry_invalid", reason=shapely.is_valid_reason(geometry))
    else:
        return None
    mend = text("fault.geometry.mend")
    return Fault("E_BAD_GEOMETRY", where, what, mend)


def _value_faults(
    properties: Mapping[str, Any], where: str, *, kind: str | None
) -> Iterator[Fault]:
    """Find values outside their closed list or of the wrong type."""
    if not isinstance(properties["id"], str) or not properties["id"]:
        yield Fault(
            "E_BAD_ID",
            where,
            text("fault.bad_id"),
            text("fault.bad_id.mend"),
        )
    if properties["kind"] != kind if kind else properties["kind"] is None:
        holds = text("fault.kind.file", kind=kind) if kind else text("fault.kind.any")
        yield Fault(
            "E_WRONG_KIND",
            where,
            text("fault.kind", kind=properties["kind"], holds=holds),
            text("fault.wrong_kind.mend") if kind else text("fault.kind_missing.mend"),
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
                text("fault.value", column=column, value=value),
                text("fault.not_a_number.layer"),
            )
    for column in schema.TEXTS:
        value = properties[column]
        if value is not None and not isinstance(value, str):
            yield Fault(
                "E_NOT_TEXT",
                where,
                text("fault.value", column=column, value=value),
                text("fault.not_text.mend", separator=schema.SEPARATOR),
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
    vocabulary = text("where.vocabulary") if column == "sectors" else ""
    return Fault(
        f"E_UNKNOWN_{column.upper()}",
        where,
        text("fault.unknown_value", column=column, value=value),
        text(
            "fault.use_one_of.vocabulary",
            known=", ".join(allowed),
            vocabulary=vocabulary,
        ),
    )


def _inside_world(geometry: BaseGeometry) -> bool:
    west, south, east, north = shapely.bounds(geometry)
    return bool(
        west >= WORLD[0]
        and south >= WORLD[1]
        and east <= WORLD[2]
        and north <= WORLD[3]
    )
