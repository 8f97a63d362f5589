"""Esri JSON: what the servers and tools of ArcGIS answer with."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.formats.shapefile import polygon_of_rings
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, RefusedError, notice, refuse
from beltmap.geo.intake.raw.curves import Points, arc_points, bezier_points
from beltmap.geo.intake.raw.encoding import decode
from beltmap.geo.intake.raw.jsontext import parse
from beltmap.geo.intake.rows import Collector, Rows
from beltmap.geo.intake.shapes import Place, Tell, to_shape, type_name

_EPSG_BELOW: Final = 32768
"""Numbers of Esri's own begin here."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NUMBERS: Final = (int, float)


def read_esrijson(data: bytes, *, limits: Limits, encoding: str | None = None) -> Rows:
    """
    Read a set of features, or one feature.

    Parameters
    ----------
    data
        The whole file.
    limits
        How large it may be.
    encoding
        Encoding of the text that a person chose.

    Returns
    -------
    rows
        One row a feature, in the CRS of its spatial reference; dates as text,
        codes as the words that the file gives for them.

    Raises
    ------
    RefusedError
        If it is no JSON, or has no list of features.
    """
    words, encoding, notices = decode(data, chosen=encoding)
    root = parse(words, digits=limits.digits)
    if not isinstance(root, dict):
        raise refuse("E_ROOT_TYPE", found=type_name(root))
    features = root.get("features", [root])
    if not isinstance(features, list):
        raise refuse("E_FEATURES_NOT_ARRAY", found=type_name(features))
    collector = Collector(limits)
    collector.notices += notices
    if root.get("exceededTransferLimit"):
        collector.notices.append(notice("W_PART_ONLY", n=len(features)))
    fields = _fields(root)
    own = [_add(feature, fields, collector) for feature in features]
    references = [root.get("spatialReference"), *own]
    crs = next((found for one in references if (found := _crs(one))), None)
    return replace(collector.rows(crs=crs), encoding=encoding)


def _fields(root: Mapping[str, Json]) -> dict[str, Mapping[str, Json]]:
    """Describe the columns by name."""
    given = root.get("fields")
    listed = given if isinstance(given, list) else []
    return {
        one["name"]: one
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("name"), str)
    }


def _add(
    feature: Json, fields: Mapping[str, Mapping[str, Json]], collector: Collector
) -> Json:
    """Keep one feature, or set it aside; gives its spatial reference."""
    place = collector.begin()
    try:
        if not isinstance(feature, dict):
            raise refuse("E_FEATURE_TYPE", place, found=type_name(feature))
        geometry, given = feature.get("geometry"), feature.get("attributes") or {}
        if not isinstance(given, dict):
            raise refuse("E_PROPERTIES_TYPE", place, found=type_name(given))
        shape = None if not geometry else _shape(geometry, place, collector.tell)
    except RefusedError as error:
        collector.refuse(error)
        return None
    if shape is None:
        collector.tell("W_NULL_GEOMETRY")
    record = {key: _value(value, fields.get(key, {})) for key, value in given.items()}
    collector.add(record, shape)
    return geometry.get("spatialReference") if isinstance(geometry, dict) else None


def _value(value: Json, about: Mapping[str, Json]) -> Json:
    """Give the words for a code, and a date for its milliseconds."""
    domain = about.get("domain")
    codes = domain.get("codedValues") if isinstance(domain, dict) else None
    for one in codes if isinstance(codes, list) else []:
        if isinstance(one, dict) and one.get("code") == value and one.get("name"):
            return str(one["name"])
    if about.get("type") == "esriFieldTypeDate" and type(value) in _NUMBERS:
        try:
            moment = _EPOCH + dt.timedelta(milliseconds=value)
        except OverflowError:
            return value
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value


def _crs(reference: Json) -> str | None:
    """State the CRS of a spatial reference."""
    if not isinstance(reference, dict):
        return None
    for key in ("latestWkid", "wkid"):
        number = reference.get(key)
        if type(number) is int and number > 0:
            return f"{'EPSG' if number < _EPSG_BELOW else 'ESRI'}:{number}"
    wkt = reference.get("wkt2") or reference.get("wkt")
    return wkt if isinstance(wkt, str) else None


