"""Well-known binary: plain, extended with a CRS, and with curves."""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from beltmap.geo.geometry.area import Shape
from beltmap.geo.intake.notices import Json, refuse
from beltmap.geo.intake.raw.curves import Points, arc_points

_Z, _M, _SRID = 0x80000000, 0x40000000, 0x20000000
_SINGLE: Final = frozenset({1, 2, 3})
_PLAIN: Final = frozenset(range(1, 7))
_DEPTH: Final = 8
_RING: Final = 4


def shape_of_wkb(
    blob: bytes, place: Mapping[str, Json], tell: Callable[[str], None] | None = None
) -> Shape | None:
    """
    Read well-known binary.

    Parameters
    ----------
    blob
        As ISO or PostGIS writes it.
    place
        Where it is; said in errors.
    tell
        Called with ``W_CURVES`` where curves became lines, see
        `geo.intake.raw.curves`.

    Returns
    -------
    shape
        In the coordinates of the file.

    Raises
    ------
    RefusedError
        If it is damaged, or nested too deep.
    """
    try:
        kind, _ = _kind(blob, 0)
        if kind in _PLAIN:
            if kind not in _SINGLE:
                # GEOS follows multi-geometries in each other until it falls over
                _Walker(blob).check()
            return shapely.from_wkb(blob)
        reader = _Reader(blob)
        shape = reader.shape()
    except _NestedError:
        raise refuse("E_GEOMETRY_NESTED", place) from None
    except (
        shapely.errors.GEOSException,
        ValueError,
        TypeError,
        IndexError,
        struct.error,
    ):
        raise refuse("E_GEOMETRY_BROKEN", place, found="its bytes do not fit") from None
    if reader.curved and tell is not None:
        tell("W_CURVES")
    return shape


def srid_of_wkb(blob: bytes) -> int:
    """
    Read the number of the CRS in extended well-known binary; 0 without one.

    Examples
    --------
    >>> srid_of_wkb(bytes.fromhex("0101000020C5110000" + "00" * 16))
    4549
    """
    _, order = _kind(blob, 0)
    kind, number = struct.unpack_from(f"{order}Ii", blob, 1)
    return number if kind & _SRID and number > 0 else 0


def _kind(blob: bytes, at: int) -> tuple[int, str]:
    """Read the kind of a geometry without its dimensions, and the byte order."""
    order = "<" if blob[at] == 1 else ">"
    (kind,) = struct.unpack_from(f"{order}I", blob, at + 1)
    return (kind & 0xFFFFFFF) % 1000, order


class _NestedError(Exception):
    """Geometries lie deeper in each other than anyone means."""


@dataclass
class _Bytes:
    """Bytes of one geometry, and how far they are read."""

    blob: bytes
    at: int = 0
    order: str = "<"
    size: int = 2
    high: bool = False

    def _head(self) -> int:
        kind, self.order = _kind(self.blob, self.at)
        (whole,) = struct.unpack_from(f"{self.order}I", self.blob, self.at + 1)
        self.at += 9 if whole & _SRID else 5
        thousands = (whole & 0xFFFF) // 1000
        self.high = bool(whole & _Z) or thousands in (1, 3)
        measured = bool(whole & _M) or thousands in (2, 3)
        self.size = 2 + self.high + measured
        return kind

    def _count(self, least: int) -> int:
        """Read a number of things of at least so many bytes each."""
        (count,) = struct.unpack_from(f"{self.order}I", self.blob, self.at)
        self.at += 4
        if count * least > len(self.blob) - self.at:
            raise ValueError
        return int(count)


class _Walker(_Bytes):
    """Goes over a plain multi-geometry without making anything."""

    def check(self) -> None:
        """Demand that its parts are single ones."""
        self._head()
        for _ in range(self._count(5)):
            kind = self._head()
            if kind not in _SINGLE:
                raise _NestedError
            if kind == 1:
                self.at += 8 * self.size
                continue
            for _ in range(1 if kind == 2 else self._count(4)):  # noqa: PLR2004 - a line
                points = self._count(8 * self.size)
                self.at += 8 * self.size * points


