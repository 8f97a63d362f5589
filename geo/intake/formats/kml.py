"""KML read by an XML parser that knows no document types and follows no link."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final
from xml.parsers import expat

import numpy as np
import shapely

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, RefusedError, notice, refuse
from beltmap.geo.intake.raw.encoding import decode
from beltmap.geo.intake.raw.sniff import not_read
from beltmap.geo.intake.rows import Collector, Rows
from beltmap.geo.intake.shapes import Place, to_shape

_DECLARED: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING: Final = re.compile(
    rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']"
)
_HEAD: Final = 200
"""First bytes of a file, among which its encoding is stated."""

_SPACED: Final = re.compile(r",\s+(?=[-+.\d])|(?<=\d)\s+,")
_SHAPES: Final = frozenset({"Point", "LineString", "LinearRing", "Polygon"})
_UNSUPPORTED: Final = frozenset(
    {
        "GroundOverlay",
        "ScreenOverlay",
        "PhotoOverlay",
        "Model",
        "Track",
        "MultiTrack",
        "Tour",
    }
)
_NAMED: Final = {
    "gpx": "GPX",
    "FeatureCollection": "GML",
    "GPXFile": "GPX",
    "osm": "OSM",
    "svg": "SVG",
    "html": "HTML",
    "rss": "GeoRSS",
    "TopologicalModel": "GML",
}
_FIELDS: Final = frozenset(
    {"name", "description", "address", "phoneNumber", "visibility"}
)


def read_kml(data: bytes, *, limits: Limits, encoding: str | None = None) -> Rows:
    """
    Read a KML file.

    Parameters
    ----------
    data
        The whole file.
    limits
        How large and how deep it may be.
    encoding
        Encoding of the text that a person chose; else it is as the file states.

    Returns
    -------
    rows
        One row a placemark: its name, description, extended data (all text)
        and the names of the folders around it; WGS 84, with heights.

    Raises
    ------
    RefusedError
        If it is not KML or not well formed, declares a document type, or is
        nested too deep.
    """
    reader = KmlReader(Collector(limits, "placemark"))
    used = reader.document(data, encoding)
    return reader.finished(used)


@dataclass
class _Mark:
    """One placemark while it is read."""

    place: Place
    record: dict[str, Json] = field(default_factory=dict)
    shapes: list[dict[str, Json]] = field(default_factory=list)
    spaced: bool = False


@dataclass
class KmlReader:
    """Follows the elements of KML, document after document."""

    collector: Collector
    name: str = ""
    path: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    mark: _Mark | None = None
    rings: dict[str, list[Json]] = field(default_factory=dict)
    key: str = ""
    links: int = 0
    hrefs: list[str] = field(default_factory=list)
    unsupported: dict[str, int] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)

    def document(self, data: bytes, encoding: str | None) -> str:
        """Read one document; gives its encoding."""
        stated = _ENCODING.match(data[:_HEAD])
        declared = stated[1].decode("ascii") if stated else None
        words, used, notices = decode(data, declared=declared, chosen=encoding)
        if "\x00" in words:
            line = words.count("\n", 0, words.find("\x00")) + 1
            raise refuse("E_XML_SYNTAX", {"line": line}, found="NUL")
        self.collector.notices += notices
        self._parse(_DECLARED.sub("", words))
        return used

    def finished(self, encoding: str) -> Rows:
        """Put the rows together, and say what was passed over."""
        strange = sorted(self.prefixes - self.declared - {"xml", "xmlns"})
        if strange:
            self.say("W_XML_PREFIX", n=len(strange), found=strange)
        if self.links > 0:
            self.say("W_KML_LINK_IGNORED", n=self.links)
        if self.unsupported:
            n = sum(self.unsupported.values())
            self.say("W_KML_UNSUPPORTED", n=n, found=list(self.unsupported))
        rows = self.collector.rows(name=self.name, crs="OGC:CRS84")
        return replace(rows, encoding=encoding)

    def _parse(self, words: str) -> None:
        # without namespaces: an undeclared prefix is said, and stops nothing
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.words.append
        try:
            parser.Parse(words.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as error:
            place = {"line": error.lineno, "column": error.offset + 1}
            why = expat.ErrorString(error.code)
            raise refuse("E_XML_SYNTAX", place, found=why) from None

    def say(self, code: str, **values: Json) -> None:
        """Say something of the file as a whole."""
        self.collector.notices.append(notice(code, **values))

    def _doctype(self, *_: object) -> None:
        raise refuse("E_XML_DTD")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        element = self._bare(tag, attributes)
        if not self.path and element != "kml":
            known = _NAMED.get(element)
            raise not_read(known) if known else refuse("E_KML_ROOT", found=element)
        self.path.append(element)
        if len(self.path) > self.collector.limits.depth:
            raise refuse("E_XML_DEPTH", limit=self.collector.limits.depth)
        self.words.clear()
        if element == "Placemark":
            self.mark = _Mark(self.collector.begin())
        elif element == "Folder":
            self.folders.append("")
        elif element in {"Data", "SimpleData"}:
            self.key = attributes.get("name", "")
        elif element == "Polygon":
            self.rings = {"outer": [], "inner": []}
        elif element == "NetworkLink":
            self.links += 1
        elif element in _UNSUPPORTED:
            self.unsupported[element] = self.unsupported.get(element, 0) + 1

    def _bare(self, tag: str, attributes: dict[str, str]) -> str:
        """Take the prefix off an element's name, and note which are used."""
        for name in attributes:
            prefix, _, rest = name.rpartition(":")
            self.prefixes |= {prefix} - {""}
            self.declared |= {rest} if prefix == "xmlns" else set()
        prefix, _, element = tag.rpartition(":")
        self.prefixes |= {prefix} - {""}
        return element

    def _end(self, tag: str) -> None:
        element = tag.rpartition(":")[2]
        words = "".join(self.words)
        self.words.clear()
        self.path.pop()
        parent = self.path[-1] if self.path else ""
        handle = _ENDS.get(element)
        if handle is not None:
            handle(self, words, parent)
        elif self.mark is not None and parent == "Placemark" and element in _FIELDS:
            self.mark.record[element] = words

    def end_name(self, words: str, parent: str) -> None:
        """Keep the name of whatever it is the name of."""
        if parent == "Placemark" and self.mark is not None:
            self.mark.record["name"] = words
        elif parent == "Folder" and self.folders:
            self.folders[-1] = words
        elif parent == "Document" and not self.name:
            self.name = words

    def end_value(self, words: str, _: str) -> None:
        """Keep one extended datum."""
        if self.mark is not None and self.key:
            self.mark.record[self.key] = words
            self.key = ""

    def end_href(self, words: str, parent: str) -> None:
        """Note where a link leads."""
        if parent in {"Link", "Url"} and "NetworkLink" in self.path:
            self.hrefs.append(words.strip())

    def end_folder(self, _: str, __: str) -> None:
        """Leave a folder."""
        self.folders.pop()

    def end_coordinates(self, words: str, parent: str) -> None:
        """Read a list of coordinates."""
        if self.mark is None or parent not in _SHAPES:
            return
        spaced = _SPACED.sub(",", words)
        self.mark.spaced |= spaced != words
        positions = [
            [_coordinate(number) for number in tuple_.split(",")]
            for tuple_ in spaced.split()
        ]
        if parent == "LinearRing" and "Polygon" in self.path:
            outer = "outerBoundaryIs" in self.path
            self.rings["outer" if outer else "inner"].append(positions)
        elif parent == "Point":
            self._shape("Point", positions[0] if positions else [])
        else:
            self._shape("LineString", positions)

    def end_polygon(self, _: str, __: str) -> None:
        """Put the rings of a polygon together."""
        if self.mark is not None:
            self._shape("Polygon", [*self.rings["outer"], *self.rings["inner"]])

    def _shape(self, kind: str, coordinates: list[Json]) -> None:
        if self.mark is not None:
            self.mark.shapes.append({"type": kind, "coordinates": coordinates})

    def end_placemark(self, _: str, __: str) -> None:
        """Add the placemark to the rows, or set it aside."""
        mark, self.mark = self.mark, None
        if mark is None:
            return
        folder = " / ".join(name for name in self.folders if name)
        record = mark.record | ({"folder": folder} if folder else {})
        try:
            shape = _geometry(mark, self.collector)
        except RefusedError as error:
            self.collector.refuse(error)
            return
        if mark.spaced:
            self.collector.tell("W_KML_SPACES")
        if shape is None:
            self.collector.tell("W_NULL_GEOMETRY")
        self.collector.add(record, shape)


def _geometry(mark: _Mark, collector: Collector) -> Shape | None:
    if not mark.shapes:
        return None
    shapes = [to_shape(shape, mark.place, collector.tell) for shape in mark.shapes]
    if len(shapes) == 1:
        return shapes[0]
    kinds = {shape.geom_type for shape in shapes}
    many: dict[str, Callable[[list[Shape]], Shape]] = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    kind = kinds.pop() if len(kinds) == 1 else ""
    if kind and not any(shape.is_empty for shape in shapes):
        return many[kind](shapes)
    return shapely.GeometryCollection(shapes)


def _coordinate(words: str) -> Json:
    """Read one number; what is none is left to be named by its position."""
    try:
        number = float(words)
    except ValueError:
        return words
    return number if np.isfinite(number) else words


_ENDS: Final[dict[str, Callable[[KmlReader, str, str], None]]] = {
    "name": KmlReader.end_name,
    "value": KmlReader.end_value,
    "SimpleData": KmlReader.end_value,
    "Folder": KmlReader.end_folder,
    "href": KmlReader.end_href,
    "coordinates": KmlReader.end_coordinates,
    "Polygon": KmlReader.end_polygon,
    "Placemark": KmlReader.end_placemark,
}
