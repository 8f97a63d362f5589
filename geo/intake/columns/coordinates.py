"""Which columns of a table hold coordinates, and what their cells say."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import shapely

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.columns.shapecells import shape_of_words
from beltmap.geo.intake.columns.traditional import SIMPLIFIED
from beltmap.geo.intake.notices import Json, refuse
from beltmap.geo.intake.shapes import Place, Tell

_LON_WORDS: Final = """
    lon lng long longitude lons x xcoord coordx pointx easting east
    经度 东经 x坐标 横坐标 经"""
_LAT_WORDS: Final = """
    lat latitude lats y ycoord coordy pointy northing north
    纬度 北纬 y坐标 纵坐标 纬"""
_SHAPE_WORDS: Final = """
    wkt geom geometry thegeom geometrywkt wktgeom wktgeometry shape shapewkt
    ewkt ewkb wkb geomwkb wkbgeom geometrywkb wkbgeometry shapewkb geojson
    几何 图形 边界 坐标串 范围"""
_PAIR_WORDS: Final = """
    lonlat lnglat xy coordinates coordinate location 经纬度 坐标
    lon/lat lng/lat longitude/latitude 经度/纬度 经度,纬度 lon,lat"""
_SWAPPED_WORDS: Final = """
    latlon latlng latlong yx 纬经度 geopoint geopoint2d lat/lon lat/lng
    latitude/longitude 纬度/经度 纬度,经度 lat,lon"""
_LON: Final = frozenset(_LON_WORDS.split())
_LAT: Final = frozenset(_LAT_WORDS.split())
_SHAPE: Final = frozenset(_SHAPE_WORDS.split())
_LON_LAT: Final = frozenset(_PAIR_WORDS.split())
_LAT_LON: Final = frozenset(_SWAPPED_WORDS.split())
_BRACKET_WORDS: Final = """
    ° º 度 deg degree degrees dd decimal decimaldegrees 十进制 十进制度 小数 e n m 米
    东经 北纬 东 北 x y 东向 北向 度分秒 dms"""
_IN_BRACKETS: Final = frozenset(_BRACKET_WORDS.split())
"""What a heading says in brackets of a coordinate, and what changes nothing."""

_TOKENS: Final = {
    "lon": frozenset({"lon", "lng", "longitude", "easting"}),
    "lat": frozenset({"lat", "latitude", "northing"}),
}
"""Words that make a heading a coordinate's wherever they stand in it."""

_CHINESE_AXES: Final = (
    ("lon", ("经度", "东经", "横坐标"), ("纬", "面积")),
    ("lat", ("纬度", "北纬", "纵坐标"), ("经", "面积")),
    ("lon", ("东坐标", "东向坐标"), ("北", "面积")),
    ("lat", ("北坐标", "北向坐标"), ("东", "面积")),
)
"""Words of an axis, and words beside which they do not mean it."""

_XY: Final = re.compile(
    r".*(?:坐标|centroid|cent(?:er|re)|coord|(?:国家|cgcs|西安|北京)\d{2,4})([xy])"
)
_LETTERS: Final = {
    "lon": frozenset({"e", "e坐标", "东", "东向"}),
    "lat": frozenset({"n", "n坐标", "北", "北向"}),
}
"""Headings too short to go before any other."""

_PARTS: Final = {
    "d": frozenset(["度", "deg", "degree", "degrees", "d", "°"]),
    "m": frozenset(["分", "min", "minute", "minutes", "m", "′", "'"]),
    "s": frozenset(["秒", "sec", "second", "seconds", "s", "″", '"']),
}
_DATUM_WORDS: Final = {
    "GCJ-02": ("gcj02", "gcj", "高德", "火星", "amap", "腾讯", "tencent"),
    "BD-09": ("bd09ll", "bd09", "baidu", "百度", "bd"),
    "": ("wgs84", "wgs", "gps", "4326", "deg", "dd"),
}
_WORLD_WORDS: Final = ("wgs84", "wgs", "gps", "4326")
_DMS: Final = re.compile(
    r"(\d{1,3}(?:\.\d+)?)[°度:](?:(\d{1,2}(?:\.\d+)?)['′分:])?(?:(\d{1,2}(?:\.\d+)?)(?:[\"″秒]|''|′′|))?"
)
_SPACED: Final = re.compile(
    r"(\d{1,3})[ \-]+(\d{1,2}(?:\.\d+)?)(?:[ \-]+(\d{1,2}(?:\.\d+)?))?"
)
"""Degrees, minutes and seconds with blanks or dashes between."""

