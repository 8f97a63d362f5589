"""Shapefiles read byte by byte: each record is drawn, or named."""

import struct
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from beltmap.geo.geometry.area import Geometries, Shape
from beltmap.geo.intake.formats.dbf import Attributes, read_dbf
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Notice, RefusedError, notice, refuse
from beltmap.geo.intake.raw.shpindex import Span, indexed, listed_records, walk
from beltmap.geo.intake.rows import Collector, Rows
from beltmap.geo.intake.shapes import Place

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
    collector = Collector(limits, "record")
    collector.notices += notices
    collector.names = dict.fromkeys(table.columns if table else ())
    places = _records(files["shp"], files.get("shx"), table, collector)
    collector.notices += _differences(files, places, table)
    prj = files.get("prj")
    crs = prj.decode("utf-8-sig", "replace").strip("\0 \r\n") if prj else None
    rows = collector.rows(name=name, crs=crs)
    return replace(rows, encoding=table.encoding if table else "")


def _differences(
    files: Mapping[str, bytes], places: list[Span], table: Attributes | None
) -> list[Notice]:
    """Hold what the files promise against the records that were found."""
    data, said = files["shp"], []
    promised = 2 * struct.unpack(">i", data[24:28])[0]
    if promised != len(data):
        found = len(data)
        said.append(notice("W_LENGTH_DIFFERS", part=".shp", said=promised, found=found))
    if table is not None and len(table.deleted) != len(places):
        rows, found = len(table.deleted), len(places)
        said.append(notice("W_COUNT_DIFFERS", part=".dbf", said=rows, found=found))
    if "shx" not in files:
        said.append(notice("W_SHX_REBUILT"))
    elif indexed(files["shx"]) != places:
        said.append(notice("W_INDEX_DIFFERS"))
    return said


def _records(
    data: bytes, shx: bytes | None, table: Attributes | None, collector: Collector
) -> list[Span]:
    """Go from record to record, and say where the file ends too early."""
    if len(data) < _HEAD or struct.unpack(">i", data[:4])[0] != _CODE:
        raise refuse("E_SHP_BROKEN", found="it does not begin like one")
    known = len(table.deleted) if table else None
    places, whole = walk(data)
    listed = listed_records(data, shx or b"", known)
    if listed is not None:
        unlisted = len(set(places) - set(listed))
        places, whole = listed, True
        if unlisted:
            collector.notices.append(notice("W_SHP_UNLISTED", n=unlisted))
    for at, size in places:
        _record(data[at : at + size], table, collector)
    if not whole:
        collector.refuse(refuse("E_SHP_TRUNCATED", collector.begin()))
    while collector.count < (known or 0):
        place = collector.begin()
        if whole:
            collector.tell("W_NULL_GEOMETRY")
            collector.add(_attributes(table, collector.count), None)
        else:
            collector.refuse(refuse("E_SHP_TRUNCATED", place))
    return places


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
    return (
        polygon_of_rings(pieces, place) if flat == _POLYGON else _lines(pieces, place)
    )


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


def polygon_of_rings(pieces: list[Points], place: Place) -> Shape:
    """
    Put holes, which run against the clock, into the shells around them.

    Raises
    ------
    RefusedError
        If a ring has too few positions.
    """
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
