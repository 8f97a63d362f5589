"""Which zones cannot be right: told in columns, so that large layers are quick."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo import schema
from beltmap.geo.charter.force import charter
from beltmap.geo.errors import Fault, fault
from beltmap.geo.zones.faults import WORLD

Mask = NDArray[np.bool_]

MOST_EXPLAINED: Final = 100
"""Zones of a file whose faults are said in full; of the others, how many."""

_AREAL: Final = (3, 6)
_PLAIN_TEXT: Final[frozenset[type]] = frozenset({str, type(None)})
_PLAIN_NUMBER: Final[frozenset[type]] = frozenset({int, float, type(None)})


def suspects(
    columns: pd.DataFrame, *, kind: str | None, sectors: Collection[str]
) -> Mask:
    """
    Find the zones with a property that is wrong.

    Parameters
    ----------
    columns
        Columns `geo.schema.COLUMNS` of objects, None where a value is missing.
    kind
        The only kind that the file may hold; None if it may hold any.
    sectors
        Codes of the sector vocabulary.

    Returns
    -------
    suspects
        True for those of which `geo.zones.faults.property_faults` finds faults.
    """
    closed = schema.CLOSED | charter().closed
    if kind:
        closed["kind"] = (kind,)
    joined = {"sectors": set(sectors)}
    if charter().patterns:
        # a plan that names no structure leaves open which there are
        joined["patterns"] = set(charter().patterns)
    bad = np.zeros(len(columns), bool)
    for column in schema.TEXTS:
        values = columns[column].to_numpy(object)
        strange = _of_other_types(values, _PLAIN_TEXT)
        bad |= strange
        plain = _without(values, strange)
        if column in closed:
            bad |= _having(plain, set(plain) - {None, *closed[column]})
        elif column in joined:
            bad |= _having(plain, _outside(set(plain) - {None}, joined[column]))
        if column in ("id", "kind"):
            bad |= _having(plain, {None, ""})
    for column in schema.NUMBERS:
        strange, numbers = _numbers(columns[column])
        bad |= strange | (numbers < 0) | np.isinf(numbers)
    return bad


def bad_shapes(geometries: NDArray[np.object_]) -> Mask:
    """
    Find the zones whose geometry is wrong.

    Parameters
    ----------
    geometries
        Geometries in lon, lat degrees; None where a zone has none.

    Returns
    -------
    bad_shapes
        True for those of which `geo.zones.faults.geometry_fault` finds a fault.
    """
    given = ~shapely.is_missing(geometries)
    areal = np.isin(shapely.get_type_id(geometries), _AREAL)
    west, south, east, north = shapely.bounds(geometries).T
    # a comparison with NaN, the bound of an empty geometry, is false
    inside = (west >= WORLD[0]) & (south >= WORLD[1])
    inside &= (east <= WORLD[2]) & (north <= WORLD[3])
    good = areal & inside
    good[good] = shapely.is_valid(geometries[good])
    return np.asarray(given & ~good)


def explain(
    suspected: Mask, say: Callable[[int], Iterable[Fault]], *, name: str
) -> list[Fault]:
    """
    Say the faults of the zones that were found to have some.

    Parameters
    ----------
    suspected
        Which zones of the file have faults.
    say
        Gives the faults of a zone from its row.
    name
        Name of the file.

    Returns
    -------
    faults
        Those of the first `MOST_EXPLAINED` zones, and how many more have some.
    """
    rows = np.flatnonzero(suspected)
    faults = [fault for row in rows[:MOST_EXPLAINED].tolist() for fault in say(row)]
    if len(rows) > MOST_EXPLAINED:
        faults.append(fault("E_MORE_FAULTS", name, count=len(rows) - MOST_EXPLAINED))
    return faults


def _numbers(column: "pd.Series[Any]") -> tuple[Mask, NDArray[np.float64]]:
    """Read numbers, NaN where one is missing or something else stands."""
    if column.dtype.kind == "f":
        return np.zeros(len(column), bool), column.to_numpy(np.float64)
    values = column.to_numpy(object)
    strange = _of_other_types(values, _PLAIN_NUMBER)
    return strange, _without(values, strange).astype(np.float64)


def _of_other_types(values: NDArray[np.object_], plain: frozenset[type]) -> Mask:
    """Find values of a type that the column does not hold."""
    if set(map(type, values)) <= plain:
        return np.zeros(len(values), bool)
    return np.array([type(value) not in plain for value in values], bool)


def _without(values: NDArray[np.object_], strange: Mask) -> NDArray[np.object_]:
    """Put None in the place of some values."""
    if not strange.any():
        return values
    left = values.copy()
    left[strange] = None
    return left


def _outside(texts: Iterable[str], allowed: Collection[str]) -> set[str]:
    """Find joined texts with a part that is not allowed."""
    return {
        text for text in texts if not set(text.split(schema.SEPARATOR)) <= set(allowed)
    }


def _having(values: NDArray[np.object_], wrong: Collection[Any]) -> Mask:
    """Find the rows of a few values, mostly none."""
    if not wrong:
        return np.zeros(len(values), bool)
    return np.array([value in wrong for value in values], bool)