_TYPED: Final = str.maketrans("’‘´`”“º˚", "''''" + '""°°')
"""What keyboards and word processors write for the marks of degrees."""

_BLANK: Final = frozenset(
    {"", "nan", "null", "none", "na", "n/a", "-", "--", "—", "——", "无", "/", "\\"}
)
_PLAIN: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Coordinates:
    """
    Where a table keeps its coordinates.

    Parameters
    ----------
    columns
        Positions of the columns: longitude and latitude, or the one that
        holds both or a whole shape; degrees, minutes and, where there are
        any, seconds of longitude and then of latitude.
    kind
        ``points``, ``pair`` (longitude first), ``swapped pair``, ``shape`` or
        ``parts``.
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
    >>> plain("園區名稱")
    '园区名称'
    """
    folded = unicodedata.normalize("NFKC", name).casefold().translate(SIMPLIFIED)
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
    if not any(names):
        return None
    folded = [_bare(name) for name in names]
    bare = [name for name, _ in folded]
    # an export of a plan has both: the outline, and a point inside for a quick look
    outline = _first(bare, frozenset(name for name in _SHAPE if "wkt" in name))
    asked = _asked(names, wanted)
    if asked is not None:
        return asked
    if outline is not None:
        return Coordinates((outline,), "shape", folded[outline][1])
    parts = _parts(names)
    if parts:
        return Coordinates(parts, "parts")
    return _points(names, folded) or _whole(folded)


def _asked(names: list[str], wanted: Mapping[str, str]) -> Coordinates | None:
    """Find the columns that a person named."""
    places = {
        key: names.index(wanted[key])
        for key in ("wkt", "lon", "lat")
        if wanted.get(key) in names
    }
    if "wkt" in places:
        return Coordinates((places["wkt"],), "shape")
    if {"lon", "lat"} <= set(places):
        return Coordinates((places["lon"], places["lat"]), "points")
    return None


def _points(
    names: list[str], folded: list[tuple[str, str | None]]
) -> Coordinates | None:
    bare = [name for name, _ in folded]
    for lon, lat in (
        (_first(bare, _LON), _first(bare, _LAT)),
        (_meant(names, "lon"), _meant(names, "lat")),
        (_first(bare, _LETTERS["lon"]), _first(bare, _LETTERS["lat"])),
    ):
        if lon is not None and lat is not None:
            return Coordinates((lon, lat), "points", folded[lon][1])
    return None


def _whole(folded: list[tuple[str, str | None]]) -> Coordinates | None:
    """Find one column that holds a shape, or both coordinates."""
    for known, kind in (
        (_SHAPE, "shape"),
        (_LON_LAT, "pair"),
        (_LAT_LON, "swapped pair"),
    ):
        place = _first([name for name, _ in folded], known)
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
        return shape_of_words(words[0], place, tell)
    if where.kind == "parts":
        half = len(words) // 2
        axes = (words[:half], words[half:])
        return shapely.points([_joined_degrees(axis, place) for axis in axes])
    if where.kind != "points":
        words = [
            word for word in re.split(r"[,，;；\s]+", words[0].strip("()[]")) if word
        ]
        if len(words) != 2:  # noqa: PLR2004 - two coordinates
            raise refuse("E_COORD_LENGTH", place, found=len(words))
        words = words[::-1] if where.kind == "swapped pair" else words
    return shapely.points([_number(word, place) for word in words])


def segments(name: str) -> tuple[str, ...]:
    """
    Give what a heading may be called: as a whole, or by its lowest row.

    Examples
    --------
    >>> segments("位置坐标/经度"), segments("name")
    (('位置坐标/经度', '经度'), ('name',))
    >>> segments("位置/经度/°")
    ('位置/经度/°', '经度/°', '°', '经度')
    """
    parts = [part for part in name.split("/") if part.strip()]
    if len(parts) < 2:  # noqa: PLR2004 - a row above another
        return (name,)
    above = parts[-2] if plain(parts[-1]) in _IN_BRACKETS else ""
    forms = (name, "/".join(parts[-2:]), parts[-1], above)
    return tuple(dict.fromkeys(form for form in forms if form))


def _bare(name: str) -> tuple[str, str | None]:
    """Take the words for a datum out of a column's name."""
    known = _LON | _LAT | _SHAPE | _LON_LAT | _LAT_LON
    found = [_bare_form(form) for form in segments(name)]
    return next((one for one in found if one[0] in known), found[0])


