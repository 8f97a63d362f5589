"""GeoJSON read strictly: RFC 7946, the text sequences of RFC 8142, the old crs."""

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, Notice, RefusedError, notice, refuse
from beltmap.geo.intake.raw.encoding import decode
from beltmap.geo.intake.raw.jsontext import Doubled, NonFinite, parse, sequence
from beltmap.geo.intake.rows import ABSENT, Collector, Rows
from beltmap.geo.intake.shapes import Place, to_shape, type_name

GEOMETRIES: Final = frozenset(
    {
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    }
)
_EXACT_INTEGER: Final = 2**53
_LONG_INTEGER: Final = 2**63
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_OPTIONAL: Final = {"crs", "name", "bbox"}
_CRS_LINKS: Final = frozenset({"link", "url"})
"""Types of the old crs member whose value is an address to be fetched."""


def read_geojson(data: bytes, *, limits: Limits, encoding: str | None = None) -> Rows:
    """
    Read a GeoJSON file.

    Parameters
    ----------
    data
        The whole file: UTF-8, or another encoding that its bytes show.
    limits
        How large it may be.
    encoding
        Encoding of the text that a person chose.

    Returns
    -------
    rows
        One row a feature; geometries in the coordinates of the file. The CRS
        is the one of the old ``crs`` member, ``"OGC:CRS84"`` without one, and
        None where the member is null.

    Raises
    ------
    RefusedError
        If the file as a whole cannot be read.
    """
    words, encoding, notices = decode(data, chosen=encoding)
    _check_text(words)
    collector = Collector(limits)
    collector.notices += notices
    texts = sequence(words)
    features: Iterable[Json]
    head: dict[str, Json] = {}
    if texts is None:
        root = parse(words, digits=limits.digits)
        features, head = _root(root, collector)
    else:
        collector.notices.append(notice("W_GEOJSONSEQ", n=len(texts)))
        features = _texts(texts, limits)
    for feature in features:
        _feature(feature, collector)
    crs, crs_notices = _crs(head)
    collector.notices += crs_notices
    _check_left(head)
    name = head.get("name")
    rows = collector.rows(name=name if isinstance(name, str) else "", crs=crs)
    return replace(_wound(rows), encoding=encoding)


def _check_text(words: str) -> None:
    """Refuse what is not JSON at all by what it is."""
    begin = words.lstrip(" \t\r\n\x1e")[:200]
    if begin.startswith("<"):
        html = re.match(r"<(!doctype\s+)?html|<head|<body", begin, re.IGNORECASE)
        raise refuse("E_NOT_JSON", found="HTML" if html else "XML")
    if "\x00" in words[:4096]:
        raise refuse("E_NOT_JSON", found="binary")


def _texts(texts: list[tuple[int, str]], limits: Limits) -> Iterator[Json]:
    """Read the texts of a sequence one by one."""
    for line, words in texts:
        try:
            value = parse(words, digits=limits.digits)
        except RefusedError as error:
            at = error.notice.place
            place = dict(at) | {"line": line + at.get("line", 1) - 1}
            raise RefusedError(replace(error.notice, place=place)) from None
        if isinstance(value, dict) and value.get("type") == "FeatureCollection":
            raise refuse("E_JSON_TRAILING", {"line": line, "column": 1})
        yield value


def _root(root: Json, collector: Collector) -> tuple[list[Json], dict[str, Json]]:
    """Go from the root to the features."""
    if not isinstance(root, dict):
        raise refuse("E_ROOT_TYPE", found=type_name(root))
    kind = root.get("type")
    if isinstance(root, Doubled):
        _check_doubled(root, {}, collector)
    if kind == "Feature":
        return [root], {"crs": root["crs"]} if "crs" in root else {}
    if isinstance(kind, str) and kind in GEOMETRIES:
        collector.notices.append(notice("W_BARE_GEOMETRY_WRAPPED", n=1))
        return [_wrapped(root)], {key: root[key] for key in root if key in _OPTIONAL}
    if kind != "FeatureCollection":
        known = isinstance(kind, str) and kind in {"gdal_streamed_alg", "Topology"}
        raise refuse("E_ROOT_TYPE" if known else "E_NOT_GEOJSON", found=str(kind))
    if "features" not in root:
        raise refuse("E_NO_FEATURES_MEMBER")
    features = root["features"]
    if not isinstance(features, list):
        raise refuse("E_FEATURES_NOT_ARRAY", found=type_name(features))
    bare = [_is_geometry(feature) for feature in features]
    if any(bare):
        collector.notices.append(notice("W_BARE_GEOMETRY_WRAPPED", n=sum(bare)))
    wrapped = [
        _wrapped(feature) if is_bare else feature
        for feature, is_bare in zip(features, bare, strict=True)
    ]
    return wrapped, {key: root[key] for key in root if key != "features"}


