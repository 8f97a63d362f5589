"""The rows of an upload as zones of a plan, with everything else kept beside."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from geo import schema
from geo.intake.columns import AREA, Match, area_km2
from geo.intake.measure import Areas
from geo.intake.names import unique
from geo.intake.notices import Json, Notice, notice, visible
from geo.intake.rows import ABSENT, Rows

_VALUES: Final = {
    "kind": {
        "belt": "带 产业带 corridor axis",
        "town": "城 新城 镇 township",
        "park": "园 园区 产业园 科技园 软件园 estate campus",
        "base": "基地",
        "zone": "区 开发区 高新区 片区 地块 area district",
    },
    "status": {
        "existing": "现状 已建 建成 built exists current 在用",
        "planned": "规划 拟建 在建 plan proposed future",
    },
    "boundary": {},
    "area_basis": {},
}
_AS_CODE: Final = {
    column: {word: code for code, words in codes.items() for word in words.split()}
    for column, codes in _VALUES.items()
}
_BETWEEN: Final = re.compile(r"\s*[;；,，、/|]\s*")


def zone_columns(
    rows: Rows,
    matches: Sequence[Match],
    *,
    words: Mapping[str, Mapping[str, str]],
    name: str,
    areas_m2: Areas,
) -> tuple[dict[str, list[Json]], list[Notice]]:
    """
    Give rows the columns of a plan.

    Parameters
    ----------
    rows
        Rows in longitude and latitude.
    matches
        Where the plan's columns come from.
    words
        Code by word in small letters, of ``city`` and ``sectors``.
    name
        Name of the file; the source of a zone that states none.
    areas_m2
        Drawn area of each row; 0 where nothing is drawn.

    Returns
    -------
    columns
        `geo.schema.COLUMNS`, then ``upload`` with the name of the file, then
        every column of the file that did not go over letter for letter.
    notices
        Values that could not be understood; they stay in a column of the file.
    """
    source = {match.target: match for match in matches}
    size = len(rows)
    columns: dict[str, list[Json]] = {}
    notices: list[Notice] = []
    for target in schema.COLUMNS:
        match = source.get(target)
        values = _given(rows, match) if match else [None] * size
        if target in schema.NUMBERS:
            unit = match.unit if match and target == AREA else ""
            columns[target] = _numbers(values, unit, rows, match, notices)
        elif target in schema.CLOSED:
            columns[target] = _coded(values, target, rows, match, notices)
        elif target == "sectors":
            columns[target] = _sectors(values, words.get(target, {}), rows, notices)
        elif target == "city":
            columns[target] = _cities(values, words.get(target, {}))
        else:
            columns[target] = [_text(value) for value in values]
    _fill(columns, rows, name, areas_m2)
    notices += _own_ids(columns, rows)
    extra = _kept(rows, source, columns)
    names = unique([*columns, "upload", *extra])
    every = [*columns.values(), [visible(name)] * size, *extra.values()]
    return dict(zip(names, every, strict=True)), notices


def _given(rows: Rows, match: Match) -> list[Json]:
    values = rows.columns[match.column]
    return [None if value is ABSENT or value == "" else value for value in values]


def _text(value: Json) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _numbers(
    values: list[Json],
    unit: str,
    rows: Rows,
    match: Match | None,
    notices: list[Notice],
) -> list[Json]:
    if match is None or (match.target == AREA and not unit):
        return [None] * len(values)
    made = [area_km2(value, unit or "km²") for value in values]
    for row, (value, number) in enumerate(zip(values, made, strict=True)):
        if value is not None and number is None:
            place = rows.place(row) | {"key": match.column}
            notices.append(notice("W_BAD_NUMBER", place, found=_text(value)))
    return list(made)


def _coded(
    values: list[Json],
    target: str,
    rows: Rows,
    match: Match | None,
    notices: list[Notice],
) -> list[Json]:
    if match is None:
        return list(values)
    allowed = schema.CLOSED[target]
    made: list[Json] = []
    for row, value in enumerate(values):
        folded = str(value).strip().casefold()
        code = folded if folded in allowed else _AS_CODE[target].get(folded)
        made.append(code)
        if value is not None and code is None:
            place = rows.place(row) | {"key": match.column}
            known = ", ".join(allowed)
            notices.append(
                notice("W_UNKNOWN_VALUE", place, found=_text(value), known=known)
            )
    return made


def _sectors(
    values: list[Json],
    vocabulary: Mapping[str, str],
    rows: Rows,
    notices: list[Notice],
) -> list[Json]:
    """Map sectors to codes; one that is not known is kept as it is given."""
    made: list[Json] = []
    for row, value in enumerate(values):
        if value is None:
            made.append(None)
            continue
        words = [word for word in _BETWEEN.split(_text(value) or "") if word.strip()]
        whole = (_text(value) or "").strip().casefold()
        words = [whole] if whole in vocabulary else words
        codes = [
            vocabulary.get(word.strip().casefold(), word.strip()) for word in words
        ]
        unknown = [code for code in codes if code not in vocabulary.values()]
        if unknown:
            notices.append(notice("W_UNKNOWN_SECTOR", rows.place(row), found=unknown))
        made.append(schema.SEPARATOR.join(dict.fromkeys(codes)) or None)
    return made


def _cities(values: list[Json], codes: Mapping[str, str]) -> list[Json]:
    """Call the plan's own cities as the plan does, and others as they are given."""
    said = [_text(value) for value in values]
    return [city and codes.get(city.strip().casefold(), city) for city in said]


