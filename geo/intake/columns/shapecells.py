"""A whole shape in one cell: well-known text or binary, or GeoJSON."""

import json
import re
import struct
from typing import Final

import shapely

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.notices import Json, refuse
from beltmap.geo.intake.raw.wkb import shape_of_wkb, srid_of_wkb
from beltmap.geo.intake.shapes import Place, Tell, to_shape

_WKT: Final = re.compile(
    r"\s*(?:SRID=(\d{1,6});)?\s*"
    r"(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(Z|M|ZM)?\s*(\(|EMPTY)",
    re.IGNORECASE,
)
_HEX: Final = re.compile(r"(?:\\?\\x|0x)?(0[01](?:[0-9A-Fa-f]{2}){8,})")
"""Well-known binary as PostGIS, its exports and SQL Server write it."""

_DEPTH: Final = 6


def shape_of_words(words: str, place: Place, tell: Tell) -> Shape | None:
    """
    Read the shape that stands in a cell.

    Parameters
    ----------
    words
        Well-known text, well-known binary in hexadecimal digits, both also
        with a CRS in front, or a GeoJSON geometry.
    place
        Where the cell is; said in errors.
    tell
        Called with the code of each thing that was put right on the way.

    Returns
    -------
    shape
        In the coordinates of the file.

    Raises
    ------
    RefusedError
        If it is none of these.
    """
    if words.startswith("{"):
        try:
            member = json.loads(words)
        except (ValueError, RecursionError):
            raise refuse("E_GEOMETRY_BROKEN", place, found=words) from None
        return to_shape(member, place, tell)
    binary = _HEX.fullmatch(words)
    if binary:
        return shape_of_wkb(bytes.fromhex(binary[1]), place, tell)
    if not _WKT.match(words) or _depth(words) > _DEPTH:
        raise refuse("E_GEOMETRY_BROKEN", place, found=words)
    try:
        shape: Shape = shapely.from_wkt(words.rpartition(";")[2])
    except (shapely.errors.GEOSException, ValueError):
        raise refuse("E_GEOMETRY_BROKEN", place, found=words) from None
    return shape


def srid(cell: Json) -> str | None:
    """
    Read the CRS in front of extended well-known text or binary.

    Examples
    --------
    >>> srid("SRID=4549;POINT (1 2)")
    'EPSG:4549'
    >>> srid("0101000020C5110000" + "00" * 16)
    'EPSG:4549'
    """
    if not isinstance(cell, str):
        return None
    binary = _HEX.fullmatch(cell.strip())
    found = None if binary else _WKT.match(cell)
    try:
        number = (
            srid_of_wkb(bytes.fromhex(binary[1]))
            if binary
            else int((found and found[1]) or 0)
        )
    except struct.error:
        return None
    return f"EPSG:{number}" if number else None


def _depth(words: str) -> int:
    deepest = level = 0
    for bracket in re.findall(r"[()]", words):
        level += 1 if bracket == "(" else -1
        deepest = max(deepest, level)
    return deepest
