"""DXF: closed outlines of a drawing are zones, the text inside is their name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from beltmap.geo.geometry.area import Geometries, Shape
from beltmap.geo.intake.formats.columnar import collect
from beltmap.geo.intake.formats.gdal.dxftext import looked_over
from beltmap.geo.intake.formats.gdal.layers import Source, Table
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, Notice, RefusedError, notice, refuse
from beltmap.geo.intake.raw.encoding import decode
from beltmap.geo.intake.raw.wkb import shape_of_wkb
from beltmap.geo.intake.rows import Rows

_BINARY: Final = b"AutoCAD Binary DXF"
_VARIABLE: Final = re.compile(
    rb"\$(DWGCODEPAGE|ACADVER)\s*\r?\n\s*\d+\s*\r?\n\s*([\w.-]+)"
)
_ESCAPED: Final = re.compile(
    r"\\U\+([0-9A-Fa-f]{4})|\\M\+([1-5])([0-9A-Fa-f]{4})", re.ASCII
)
_PAGES: Final = ("cp932", "cp950", "cp949", "johab", "gb18030")
_UNICODE_SINCE: Final = b"AC1021"
_FORMATS: Final = re.compile(r"\\[A-Za-z][^;\\{}]*;|[{}]|\\[LlOoKk]")
_BREAKS: Final = re.compile(r"\\P|\s+")
_SAME: Final = 1e-6
"""Units of the drawing within which a hatch and an outline are the same."""

_AREA: Final = 2
_TEXTS: Final = ("AcDbText", "AcDbMText", "AcDbAttribute")


def read_dxf(data: bytes, *, limits: Limits, encoding: str | None = None) -> Rows:
    """
    Read a DXF drawing.

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
        One row a closed polyline or hatch: its layer, and as its name the text
        inside it that no smaller outline holds; without any of them, one row a
        line, point or text. No CRS: a drawing states none.

    Raises
    ------
    RefusedError
        If it cannot be read, or if this is not the worker.
    """
    if data.startswith(_BINARY):
        raise refuse("E_DRAWING_BROKEN", found=": it is a binary DXF")
    words, used, said = decode(data, declared=_code_page(data), chosen=encoding)
    said = () if data.isascii() else said
    words = _ESCAPED.sub(_unescaped, words)
    text = looked_over(words)
    if text.entities() > limits.rows:
        raise refuse("E_TOO_MANY_ROWS", limit=limits.rows)
    source = Source("dxf", words.encode("utf-8", "replace"), "E_DRAWING_BROKEN", limits)
    if "entities" not in source.layers():
        raise refuse("E_DRAWING_BROKEN", found="")
    table = source.table("entities")
    drawing = _Drawing(table)
    areas = np.flatnonzero(drawing.areas)
    rows = _zones(drawing, areas, limits) if len(areas) else _others(drawing, limits)
    n = sum(
        drawing.handles[row] in text.curved for row in (areas if len(areas) else ())
    )
    round_ = (notice("W_CURVES", n=n),) if n else ()
    return replace(rows, encoding=used, notices=(*said, *round_, *rows.notices))


def _code_page(data: bytes) -> str | None:
    """Read which encoding a drawing states: by its version, or by name."""
    stated = dict(_VARIABLE.findall(data[:100_000]))
    if stated.get(b"ACADVER", b"") >= _UNICODE_SINCE:
        return "utf-8"
    page: bytes = stated.get(b"DWGCODEPAGE", b"")
    return page.decode("ascii").upper().replace("ANSI_", "cp") or None


def _unescaped(found: re.Match[str]) -> str:
    """Read one letter that an old drawing writes by its number."""
    if found[1]:
        return chr(int(found[1], 16))
    codec = _PAGES[int(found[2]) - 1]
    return bytes.fromhex(found[3]).decode(codec, "replace")


class _Drawing:
    """The entities of a drawing, column by column."""

    def __init__(self, table: Table) -> None:
        size = len(table.shapes)
        self.shapes: Geometries = np.empty(size, dtype=object)
        self.shapes[:] = [_shape(blob) for blob in table.shapes]

        def column(name: str) -> list[str]:
            values = table.columns.get(name, [None] * size)
            return ["" if value is None else str(value) for value in values]

        self.layers, self.handles = column("Layer"), column("EntityHandle")
        kinds = column("SubClasses")
        self.hatches = np.array(["AcDbHatch" in kind for kind in kinds], dtype=bool)
        on_paper = table.columns.get("PaperSpace", [None] * size)
        self.paper = np.array([value in (1, True) for value in on_paper], dtype=bool)
        written = [any(text in kind for text in _TEXTS) for kind in kinds]
        self.texts = [
            _plain(words) if is_text else ""
            for words, is_text in zip(column("Text"), written, strict=True)
        ]
        flat = shapely.get_dimensions(self.shapes) == _AREA
        self.areas = flat & ~self.paper & ~shapely.is_empty(self.shapes)


def _shape(blob: Json) -> Shape | None:
    try:
        shape = shape_of_wkb(blob, {}) if blob else None
    except RefusedError:
        return None
    if shape is None or shape.geom_type != "GeometryCollection":
        return shape
    # a block: what closes in it counts
    parts = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts) if parts else shape


def _plain(words: str) -> str:
    """Take the marks of fonts and breaks out of a text."""
    return _BREAKS.sub(" ", _FORMATS.sub("", words)).strip()


def _zones(drawing: _Drawing, areas: "np.ndarray[Json, Json]", limits: Limits) -> Rows:
    kept, twice = _once(drawing, areas)
    names, used = _names(drawing, kept)
    columns: dict[str, list[Json]] = {
        "name": [names.get(row) for row in kept],
        "layer": [drawing.layers[row] or None for row in kept],
    }
    rows = collect(columns, drawing.shapes[kept].tolist(), limits)
    left = len(drawing.shapes) - len(areas) - used
    return replace(rows, notices=(*_said(used, left, twice), *rows.notices))


def _said(used: int, left: int, twice: int) -> Iterator[Notice]:
    if used:
        yield notice("W_DRAWING_NAMES", n=used)
    if twice:
        yield notice("W_DRAWING_TWICE", n=twice)
    if left:
        yield notice("W_DRAWING_LEFT", n=left)


def _once(
    drawing: _Drawing, areas: "np.ndarray[Json, Json]"
) -> tuple["np.ndarray[Json, Json]", int]:
    """Leave out hatches that fill an outline which is there as well."""
    shapes = shapely.normalize(
        shapely.set_precision(drawing.shapes[areas], _SAME, mode="pointwise")
    )
    forms = shapely.to_wkb(shapely.force_2d(shapes)).tolist()
    outlines = {
        form for form, row in zip(forms, areas, strict=True) if not drawing.hatches[row]
    }
    fine = [
        not (drawing.hatches[row] and form in outlines)
        for form, row in zip(forms, areas, strict=True)
    ]
    return areas[fine], len(fine) - sum(fine)


def _names(
    drawing: _Drawing, kept: "np.ndarray[Json, Json]"
) -> tuple[dict[int, str], int]:
    """Give each outline the texts in it, from top to bottom."""
    written = [
        row
        for row, words in enumerate(drawing.texts)
        if words and not drawing.paper[row] and drawing.shapes[row] is not None
    ]
    places = shapely.centroid(drawing.shapes[written])
    outlines = drawing.shapes[kept]
    size = shapely.area(outlines)
    inside: dict[int, list[int]] = {}
    pairs = shapely.STRtree(outlines).query(places, predicate="intersects").T
    smallest: dict[int, int] = {}
    for text, outline in pairs.tolist():
        known = smallest.get(text)
        if known is None or size[outline] < size[known]:
            smallest[text] = outline
    for text, outline in smallest.items():
        inside.setdefault(int(kept[outline]), []).append(text)
    heights = shapely.get_y(places)
    names = {
        row: " ".join(
            drawing.texts[written[text]]
            for text in sorted(texts, key=lambda text: -heights[text])
        )
        for row, texts in inside.items()
    }
    return names, len(smallest)


def _others(drawing: _Drawing, limits: Limits) -> Rows:
    """Take lines, points and texts for what there is, where nothing is closed."""
    kept = np.flatnonzero(~drawing.paper & ~shapely.is_missing(drawing.shapes))
    columns: dict[str, list[Json]] = {
        "name": [drawing.texts[row] or None for row in kept],
        "layer": [drawing.layers[row] or None for row in kept],
    }
    return collect(columns, drawing.shapes[kept].tolist(), limits)
