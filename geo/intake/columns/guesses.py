"""Which column of a file is which of the plan: guesses, each with its reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from beltmap.geo import schema
from beltmap.geo.geometry.anywhere import Areas
from beltmap.geo.intake.columns.coordinates import plain, segments
from beltmap.geo.intake.columns.figures import area_km2, read_figure, unit_named
from beltmap.geo.intake.notices import Json, Notice, notice
from beltmap.geo.intake.rows import ABSENT, Rows
from beltmap.geo.units import UNITS

AREA: Final = "declared_area_km2"
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
    "part_of": "partof parent parentid 所属 上级 所属园区",
    "source": "source sources reference 来源 资料来源 数据来源 出处",
}
_SHOWN: Final = _WORDS | {
    "lon": "lon lng longitude x easting 经度 东经 横坐标 东坐标",
    "lat": "lat latitude y northing 纬度 北纬 纵坐标 北坐标",
    "wkt": "wkt geom geometry 几何 坐标串",
    AREA: "area_ha area_km2 面积（公顷） 规划用地面积（亩） 用地规模（公顷）",
}
_SYNONYMS: Final = {
    word: column for column, words in _WORDS.items() for word in words.split()
}
_AREA_NAME: Final = re.compile(
    r"(?:declared|planned|plan|total|gross|site|land|shape|规划|计划|设计|总|合计|开发|"
    r"用地|占地|土地|园区|地块|项目|建设|现状|近期|远期|起步区|核心区|一期|二期)*"
    r"(?:(?P<sure>area|面积|mj)|(?:用地规模|占地规模|土地规模|规划规模|规模|占地|用地))"
    r"(?P<rest>.*)"
)
_A_PART: Final = re.compile("建设|现状|近期|远期|起步区|核心区|一期|二期")
"""Words of an area that is a part of the zone's, where another is the whole."""

_SURE_SIZES: Final = ("用地规模", "占地规模")
_NUMBERING: Final = frozenset({"序号", "no", "no.", "№", "#", "行号", "项次"})
_COORDINATES: Final = frozenset({"lon", "lat", "wkt"})
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_SAMPLE: Final = 200


def usual_headings() -> dict[str, tuple[str, ...]]:
    """List the usual headings of columns, without case and blanks, by column."""
    return {column: tuple(words.split()) for column, words in _SHOWN.items()}


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
        Key of the reason: ``same``, ``synonym``, ``script``, ``note``,
        ``written``, ``compared``, ``asked``.
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
    area = _AREA_NAME.fullmatch(plain(name))
    if area:
        return unit_named(area["rest"])
    bracket = re.search(r"[(\[/,:]([^()\[\]/,:]+)[)\]]?$", plain(name))
    return unit_named(bracket[1]) if bracket else ""


def tells_rows_apart(name: str) -> bool:
    """
    Tell whether a heading is of numbers that count rows, never of amounts.

    >>> [tells_rows_apart(one) for one in ("序号", "No.", "编号", "面积（亩）")]
    [True, True, True, False]
    """
    return plain(name) in _NUMBERING or _SYNONYMS.get(plain(name)) == "id"


def _guesses(free: Sequence[str], rows: Rows) -> list[Match]:
    """Guess from names, and for a plain name from what is written in it."""
    guesses: list[Match] = []
    for column in free:
        if column in schema.COLUMNS:
            unit = "km²" if column == AREA else ""
            guesses.append(Match(column, column, "same", unit))
            continue
        found = (_guess(form, column, rows) for form in segments(column))
        guesses += [match for match in found if match][:1]
    return sorted(guesses, key=_rank)


def _guess(form: str, column: str, rows: Rows) -> Match | None:
    """Guess from one form of a heading."""
    folded = plain(form)
    area = _AREA_NAME.fullmatch(folded)
    if area and _is_area(folded, area):
        return Match(AREA, column, "synonym", unit_of(form))
    if folded in {"name", "title", "label", "名称", "mc"}:
        chinese = _mostly_chinese(rows.columns[column])
        return Match("name_zh" if chinese else "name_en", column, "script")
    if folded in _NUMBERING and _counts_up(rows.columns[column]):
        return None
    known = _SYNONYMS.get(folded)
    return Match(known, column, "synonym") if known else None


def _is_area(folded: str, area: re.Match[str]) -> bool:
    """Tell whether a heading is of an area: by its word, or else by its unit."""
    if area["rest"]:
        return bool(unit_named(area["rest"]))
    return area["sure"] is not None or folded.endswith(_SURE_SIZES)


def _rank(match: Match) -> tuple[bool, bool]:
    """Prefer what is called as the plan calls it, and a whole to its part."""
    part = match.target == AREA and bool(_A_PART.search(plain(match.column)))
    return match.why != "same", part


def _counts_up(values: Sequence[Json]) -> bool:
    """Tell whether a column only numbers the rows."""
    given = [str(value).strip() for value in values if value not in (None, ABSENT, "")]
    return all(
        word.removesuffix(".0") == str(n) for n, word in enumerate(given, start=1)
    )


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
    if rows.unit:
        return Match(match.target, match.column, "note", rows.unit)
    values = rows.columns[match.column]
    written = _written(values)
    if written:
        return Match(match.target, match.column, "written", written)
    given = np.array([area_km2(value, "km²") or np.nan for value in values], float)
    if areas_m2 is not None and len(given):
        found = _compared(given * 1e6, areas_m2)
        if found:
            return Match(match.target, match.column, "compared", found)
    return match


def _written(values: Sequence[Json]) -> str:
    """Find the unit that stands in every cell; the commonest where they differ."""
    figures = [read_figure(value) for value in values if isinstance(value, str)]
    units = [figure.unit for figure in figures if figure]
    bare = any(isinstance(value, int | float) for value in values)
    if bare or not units or not all(units):
        return ""
    return max(dict.fromkeys(units), key=units.count)


def areas_left_out(rows: Rows, matches: Sequence[Match]) -> list[Notice]:
    """
    Name the columns whose heading carries a unit of area and that are not taken.

    Parameters
    ----------
    rows
        Rows of a layer.
    matches
        What `match_columns` found.

    Returns
    -------
    notices
        At most one.
    """
    taken = {match.column for match in matches}
    left = [
        column
        for column in rows.columns
        if column not in taken and any(map(unit_of, segments(column)))
    ]
    return [notice("W_AREA_LEFT_OUT", columns=left, n=len(left))] if left else []


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
