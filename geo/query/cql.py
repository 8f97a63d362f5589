"""CQL2 text, in which GIS tools say which features they want, read strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo.errors import PlanError, fault
from beltmap.geo.language.messages import text
from beltmap.geo.query.cqlmasks import (
    COMPARISONS,
    SPATIAL,
    Condition,
    Scalar,
    always,
    both,
    compared,
    either,
    folded,
    is_null,
    like,
    negated,
    one_of,
    related,
)

LONGEST: Final = 2000
DEEPEST: Final = 50
NUMBER, TEXT, GEOMETRY = "number", "text", "geometry"
"""Types of properties."""

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^'\\]|''|\\.)*')
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>"[^"]+"|[^\W\d][\w:.]*)
    |(?P<sign><>|<=|>=|[=<>(),+-])
    |(?P<end>\Z)
    )""",
    re.VERBOSE,
)
_MOMENT: Final = {
    "DATE": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "TIMESTAMP": re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+Z"),
}
_SHAPES: Final = (
    *("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING"),
    *("MULTIPOLYGON", "GEOMETRYCOLLECTION", "BBOX"),
)
_FOLDS: Final = ("CASEI", "ACCENTI")
_CORNERS, _CORNERS_3D = 4, 6


@dataclass(frozen=True)
class _Token:
    kind: str
    words: str
    start: int

    @property
    def key(self) -> str:
        """The token as a keyword or a sign; what is in quotation marks is neither."""
        quoted = self.kind == "text" or self.words.startswith('"')
        return "" if quoted else self.words.upper()


def read_cql(words: str, properties: Mapping[str, str]) -> Condition:
    """
    Read a filter in CQL2 text.

    Parameters
    ----------
    words
        The filter: comparisons, ``LIKE``, ``BETWEEN``, ``IN``, ``IS NULL``,
        ``AND``, ``OR``, ``NOT``, ``CASEI``, ``ACCENTI`` and the spatial
        functions of a geometry that is written out, in longitude and latitude.
    properties
        Type of each property: `NUMBER`, `TEXT` or `GEOMETRY`.

    Returns
    -------
    condition
        Tells of the rows of a frame for which it is true, and for which false; for
        the others a value is missing, so that it is neither.

    Raises
    ------
    PlanError
        With the place at which it is not understood.

    Examples
    --------
    >>> import geopandas as gpd
    >>> zones = gpd.GeoDataFrame({"city": ["Mu", None]}, geometry=[None, None])
    >>> true, false = read_cql("city = 'Mu'", {"city": TEXT})(zones)
    >>> true.tolist(), false.tolist()
    ([True, False], [False, False])
    """
    return _Reader(words, properties).read()