def _is_geometry(feature: Json) -> bool:
    return (
        isinstance(feature, dict)
        and isinstance(feature.get("type"), str)
        and feature["type"] in GEOMETRIES
    )


def _wrapped(geometry: Json) -> dict[str, Json]:
    return {"type": "Feature", "properties": {}, "geometry": geometry}


def _feature(feature: Json, collector: Collector) -> None:
    """Read one feature into the collector, or set it aside."""
    place = collector.begin()
    try:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            kind = feature.get("type") if isinstance(feature, dict) else feature
            found = kind if isinstance(kind, str) else type_name(kind)
            raise refuse("E_FEATURE_TYPE", place, found=found)
        if isinstance(feature, Doubled):
            _check_doubled(feature, place, collector)
        record = _record(feature, place, collector)
        identity = _identity(feature, place, collector)
        shape = _shape(feature, place, collector)
    except RefusedError as error:
        if error.notice.code in {"E_JSON_NONFINITE", "E_DUP_MEMBER"}:
            raise
        collector.refuse(error)
    else:
        collector.add(record, shape, identity=identity)


def _shape(
    feature: dict[str, Json], place: Place, collector: Collector
) -> Shape | None:
    if "geometry" not in feature:
        for member in ("coordinates", "geometries"):
            if member in feature:
                raise refuse("E_MISPLACED_MEMBER", place, member=member)
        collector.tell("W_NO_GEOMETRY")
        return None
    geometry = feature["geometry"]
    if geometry is None:
        collector.tell("W_NULL_GEOMETRY")
        return None
    if isinstance(geometry, Doubled):
        raise refuse("E_DUP_MEMBER", place, member=", ".join(geometry.doubles()))
    return to_shape(geometry, place, collector.tell)


def _identity(feature: dict[str, Json], place: Place, collector: Collector) -> Json:
    if "id" not in feature:
        return ABSENT
    identity = feature["id"]
    if isinstance(identity, bool | dict | list | NonFinite) or identity is None:
        found = type_name(identity)
        collector.notices.append(notice("W_BAD_ID", place, found=found))
        return ABSENT
    return _clean(identity, place, "id", collector)


def _record(
    feature: dict[str, Json], place: Place, collector: Collector
) -> dict[str, Json]:
    """Read the properties of a feature."""
    if "properties" not in feature:
        collector.tell("W_NO_PROPERTIES")
        return {}
    properties = feature["properties"]
    if properties is None:
        return {}
    if not isinstance(properties, dict):
        raise refuse("E_PROPERTIES_TYPE", place, found=type_name(properties))
    if isinstance(properties, Doubled):
        for key, values in properties.doubles().items():
            shown = [json_text(value) for value in values]
            doubled = notice("W_DUP_KEY", place, member=key, values=shown)
            collector.notices.append(doubled)
    return {
        _clean_text(key, place, key, collector): _clean(value, place, key, collector)
        for key, value in properties.items()
    }


def _clean(value: Json, place: Place, key: str, collector: Collector) -> Json:
    """Make one value fit for a table, and say so where it changes."""
    if isinstance(value, str):
        return _clean_text(value, place, key, collector)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return _whole(value, key, collector)
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        value = NonFinite("a number beyond 1e308")
    if isinstance(value, NonFinite):
        raise refuse("E_JSON_NONFINITE", place | {"key": key}, found=value.word)
    collector.tell_column("W_NESTED_AS_JSON", key)
    return _clean_text(json_text(value, place | {"key": key}), place, key, collector)


