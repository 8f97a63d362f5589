"""Reads a difference strictly: whatever a file holds, it is a difference or faults."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
import shapely

from beltmap.geo import schema
from beltmap.geo.changes.change import (
    ADDED,
    CHANGED,
    FORMAT,
    PROPERTIES,
    REMOVED,
    SORTS,
    VERSION,
    Change,
    Difference,
    Edit,
    Version,
)
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry.area import Shape
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.messages import text
from beltmap.geo.zones.lines import feature_lines

MOST_BYTES: Final = 64 * 2**20
MOST_CHANGES: Final = 10_000
MOST_LETTERS: Final = 10_000
"""Letters of a text, of which no plan has so many."""

AREAL: Final = ("Polygon", "MultiPolygon")
_SAID: Final = ("by", "at", "basis", "note")


def parse_difference(content: bytes, *, name: str) -> Difference:
    """
    Read a difference.

    Parameters
    ----------
    content
        GeoJSON as `geo.changes.change.dumps` writes it: a FeatureCollection with
        ``"beltmap": "difference"`` and ``"version": 1``, the ``base`` with its
        ``plan`` and ``stamp``, perhaps a ``name`` and ``by``, ``at``, ``basis``,
        ``note``. Each feature has the ``id`` of a zone, a ``change`` (added,
        removed, changed), what is to be as its ``geometry`` and ``properties``,
        and, unless the zone is added, what was as ``before`` of the same form.
        The outline of a changed zone is touched where ``before`` has one.
    name
        Name of the file, for faults.

    Returns
    -------
    difference
        Outlines may cross themselves: a draft may, a plan may not.

    Raises
    ------
    PlanError
        With every fault of the file.
    """
    if len(content) > MOST_BYTES:
        raise PlanError([fault("E_DIFFERENCE.large", name, most=MOST_BYTES // 2**20)])
    document = _document(content, name)
    faults = list(_head_faults(document, name))
    features = document.get("features")
    if not isinstance(features, list):
        faults.append(_odd(name, "features", features))
        features = []
    if len(features) > MOST_CHANGES:
        raise PlanError([fault("E_DIFFERENCE.many", name, most=MOST_CHANGES)])
    changes: dict[str, Change] = {}
    lines = feature_lines(content)
    for number, feature in enumerate(features, start=1):
        given = feature if isinstance(feature, dict) else {}
        where = _where(name, number, given.get("id"), line=lines[number - 1])
        found = list(_feature_faults(given, where))
        if not found and given["id"] in changes:
            found.append(fault("E_DUPLICATE_ID.zone", where))
        if not found:
            changes[given["id"]] = _change(given)
        faults += found
    if faults:
        raise PlanError(faults)
    base = document["base"]
    return Difference(
        tuple(changes.values()),
        plan=base.get("plan", ""),
        stamp=base.get("stamp", ""),
        name=document.get("name", ""),
        edit=_edit(document),
    )


def _document(content: bytes, name: str) -> dict[str, Any]:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        where = text("where.position", name=name, line=error.lineno, column=error.colno)
        raise PlanError([fault("E_JSON_SYNTAX.layer", where, msg=error.msg)]) from error
    if not isinstance(document, dict) or document.get("beltmap") != FORMAT:
        raise PlanError([fault("E_DIFFERENCE.format", name)])
    if document.get("version") != VERSION:
        said = excerpt(document.get("version"))
        raise PlanError([fault("E_DIFFERENCE.version", name, said=said, own=VERSION)])
    return document


def _head_faults(document: Mapping[str, Any], name: str) -> Iterator[Fault]:
    base = document.get("base")
    if not isinstance(base, dict):
        yield _odd(name, "base", base)
        base = {}
    for member, value in (
        *((one, base.get(one, "")) for one in ("plan", "stamp")),
        *((one, document.get(one, "")) for one in ("name", *_SAID)),
    ):
        if not _is_text(value):
            yield _odd(name, member, value)


def _feature_faults(feature: Mapping[str, Any], where: str) -> Iterator[Fault]:
    """Find what keeps a feature from being a change."""
    zone, sort = feature.get("id"), feature.get("change")
    if not _is_text(zone) or not zone:
        yield _odd(where, "id", zone)
    if sort not in SORTS:
        yield _odd(where, "change", sort)
        return
    edit = feature.get("edit", {})
    if not isinstance(edit, dict):
        yield _odd(where, "edit", edit)
    else:
        yield from (
            _odd(where, one, edit[one])
            for one in _SAID
            if one in edit and not _is_text(edit[one])
        )
    before = feature.get("before", {})
    if not isinstance(before, dict) or (sort == ADDED) != ("before" not in feature):
        yield _odd(where, "before", before)
        return
    sides = [before] if sort == REMOVED else [feature]
    for side in [before, feature] if sort == CHANGED else sides:
        yield from _side_faults(side, where)
    if sort == CHANGED:
        was, will = (_keys(side) for side in (before, feature))
        if was != will:
            names = ", ".join(sorted(map(excerpt, was ^ will)))
            yield fault("E_DIFFERENCE.pairs", where, names=names)


def _side_faults(side: Mapping[str, Any], where: str) -> Iterator[Fault]:
    """Find what is wrong with what was, or with what is to be."""
    properties = side.get("properties", {})
    if not isinstance(properties, dict):
        yield _odd(where, "properties", properties)
        return
    for column, value in properties.items():
        if column not in PROPERTIES:
            known = ", ".join(PROPERTIES)
            yield fault(
                "E_DIFFERENCE.column", where, column=excerpt(column), known=known
            )
        elif value is None:
            continue
        elif column in schema.NUMBERS:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 <= value < math.inf:
                yield _odd(where, column, value)
        elif not _is_text(value):
            yield _odd(where, column, value)
    geometry = side.get("geometry")
    if geometry is not None and _shape(geometry) is None:
        yield fault("E_BAD_GEOMETRY.type", where)


def _shape(geometry: Any) -> Shape:  # noqa: ANN401 - any JSON
    """Read an outline; None where it is none, or leaves the world."""
    if not isinstance(geometry, dict) or geometry.get("type") not in AREAL:
        return None
    shape = shapely.from_geojson(orjson.dumps(geometry), on_invalid="ignore")
    if shape is None or shape.is_empty or shape.geom_type not in AREAL:
        return None
    west, south, east, north = shape.bounds
    inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90  # noqa: PLR2004 - the world
    return shapely.force_2d(shape) if inside else None


def _change(feature: Mapping[str, Any]) -> Change:
    sort, before = feature["change"], feature.get("before", {})
    drawn = sort != CHANGED or "geometry" in before
    return Change(
        feature["id"],
        sort,
        before=Version() if sort == ADDED else _version(before, drawn=drawn),
        after=Version() if sort == REMOVED else _version(feature, drawn=drawn),
        edit=_edit(feature.get("edit", {})),
    )


def _version(side: Mapping[str, Any], *, drawn: bool) -> Version:
    said = {
        column: value if value is None or column in schema.TEXTS else float(value)
        for column, value in side.get("properties", {}).items()
    }
    geometry = side.get("geometry")
    shape = None if geometry is None or not drawn else _shape(geometry)
    return Version(said, drawn=drawn, geometry=shape)


def _edit(given: Mapping[str, Any]) -> Edit:
    return Edit(**{name: given[name] for name in _SAID if name in given})


def _keys(side: Mapping[str, Any]) -> set[str]:
    properties = side.get("properties", {})
    return set(properties) if isinstance(properties, dict) else set()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MOST_LETTERS


def _odd(where: str, member: str, value: object) -> Fault:
    return fault("E_DIFFERENCE.member", where, member=member, value=excerpt(value))


def _where(name: str, number: int, zone: object, *, line: int) -> str:
    place = "where.feature_id" if isinstance(zone, str) and zone else "where.feature"
    return text(place, name=name, line=line, at=number, zone=excerpt(zone))
