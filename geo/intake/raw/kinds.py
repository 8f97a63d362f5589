"""Formats that share a dress: which JSON it is, and which XML."""

import re
from typing import Final

import orjson

_TOP: Final = re.compile(
    rb'"(?:Topology|attributes|geometryType|spatialReference|UTF8Encoding)"'
)
_ESRI: Final = frozenset(
    {"geometryType", "spatialReference", "fieldAliases", "objectIdFieldName"}
)
_HEAD: Final = 4096


def json_kind(data: bytes) -> str:
    """
    Tell what a JSON text holds, by the members of its root alone.

    Parameters
    ----------
    data
        The whole file.

    Returns
    -------
    kind
        ``topojson``, ``esrijson``, ``echarts`` (packed for that library),
        else ``geojson``: also what is no JSON, or broken.

    Examples
    --------
    >>> json_kind(b'{"type": "Topology", "objects": {}, "arcs": []}')
    'topojson'
    >>> json_kind(b'{"type": "Feature", "properties": {"type": "Topology"}}')
    'geojson'
    """
    if not _TOP.search(data):
        return "geojson"
    try:
        root = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return _cut_kind(data)
    return _root_kind(root) if isinstance(root, dict) else "geojson"


def _cut_kind(data: bytes) -> str:
    """Tell what a text was before it was cut or broken, by its first members."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb'\{\s*"type"\s*:\s*"Topology"', head):
        return "topojson"
    members = rb"|".join(name.encode() for name in sorted(_ESRI))
    return "esrijson" if re.match(rb'\{\s*"(?:' + members + rb')"', head) else "geojson"


def _root_kind(root: dict[str, object]) -> str:
    kind = root.get("type")
    if kind == "Topology":
        return "topojson"
    if root.get("UTF8Encoding"):
        return "echarts"
    return "esrijson" if kind is None and _is_esri(root) else "geojson"


def _is_esri(root: dict[str, object]) -> bool:
    features = root.get("features")
    if isinstance(features, list):
        first = features[0] if features else {}
        of_esri = isinstance(first, dict) and "type" not in first
        return of_esri and ("attributes" in first or bool(_ESRI & set(root)))
    return "attributes" in root and "geometry" in root


_BEFORE_ROOT: Final = re.compile(
    rb"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)*"
    rb"<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL,
)
_GML: Final = (b"opengis.net/gml", b"opengis.net/wfs")


def xml_kind(data: bytes) -> str:
    """
    Tell what an XML text holds, by its root.

    Parameters
    ----------
    data
        Its beginning, one byte a letter.

    Returns
    -------
    kind
        ``gpx``, ``gml`` (also the answer of a WFS), else ``XML``.

    Examples
    --------
    >>> xml_kind(b"<?xml version='1.0'?><!-- a --><gpx version='1.1'/>")
    'gpx'
    >>> xml_kind(b"<kml xmlns='http://www.opengis.net/kml/2.2'/>")
    'XML'
    """
    head = data[:_HEAD]
    root = _BEFORE_ROOT.match(head)
    name = root[1] if root else b""
    if name == b"gpx":
        return "gpx"
    other = name in {b"kml", b"OGRVRTDataSource", b"OGRWFSDataSource"}
    return "gml" if not other and any(one in head for one in _GML) else "XML"
