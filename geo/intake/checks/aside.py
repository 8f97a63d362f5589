"""Rows of a file that are no records: totals, which are checked, and notes."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

import numpy as np

from beltmap.geo.intake.checks.advice import drawn
from beltmap.geo.intake.columns.coordinates import find_coordinates
from beltmap.geo.intake.columns.figures import area_km2, read_figure
from beltmap.geo.intake.columns.guesses import tells_rows_apart, unit_of
from beltmap.geo.intake.notices import Json, Notice, notice
from beltmap.geo.intake.rows import ABSENT, Rows
from beltmap.geo.units import convert

_TOTAL: Final = re.compile(
    r"(合计|总计|共计|累计|总和|汇总|全部合计|(grand|overall)?totals?|sum)"
    r"(\(.*\)|[:：].*)?"
)
_SUBTOTAL: Final = re.compile(
    r".{0,12}?(小计|合计|总计|共计|累计|sub-?totals?)(\(.*\)|[:：].*)?"
)
_NOTE: Final = re.compile(
    r"(注|备注|附注|说明|填表人|填报人|制表人?|审核人?|负责人|联系人|填表单位|填报单位|"
    r"填表日期|填报日期|制表日期|日期|资料来源|数据来源|数据截至|数据截止|单位|notes?|"
    r"remarks?|sources?|prepared by)\s*(\d{0,2}\s*[:：].*|$)|^[*※]\s*\S.*"
)
_NAMED: Final = frozenset(
    f"{begin}{word}{end}"
    for word in ("合计", "合 计", "总计", "总 计", "共计", "累计", "小计", "小 计")
    for begin, end in (("", ""), ("", ":"), ("", "："))
) | frozenset(
    form
    for word in ("total", "grand total", "subtotal", "sub-total", "sum")
    for form in (word, word.title(), word.capitalize(), word.upper(), f"{word}:")
)
"""Whole cells that call a row a total, though it has a place."""

_FEW: Final = 2
"""Cells that a row of notes may have."""

_NO_SUM: Final = re.compile(r"[%‰率比均]|每|percent|share|ratio|mean|average|年")
_CLOSE: Final = 1e-6
_SHOWN: Final = 6


def is_aside(record: Mapping[str, Json]) -> bool:
    """
    Tell whether a row without a shape is a total or a note.

    Examples
    --------
    >>> is_aside({"序号": "", "名称": "合 计", "面积": 1000})
    True
    >>> is_aside({"名称": "注：面积为规划面积", "面积": None})
    True
    >>> is_aside({"名称": "合计路园区", "面积": 3})
    False
    """
    return bool(_kind(list(record.values())))


def set_aside(rows: Rows) -> Rows:
    """
    Set totals and notes aside, and hold the totals against what they sum up.

    Parameters
    ----------
    rows
        Rows of a layer.

    Returns
    -------
    rows
        Those that are records. A row with a shape of its own is one unless it is
        called a total and is the sum of the others; called so alone, it is told.
        `Rows.aside` counts the others.
    """
    places = np.flatnonzero(~drawn(rows.geometries)).tolist()
    columns = list(rows.columns.values())
    kinds = {row: _kind([values[row] for values in columns]) for row in places}
    kinds = {row: kind for row, kind in kinds.items() if kind}
    summed, doubted = _placed_totals(rows, kinds)
    kinds |= summed
    rows = replace(rows, notices=(*rows.notices, *doubted)) if doubted else rows
    if not kinds:
        return rows
    told = [_set_aside(rows, row, kind) for row, kind in kinds.items()]
    told += _checked(rows, kinds)
    kept = [row for row in range(len(rows)) if row not in kinds]
    gone = {int(rows.numbers[row]) for row in kinds}
    notices = [_without(one, gone, f"{rows.word}s") for one in rows.notices]
    return replace(
        rows,
        columns={
            name: [values[row] for row in kept] for name, values in rows.columns.items()
        },
        geometries=rows.geometries[kept],
        numbers=[rows.numbers[row] for row in kept],
        ids=[rows.ids[row] for row in kept],
        notices=(*(one for one in notices if one is not None), *told),
        aside=len(kinds),
    )


def _placed_totals(
    rows: Rows, kinds: Mapping[int, str]
) -> tuple[dict[int, str], list[Notice]]:
    """Find rows with a shape that are called totals: those that add up, and others."""
    columns = list(rows.columns.values())
    called = {
        row
        for values in columns
        for row, value in enumerate(values)
        if value.__class__ is str and value.strip() in _NAMED
    }
    found = {row: _kind([values[row] for values in columns]) for row in called}
    found = {row: kind for row, kind in found.items() if kind and row not in kinds}
    summed = {row: kind for row, kind in found.items() if _adds_up(rows, row, found)}
    told = [
        notice("W_TOTAL_DRAWN", rows.place(row), found=_said(rows, row))
        for row in sorted(found.keys() - summed.keys())
    ]
    return summed, told


def _adds_up(rows: Rows, row: int, totals: Mapping[int, str]) -> bool:
    """Tell whether a row has the sum of all that are no totals, in some column."""
    for name in _summed(rows):
        values = rows.columns[name]
        figure = _amount(values[row], unit_of(name))
        if figure is None:
            continue
        others = [
            _amount(value, unit_of(name))
            for n, value in enumerate(values)
            if n not in totals
        ]
        given = [one for one in others if one is not None]
        if len(given) >= _FEW and math.isclose(
            math.fsum(given), figure, rel_tol=_CLOSE, abs_tol=_step(values[row])
        ):
            return True
    return False


def _kind(values: Sequence[Json]) -> str:
    """Tell a total, a subtotal or a note by the first words of a row."""
    given = [value for value in values if value not in (None, ABSENT, "")]
    texts = [_folded(value) for value in given if isinstance(value, str)]
    first = next((one for one in texts if one and not _numeric(one)), "")
    bare = [re.sub(r"\s+", "", one) for one in _leading(given)]
    # the name of a district may stand before the word
    if any(map(_TOTAL.fullmatch, bare[:1])):
        return "total"
    if any(map(_SUBTOTAL.fullmatch, bare)):
        return "subtotal"
    return "note" if len(given) <= _FEW and _NOTE.match(first) else ""


def _set_aside(rows: Rows, row: int, kind: str) -> Notice:
    code = "W_ROW_ASIDE" if kind == "note" else "W_TOTAL_ROW"
    return notice(code, rows.place(row), found=_said(rows, row))


def _said(rows: Rows, row: int) -> str:
    """Give the first cells of a row that are not empty."""
    said = [
        str(values[row])
        for values in rows.columns.values()
        if values[row] not in (None, ABSENT, "")
    ]
    return " | ".join(said[:_SHOWN])


def _checked(rows: Rows, kinds: Mapping[int, str]) -> list[Notice]:
    """Find totals that are not the sum of the rows above them, or below."""
    if set(kinds.values()) == {"note"}:
        return []
    told = []
    totals = (row for row, kind in kinds.items() if kind != "note")
    in_front = all(row in kinds for row in range(min(totals)))
    for name in _summed(rows):
        values = rows.columns[name]
        every, section = 0.0, 0.0
        unit = unit_of(name)
        figures = [_amount(value, unit) for value in values]
        for row, (value, figure) in enumerate(zip(values, figures, strict=True)):
            kind = kinds.get(row)
            if kind is None:
                every, section = every + (figure or 0), section + (figure or 0)
            elif kind != "note" and figure is not None:
                meant = [section, every] if kind == "subtotal" else [every, section]
                if in_front:
                    meant.insert(0, _below(figures, kinds, row))
                if not any(
                    math.isclose(figure, one, rel_tol=_CLOSE, abs_tol=_step(value))
                    for one in meant
                ):
                    place = rows.place(row) | {"key": name}
                    stated, found = f"{figure:.10g}", f"{meant[0]:.10g}"
                    told.append(
                        notice("W_TOTAL_DIFFERS", place, stated=stated, found=found)
                    )
            if kind in {"total", "subtotal"}:
                section = 0.0
    return told


def _summed(rows: Rows) -> Iterator[str]:
    """Give the columns that a total may sum: no places, shares, years, row numbers."""
    names = list(rows.columns)
    where = find_coordinates(names, wanted={})
    places = {names[at] for at in where.columns} if where else set()
    for name in names:
        if not (
            name in places or tells_rows_apart(name) or _NO_SUM.search(name.casefold())
        ):
            yield name


def _below(
    figures: Sequence[float | None], kinds: Mapping[int, str], row: int
) -> float:
    """Sum what stands below a total in front; a subtotal ends at the next one."""
    below: Iterable[int] = range(row + 1, len(figures))
    if kinds[row] == "subtotal":
        below = takewhile(lambda one: one not in kinds, below)
    return math.fsum(figures[one] or 0 for one in below if one not in kinds)


def _amount(value: Json, unit: str) -> float | None:
    """Read a figure, areas with a unit of their own in that of the column, or km²."""
    if value is ABSENT:
        return None
    figure = read_figure(value)
    if figure is None:
        return None
    if not figure.unit:
        return figure.value
    area = area_km2(value, "")
    return area if area is None else convert(area, of="km²", to=unit or "km²")


def _step(value: Json) -> float:
    """Say how far a sum may be off by rounding: half the last digit that is given."""
    digits = re.search(r"\.(\d+)", str(value))
    return 0.5 * 10.0 ** -(len(digits[1]) if digits else 6)


def _without(said: Notice, gone: set[int], word: str) -> Notice | None:
    """Take rows that are set aside out of a notice about rows without a shape."""
    if said.code != "W_NULL_GEOMETRY" or word not in said.place:
        return said
    left = [number for number in said.place[word] if number not in gone]
    if not left:
        return None
    return replace(said, place={word: left}, values={**said.values, "n": len(left)})


def _leading(given: Sequence[Json]) -> list[str]:
    """Give the words before the first figure, a number in front left out."""
    texts = [_folded(one) if isinstance(one, str) else "" for one in given]
    named = [bool(one) and not _numeric(one) for one in texts]
    begin = named.index(True) if True in named else len(named)
    return list(takewhile(lambda one: one and not _numeric(one), texts[begin:]))


def _numeric(words: str) -> bool:
    return bool(re.fullmatch(r"[\d.,]+", words))


def _folded(words: str) -> str:
    return unicodedata.normalize("NFKC", words).strip().casefold()
