"""DXF for CAD: outlines, fills and names of each kind on layers, in metres."""

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo.colours import OUTLINES, kind_colour, rgb
from beltmap.geo.export.extract import Extract, Layer
from beltmap.geo.export.metadata import describe
from beltmap.geo.export.readback import Readback
from beltmap.geo.language.messages import other, own, text

VERSION: Final = "R2004"
ENCODING: Final = "gbk"
"""First version with true colours; GDAL reads Chinese layers in no later one."""

APPLICATION: Final = "BELTMAP"
"""Name under which each entity carries its zone's values."""

TEXT_CODE: Final = 1000
TEXT_BYTES: Final = 255
"""Group code and longest text of an entity's own data."""

METRES: Final = 6
LABEL_SHARE: Final = 0.05
"""Height of a name as a share of its zone's width."""

STYLE: Final = "BELTMAP"
FONT: Final = ("simsun.ttc", "SimSun")
"""Style of the names; file and family of a font that is in every Windows."""

PATTERN: Final = "ANSI31"
PATTERN_STEP: Final = 3.175
"""Slanted lines that every CAD program has, and so many units from each other."""

LINES: Final = 15
TURN: Final = 30
"""Lines of a fill across its zone; degrees by which each kind's are turned."""

_CODE: Final = re.compile(r"(?<=\\)([UM])\+")
"""Letter of a coded character, behind its backslash."""

_LINE_TYPES: Final = {
    "solid": "CONTINUOUS",
    "dashed": "DASHED",
    "dotted": "DOT",
    "dashdot": "DASHDOT",
}


def write_dxf(extract: Extract) -> bytes:
    """
    Write a drawing.

    Parameters
    ----------
    extract
        What to write, in a projected CRS.

    Returns
    -------
    content
        DXF text with true colours, units of metres, and on each entity the
        zone's values. Each ring is a closed polyline on the layer of its kind,
        each part a hatch of lines on a layer beside it, which hides nothing
        even where a program prints nothing see-through, each name a text on a
        third. Zones without geometry are not in it.
    """
    from ezdxf.filemanagement import new

    drawing = new(VERSION, setup=["linetypes"])
    drawing.encoding = ENCODING
    drawing.header["$INSUNITS"] = METRES
    drawing.header["$MEASUREMENT"] = 1
    drawing.appids.add(APPLICATION)
    for key, value in describe(extract).items():
        drawing.header.custom_vars.append(key, _escaped(_steady(value)[:TEXT_BYTES]))
    font, family = FONT
    drawing.styles.add(STYLE, font=font).set_extended_font_data(family)
    layers = list(extract.layers())
    # programs draw what comes later on top: all fills lie under all outlines
    for part, draw in _PARTS.items():
        for turn, layer in enumerate(layers):
            look = {"layer": _add_layer(drawing, layer, part)}
            pen = _Pen(drawing.modelspace(), look, turn * TURN, layer.kind)
            for values, geometry in _located(layer.zones, extract.columns):
                for entity in draw(pen, values, geometry):
                    entity.set_xdata(APPLICATION, _own_data(values))
    content = io.StringIO()
    drawing.write(content)
    # ezdxf's way with letters that the code page lacks
    return content.getvalue().encode(ENCODING, errors="dxfreplace")


def read_dxf(content: bytes) -> Readback:
    """
    Read a drawing again.

    Parameters
    ----------
    content
        What `write_dxf` gave.

    Returns
    -------
    readback
        Zones put together from their outlines and the values that these
        carry; a drawing has no CRS.
    """
    from ezdxf.filemanagement import read

    drawing = read(io.StringIO(_unescaped(content.decode(ENCODING))))
    found: dict[str, tuple[dict[str, Any], list[BaseGeometry]]] = {}
    lines: Any = drawing.modelspace().query("LWPOLYLINE")
    for line in lines:
        values = _values(line.get_xdata(APPLICATION))
        ring = shapely.Polygon(list(line.vertices()))
        found.setdefault(str(values.get("id")), (values, []))[1].append(ring)
    rows = [values for values, _ in found.values()]
    shapes = [_even_odd(rings) for _, rings in found.values()]
    styled = all(
        drawing.layers.get(line.dxf.layer).rgb
        == rgb(kind_colour(_values(line.get_xdata(APPLICATION)).get("kind")))
        for line in lines
    )
    return Readback(gpd.GeoDataFrame(rows, geometry=shapes), styled=styled)


def _located(
    zones: gpd.GeoDataFrame, columns: list[str]
) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    for values, geometry in zip(
        zones[columns].to_dict("records"), zones.geometry, strict=True
    ):
        if geometry is not None:
            yield values, geometry


@dataclass(frozen=True, eq=False)
class _Pen:
    """Where the zones of a kind are drawn, and how."""

    space: Any
    look: dict[str, Any]
    turn: float
    kind: str


def _add_layer(drawing: Any, layer: Layer, part: str) -> str:  # noqa: ANN401 - ezdxf's
    """Add a layer for a part of the zones of a kind; give its name."""
    name = layer.name + (f"_{text(f'export.dxf.{part}')}" if part else "")
    added = drawing.layers.add(name)
    added.rgb = rgb(kind_colour(layer.kind))
    added.description = _escaped(_steady(layer.description))
    return name


