"""TopoJSON: arcs that neighbours share, put together to shapes again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias, TypeGuard

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.formats.geojson import json_text
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, RefusedError, refuse
from beltmap.geo.intake.raw.encoding import decode
from beltmap.geo.intake.raw.jsontext import parse
from beltmap.geo.intake.rows import ABSENT, Collector, Rows
from beltmap.geo.intake.shapes import Place, to_shape, type_name

_DEEPEST: Final = {
    "LineString": 0,
    "MultiLineString": 1,
    "Polygon": 1,
    "MultiPolygon": 2,
}
"""How deep the list of arcs of a geometry is nested."""

_MOST_NESTED: Final = 8
_Transform: TypeAlias = tuple[list[float], list[float]]


def open_topojson(
    data: bytes, *, limits: Limits, encoding: str | None = None
) -> Mapping[str, Callable[[], Rows]]:
    """
    Open a topology.

    Parameters
    ----------
    data
        The whole file.
    limits
        How large a layer may be.
    encoding
        Encoding of the text that a person chose.

    Returns
    -------
    layers
        What reads each of its objects, by name; WGS 84 as the format has it.

    Raises
    ------
    RefusedError
        If it is no JSON, or its arcs or objects are not what they must be.
    """
    words, encoding, notices = decode(data, chosen=encoding)
    root = parse(words, digits=limits.digits)
    objects = root.get("objects") if isinstance(root, dict) else None
    if not isinstance(objects, dict) or not objects:
        raise refuse("E_TOPOLOGY", found="objects")
    lines, transform = _arcs(root), _transform(root)
    said = partial(replace, encoding=encoding)

    def read(name: str) -> Rows:
        arcs = _Arcs(lines, transform, limits.vertices)
        collector = Collector(limits)
        collector.notices += notices
        for member in _members(objects[name]):
            _add(member, arcs, collector)
        return said(collector.rows(name=name, crs="OGC:CRS84"))

    names = list(objects)
    keys = [""] if len(names) == 1 else names
    return {key: partial(read, name) for key, name in zip(keys, names, strict=True)}


@dataclass
class _Arcs:
    """The arcs of a topology, and how many positions may still be taken of them."""

    lines: list[list[list[float]]]
    transform: _Transform
    most: int
    taken: int = 0

    def line(self, numbers: Json, place: Place) -> list[Json]:
        """Put arcs together to a line; a negative number turns an arc round."""
        if not isinstance(numbers, list):
            raise refuse("E_TOPOLOGY", place, found=type_name(numbers))
        positions: list[Json] = []
        for number in numbers:
            if type(number) is not int:
                raise refuse("E_TOPOLOGY", place, found=type_name(number))
            at = ~number if number < 0 else number
            if at >= len(self.lines):
                raise refuse("E_TOPOLOGY", place, found=f"arcs[{number}]")
            arc = self.lines[at][::-1] if number < 0 else self.lines[at]
            self.taken += len(arc)
            if self.taken > self.most:
                raise refuse("E_TOO_MANY_VERTICES", found=self.taken, limit=self.most)
            positions += arc[1:] if positions else arc
        return positions

    def nested(self, numbers: Json, depth: int, place: Place) -> list[Json]:
        """Put the arcs of nested lists together."""
        if depth == 0:
            return self.line(numbers, place)
        if not isinstance(numbers, list):
            raise refuse("E_TOPOLOGY", place, found=type_name(numbers))
        return [self.nested(inner, depth - 1, place) for inner in numbers]


def _arcs(root: Mapping[str, Json]) -> list[list[list[float]]]:
    """Read the arcs in the coordinates of the file, decoded where they are packed."""
    given, (scale, shift) = root.get("arcs"), _transform(root)
    if not isinstance(given, list):
        raise refuse("E_TOPOLOGY", found="arcs")
    packed = "transform" in root
    arcs: list[list[list[float]]] = []
    for number, arc in enumerate(given):
        x = y = 0.0
        line: list[list[float]] = []
        for position in arc if isinstance(arc, list) else [arc]:
            if not _is_position(position):
                raise refuse("E_TOPOLOGY", found=f"arcs[{number}]")
            x, y = (x + position[0], y + position[1]) if packed else position[:2]
            line.append([x * scale[0] + shift[0], y * scale[1] + shift[1]])
        arcs.append(line)
    return arcs


def _transform(root: Mapping[str, Json]) -> _Transform:
    if "transform" not in root:
        return [1.0, 1.0], [0.0, 0.0]
    given = root["transform"]
    members = given if isinstance(given, dict) else {}
    scale, shift = members.get("scale"), members.get("translate")
    if not (_is_position(scale) and _is_position(shift)):
        raise refuse("E_TOPOLOGY", found="transform")
    return scale, shift


def _is_position(value: Json) -> TypeGuard[list[float]]:
    return (
        isinstance(value, list)
        and len(value) >= 2  # noqa: PLR2004 - two coordinates
        and all(type(number) in (int, float) for number in value[:2])
    )


def _members(member: Json, depth: int = 0) -> list[Json]:
    """Give the geometries of an object; collections without names are opened."""
    if not isinstance(member, dict) or depth > _MOST_NESTED:
        raise refuse("E_TOPOLOGY", found="objects")
    plain = "properties" not in member and "id" not in member
    if member.get("type") == "GeometryCollection" and plain:
        geometries = member.get("geometries")
        if not isinstance(geometries, list):
            raise refuse("E_TOPOLOGY", found="geometries")
        return [one for inner in geometries for one in _members(inner, depth + 1)]
    return [member]


def _add(member: dict[str, Json], arcs: _Arcs, collector: Collector) -> None:
    place = collector.begin()
    try:
        shape = _shape(member, arcs, place, collector)
        given = member.get("properties") or {}
        if not isinstance(given, dict):
            raise refuse("E_PROPERTIES_TYPE", place, found=type_name(given))
    except RefusedError as error:
        if error.notice.code == "E_TOO_MANY_VERTICES":
            raise
        code, found = error.notice.code, error.notice.values
        row = code != "E_TOPOLOGY"
        collector.refuse(
            error if row else refuse("E_GEOMETRY_BROKEN", place, found=found["found"])
        )
        return
    if shape is None:
        collector.tell("W_NULL_GEOMETRY")
    identity = member.get("id", ABSENT)
    record = {
        key: json_text(value) if isinstance(value, dict | list) else value
        for key, value in given.items()
    }
    collector.add(record, shape, identity=identity)


def _shape(
    member: Mapping[str, Json], arcs: _Arcs, place: Place, collector: Collector
) -> Shape | None:
    kind = member.get("type")
    if kind is None:
        return None
    if kind == "GeometryCollection":
        inside = member.get("geometries")
        if not isinstance(inside, list):
            raise refuse("E_NO_GEOMETRIES", place)
        members = [one for inner in inside for one in _members(inner)]
        parts = [_geometry(one, arcs, place) for one in members]
        whole = {"type": kind, "geometries": parts}
        return to_shape(whole, place, collector.tell)
    return to_shape(_geometry(member, arcs, place), place, collector.tell)


def _geometry(member: Mapping[str, Json], arcs: _Arcs, place: Place) -> dict[str, Json]:
    """Write a geometry of a topology as GeoJSON has it."""
    kind = member.get("type")
    if kind in _DEEPEST and "arcs" in member:
        inside = arcs.nested(member["arcs"], _DEEPEST[kind], place)
        return {"type": kind, "coordinates": inside}
    given = {key: member[key] for key in ("type", "coordinates") if key in member}
    if kind == "Point":
        given["coordinates"] = _moved(given.get("coordinates"), arcs.transform)
    elif kind == "MultiPoint" and isinstance(given.get("coordinates"), list):
        given["coordinates"] = [
            _moved(one, arcs.transform) for one in given["coordinates"]
        ]
    return given


def _moved(position: Json, transform: _Transform) -> Json:
    """Bring a position to the coordinates of the file; others stay for the message."""
    if not _is_position(position):
        return position
    scale, shift = transform
    return [position[axis] * scale[axis] + shift[axis] for axis in (0, 1)]
