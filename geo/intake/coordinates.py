"""Which columns of a table hold coordinates, and what their cells say."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import shapely

from geo.intake.notices import Json, refuse
from geo.intake.rows import Shape
from geo.intake.shapes import Place, Tell, to_shape

_LON_WORDS: Final = """
    lon lng long longitude lons x xcoord coordx pointx easting east
    经度 东经 x坐标 横坐标 经"""
_LAT_WORDS: Final = """
    lat latitude lats y ycoord coordy pointy northing north
    纬度 北纬 y坐标 纵坐标 纬"""
_SHAPE_WORDS: Final = """
    wkt geom geometry thegeom geometrywkt wktgeom wktgeometry shape shapewkt
    geojson 几何 图形 边界 坐标串 范围"""
_PAIR_WORDS: Final = """
    lonlat lnglat xy coordinates coordinate location 经纬度 坐标"""
_LON: Final = frozenset(_LON_WORDS.split())
_LAT: Final = frozenset(_LAT_WORDS.split())
_SHAPE: Final = frozenset(_SHAPE_WORDS.split())
_LON_LAT: Final = frozenset(_PAIR_WORDS.split())
_LAT_LON: Final = frozenset({"latlon", "latlng", "yx", "纬经度"})
_DATUM_WORDS: Final = {
    "GCJ-02": ("gcj02", "gcj", "高德", "火星", "amap", "腾讯", "tencent"),
    "BD-09": ("bd09ll", "bd09", "baidu", "百度", "bd"),
    "": ("wgs84", "wgs", "gps", "4326", "deg", "dd"),
}
_WORLD_WORDS: Final = ("wgs84", "wgs", "gps", "4326")
_WKT: Final = re.compile(
    r"\s*(?:SRID=(\d{1,6});)?\s*"
    r"(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(Z|M|ZM)?\s*(\(|EMPTY)",
    re.IGNORECASE,
)
_DMS: Final = re.compile(
    r"(\d{1,3})[°度:](?:(\d{1,2}(?:\.\d+)?)['′分:])?(?:(\d{1,2}(?:\.\d+)?)(?:[\"″秒]|''|′′|))?"
)
_BLANK: Final = frozenset(
    {"", "nan", "null", "none", "na", "n/a", "-", "--", "无", "/"}
)
_PLAIN: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_WKT_DEPTH: Final = 6


@dataclass(frozen=True)
class Coordinates:
    """
    Where a table keeps its coordinates.

    Parameters
    ----------
    columns
        Positions of the columns: longitude and latitude, or the one that
        holds both or a whole shape.
    kind
        ``points``, ``pair`` (longitude first), ``swapped pair`` or ``shape``.
    datum
        CRS that the column's name states: ``GCJ-02``, ``BD-09``,
        ``EPSG:4326``, or None.
    """

    columns: tuple[int, ...]
    kind: str
    datum: str | None = None


def plain(name: str) -> str:
    """
    Fold a column's name for comparison.

    Examples
    --------
    >>> plain("Point_X"), plain(" 经度（东） "), plain("Area (km²)")
    ('pointx', '经度(东)', 'area(km2)')
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s_\-.]+", "", folded)


def find_coordinates(
    header: Sequence[str], *, wanted: Mapping[str, str]
) -> Coordinates | None:
    """
    Find the columns with coordinates by their names.

    Parameters
    ----------
    header
        Names of the columns.
    wanted
        Names that a person gave for ``lon``, ``lat`` or ``wkt``.

    Returns
    -------
    coordinates
        None if no column looks like it.

    Examples
    --------
    >>> find_coordinates(["名称", "经度", "纬度"], wanted={})
    Coordinates(columns=(1, 2), kind='points', datum=None)
    >>> find_coordinates(["name", "bd_lng", "bd_lat"], wanted={}).datum
    'BD-09'
    """
    names = list(header)
    if wanted.get("wkt") in names:
        return Coordinates((names.index(wanted["wkt"]),), "shape")
    if wanted.get("lon") in names and wanted.get("lat") in names:
        places = names.index(wanted["lon"]), names.index(wanted["lat"])
        return Coordinates(places, "points")
    folded = [_bare(name) for name in names]
    bare = [name for name, _ in folded]
    for lon, lat in ((_first(bare, _LON), _first(bare, _LAT)),):
        if lon is not None and lat is not None:
            return Coordinates((lon, lat), "points", folded[lon][1])
    for known, kind in (
        (_SHAPE, "shape"),
        (_LON_LAT, "pair"),
        (_LAT_LON, "swapped pair"),
    ):
        place = _first(bare, known)
        if place is not None:
            return Coordinates((place,), kind, folded[place][1])
    return None