def _bare_form(name: str) -> tuple[str, str | None]:
    folded = _unbracketed(plain(name))
    if folded in _LON | _LAT | _SHAPE:
        return folded, None
    for datum, words in _DATUM_WORDS.items():
        for word in words:
            rest = folded.replace(word, "").strip("()[]")
            if word in folded and rest in _LON | _LAT | _LON_LAT | _LAT_LON:
                return rest, datum or ("EPSG:4326" if word in _WORLD_WORDS else None)
    return folded, None


def _unbracketed(folded: str) -> str:
    """Leave out brackets that only say what a coordinate is measured in."""
    found = re.fullmatch(r"([^(\[]+)[(\[]([^)\]]*)[)\]]?", folded)
    return found[1] if found and found[2] in _IN_BRACKETS else folded


def _meant(names: Sequence[str], axis: str) -> int | None:
    """Find the one heading that speaks of an axis among other words."""
    return next(
        (at for at, name in enumerate(names) if axis in map(_axis, segments(name))),
        None,
    )


def _axis(name: str) -> str:
    folded = plain(name)
    for axis, words, others in _CHINESE_AXES:
        if any(word in folded for word in words):
            return "" if any(word in folded for word in others) else axis
    lettered = _XY.fullmatch(_unbracketed(folded))
    if lettered:
        return "lon" if lettered[1] == "x" else "lat"
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", name))
    tokens = set(re.findall(r"[a-z]+", split.casefold()))
    found = [axis for axis, words in _TOKENS.items() if tokens & words]
    return found[0] if len(found) == 1 else ""


def _parts(names: Sequence[str]) -> tuple[int, ...]:
    """Find columns for degrees, minutes and seconds of their own."""
    places: dict[tuple[str, str], int] = {}
    for at, name in enumerate(names):
        for form in segments(name):
            found = _part(plain(form).replace("/", ""))
            if found is not None:
                places.setdefault(found, at)
    whole = "dms" if {("lon", "s"), ("lat", "s")} <= set(places) else "dm"
    wanted = [(axis, part) for axis in ("lon", "lat") for part in whole]
    if not set(wanted) <= set(places):
        return ()
    return tuple(places[one] for one in wanted)


def _part(folded: str) -> tuple[str, str] | None:
    """Tell the axis of a heading and which part of its degrees it is of."""
    for axis, words in (("lon", _LON), ("lat", _LAT)):
        for word in words:
            rest = folded[len(word) :].strip("()[]")
            part = next((p for p, known in _PARTS.items() if rest in known), None)
            if folded.startswith(word) and part and folded not in words:
                return axis, part
    return None


def _joined_degrees(words: Sequence[str], place: Place) -> float:
    """Put degrees, minutes and seconds together."""
    bare = [word.strip("°度′分'″秒\" ") for word in words]
    degrees, *rest = (_number(word or "0", place) for word in bare)
    if any(not 0 <= one < 60 for one in rest):  # noqa: PLR2004 - minutes of a degree
        raise refuse("E_COORD_TYPE", place, found=f"“{' '.join(words)}”")
    more = sum(one / 60.0**power for power, one in enumerate(rest, start=1))
    return degrees - more if degrees < 0 else degrees + more


def _first(names: Sequence[str], known: frozenset[str]) -> int | None:
    return next((at for at, name in enumerate(names) if name in known), None)


def _number(words: str, place: Place) -> float:
    """Read a number, also with full-width digits or as degrees and minutes."""
    if _PLAIN.fullmatch(words):
        return float(words)
    folded = unicodedata.normalize("NFKC", words.translate(_TYPED)).strip(" ,;")
    sign = -1 if re.search(r"[WSws西南]", folded) else 1
    spaced = re.sub(r"[NESWnesw东西南北经纬]", "", folded).strip()
    parts = _DMS.fullmatch(re.sub(r"\s", "", spaced)) or _SPACED.fullmatch(spaced)
    if parts:
        degrees, minutes, seconds = (float(part or 0) for part in parts.groups())
        if max(minutes, seconds) < 60:  # noqa: PLR2004 - parts of a degree
            return sign * (degrees + minutes / 60 + seconds / 3600)
    elif _PLAIN.fullmatch(spaced.replace(",", ".")):
        return sign * float(spaced.replace(",", "."))
    raise refuse("E_COORD_TYPE", place, found=f"“{words}”")
