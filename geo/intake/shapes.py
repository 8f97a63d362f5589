"""GeoJSON geometries as shapely has them, or what is wrong with them."""

from collections.abc import Callable
from itertools import chain
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.notices import Json, refuse
from beltmap.geo.intake.raw.jsontext import NonFinite

Tell = Callable[[str], None]
"""Counts a row among those of which one notice speaks."""

Place = dict[str, Json]
Positions = NDArray[np.float64]

_NUMBERS: Final = frozenset({int, float})
_RING: Final = 4
_NAMES: Final = {
    bool: "boolean",
    str: "string",
    dict: "object",
    list: "array",
    int: "number",
    float: "number",
    type(None): "null",
}


def to_shape(member: Json, place: Place, tell: Tell) -> Shape:
    """
    Turn a geometry object into a geometry.

    Parameters
    ----------
    member
        The value of a Feature's geometry, not null.
    place
        Where it is; said in errors.
    tell
        Called with the code of each thing that was put right on the way.

    Returns
    -------
    shape
        In the coordinates of the file, degrees by RFC 7946; with heights only
        if every position has one. Not checked for validity.

    Raises
    ------
    RefusedError
        With ring and position, if the object is no geometry.
    """
    if not isinstance(member, dict):
        raise refuse("E_GEOMETRY_TYPE", place, found=type_name(member))
    kind = member.get("type")
    if kind == "GeometryCollection":
        return _collection(member, place, tell)
    make = _MAKERS.get(kind) if isinstance(kind, str) else None
    if make is None:
        found = kind if isinstance(kind, str) else type_name(kind)
        raise refuse("E_GEOMETRY_TYPE", place, found=found)
    if "coordinates" not in member:
        raise refuse("E_NO_COORDINATES", place, kind=kind)
    try:
        return make(_list(member["coordinates"], place), place, tell)
    except OverflowError:
        raise refuse("E_COORD_RANGE", place, found="a number beyond 1e308") from None


def type_name(value: Json) -> str:
    """
    Name a value's type as JSON does.

    Examples
    --------
    >>> type_name([]), type_name(None), type_name(True)
    ('array', 'null', 'boolean')
    """
    return _NAMES.get(type(value), "object")


def _collection(member: Json, place: Place, tell: Tell) -> Shape:
    if "geometries" not in member:
        raise refuse("E_NO_GEOMETRIES", place)
    parts: list[Shape] = []
    stack = list(reversed(_list(member["geometries"], place)))
    while stack:
        part = stack.pop()
        if isinstance(part, dict) and part.get("type") == "GeometryCollection":
            tell("W_GC_FLATTENED")
            if "geometries" not in part:
                raise refuse("E_NO_GEOMETRIES", place)
            stack += reversed(_list(part["geometries"], place))
        else:
            parts.append(to_shape(part, place | {"part": len(parts) + 1}, tell))
    return shapely.GeometryCollection(parts)


def _point(coordinates: list[Json], place: Place, tell: Tell) -> Shape:
    if not coordinates:
        return shapely.Point()
    return shapely.points(_positions([coordinates], place, tell)[0])


def _multipoint(coordinates: list[Json], place: Place, tell: Tell) -> Shape:
    if not coordinates:
        return shapely.MultiPoint()
    return shapely.multipoints(_positions(coordinates, place, tell))


def _line(coordinates: list[Json], place: Place, tell: Tell) -> Shape:
    if not coordinates:
        return shapely.LineString()
    if len(coordinates) == 1:
        raise refuse("E_LINE_SHORT", place, found=1)
    return shapely.linestrings(_positions(coordinates, place, tell))


def _multiline(coordinates: list[Json], place: Place, tell: Tell) -> Shape:
    lines = [
        _line(_list(line, place), place | {"part": number}, tell)
        for number, line in enumerate(coordinates, start=1)
    ]
    return shapely.MultiLineString([line for line in lines if not line.is_empty])


def _polygon(coordinates: list[Json], place: Place, tell: Tell) -> Shape:
    if not coordinates or (coordinates == [[]]):
        return shapely.Polygon()
    rings = [
        _ring(_list(ring, at), at, tell)
        for number, ring in enumerate(coordinates, start=1)
        for at in [place | {"ring": number}]
    ]
    shell, *holes = rings
    return shapely.polygons(shell, holes=holes or None)


def _multipolygon(coordinates: list[Json], place: Place, tell: Tell) -> Shape:
    parts = [
        _polygon(_list(part, place), place | {"part": number}, tell)
        for number, part in enumerate(coordinates, start=1)
    ]
    return shapely.MultiPolygon([part for part in parts if not part.is_empty])


def _ring(coordinates: list[Json], place: Place, tell: Tell) -> Shape:
    positions = _positions(coordinates, place, tell)
    if len(positions) < _RING:
        raise refuse("E_RING_SHORT", place, found=len(positions))
    if not np.array_equal(positions[0, :2], positions[-1, :2]):
        tell("W_RING_CLOSED")
    return shapely.linearrings(positions)


def _positions(coordinates: list[Json], place: Place, tell: Tell) -> Positions:
    """Read a list of positions; the usual case without a step per position."""
    kinds = set(map(type, coordinates))
    lengths = set(map(len, coordinates)) if kinds == {list} else set()
    plain = bool(lengths) and set(map(type, chain.from_iterable(coordinates)))
    if not plain or not (plain <= _NUMBERS and min(lengths) >= 2):  # noqa: PLR2004 - lon, lat
        for number, position in enumerate(coordinates, start=1):
            _check_position(position, place | {"position": number})
    if len(lengths) == 1 and lengths <= {2, 3}:
        return np.array(coordinates, dtype=np.float64)
    return _uneven(coordinates, tell)


def _uneven(coordinates: list[Json], tell: Tell) -> Positions:
    """Keep lon, lat and, where every position has one, the height."""
    if max(map(len, coordinates), default=0) > 3:  # noqa: PLR2004 - lon, lat, height
        tell("W_EXTRA_ORDINATES")
    size = min(min(map(len, coordinates), default=2), 3)
    if size == 2 and coordinates:  # noqa: PLR2004 - without a height
        tell("W_MIXED_DIMENSIONS")
    kept = [position[:size] for position in coordinates]
    return np.array(kept, dtype=np.float64).reshape(-1, size)


def _check_position(position: Json, place: Place) -> None:
    """Find what is wrong with one position."""
    if isinstance(position, int | float) and not isinstance(position, bool):
        raise refuse("E_COORD_DEPTH", place, found="too few")
    if not isinstance(position, list):
        raise _wrong_type(position, place)
    for number in position:
        if isinstance(number, list):
            raise refuse("E_COORD_DEPTH", place, found="too many")
        if type(number) not in _NUMBERS:
            raise _wrong_type(number, place)
    if len(position) < 2:  # noqa: PLR2004 - lon, lat
        raise refuse("E_COORD_LENGTH", place, found=len(position))


def _list(value: Json, place: Place) -> list[Json]:
    if isinstance(value, list):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise refuse("E_COORD_DEPTH", place, found="too few")
    raise _wrong_type(value, place)


def _wrong_type(value: Json, place: Place) -> Exception:
    if isinstance(value, NonFinite):
        return refuse("E_JSON_NONFINITE", place, found=value.word)
    return refuse("E_COORD_TYPE", place, found=type_name(value))


_MAKERS: Final[dict[str, Callable[[list[Json], Place, Tell], Shape]]] = {
    "Point": _point,
    "MultiPoint": _multipoint,
    "LineString": _line,
    "MultiLineString": _multiline,
    "Polygon": _polygon,
    "MultiPolygon": _multipolygon,
}