def shape_of(
    cells: Sequence[Json], where: Coordinates, place: Place, tell: Tell
) -> Shape | None:
    """
    Read the geometry of one row.

    Parameters
    ----------
    cells
        Cells of the row.
    where
        Which of them hold the coordinates.
    place
        Where the row is; said in errors.
    tell
        Called with the code of each thing that was put right on the way.

    Returns
    -------
    shape
        In the coordinates of the file; None where the cells are blank.

    Raises
    ------
    RefusedError
        If a cell holds something else.
    """
    given = [cells[at] if at < len(cells) else None for at in where.columns]
    words = ["" if cell is None else str(cell).strip() for cell in given]
    if all(word.casefold() in _BLANK for word in words):
        return None
    if where.kind == "shape":
        return _shape(words[0], place, tell)
    if where.kind != "points":
        words = [
            word for word in re.split(r"[,，;；\s]+", words[0].strip("()[]")) if word
        ]
        if len(words) != 2:  # noqa: PLR2004 - two coordinates
            raise refuse("E_COORD_LENGTH", place, found=len(words))
        words = words[::-1] if where.kind == "swapped pair" else words
    return shapely.points([_number(word, place) for word in words])


def srid(cell: Json) -> str | None:
    """
    Read the CRS in front of extended well-known text.

    Examples
    --------
    >>> srid("SRID=4549;POINT (1 2)")
    'EPSG:4549'
    """
    found = _WKT.match(cell) if isinstance(cell, str) else None
    return f"EPSG:{found[1]}" if found and found[1] and found[1] != "0" else None


def _bare(name: str) -> tuple[str, str | None]:
    """Take the words for a datum out of a column's name."""
    folded = plain(name)
    if folded in _LON | _LAT | _SHAPE:
        return folded, None
    for datum, words in _DATUM_WORDS.items():
        for word in words:
            rest = folded.replace(word, "").strip("()[]")
            if word in folded and rest in _LON | _LAT | _LON_LAT | _LAT_LON:
                return rest, datum or ("EPSG:4326" if word in _WORLD_WORDS else None)
    return folded, None


def _first(names: Sequence[str], known: frozenset[str]) -> int | None:
    return next((at for at, name in enumerate(names) if name in known), None)


def _number(words: str, place: Place) -> float:
    """Read a number, also with full-width digits or as degrees and minutes."""
    if _PLAIN.fullmatch(words):
        return float(words)
    folded = unicodedata.normalize("NFKC", words).strip()
    sign = -1 if re.search(r"[WSws西南]", folded) else 1
    bare = re.sub(r"[NESWnesw东西南北经纬\s]", "", folded)
    parts = _DMS.fullmatch(bare)
    if parts:
        degrees, minutes, seconds = (float(part or 0) for part in parts.groups())
        return sign * (degrees + minutes / 60 + seconds / 3600)
    if re.fullmatch(r"[+-]?\d+,\d+", folded):
        folded = folded.replace(",", ".")
    if _PLAIN.fullmatch(folded):
        return float(folded)
    raise refuse("E_COORD_TYPE", place, found=f"“{words}”")


def _shape(words: str, place: Place, tell: Tell) -> Shape:
    """Read well-known text or a GeoJSON geometry."""
    if words.startswith("{"):
        try:
            member = json.loads(words)
        except (ValueError, RecursionError):
            raise refuse("E_GEOMETRY_BROKEN", place, found=words) from None
        return to_shape(member, place, tell)
    if not _WKT.match(words) or _depth(words) > _WKT_DEPTH:
        raise refuse("E_GEOMETRY_BROKEN", place, found=words)
    try:
        shape = shapely.from_wkt(words.partition(";")[2] if srid(words) else words)
    except (shapely.errors.GEOSException, ValueError):
        raise refuse("E_GEOMETRY_BROKEN", place, found=words) from None
    return shape


def _depth(words: str) -> int:
    deepest = level = 0
    for bracket in re.findall(r"[()]", words):
        level += 1 if bracket == "(" else -1
        deepest = max(deepest, level)
    return deepest
