"""The exchange text of land surveys: [属性描述], then [地块坐标] parcel by parcel."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import shapely

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, RefusedError, notice, refuse
from beltmap.geo.intake.raw.curves import Points
from beltmap.geo.intake.raw.encoding import decode
from beltmap.geo.intake.rows import Collector, Rows
from beltmap.geo.intake.shapes import Place, Tell

FIELDS: Final = (
    "界址点数",
    "地块面积（公顷）",
    "地块编号",
    "地块名称",
    "图形属性",
    "图幅号",
    "地块用途",
    "地类编码",
)
"""What stands in a parcel's own line, in this order; then comes an @."""

_ABOUT, _PARCELS = "[属性描述]", "[地块坐标]"
_METRES: Final = {"": 1.0, "米": 1.0, "m": 1.0, "千米": 1000.0, "公里": 1000.0}
_DATUMS: Final = (
    # words, 3° zones with and without a number in front, 6° zones alike, degrees
    (("2000", "CGCS"), (4513, 4534, 4491, 4502, 4490)),
    (("80", "西安"), (2349, 2370, 2327, 2338, 4610)),
    (("54", "北京"), (2401, 2422, 21413, 21453, 4214)),
)
"""EPSG codes of the first zones: 25 where they are 3° wide, 13 where 6°."""

_FIRST: Final = {3: 25, 6: 13}
_LAST: Final = {3: 45, 6: 23}
_A_ZONE: Final = 1e6
_RING: Final = 3


@dataclass
class _Parcel:
    """One parcel while it is read."""

    place: Place
    record: dict[str, Json]
    rings: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    error: RefusedError | None = None

    def count(self) -> int:
        """Count its points."""
        return sum(map(len, self.rings.values()))


def read_parcels(data: bytes, *, limits: Limits, encoding: str | None = None) -> Rows:
    """
    Read an exchange text.

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
        One row a parcel. The CRS follows from the datum, the width of the
        zones and the number of the zone that the file states; None where it
        states too little, or something that its eastings belie.

    Raises
    ------
    RefusedError
        If there are no parcels in it.
    """
    words, encoding, notices = decode(data, chosen=encoding)
    about: dict[str, str] = {}
    collector = Collector(limits)
    collector.notices += notices
    parcels = list(_parcels(words, about, collector))
    if not parcels:
        raise refuse("E_PARCELS")
    unit = _METRES.get(about.get("计量单位", "").strip())
    for parcel in parcels:
        collector.count = parcel.place["feature"] - 1
        collector.begin()
        try:
            shape = _shape(parcel, unit or 1.0, collector.tell)
        except RefusedError as error:
            collector.refuse(error)
        else:
            collector.add(parcel.record, shape)
        _check_count(parcel, collector)
    rows = collector.rows()
    crs = _crs(about, unit, rows)
    return replace(rows, crs=crs, encoding=encoding)


def _parcels(
    words: str, about: dict[str, str], collector: Collector
) -> Iterator[_Parcel]:
    """Go through the lines; what is stated of all parcels goes into `about`."""
    section, parcel = "", None
    for number, whole in enumerate(words.splitlines(), start=1):
        line = whole.strip().replace("，", ",")
        if line.startswith("[") and line.endswith("]"):
            section = line
        elif section == _ABOUT and "=" in line:
            key, _, value = line.partition("=")
            about[key.strip()] = value.strip()
        elif section == _PARCELS and line.endswith("@"):
            if parcel is not None:
                yield parcel
            place = collector.begin() | {"line": number}
            parcel = _Parcel(place, _record(line.removesuffix("@")))
        elif section == _PARCELS and line and parcel is not None:
            _point(line, parcel, number)
    if parcel is not None:
        yield parcel


def _record(line: str) -> dict[str, Json]:
    cells = [cell.strip() for cell in line.rstrip(",").split(",")]
    names = [*FIELDS, *(f"column_{n + 1}" for n in range(len(FIELDS), len(cells)))]
    record: dict[str, Json] = dict.fromkeys(FIELDS)
    return record | {
        name: cell or None for name, cell in zip(names, cells, strict=False)
    }


