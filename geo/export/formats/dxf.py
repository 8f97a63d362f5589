"""DXF for CAD: a layer a kind, outlines, fills and names, in metres."""

import io
import re
from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo.colours import FILL_OPACITY, OUTLINES, kind_colour, rgb
from beltmap.geo.export.extract import Extract
from beltmap.geo.export.metadata import describe
from beltmap.geo.export.readback import Readback

VERSION: Final = "R2010"
"""Read by every CAD program of the last decade; text in UTF-8."""

APPLICATION: Final = "BELTMAP"
"""Name under which each entity carries its zone's values."""

TEXT_CODE: Final = 1000
TEXT_BYTES: Final = 255
"""Group code and longest text of an entity's own data."""

METRES: Final = 6
LABEL_SHARE: Final = 0.04
"""Height of a name as a share of its zone's height."""

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
        zone's values. Each ring is a closed polyline, each part a
        see-through hatch, each name a text. Zones without geometry are not
        in it.
    """
    from ezdxf.filemanagement import new

    drawing = new(VERSION, setup=["linetypes"])
    drawing.header["$INSUNITS"] = METRES
    drawing.header["$MEASUREMENT"] = 1
    drawing.appids.add(APPLICATION)
    for key, value in describe(extract).items():
        drawing.header.custom_vars.append(key, _steady(value)[:TEXT_BYTES])
    space = drawing.modelspace()
    for kind, zones in extract.layers():
        layer = drawing.layers.add(kind)
        layer.rgb = rgb(kind_colour(kind))
        for values, geometry in _located(zones, extract.columns):
            for entity in _entities(space, kind, values, geometry):
                entity.set_xdata(APPLICATION, _own_data(values))
    content = io.StringIO()
    drawing.write(content)
    return _escaped(content.getvalue()).encode("ascii")


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

    drawing = read(io.StringIO(_unescaped(content.decode("ascii"))))
    found: dict[str, tuple[dict[str, Any], list[BaseGeometry]]] = {}
    lines: Any = drawing.modelspace().query("LWPOLYLINE")
    for line in lines:
        values = _values(line.get_xdata(APPLICATION))
        ring = shapely.Polygon(list(line.vertices()))
        found.setdefault(str(values.get("id")), (values, []))[1].append(ring)
    rows = [values for values, _ in found.values()]
    shapes = [_even_odd(rings) for _, rings in found.values()]
    styled = all(
        drawing.layers.get(str(row.get("kind"))).rgb
        == rgb(kind_colour(row.get("kind")))
        for row in rows
        if str(row.get("kind")) in drawing.layers
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


def _entities(
    space: Any,  # noqa: ANN401 - ezdxf's
    kind: str,
    values: dict[str, Any],
    geometry: BaseGeometry,
) -> Iterator[Any]:
    """Draw one zone; give each entity that came of it."""
    look = {"layer": kind}
    outline = _LINE_TYPES[OUTLINES.get(str(values.get("boundary")), "dotted")]
    for part in shapely.get_parts(geometry):
        rings = [shapely.get_coordinates(r)[:-1].tolist() for r in _rings(part)]
        fill = space.add_hatch(dxfattribs=look)
        fill.transparency = 1 - FILL_OPACITY
        # gdal and qgis fill in black what takes its colour from the layer
        fill.rgb = rgb(kind_colour(kind))
        for place, ring in enumerate(rings):
            fill.paths.add_polyline_path(
                ring, is_closed=True, flags=1 if place == 0 else 16
            )
        yield fill
        for ring in rings:
            yield space.add_lwpolyline(
                ring, close=True, dxfattribs={**look, "linetype": outline}
            )
    names = [values.get("name_en"), values.get("name_zh")]
    label = "\\P".join(_plain(name) for name in names if isinstance(name, str))
    point = geometry.representative_point()
    height = (geometry.bounds[3] - geometry.bounds[1]) * LABEL_SHARE
    yield space.add_mtext(
        label,
        dxfattribs={
            **look,
            "insert": (point.x, point.y),
            "char_height": max(height, 1.0),
            "attachment_point": 5,
        },
    )


def _rings(part: Any) -> list[BaseGeometry]:  # noqa: ANN401 - a polygon or another shape
    return [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]


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
    return [(TEXT_CODE, _cut(words)) for words in said]


def _cut(words: str) -> str:
    return words.encode()[:TEXT_BYTES].decode(errors="ignore")


def _values(data: Any) -> dict[str, Any]:  # noqa: ANN401 - ezdxf's tags
    pairs = [str(value).partition("=") for code, value in data if code == TEXT_CODE]
    return {column: _as_written(value) for column, _, value in pairs}


def _escaped(words: str) -> str:
    """
    Write characters beyond ASCII as DXF has since its first version.

    The version says UTF-8, but older GDAL reads that as Latin letters.
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
