"""Figures as people write them: with a unit, about so much, at least so much."""

import math
import re
import sys
import unicodedata
from dataclasses import dataclass
from typing import Final

from beltmap.geo.intake.columns.traditional import SIMPLIFIED
from beltmap.geo.intake.notices import Json
from beltmap.geo.units import UNITS

_UNIT_NAMES: Final = (
    (
        "km²",
        r"(km|千米|公里)(2|\^2)|sqkm|kmsq|squarek(ilo)?m(et(re|er)s?)?|平方公里|平方千米",
    ),
    ("ha", r"ha|hm(2|\^2)|hectares?|公顷|万平方米|万平米|万平方|万m(2|\^2)?"),
    ("10,000 mu", r"万亩"),
    ("mu", r"mu|亩|市亩"),
    ("m²", r"m(2|\^2)|sqm|squaremet(re|er)s?|平方米|平米|平方"),
)
_QUALIFIERS: Final = (
    (
        "about",
        "大约 约为 约 大概 左右 上下 about approximately approx ca circa around ~ ≈",
    ),
    (
        "at least",
        "不低于 不少于 不小于 至少 以上 及以上 起 atleast minimum min ≥ >= ⩾",
    ),
    ("more than", "超过 逾 大于 超 余 多 morethan over > +"),
    ("nearly", "将近 接近 近 nearly almost"),
    (
        "at most",
        "不超过 不高于 不大于 不多于 至多 最多 以下 以内 upto atmost max ≤ <= ⩽",
    ),
)
_QUALIFIER: Final = {
    word: qualifier for qualifier, words in _QUALIFIERS for word in words.split()
}
_BEFORE: Final = "|".join(
    re.escape(word) for word in sorted(_QUALIFIER, key=len, reverse=True)
)
_NUMBER: Final = r"\d+(?:\.\d+)?|\.\d+"
_FIGURE: Final = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<low>{_NUMBER})(?P<first>[^\d.~\-]*?)"
    rf"(?:(?:-|~|至|到|to)(?P<high>{_NUMBER}))?"
    r"(?P<more>余|多)?(?P<ten>[百千万亿])?(?P<over>余|多)?"
    rf"(?P<unit>[^\d]+2|[^\d]*?)(?P<after>{_BEFORE})?"
)
_TENS: Final = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_LED: Final = re.compile(r"^(?:规划|总)?(?:占地|用地|面积)+[:为]?(?=\D{0,4}\d)")
_NOTED: Final = re.compile(r"(?<=.)\([^()]*\)$")
_THOUSANDS: Final = re.compile(r"(?<![\d.])\d{1,3}(,\d{3})+(?![\d,])")
_DASHES: Final = str.maketrans("–—―−～〜﹣", "----~~-")
_LONGEST: Final = 60


@dataclass(frozen=True)
class Figure:
    """
    A figure as it is stated.

    Parameters
    ----------
    value
        What is stated, in `unit`; the lower end of a range.
    unit
        Unit of area that stands beside it; empty where none does.
    qualifier
        As the plan's claims have it: ``exact``, ``about``, ``at least``,
        ``more than``, ``nearly``, ``at most``, ``range``.
    most
        Upper end of a range, in `unit`; None for all others.
    """

    value: float
    unit: str = ""
    qualifier: str = "exact"
    most: float | None = None


def unit_named(words: str) -> str:
    """
    Find the unit of area that words name.

    Returns
    -------
    unit
        One of `geo.units.GIVEN_AREA_UNITS`; empty if they name none.

    Examples
    --------
    >>> unit_named("公顷"), unit_named("万㎡"), unit_named("万亩"), unit_named("m")
    ('ha', 'ha', '10,000 mu', '')
    """
    bare = re.sub(r"[\s_.()\[\]/:,]+", "", _folded(words))
    for unit, pattern in _UNIT_NAMES:
        if re.fullmatch(pattern, bare):
            return unit
    return ""


def read_figure(value: Json) -> Figure | None:
    """
    Read a figure from a cell.

    Parameters
    ----------
    value
        A number, or text as people write it.

    Returns
    -------
    figure
        None if it is no figure of zero or more.

    Examples
    --------
    >>> read_figure("约400"), read_figure("600余亩")
    (Figure(value=400.0, unit='', qualifier='about', most=None), \
Figure(value=600.0, unit='mu', qualifier='more than', most=None))
    >>> read_figure("２５０－３００公顷")
    Figure(value=250.0, unit='ha', qualifier='range', most=300.0)
    >>> read_figure("30公顷（约450亩）"), read_figure("占地400亩")
    (Figure(value=30.0, unit='ha', qualifier='exact', most=None), \
Figure(value=400.0, unit='mu', qualifier='exact', most=None))
    >>> read_figure("不超过30公顷")
    Figure(value=30.0, unit='ha', qualifier='at most', most=None)
    >>> read_figure("large"), read_figure(True)
    (None, None)
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return Figure(float(value)) if 0 <= value <= sys.float_info.max else None
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    words = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), _folded(value))
    bare = _LED.sub("", re.sub(r"\s+", "", words).replace("ca.", "ca"))
    # what follows in brackets says it once more, or of what it is
    for form in dict.fromkeys([bare, _NOTED.sub("", bare)]):
        found = _FIGURE.fullmatch(form)
        figure = _figure(found) if found else None
        if figure is not None:
            return figure
    return None


def area_km2(value: Json, unit: str) -> float | None:
    """
    Read an area, with its own unit if it has one.

    Returns
    -------
    area_km2
        None if the value is no number of zero or more.

    Examples
    --------
    >>> area_km2("1,250 公顷", "km²"), area_km2(300, "ha"), area_km2("large", "ha")
    (12.5, 3.0, None)
    """
    figure = read_figure(value)
    if figure is None or not (figure.unit or unit):
        return None
    area = figure.value * UNITS[figure.unit or unit].factor / 1e6
    return area if math.isfinite(area) else None


def _figure(found: re.Match[str]) -> Figure | None:
    """Put a figure together from what was found in a text."""
    words = found["unit"] or ""
    unit, tens = unit_named((found["ten"] or "") + words), 1.0
    if not unit or not words:
        unit, tens = unit_named(words), _TENS.get(found["ten"] or "", 1.0)
    first = found["first"] or ""
    if (words and not unit) or (first and (not found["high"] or not unit_named(first))):
        return None
    marks = (found["before"], found["more"], found["over"], found["after"])
    said = [_QUALIFIER[mark] for mark in marks if mark]
    low, high = float(found["low"]) * tens, found["high"]
    if high is not None:
        most = float(high) * tens
        return (
            Figure(low, unit or unit_named(first), "range", most)
            if most > low
            else None
        )
    return Figure(low, unit, said[0] if said else "exact")


def _folded(words: str) -> str:
    plain = words.translate(_DASHES | SIMPLIFIED)
    return unicodedata.normalize("NFKC", plain).casefold().strip()
