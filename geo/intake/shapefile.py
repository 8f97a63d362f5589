"""Shapefiles read byte by byte: each record is drawn, or named."""

import struct
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.intake.dbf import Attributes, read_dbf
from geo.intake.limits import Limits
from geo.intake.notices import Notice, RefusedError, notice, refuse
from geo.intake.rows import Collector, Geometries, Rows, Shape
from geo.intake.shapes import Place

Points = NDArray[np.float64]

_CODE: Final = 9994
_HEAD: Final = 100
_NULL, _POINT, _LINE, _POLYGON, _MULTIPOINT, _PATCH = 0, 1, 3, 5, 8, 31
_RING: Final = 4


def read_shapefile(
    files: Mapping[str, bytes],
    *,
    name: str,
    limits: Limits,
    encoding: str | None = None,
) -> Rows:
    """
    Read a Shapefile.

    Parameters
    ----------
    files
        Its files by ending without the dot: shp, and if there are shx, dbf,
        prj, cpg. The records are found without the shx.
    name
        Name of the layer.
    limits
        How large it may be.
    encoding
        Encoding of the text that a person chose.

    Returns
    -------
    rows
        One row a record; in the CRS of the prj, None without one.

    Raises
    ------
    RefusedError
        If the .shp is missing or is none, or the table is damaged.
    """
    if "shp" not in files:
        raise refuse("E_SHP_MISSING", found=", ".join(f".{end}" for end in files))
    notices: list[Notice] = []
    table = None
    if "dbf" in files:
        table = read_dbf(
            files["dbf"], cpg=files.get("cpg"), encoding=encoding, limits=limits
        )
        notices += table.notices
    else:
        notices.append(notice("W_NO_ATTRIBUTES"))
    if "shx" not in files:
        notices.append(notice("W_SHX_REBUILT"))
    collector = Collector(limits, "record")
    collector.notices += notices
    collector.names = dict.fromkeys(table.columns if table else ())
    _records(files["shp"], table, collector)
    prj = files.get("prj")
    crs = prj.decode("utf-8-sig", "replace").strip("\0 \r\n") if prj else None
    rows = collector.rows(name=name, crs=crs)
    return replace(rows, encoding=table.encoding if table else "")


def _records(data: bytes, table: Attributes | None, collector: Collector) -> None:
    """Go from record to record, and say where the file ends too early."""
    if len(data) < _HEAD or struct.unpack(">i", data[:4])[0] != _CODE:
        raise refuse("E_SHP_BROKEN", found="it does not begin like one")
    known = len(table.deleted) if table else 0
    at, whole = _HEAD, True
    while at < len(data):
        size = (
            struct.unpack(">i", data[at + 4 : at + 8])[0] if at + 8 <= len(data) else -1
        )
        whole = 0 <= 2 * size <= len(data) - at - 8
        if not whole:
            break
        _record(data[at + 8 : at + 8 + 2 * size], table, collector)
        at += 8 + 2 * size
    if not whole:
        collector.refuse(refuse("E_SHP_TRUNCATED", collector.begin()))
    while collector.count < known:
        place = collector.begin()
        if whole:
            collector.tell("W_NULL_GEOMETRY")
            collector.add(_attributes(table, collector.count), None)
        else:
            collector.refuse(refuse("E_SHP_TRUNCATED", place))


def _record(content: bytes, table: Attributes | None, collector: Collector) -> None:
    place = collector.begin()
    number = collector.count
    if table and number <= len(table.deleted) and table.deleted[number - 1]:
        collector.tell("W_DBF_DELETED")
    try:
        shape = _shape(content, place)
    except RefusedError as error:
        collector.refuse(error)
        return
    except (struct.error, ValueError, shapely.errors.GEOSException):
        collector.refuse(
            refuse("E_GEOMETRY_BROKEN", place, found="its sizes do not fit")
        )
        return
    if shape is None:
        collector.tell("W_NULL_GEOMETRY")
    collector.add(_attributes(table, number), shape)


def _attributes(table: Attributes | None, number: int) -> dict[str, object]:
    if table is None or number > len(table.deleted):
        return {}
    return {name: values[number - 1] for name, values in table.columns.items()}


def _shape(content: bytes, place: Place) -> Shape | None:
    """Read the shape of one record."""
    (kind,) = struct.unpack("<i", content[:4])
    if kind == _NULL:
        return None
    flat, high = kind % 10, 10 < kind < 20  # noqa: PLR2004 - 11 to 18 have heights
    if flat == _POINT and kind != _PATCH:
        count = 3 if high else 2
        return shapely.Point(*struct.unpack(f"<{count}d", content[4 : 4 + 8 * count]))
    if flat == _MULTIPOINT:
        (points,) = struct.unpack("<i", content[36:40])
        return shapely.multipoints(_points(content, 40, points, high=high))
    if flat not in (_LINE, _POLYGON) or kind >= _PATCH:
        raise refuse("E_GEOMETRY_TYPE", place, found=f"shape type {kind}")
    parts, points = struct.unpack("<2i", content[36:44])
    if parts < 0 or 44 + 4 * parts > len(content):
        raise struct.error
    starts = np.frombuffer(content, "<i4", parts, 44)
    every = _points(content, 44 + 4 * parts, points, high=high)
    if parts and (starts[0] != 0 or (np.diff(starts) < 0).any() or starts[-1] > points):
        raise struct.error
    pieces = np.split(every, starts[1:])
    if not parts:
        return shapely.Polygon() if flat == _POLYGON else shapely.LineString()
    return _polygon(pieces, place) if flat == _POLYGON else _lines(pieces, place)


def _points(content: bytes, at: int, count: int, *, high: bool) -> Points:
    """Read positions, and their heights from behind them."""
    if count < 0 or at + 16 * count > len(content):
        raise struct.error
    flat = np.frombuffer(content, "<f8", 2 * count, at).reshape(-1, 2)
    behind = at + 16 * count + 16
    if high and behind + 8 * count <= len(content):
        heights = np.frombuffer(content, "<f8", count, behind)
        return np.column_stack([flat, heights])
    return flat.astype(np.float64)


def _lines(pieces: list[Points], place: Place) -> Shape:
    for number, piece in enumerate(pieces, start=1):
        if len(piece) < 2:  # noqa: PLR2004 - two ends
            raise refuse("E_LINE_SHORT", place | {"part": number}, found=len(piece))
    lines = [shapely.linestrings(piece) for piece in pieces]
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def _polygon(pieces: list[Points], place: Place) -> Shape:
    """Put holes, which run against the clock, into the shells around them."""
    for number, piece in enumerate(pieces, start=1):
        if len(piece) < _RING:
            raise refuse("E_RING_SHORT", place | {"ring": number}, found=len(piece))
    rings = np.array([shapely.linearrings(piece) for piece in pieces], dtype=object)
    holes_first = shapely.is_ccw(rings)
    if holes_first.all() or len(rings) == 1:
        holes_first[:] = False
    shells = [[ring] for ring in rings[~holes_first]]
    outlines: Geometries = np.array(
        [shapely.polygons(ring) for ring in rings[~holes_first]], dtype=object
    )
    tree = shapely.STRtree(outlines)
    for hole in rings[holes_first]:
        inside = tree.query(shapely.get_point(hole, 0), predicate="intersects")
        around = inside[np.argsort(shapely.area(outlines[inside]))]
        if len(around):
            shells[around[0]].append(hole)
        else:
            shells.append([hole])
    polygons = [
        shapely.polygons(shell, holes=holes or None) for shell, *holes in shells
    ]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