def _point(line: str, parcel: _Parcel, number: int) -> None:
    """Read a point: its name, its ring, then northing and easting."""
    cells = [cell.strip() for cell in line.split(",")]
    place = parcel.place | {"line": number}
    if len(cells) < 4:  # noqa: PLR2004 - name, ring, two coordinates
        parcel.error = parcel.error or refuse("E_COORD_LENGTH", place, found=len(cells))
        return
    try:
        north, east = float(cells[2]), float(cells[3])
    except ValueError:
        found = f"“{line}”"
        parcel.error = parcel.error or refuse("E_COORD_TYPE", place, found=found)
        return
    parcel.rings.setdefault(cells[1], []).append((east, north))


def _check_count(parcel: _Parcel, collector: Collector) -> None:
    stated = parcel.record.get(FIELDS[0])
    if isinstance(stated, str) and stated.isdecimal() and len(stated) < 9:  # noqa: PLR2004
        found = parcel.count()
        # a ring that is closed may count its first point twice, or not
        if not found - len(parcel.rings) <= int(stated) <= found + len(parcel.rings):
            said = notice("W_PARCEL_POINTS", parcel.place, stated=stated, found=found)
            collector.notices.append(said)


def _shape(parcel: _Parcel, scale: float, tell: Tell) -> Shape | None:
    if parcel.error is not None:
        raise parcel.error
    lines = [np.array(ring) * scale for ring in parcel.rings.values()]
    if not lines:
        tell("W_NULL_GEOMETRY")
        return None
    kind = str(parcel.record.get("图形属性") or "")
    if kind.startswith("点"):
        every = np.concatenate(lines)
        return shapely.Point(every[0]) if len(every) == 1 else shapely.MultiPoint(every)
    if kind.startswith("线"):
        if any(len(line) < 2 for line in lines):  # noqa: PLR2004 - two ends
            raise refuse("E_LINE_SHORT", parcel.place, found=1)
        made = [shapely.LineString(line) for line in lines]
        return made[0] if len(made) == 1 else shapely.MultiLineString(made)
    return _area([_closed(line, parcel, tell) for line in lines])


def _closed(line: Points, parcel: _Parcel, tell: Tell) -> Points:
    open_ = line[:-1] if np.array_equal(line[0], line[-1]) else line
    if len(open_) < _RING:
        raise refuse("E_RING_SHORT", parcel.place, found=len(line))
    if len(open_) == len(line):
        tell("W_RING_CLOSED")
    return np.vstack([open_, open_[:1]])


def _area(rings: list[Points]) -> Shape:
    """Take what lies within an earlier ring out of it; other rings stand beside."""
    shells: list[list[Points]] = []
    for ring in rings:
        inside = shapely.Point(shapely.Polygon(ring).representative_point())
        around = [shell for shell in shells if shapely.Polygon(shell[0]).covers(inside)]
        if around and shapely.Polygon(around[-1][0]).covers(shapely.LineString(ring)):
            around[-1].append(ring)
        else:
            shells.append([ring])
    made = [shapely.Polygon(shell, holes) for shell, *holes in shells]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)


def _crs(about: Mapping[str, str], unit: float | None, rows: Rows) -> str | None:
    """Find the CRS of what the file states, held against its eastings."""
    said = about.get("坐标系", "")
    codes = next(
        (codes for words, codes in _DATUMS if any(word in said for word in words)), None
    )
    if codes is None:
        return None
    if about.get("计量单位", "").strip() == "度":
        return f"EPSG:{codes[-1]}"
    width = _whole(about.get("几度分带", ""))
    if unit is None or width not in _FIRST:
        return None
    bounds = shapely.total_bounds(rows.geometries)
    in_front = {int(edge // _A_ZONE) for edge in (bounds[0], bounds[2]) if edge == edge}  # noqa: PLR0124 - not NaN
    prefix = in_front.pop() if len(in_front) == 1 else -1
    zone = _whole(about.get("带号", "")) or prefix
    if not _FIRST[width] <= zone <= _LAST[width] or prefix not in (0, zone):
        return None
    with_number, without, wide, wide_without, _ = codes
    pair = (with_number, without) if width == 3 else (wide, wide_without)  # noqa: PLR2004 - degrees
    return f"EPSG:{pair[prefix == 0] + zone - _FIRST[width]}"


def _whole(words: str) -> int:
    found = re.search(r"\d{1,3}", words)
    return int(found[0]) if found else 0
