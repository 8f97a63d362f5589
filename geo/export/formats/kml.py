"""KML and KMZ: a folder a kind, the page's colours, every value with its type."""

import html
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import shapely

from beltmap.geo.colours import FILL_OPACITY, kind_colour, rgb
from beltmap.geo.export.extract import Extract
from beltmap.geo.export.formats.gdal import read_layers
from beltmap.geo.export.metadata import describe
from beltmap.geo.export.names import xml_text
from beltmap.geo.export.readback import Readback, zip_files
from beltmap.geo.language.messages import other, own
from beltmap.geo.scratch import scratch

NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
SCHEMA: Final = "zone"
LINE_PIXELS: Final = 2


def write_kml(extract: Extract) -> bytes:
    """
    Write KML 2.2.

    Parameters
    ----------
    extract
        What to write, in EPSG:4326.

    Returns
    -------
    content
        UTF-8 text. Zones without geometry are placemarks without one;
        characters that XML forbids become U+FFFD. Descriptions are escaped for
        viewers, which take them for HTML.
    """
    root = ET.Element("kml", xmlns=NAMESPACE)
    document = ET.SubElement(root, "Document", id="beltmap")
    said = describe(extract)
    _say(document, "name", said["TITLE"])
    _describe(document, f"{said['ABSTRACT']} {said['SOURCES']}")
    layers = list(extract.layers())
    for layer in layers:
        _style(document, layer.kind)
    _schema(document, extract)
    for layer in layers:
        folder = ET.SubElement(document, "Folder", id=f"kind-{layer.kind}")
        _say(folder, "name", layer.label)
        _describe(folder, layer.description)
        for row in _rows(layer.zones, extract.columns):
            _placemark(folder, layer.kind, row)
    ET.indent(root, " ")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def write_kmz(extract: Extract) -> bytes:
    """
    Write KML, compressed.

    Parameters
    ----------
    extract
        What to write, in EPSG:4326.

    Returns
    -------
    archive
        ZIP archive that holds ``doc.kml``.
    """
    return zip_files({"doc.kml": write_kml(extract)})


def read_kml(content: bytes) -> Readback:
    """
    Read KML again.

    Parameters
    ----------
    content
        The file.

    Returns
    -------
    readback
        Its zones as GDAL sees them, and whether each placemark's style is one
        that the document has.
    """
    with scratch() as folder:
        path = folder / "zones.kml"
        path.write_bytes(content)
        zones = read_layers(path)
    root = ET.fromstring(content)  # noqa: S314 - what was written a moment ago
    columns = [field.get("name") for field in root.iter(f"{{{NAMESPACE}}}SimpleField")]
    styles = {style.get("id") for style in root.iter(f"{{{NAMESPACE}}}Style")}
    used = {str(url.text)[1:] for url in root.iter(f"{{{NAMESPACE}}}styleUrl")}
    return Readback(zones[[*columns, "geometry"]], styled=used <= styles)


def read_kmz(archive: bytes) -> Readback:
    """
    Read compressed KML again.

    Parameters
    ----------
    archive
        What `write_kmz` gave.

    Returns
    -------
    readback
        As `read_kml`.
    """
    with zipfile.ZipFile(BytesIO(archive)) as files:
        return read_kml(files.read("doc.kml"))


def _style(document: ET.Element, kind: str) -> None:
    red, green, blue = rgb(kind_colour(kind))
    # kml writes colours as opacity, blue, green, red
    line = f"ff{blue:02x}{green:02x}{red:02x}"
    style = ET.SubElement(document, "Style", id=f"style-{kind}")
    outline = ET.SubElement(style, "LineStyle")
    _say(outline, "color", line)
    _say(outline, "width", str(LINE_PIXELS))
    fill = ET.SubElement(style, "PolyStyle")
    _say(fill, "color", f"{round(FILL_OPACITY * 255):02x}{line[2:]}")
    balloon = ET.SubElement(style, "BalloonStyle")
    # without it a viewer would put every name and value into HTML as it is
    _say(balloon, "text", "$[description]")


def _schema(document: ET.Element, extract: Extract) -> None:
    schema = ET.SubElement(document, "Schema", name=SCHEMA, id=SCHEMA)
    for column in extract.columns:
        number = extract.zones[column].dtype.kind == "f"
        kind = "double" if number else "string"
        ET.SubElement(schema, "SimpleField", name=xml_text(column), type=kind)


def _rows(zones: gpd.GeoDataFrame, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    for row, geometry in zip(
        zones[list(columns)].to_dict("records"), zones.geometry, strict=True
    ):
        yield {"geometry": geometry, "values": row}


def _placemark(folder: ET.Element, kind: str, row: dict[str, Any]) -> None:
    values = row["values"]
    # gdal reads a column called id from here and nowhere else
    mark = ET.SubElement(folder, "Placemark", id=xml_text(str(values.get("id") or "")))
    names = [values.get(own("name")), values.get(other("name"))]
    name = " · ".join(n for n in names if isinstance(n, str) and n)
    _say(mark, "name", name or str(values.get("id", "")))
    focus = values.get(own("focus"))
    if isinstance(focus, str):
        _describe(mark, focus)
    _say(mark, "styleUrl", f"#style-{kind}")
    extended = ET.SubElement(mark, "ExtendedData")
    data = ET.SubElement(extended, "SchemaData", schemaUrl=f"#{SCHEMA}")
    for column, value in values.items():
        if not pd.isna(value):
            field = ET.SubElement(data, "SimpleData", name=xml_text(column))
            field.text = xml_text(
                repr(value) if isinstance(value, float) else str(value)
            )
    if row["geometry"] is not None:
        _polygons(mark, row["geometry"])


def _polygons(mark: ET.Element, geometry: shapely.Geometry) -> None:
    parts = shapely.get_parts(shapely.orient_polygons(geometry))
    holder = ET.SubElement(mark, "MultiGeometry") if len(parts) > 1 else mark
    for part in parts:
        if part.geom_type != "Polygon":
            shape = ET.SubElement(holder, part.geom_type)
            _say(shape, "coordinates", _coordinates(part))
            continue
        polygon = ET.SubElement(holder, "Polygon")
        rings = [("outerBoundaryIs", part.exterior)]
        rings += [("innerBoundaryIs", ring) for ring in part.interiors]
        for role, ring in rings:
            boundary = ET.SubElement(polygon, role)
            line = ET.SubElement(boundary, "LinearRing")
            _say(line, "coordinates", _coordinates(ring))


def _coordinates(line: shapely.Geometry) -> str:
    return " ".join(f"{x!r},{y!r}" for x, y in shapely.get_coordinates(line).tolist())


def _say(parent: ET.Element, tag: str, words: str) -> None:
    ET.SubElement(parent, tag).text = xml_text(words)


def _describe(parent: ET.Element, words: str) -> None:
    """Write a text that viewers take for HTML, with names in `$[...]` to be filled."""
    _say(parent, "description", html.escape(words).replace("$[", "&#36;["))