def _fills(pen: _Pen, _: dict[str, Any], geometry: BaseGeometry) -> Iterator[Any]:
    scale = max(_across(geometry), 1.0) / LINES / PATTERN_STEP
    for part in shapely.get_parts(geometry):
        fill = pen.space.add_hatch(dxfattribs=pen.look)
        fill.set_pattern_fill(PATTERN, scale=scale, angle=pen.turn)
        # gdal and qgis fill in black what takes its colour from the layer
        fill.rgb = rgb(kind_colour(pen.kind))
        for place, ring in enumerate(_rings(part)):
            fill.paths.add_polyline_path(
                ring, is_closed=True, flags=1 if place == 0 else 16
            )
        yield fill


def _outlines(
    pen: _Pen, values: dict[str, Any], geometry: BaseGeometry
) -> Iterator[Any]:
    dash = _LINE_TYPES[OUTLINES.get(str(values.get("boundary")), "dotted")]
    look = {**pen.look, "linetype": dash}
    for part in shapely.get_parts(geometry):
        for ring in _rings(part):
            yield pen.space.add_lwpolyline(ring, close=True, dxfattribs=look)


def _labels(pen: _Pen, values: dict[str, Any], geometry: BaseGeometry) -> Iterator[Any]:
    names = [values.get(own("name")), values.get(other("name"))]
    label = "\\P".join(
        _escaped(_plain(name)) for name in names if isinstance(name, str)
    )
    point = geometry.representative_point()
    height = _across(geometry) * LABEL_SHARE
    look = {
        **pen.look,
        "style": STYLE,
        "insert": (point.x, point.y),
        "char_height": max(height, 1.0),
        "attachment_point": 5,
    }
    yield pen.space.add_mtext(label, dxfattribs=look)


_PARTS: Final = {"fill": _fills, "": _outlines, "names": _labels}
"""How each part is drawn, the lowest first; outlines are on the kind's own layer."""


def _across(geometry: BaseGeometry) -> float:
    """Measure the side of a square as large as a shape; long ones are narrow."""
    return math.sqrt(geometry.area)


def _rings(part: Any) -> list[list[list[float]]]:  # noqa: ANN401 - a polygon or another shape
    """Give the corners of each ring, the outer one first, none of them twice."""
    polygon = part.geom_type == "Polygon"
    rings = [part.exterior, *part.interiors] if polygon else [part]
    return [shapely.get_coordinates(ring)[:-1].tolist() for ring in rings]


def _plain(words: str) -> str:
    r"""Keep a text from being read as formatting: `\P`, braces, `%%d` and `^J`."""
    for mark in "\\{}":
        words = words.replace(mark, f"\\{mark}")
    # an empty group parts two signs that would be one symbol together
    return _steady(words).replace("%%", "%{}%").replace("%%", "%{}%")


def _steady(words: str) -> str:
    """Keep a text on its line, and its carets and codes from being read as others."""
    plain = "".join(c if c.isprintable() else " " for c in words)
    plain = plain.replace("^", "^ ")
    # what a reader would take for the code of a character
    return _CODE.sub(lambda found: rf"\U+{ord(found[1]):04X}+", plain)


def _as_written(words: str) -> str:
    """Undo `_steady`, but for what is not printable."""
    return words.replace("^ ", "^")


def _own_data(values: dict[str, Any]) -> list[tuple[int, str]]:
    """Write a zone's values as an entity's own data, cut where they may not go on."""
    said = [
        f"{column}={_steady(str(value))}"
        for column, value in values.items()
        if not pd.isna(value)
    ]
    return [(TEXT_CODE, _escaped(_cut(words))) for words in said]


def _cut(words: str) -> str:
    return words.encode()[:TEXT_BYTES].decode(errors="ignore")


def _values(data: Any) -> dict[str, Any]:  # noqa: ANN401 - ezdxf's tags
    pairs = [str(value).partition("=") for code, value in data if code == TEXT_CODE]
    return {column: _as_written(value) for column, _, value in pairs}


def _escaped(words: str) -> str:
    """
    Write characters beyond ASCII as DXF has since its first version.

    Half of a character of the code page may look like the sign of a code.
    """
    return re.sub(
        r"[^\x00-\x7f]+",
        lambda found: re.sub(
            "....",
            lambda unit: f"\\U+{unit.group().upper()}",
            found.group().encode("utf-16-be").hex(),
        ),
        words,
    )


def _unescaped(words: str) -> str:
    return re.sub(
        r"(?:\\U\+[0-9A-F]{4})+",
        lambda found: bytes.fromhex(found.group().replace("\\U+", "")).decode(
            "utf-16-be", errors="replace"
        ),
        words,
    )


def _even_odd(rings: list[BaseGeometry]) -> BaseGeometry:
    """Put parts and holes together: a ring inside another cuts it."""
    shape = rings[0]
    for ring in rings[1:]:
        shape = shape.symmetric_difference(ring)
    return shape