class _Reader:
    """Read a filter from its beginning to its end, one function a rule."""

    def __init__(self, words: str, properties: Mapping[str, str]) -> None:
        self._words = words
        self._properties = properties
        self._depth = 0
        if len(words) > LONGEST:
            raise PlanError([fault("E_CQL2.long", _place(LONGEST), most=LONGEST)])
        self._now = self._token(0)

    def read(self) -> Condition:
        condition = self._or()
        if self._now.kind != "end":
            self._wrong("AND, OR")
        return condition

    def _token(self, start: int) -> _Token:
        found = _TOKEN.match(self._words, start)
        if found is None:
            rest = self._words[start:]
            at = start + len(rest) - len(rest.lstrip())
            self._now = _Token("", self._words[at], at)
            self._wrong("a value")
        kind = str(found.lastgroup)
        return _Token(kind, found[kind], found.start(kind))

    def _take(self) -> _Token:
        token = self._now
        self._now = self._token(token.start + len(token.words))
        return token

    def _takes(self, *keys: str) -> str:
        """Take the next word if it is one of these; tell which."""
        return self._take().key if self._now.key in keys and self._now.key else ""

    def _need(self, key: str) -> None:
        if not self._takes(key):
            self._wrong(key)

    def _wrong(self, expected: str, token: _Token | None = None) -> NoReturn:
        at = token or self._now
        code = "E_CQL2.word" if at.words else "E_CQL2.end"
        where = _place(at.start)
        raise PlanError([fault(code, where, found=at.words, expected=expected)])

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise PlanError([fault("E_CQL2.deep", _place(self._now.start))])

    def _or(self) -> Condition:
        self._deeper()
        conditions = [self._and()]
        while self._takes("OR"):
            conditions.append(self._and())
        self._depth -= 1
        return either(*conditions)

    def _and(self) -> Condition:
        conditions = [self._not()]
        while self._takes("AND"):
            conditions.append(self._not())
        return both(*conditions)

    def _not(self) -> Condition:
        denied = False
        while self._takes("NOT"):
            denied = not denied
        condition = self._single()
        return negated(condition) if denied else condition

    def _single(self) -> Condition:
        if self._takes("("):
            condition = self._or()
            self._need(")")
            return condition
        if said := self._takes("TRUE", "FALSE"):
            return always(said == "TRUE")
        if name := self._takes(*SPATIAL):
            return self._spatial(name)
        return self._comparison()

    def _spatial(self, name: str) -> Condition:
        self._need("(")
        first = self._geometry()
        self._need(",")
        second = self._geometry()
        self._need(")")
        return related(name, first, second)

    def _geometry(self) -> str | BaseGeometry:
        """Read the name of a column with geometry, or a geometry."""
        token = self._take()
        if token.key not in _SHAPES:
            self._property(token, GEOMETRY)
            return "geometry"
        self._need_sign("(")
        depth = 1
        while depth:
            inner = self._take()
            if inner.kind == "end":
                self._wrong(")", inner)
            depth += {"(": 1, ")": -1}.get(inner.key, 0)
        written = self._words[token.start : inner.start + 1]
        try:
            shape = _shape(token.key, written)
        except (shapely.errors.ShapelyError, ValueError) as error:
            where = _place(token.start)
            raise PlanError([fault("E_CQL2.geometry", where, found=written)]) from error
        return shape

    def _need_sign(self, sign: str) -> None:
        if self._now.key != sign:
            self._wrong(sign)
        self._take()

    def _comparison(self) -> Condition:
        left = self._scalar()
        if sign := self._takes(*COMPARISONS):
            return compared(sign, left, self._alike(left))
        if self._takes("IS"):
            denied = self._takes("NOT")
            self._need("NULL")
            return negated(is_null(left)) if denied else is_null(left)
        denied = self._takes("NOT")
        match self._takes("LIKE", "BETWEEN", "IN"):
            case "LIKE":
                condition = self._like(left)
            case "BETWEEN":
                least = self._alike(left)
                self._need("AND")
                most = self._alike(left)
                condition = both(
                    compared(">=", left, least), compared("<=", left, most)
                )
            case "IN":
                condition = one_of(left, self._several(left))
            case _:
                self._wrong("=, <>, <, >, <=, >=, LIKE, BETWEEN, IN, IS NULL")
        return negated(condition) if denied else condition

    def _like(self, left: Scalar) -> Condition:
        token = self._now
        pattern = self._alike(left)
        if left.kind != TEXT or not isinstance(pattern.value, str):
            self._wrong("'…%'", token)
        return like(left, pattern.value)

    def _several(self, left: Scalar) -> list[Scalar]:
        self._need("(")
        values = [self._alike(left)]
        while self._takes(","):
            values.append(self._alike(left))
        self._need(")")
        return values

    def _alike(self, left: Scalar) -> Scalar:
        """Read a value that can be compared with another."""
        token = self._now
        right = self._scalar()
        if left.kind != right.kind:
            kinds = {one.kind: text(f"cql2.{one.kind}") for one in (left, right)}
            where = _place(token.start)
            said = {"left": kinds[left.kind], "right": kinds[right.kind]}
            raise PlanError([fault("E_CQL2.kinds", where, **said)])
        return right

    def _scalar(self) -> Scalar:
        token = self._take()
        if token.kind == "text":
            return Scalar(TEXT, value=_unquoted(token.words))
        if token.key in {"+", "-"} and self._now.kind == "number":
            return Scalar(NUMBER, value=float(token.words + self._take().words))
        if token.kind == "number":
            return Scalar(NUMBER, value=float(token.words))
        if token.key in _FOLDS and self._takes("("):
            inner = self._now
            self._deeper()
            scalar = self._scalar()
            self._depth -= 1
            if scalar.kind != TEXT:
                self._wrong(text("cql2.text"), inner)
            self._need(")")
            return folded(scalar, token.key)
        if token.key in _MOMENT and self._takes("("):
            return self._moment(_MOMENT[token.key])
        if token.kind != "name":
            self._wrong(text("cql2.value"), token)
        return Scalar(self._property(token, NUMBER, TEXT), column=_name(token))

    def _moment(self, form: re.Pattern[str]) -> Scalar:
        """Read a date, which our tables keep as text that sorts by time."""
        token = self._take()
        said = _unquoted(token.words)
        if token.kind != "text" or not form.fullmatch(said):
            self._wrong("'2026-01-31', '2026-01-31T12:00:00Z'", token)
        self._need(")")
        return Scalar(TEXT, value=said)

    def _property(self, token: _Token, *kinds: str) -> str:
        """Give the type of a property, which must be one of these."""
        found = self._properties.get(_name(token)) if token.kind == "name" else None
        if found in kinds:
            return str(found)
        known = [name for name, kind in self._properties.items() if kind in kinds]
        if token.kind != "name" or not token.words:
            self._wrong(", ".join(known), token)
        where = _place(token.start)
        name = _name(token)
        raise PlanError([fault("E_CQL2.property", where, found=name, known=known)])


def _place(start: int) -> str:
    return text("cql2.place", n=start + 1)


def _shape(name: str, written: str) -> BaseGeometry:
    """Read a geometry that is written out; one that is none raises an error."""
    if name == "BBOX":
        corners = [float(n) for n in written[len(name) :].strip(" ()").split(",")]
        west, south, *_, east, north = corners
        if len(corners) == _CORNERS_3D:
            west, south, _, east, north, _ = corners
        elif len(corners) != _CORNERS:
            raise ValueError(written)
        shape: BaseGeometry = shapely.box(west, south, east, north)
    else:
        shape = shapely.from_wkt(written)
    if not np.isfinite(shape.bounds).all() or not shape.is_valid:
        raise ValueError(written)
    return shape


def _name(token: _Token) -> str:
    return token.words.strip('"')


def _unquoted(words: str) -> str:
    return re.sub(r"''|\\(.)", lambda found: found[1] or "'", words[1:-1])