def _fill(
    columns: dict[str, list[Json]],
    rows: Rows,
    name: str,
    areas_m2: Areas,
) -> None:
    """Fill what every zone has: id, kind, areas, boundary, source."""
    shown = visible(name)
    for row in range(len(rows)):
        identity = rows.ids[row]
        if columns["id"][row] is None:
            known = identity is not ABSENT
            columns["id"][row] = (
                _text(identity) if known else f"{rows.word}-{rows.numbers[row]}"
            )
        if columns["kind"][row] is None:
            columns["kind"][row] = "zone"
        area = float(areas_m2[row]) / 1e6
        columns["drawn_area_km2"][row] = area if area > 0 else None
        if columns[AREA][row] is not None and columns["area_basis"][row] is None:
            columns["area_basis"][row] = "declared"
        if columns["boundary"][row] is None:
            nowhere = rows.geometries[row] is None or rows.geometries[row].is_empty
            columns["boundary"][row] = "not located" if nowhere else "described"
        if columns["source"][row] is None:
            columns["source"][row] = f"{shown}, {rows.word} {rows.numbers[row]}"


def _own_ids(columns: dict[str, list[Json]], rows: Rows) -> list[Notice]:
    """Give every zone an id of its own; what the file gave stays in the row."""
    given = columns["id"]
    made = unique([str(identity) for identity in given])
    twice = [old for old, new in zip(given, made, strict=True) if old != new]
    columns["id"] = list(made)
    if not twice or all(identity is not ABSENT for identity in rows.ids):
        return []
    ids = list(dict.fromkeys(map(str, twice)))
    return [notice("W_DUPLICATE_ID", ids=ids[:20], n=len(ids))]


def _kept(
    rows: Rows, source: Mapping[str, Match], columns: Mapping[str, list[Json]]
) -> dict[str, list[Json]]:
    """Keep each column of the file unless its values went over as they are."""
    used = {match.column: match.target for match in source.values()}
    extra: dict[str, list[Json]] = {}
    for column, values in rows.columns.items():
        bare = [None if value is ABSENT else value for value in values]
        if column in used and columns[used[column]] == bare:
            continue
        extra[f"{column} (as given)" if column in columns else column] = bare
    return extra