def _whole(value: int, key: str, collector: Collector) -> int | str:
    if -_LONG_INTEGER <= value < _LONG_INTEGER:
        if abs(value) > _EXACT_INTEGER:
            collector.tell_column("W_BIG_INT", key)
        return value
    collector.tell_column("W_BIG_INT_AS_TEXT", key)
    return str(value)


def _clean_text(words: str, place: Place, key: str, collector: Collector) -> str:
    if len(words) > collector.limits.text_characters:
        limit = collector.limits.text_characters
        raise refuse("E_TEXT_TOO_LONG", place | {"key": key}, limit=limit)
    if words.isascii() or not _SURROGATE.search(words):
        return words
    at = place | {"key": _SURROGATE.sub("\ufffd", key)}
    collector.notices.append(notice("W_BAD_UNICODE", at))
    return _SURROGATE.sub("\ufffd", words)


def json_text(value: Json, place: Place | None = None) -> str:
    """
    Write a nested value as JSON text.

    Raises
    ------
    RefusedError
        If there is a NaN or an Infinity in it, or it is nested too deep.
    """
    if _nonfinite(value):
        raise refuse("E_JSON_NONFINITE", place, found="NaN or Infinity")
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        raise refuse("E_JSON_DEPTH", place) from None


def _nonfinite(value: Json) -> bool:
    """Find NaN or Infinity anywhere in a value."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, NonFinite):
            return True
        if isinstance(item, float) and not math.isfinite(item):
            return True
        stack += item if isinstance(item, list) else ()
        stack += item.values() if isinstance(item, dict) else ()
    return False


def _check_doubled(members: Doubled, place: Place, collector: Collector) -> None:
    """Refuse a member given twice where only one of the two can be meant."""
    for key, values in members.doubles().items():
        if key in {"type", "geometry", "properties", "features", "crs"}:
            raise refuse("E_DUP_MEMBER", place, member=key)
        shown = [json_text(value) for value in values]
        collector.notices.append(notice("W_DUP_KEY", place, member=key, values=shown))


def _check_left(head: dict[str, Json]) -> None:
    """Refuse NaN also where nothing is read."""
    for key, value in head.items():
        if _nonfinite(value):
            raise refuse("E_JSON_NONFINITE", {"key": key}, found="NaN or Infinity")


def _crs(head: dict[str, Json]) -> tuple[str | None, list[Notice]]:
    """Read the crs member that GeoJSON had until 2016."""
    if "crs" not in head:
        return "OGC:CRS84", []
    member = head["crs"]
    if member is None:
        return None, [notice("E_CRS_UNSPECIFIED")]
    name = None
    kind = member.get("type") if isinstance(member, dict) else None
    if isinstance(kind, str) and kind.lower() in _CRS_LINKS:
        raise refuse("E_CRS_LINK", found=kind)
    if kind == "name":
        properties = member.get("properties")
        name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        return "OGC:CRS84", [notice("W_CRS_IGNORED", found=type_name(member))]
    return name, []


def _wound(rows: Rows) -> Rows:
    """Say how many valid polygons wind against the right-hand rule."""
    bounds = shapely.bounds(rows.geometries)
    # a ring across the meridian of 180 degrees seems to run the wrong way
    # a number such as 1e999 is read as infinite, and is refused later
    with np.errstate(invalid="ignore"):
        width = np.nan_to_num(bounds[:, 2] - bounds[:, 0])
    narrow = width <= 180  # noqa: PLR2004 - degrees
    valid = shapely.is_valid(rows.geometries) & narrow
    sound = rows.geometries.copy()
    sound[~valid] = None
    polygons, owner = shapely.get_parts(sound, return_index=True)
    kept = shapely.get_type_id(polygons) == 3  # noqa: PLR2004 - GEOS calls a polygon 3
    rings, of = shapely.get_rings(polygons[kept], return_index=True)
    if not len(rings):
        return rows
    first = np.append(True, of[1:] != of[:-1])
    wrong = np.unique(owner[kept][of[shapely.is_ccw(rings) != first]])
    if not len(wrong):
        return rows
    place = {"features": [int(rows.numbers[row]) for row in wrong]}
    said = notice("W_WINDING", place, n=len(wrong))
    return replace(rows, notices=(*rows.notices, said))
