"""What a filter in CQL2 tells of the rows of a frame: true, false, or neither."""

import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

Mask: TypeAlias = npt.NDArray[np.bool_]
Condition: TypeAlias = Callable[[gpd.GeoDataFrame], tuple[Mask, Mask]]
"""Tells for which rows it is true, for which false; in others a value is missing."""

COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
SPATIAL: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "S_INTERSECTS": shapely.intersects,
    "S_EQUALS": shapely.equals,
    "S_DISJOINT": shapely.disjoint,
    "S_TOUCHES": shapely.touches,
    "S_WITHIN": shapely.within,
    "S_OVERLAPS": shapely.overlaps,
    "S_CROSSES": shapely.crosses,
    "S_CONTAINS": shapely.contains,
}


@dataclass(frozen=True)
class Scalar:
    """
    A value of each row.

    Parameters
    ----------
    kind
        Its type.
    column
        The column that has it; None where it is the same for all rows.
    value
        That value.
    folds
        Names of what is done with text before it is compared.
    """

    kind: str
    column: str | None = None
    value: str | float | None = None
    folds: tuple[str, ...] = ()

    def of(self, frame: gpd.GeoDataFrame) -> "pd.Series[Any]":
        """Give the values of a frame's rows."""
        if self.column is None:
            return pd.Series(self.value, index=frame.index, dtype=object)
        found = cast("pd.Series[Any]", frame[self.column].astype(object))
        for fold in self.folds:
            found = found.map(_FOLDS[fold], na_action="ignore")
        return found


def folded(scalar: Scalar, fold: str) -> Scalar:
    """Compare text without regard to case (``CASEI``) or accents (``ACCENTI``)."""
    if isinstance(scalar.value, str):
        return replace(scalar, value=_FOLDS[fold](scalar.value))
    return replace(scalar, folds=(*scalar.folds, fold))


def _plain(words: str) -> str:
    decomposed = unicodedata.normalize("NFKD", words)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_FOLDS: Final[Mapping[str, Callable[[str], str]]] = {
    "CASEI": str.casefold,
    "ACCENTI": _plain,
}


def always(said: bool) -> Condition:  # noqa: FBT001 - a constant of the filter
    """Tell the same of every row."""

    def tell(frame: gpd.GeoDataFrame) -> tuple[Mask, Mask]:
        true = np.full(len(frame), said)
        return true, ~true

    return tell


def both(*conditions: Condition) -> Condition:
    """Tell whether all of some conditions are true."""

    def tell(frame: gpd.GeoDataFrame) -> tuple[Mask, Mask]:
        true, false = always(True)(frame)
        for condition in conditions:
            also, nor = condition(frame)
            true, false = true & also, false | nor
        return true, false

    return tell


def negated(one: Condition) -> Condition:
    """Tell the contrary."""

    def tell(frame: gpd.GeoDataFrame) -> tuple[Mask, Mask]:
        true, false = one(frame)
        return false, true

    return tell


def either(*conditions: Condition) -> Condition:
    """Tell whether at least one of some conditions is true."""
    return negated(both(*map(negated, conditions)))


def is_null(scalar: Scalar) -> Condition:
    """Tell where a value is missing."""

    def tell(frame: gpd.GeoDataFrame) -> tuple[Mask, Mask]:
        missing = scalar.of(frame).isna().to_numpy(bool)
        return missing, ~missing

    return tell


def compared(sign: str, left: Scalar, right: Scalar) -> Condition:
    """Compare two values of each row."""

    def tell(frame: gpd.GeoDataFrame) -> tuple[Mask, Mask]:
        one, other = left.of(frame), right.of(frame)
        known = (one.notna() & other.notna()).to_numpy(bool)
        found = COMPARISONS[sign](one.to_numpy()[known], other.to_numpy()[known])
        return _where(known, found)

    return tell


def one_of(left: Scalar, values: Iterable[Scalar]) -> Condition:
    """Tell whether a value equals one of several."""
    return either(*(compared("=", left, value) for value in values))


def like(left: Scalar, pattern: str) -> Condition:
    """Compare text with a pattern: ``%`` is any text, ``_`` one character."""
    form = _expression(pattern)

    def tell(frame: gpd.GeoDataFrame) -> tuple[Mask, Mask]:
        values = left.of(frame)
        known = values.notna().to_numpy(bool)
        found = [form.fullmatch(str(one)) is not None for one in values[known]]
        return _where(known, found)

    return tell


def related(
    name: str, first: str | BaseGeometry, second: str | BaseGeometry
) -> Condition:
    """Compare the geometry of each row with one that is written out."""

    def tell(frame: gpd.GeoDataFrame) -> tuple[Mask, Mask]:
        shapes = np.asarray(frame.geometry.array, dtype=object)
        pair = [shapes if isinstance(one, str) else one for one in (first, second)]
        known = np.asarray(~shapely.is_missing(shapes), bool)
        found = np.broadcast_to(SPATIAL[name](*pair), len(frame))
        return _where(known, found[known])

    return tell


def _where(known: Mask, found: npt.ArrayLike) -> tuple[Mask, Mask]:
    true = np.zeros(len(known), bool)
    true[known] = np.asarray(found, bool)
    return true, known & ~true


def _expression(pattern: str) -> re.Pattern[str]:
    """Write a pattern as an expression that never goes back over what it has found."""
    pieces: list[str] = [""]
    for escaped, letter in re.findall(r"\\(.)|([^\\]|\\$)", pattern, re.DOTALL):
        if letter == "%":
            pieces.append("")
        else:
            pieces[-1] += "." if letter == "_" else re.escape(escaped or letter)
    first, *middle = pieces
    if not middle:
        return re.compile(first, re.DOTALL)
    *middle, last = middle
    found = "".join(f"(?>.*?{piece})" for piece in middle if piece)
    return re.compile(f"{first}{found}.*{last}", re.DOTALL)