def _shape(member: Json, place: Place, tell: Tell) -> Shape | None:
    """Read a geometry of any kind, told by its members."""
    if not isinstance(member, dict):
        raise refuse("E_GEOMETRY_TYPE", place, found=type_name(member))
    if "x" in member and "y" in member:
        if member["x"] in (None, "NaN") or member["y"] in (None, "NaN"):
            return None
        return _geojson("Point", [member["x"], member["y"]], place, tell)
    if "points" in member:
        return _geojson("MultiPoint", member["points"], place, tell)
    if "xmin" in member:
        return _box(member, place)
    for kind in ("rings", "paths"):
        curved = member.get("curve" + kind.capitalize())
        given = curved or member.get(kind)
        if given is None:
            continue
        if curved:
            tell("W_CURVES")
        lines = [
            _line(line, place | {"ring" if kind == "rings" else "part": n}, tell)
            for n, line in enumerate(_list(given, place), start=1)
        ]
        return _area(lines, place, tell) if kind == "rings" else _path(lines, place)
    raise refuse("E_GEOMETRY_TYPE", place, found=", ".join(map(str, member)))


def _geojson(kind: str, coordinates: Json, place: Place, tell: Tell) -> Shape:
    return to_shape({"type": kind, "coordinates": coordinates}, place, tell)


def _box(member: Mapping[str, Json], place: Place) -> Shape:
    low = _position([member.get("xmin"), member.get("ymin")], place)
    high = _position([member.get("xmax"), member.get("ymax")], place)
    return shapely.box(low[0], low[1], high[0], high[1])


def _area(lines: list[Points], place: Place, tell: Tell) -> Shape:
    """Close rings where they stand open, and tell shells from holes."""
    rings = []
    for ring in lines:
        if len(ring) and not np.array_equal(ring[0], ring[-1]):
            tell("W_RING_CLOSED")
            rings.append(np.vstack([ring, ring[:1]]))
        elif len(ring):
            rings.append(ring)
    return polygon_of_rings(rings, place) if rings else shapely.Polygon()


def _path(lines: list[Points], place: Place) -> Shape:
    for number, line in enumerate(lines, start=1):
        if len(line) < 2:  # noqa: PLR2004 - two ends
            raise refuse("E_LINE_SHORT", place | {"part": number}, found=len(line))
    made = [shapely.LineString(line) for line in lines]
    return made[0] if len(made) == 1 else shapely.MultiLineString(made)


def _line(given: Json, place: Place, tell: Tell) -> Points:
    """Read positions, with curves between them; heights and measures are left out."""
    line: list[Points] = []
    for number, step in enumerate(_list(given, place), start=1):
        at = place | {"position": number}
        if isinstance(step, dict):
            if not line:
                raise refuse("E_GEOMETRY_BROKEN", at, found=", ".join(map(str, step)))
            line += list(_curve(line[-1], step, at)[1:])
        else:
            line.append(_position(step, at))
            if len(_list(step, at)) > 2:  # noqa: PLR2004 - without heights
                tell("W_FLAT")
    return np.array(line, dtype=np.float64).reshape(-1, 2)


def _curve(start: Points, step: Mapping[str, Json], place: Place) -> Points:
    """Give the line of an arc (c) or of a Bézier curve (b)."""
    kind = next(iter(step), "")
    points = [_position(one, place) for one in _list(step.get(kind), place)[:3]]
    if kind == "c" and len(points) == 2:  # noqa: PLR2004 - end, and one between
        end, middle = points
        return arc_points(start, middle, end)
    if kind == "b" and len(points) == 3:  # noqa: PLR2004 - end, and two handles
        end, first, second = points
        return bezier_points(start, first, second, end)
    raise refuse("E_GEOMETRY_TYPE", place, found=f"curve “{kind}”")


def _position(value: Json, place: Place) -> Points:
    pair = _list(value, place)[:2]
    if len(pair) < 2:  # noqa: PLR2004 - two coordinates
        raise refuse("E_COORD_LENGTH", place, found=len(pair))
    if not all(type(number) in _NUMBERS for number in pair):
        raise refuse("E_COORD_TYPE", place, found=type_name(pair[0]))
    return np.array(pair, dtype=np.float64)


def _list(value: Json, place: Place) -> list[Json]:
    if not isinstance(value, list):
        raise refuse("E_COORD_TYPE", place, found=type_name(value))
    return value