@dataclass
class _Reader(_Bytes):
    """Follows the bytes of one geometry."""

    depth: int = 0
    curved: bool = False

    def shape(self) -> Shape:
        """Read a geometry with everything in it."""
        self.depth += 1
        if self.depth > _DEPTH:
            raise _NestedError
        kind = self._head()
        made = _READERS[kind](self) if kind in _READERS else None
        self.depth -= 1
        if made is None:
            raise ValueError
        return made

    def points(self, count: int | None = None) -> Points:
        """Read positions; measures are left out."""
        n = self._count(8 * self.size) if count is None else count
        flat = np.frombuffer(self.blob, f"{self.order}f8", n * self.size, self.at)
        self.at += 8 * n * self.size
        kept = flat.reshape(n, self.size)[:, : 2 + self.high]
        return kept.astype(np.float64)

    def parts(self) -> list[Shape]:
        """Read geometries within a geometry."""
        return [self.shape() for _ in range(self._count(5))]

    def point(self) -> Shape:
        """Read a point."""
        position = self.points(1)
        return shapely.Point() if np.isnan(position).all() else shapely.Point(*position)

    def line(self) -> Shape:
        """Read a line."""
        return shapely.LineString(self.points())

    def polygon(self) -> Shape:
        """Read a polygon, or a triangle."""
        rings = [self.points() for _ in range(self._count(4))]
        return _polygon(rings)

    def arcs(self) -> Shape:
        """Read a line of circular arcs, three points each."""
        self.curved = True
        points = self.points()
        if len(points) and len(points) % 2 == 0:
            raise ValueError
        arcs = [
            arc_points(*points[n : n + 3])[bool(n) :]
            for n in range(0, len(points) - 2, 2)
        ]
        return shapely.LineString(np.concatenate(arcs) if arcs else points)

    def compound(self) -> Shape:
        """Read a line of lines and arcs."""
        parts = [shapely.get_coordinates(p, include_z=self.high) for p in self.parts()]
        joined = [part[bool(n) :] for n, part in enumerate(parts)]
        return shapely.LineString(np.concatenate(joined) if joined else [])

    def curve_polygon(self) -> Shape:
        """Read a polygon whose rings may be curves."""
        rings = [shapely.get_coordinates(p, include_z=self.high) for p in self.parts()]
        return _polygon(rings)

    def many_points(self) -> Shape:
        """Read many points."""
        return shapely.MultiPoint(self.parts())

    def many_lines(self) -> Shape:
        """Read many lines, curves among them."""
        return shapely.MultiLineString(self.parts())

    def many_polygons(self) -> Shape:
        """Read many polygons, curved ones and faces of a surface among them."""
        return shapely.MultiPolygon(self.parts())

    def collection(self) -> Shape:
        """Read geometries of any kind."""
        return shapely.GeometryCollection(self.parts())


def _polygon(rings: list[Points]) -> Shape:
    if not rings:
        return shapely.Polygon()
    if any(len(ring) < _RING for ring in rings):
        raise ValueError
    return shapely.Polygon(rings[0], rings[1:])


_READERS: Final[dict[int, Callable[[_Reader], Shape]]] = {
    1: _Reader.point,
    2: _Reader.line,
    3: _Reader.polygon,
    4: _Reader.many_points,
    5: _Reader.many_lines,
    6: _Reader.many_polygons,
    7: _Reader.collection,
    8: _Reader.arcs,
    9: _Reader.compound,
    10: _Reader.curve_polygon,
    11: _Reader.many_lines,
    12: _Reader.many_polygons,
    15: _Reader.many_polygons,
    16: _Reader.many_polygons,
    17: _Reader.polygon,
}
"""By the number of a kind in ISO 19125."""
