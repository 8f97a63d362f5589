"""Which column of a file is which of the plan: guesses, each with its reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo import schema
from geo.intake.coordinates import plain
from geo.intake.measure import Areas
from geo.intake.notices import Json
from geo.intake.rows import Rows
from geo.units import UNITS

AREA: Final = "declared_area_km2"
NONE: Final = ""
"""Stands for no column, where a person wants none."""

ALIASES: Final = {"area": AREA, "name": "name_en"}
"""Short names that a person may use for columns of the plan."""

_WORDS: Final = {
    "id": "id code zoneid zonecode objectid fid gid 编号 编码 代码 地块编号 序号",
    "name_en": "nameen nameeng englishname 英文名 英文名称 name title label mc",
    "name_zh": "namezh namecn chinesename 名称 中文名 中文名称 地块名称 园区名称 "
    "项目名称 园区 名字 mingcheng",
    "city": "city cityname 城市 市 所在城市 地市",
    "kind": "kind type zonetype category 类型 类别 种类",
    "status": "status state phase 状态 现状 建设状态",
    "sectors": "sectors sector industry industries 产业 行业 主导产业 产业类型 "
    "产业类别",
    "focus_en": "focusen focus description",
    "focus_zh": "focuszh 重点 功能 主要功能 功能定位 发展方向 说明 描述",
    "part_of": "partof parent parentid belt 所属 上级 所属园区",
    "source": "source sources reference 来源 资料来源 数据来源 出处",
}
_SYNONYMS: Final = {
    word: column for column, words in _WORDS.items() for word in words.split()
}
_AREA_NAME: Final = re.compile(
    r"(declared|plan(ned)?|规划|占地|用地|总|建设|shape)?(area|面积|mj)(?P<rest>.*)"
)
_UNIT_NAMES: Final = (
    ("km²", r"km2|km²|sqkm|kmsq|平方公里|平方千米|km\^2"),
    ("ha", r"ha|hm2|hectares?|公顷|万平方米|万m2"),
    ("mu", r"mu|亩"),
    ("m²", r"m2|m²|sqm|平方米|平米|㎡"),
)
_COORDINATES: Final = frozenset({"lon", "lat", "wkt"})
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_SAMPLE: Final = 200


@dataclass(frozen=True)
class Match:
    """
    One column of the plan and where its values come from.

    Parameters
    ----------
    target
        Column of `geo.schema.COLUMNS`.
    column
        Column of the file.
    why
        Key of the reason: ``same``, ``synonym``, ``script``, ``unit``,
        ``compared``, ``asked``.
    unit
        Unit of an area; empty for other columns and where it is not known.
    """

    target: str
    column: str
    why: str
    unit: str = ""


def match_columns(
    rows: Rows,
    *,
    wanted: Mapping[str, str],
    area_unit: str | None = None,
    areas_m2: Areas | None = None,
) -> tuple[Match, ...]:
    """
    Match the columns of a file to those of a plan.

    Parameters
    ----------
    rows
        Rows of a layer.
    wanted
        Column of the file by column of the plan, as a person decided; empty
        text for none.
    area_unit
        Unit of the areas, as a person decided.
    areas_m2
        Drawn area of each row, to tell the unit of a column that does not say
        it; leave out where nothing is known.

    Returns
    -------
    matches
        In the order of `geo.schema.COLUMNS`, each column of the file at most
        once.
    """
    asked = {ALIASES.get(key, key): column for key, column in wanted.items()}
    matches = {
        target: Match(target, column, "asked")
        for target, column in asked.items()
        if target in schema.COLUMNS and column in rows.columns
    }
    taken = {match.column for match in matches.values()}
    # a column that a person takes for a coordinate is nothing else
    taken |= {column for key, column in wanted.items() if key in _COORDINATES}
    free = [column for column in rows.columns if column not in taken]
    for match in _guesses(free, rows):
        if match.target not in matches and match.target not in asked:
            matches[match.target] = match
    if AREA in matches:
        matches[AREA] = _with_unit(matches[AREA], rows, area_unit, areas_m2)
    return tuple(matches[name] for name in schema.COLUMNS if name in matches)


def unit_of(name: str) -> str:
    """
    Read the unit of an area from a column's name.

    Examples
    --------
    >>> unit_of("面积（公顷）"), unit_of("area_km2"), unit_of("面积")
    ('ha', 'km²', '')
    """
    rest = plain(name).partition("area")[2] if "area" in plain(name) else plain(name)
    bare = re.sub(r"^.*面积|^.*mj|[()\[\]/:,]", "", rest)
    for unit, pattern in _UNIT_NAMES:
        if re.fullmatch(pattern, bare):
            return unit
    return ""


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
    if isinstance(value, bool) or value is None:
        return None
    words = plain(str(value)) if isinstance(value, str) else ""
    if isinstance(value, str):
        whole = re.fullmatch(
            r"([\d,]*\.?\d+)([^\d]*)", value.strip().replace("，", ",")
        )
        if whole is None:
            return None
        own = unit_of(whole[2]) if whole[2].strip() else unit
        if not own:
            return None
        factor = 1e4 if plain(whole[2]).startswith("万") and own == "mu" else 1.0
        return float(whole[1].replace(",", "")) * UNITS[own].factor * factor / 1e6
    if not isinstance(value, int | float) or words or not unit or not value >= 0:
        return None
    return value * UNITS[unit].factor / 1e6


def _guesses(free: Sequence[str], rows: Rows) -> list[Match]:
    """Guess from names, and for a plain name from what is written in it."""
    guesses: list[Match] = []
    for column in free:
        folded = plain(column)
        area = _AREA_NAME.fullmatch(folded)
        if column in schema.COLUMNS:
            unit = "km²" if column == AREA else ""
            guesses.append(Match(column, column, "same", unit))
        elif area and (not area["rest"] or unit_of(column)):
            guesses.append(Match(AREA, column, "synonym", unit_of(column)))
        elif folded in {"name", "title", "label", "名称", "mc"}:
            chinese = _mostly_chinese(rows.columns[column])
            target = "name_zh" if chinese else "name_en"
            guesses.append(Match(target, column, "script"))
        elif folded in _SYNONYMS:
            guesses.append(Match(_SYNONYMS[folded], column, "synonym"))
    return sorted(guesses, key=lambda match: match.why != "same")


def _mostly_chinese(values: Sequence[Json]) -> bool:
    words = [value for value in values[:_SAMPLE] if isinstance(value, str) and value]
    return sum(map(bool, map(_CHINESE.search, words))) * 2 > len(words)


def _with_unit(
    match: Match,
    rows: Rows,
    area_unit: str | None,
    areas_m2: Areas | None,
) -> Match:
    """Find the unit: as asked, as named, as written, or as drawn."""
    if area_unit:
        return Match(match.target, match.column, "asked", area_unit)
    if match.unit or match.column == AREA:
        return Match(match.target, match.column, match.why, match.unit or "km²")
    named = unit_of(match.column)
    if named:
        return Match(match.target, match.column, "unit", named)
    values = rows.columns[match.column]
    given = np.array([area_km2(value, "km²") or np.nan for value in values], float)
    if areas_m2 is not None and len(given):
        found = _compared(given * 1e6, areas_m2)
        if found:
            return Match(match.target, match.column, "compared", found)
    return match


def _compared(
    given_km2: Areas,
    areas_m2: Areas,
) -> str:
    """Find the one unit in which the figures are near the drawn areas."""
    both = np.isfinite(given_km2) & (areas_m2 > 0)
    if not both.any():
        return ""
    ratio = float(np.median(areas_m2[both] / (given_km2[both] / 1e6)))
    for unit in ("m²", "mu", "ha", "km²"):
        if 0.7 < ratio / UNITS[unit].factor < 1.4:  # noqa: PLR2004 - drawings are rough
            return unit
    return ""
