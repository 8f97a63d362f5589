"""The rows of an upload as zones of a plan, with everything else kept beside."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas.array import from_shapely
from numpy.typing import NDArray

from beltmap.geo import schema
from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.geometry.anywhere import Areas
from beltmap.geo.intake.columns.endings import kind_endings, kind_named
from beltmap.geo.intake.columns.figures import area_km2, read_figure
from beltmap.geo.intake.columns.guesses import AREA, Match
from beltmap.geo.intake.columns.names import unique
from beltmap.geo.intake.notices import Json, Notice, notice
from beltmap.geo.intake.rows import ABSENT, Rows
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.schema import MOST, QUALIFIED, QUALIFIER

if TYPE_CHECKING:
    from beltmap.geo.geometry.area import Geometries
    from beltmap.geo.zones.packed import PackedArray

UPLOAD: Final = "upload"
"""Column with the name of the file: marks a zone as the user's."""

PlanColumns: TypeAlias = Mapping[str, list[Json]]
"""A value or None a row, by column of `geo.schema.COLUMNS`, and of `QUALIFIED`."""

Cells: TypeAlias = Sequence[Json] | NDArray[np.object_]
"""One value a row."""

_STATUSES: Final = {
    "existing": "现状 现有 已建 建成 已建成 建成区 投产 已投产 运营 运营中 已运营 "
    "投入使用 已投入使用 在用 built exists current completed operational operating",
    "planned": "规划 规划中 拟建 待建 未建 在建 建设中 新建 筹建 plan proposed "
    "future construction",
}
"""What files call the usual statuses."""

CODED: Final = ("kind", "status", "area_basis", "boundary")
"""Columns whose values come from a list."""

_BETWEEN: Final = re.compile(r"\s*[;；,，、/|]\s*")


def zone_columns(  # noqa: PLR0913 - each of another kind
    rows: Rows,
    matches: Sequence[Match],
    *,
    words: Mapping[str, Mapping[str, str]],
    name: str,
    areas_m2: Areas,
    default_kind: str,
) -> tuple[PlanColumns, dict[str, str], list[Notice]]:
    """
    Give rows the columns of a plan.

    Parameters
    ----------
    rows
        Rows in longitude and latitude.
    matches
        Where the plan's columns come from.
    words
        Code by word in small letters, of ``city``, ``kind``, ``status`` and
        ``sectors``.
    name
        Name of the file; the source of a zone that states none.
    areas_m2
        Drawn area of each row; 0 where nothing is drawn.
    default_kind
        Kind of a zone of which the file says none that the plan has; empty where
        there is no plan yet: kinds and sectors are then as the file has them.

    Returns
    -------
    columns
        `geo.schema.COLUMNS`, all of them, then those of `QUALIFIED` that say
        anything.
    own
        Column of the file by the name that it has among zones, of every column
        that did not go over letter for letter.
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
        elif target in CODED:
            codes = code_words(target, words.get(target, {}))
            given = {} if default_kind or target != "kind" else _as_given(values)
            columns[target] = _coded(values, given or codes, rows, match, notices)
        elif target == "sectors":
            said: list[Notice] = []
            columns[target] = _sectors(values, words.get(target, {}), rows, said)
            notices += said if default_kind else []
        elif target == "city":
            columns[target] = _cities(values, words.get(target, {}))
        else:
            columns[target] = [_text(value) for value in values]
    _fill(columns, rows, name, areas_m2)
    if default_kind:
        notices += _fill_kinds(columns, rows, words.get("kind", {}), default_kind)
    notices += _own_ids(columns, rows)
    qualified, more = _qualified(rows, source.get(AREA))
    columns |= qualified
    notices += more
    return columns, _own(rows, source, columns), notices


def zone_frame(
    columns: Mapping[str, Cells],
    given: Mapping[str, Cells],
    geometries: "Geometries | PackedArray",
    own: Mapping[str, str],
    *,
    name: str,
) -> gpd.GeoDataFrame:
    """
    Put the zones of a file together.

    Parameters
    ----------
    columns, own
        As `zone_columns` gives them.
    given
        Columns of the file, at least those of `own`.
    geometries
        In longitude and latitude.
    name
        Name of the file.

    Returns
    -------
    zones
        One row a row of the file in EPSG:4326: `geo.schema.COLUMNS`, then
        ``upload`` with the name of the file, what qualifies its figures, then
        its own columns as they are.
        Areas and uncertainty are float64, all else is object; geometry is None
        where there is nothing to draw.
    """
    made = [column for column in QUALIFIED if column in columns]
    texts = {
        **{column: columns[column] for column in schema.TEXTS},
        UPLOAD: excerpt(name),
        **{column: columns[column] for column in made},
    }
    # one block, which pandas need not copy together
    cells = np.empty((len(texts) + len(own), len(geometries)), object)
    for n, values in enumerate(texts.values()):
        cells[n] = values
    for n, column in enumerate(own.values()):
        cells[len(texts) + n] = _bare(given[column])
    table = pd.DataFrame(cells.T, columns=[*texts, *own], dtype=object, copy=False)
    for column in schema.NUMBERS:
        place = schema.COLUMNS.index(column)
        table.insert(place, column, np.array(columns[column], float))
    if isinstance(geometries, np.ndarray):
        geometries = geometries.copy()
        geometries[shapely.is_empty(geometries)] = None
        geometries = from_shapely(geometries, crs=4326)
    # without this the constructor copies the table
    table["geometry"] = geometries
    return gpd.GeoDataFrame(table, geometry="geometry", copy=False)


def code_words(column: str, told: Mapping[str, str]) -> Mapping[str, str]:
    """
    Give the code of each word of a column whose values come from a list.

    Parameters
    ----------
    column
        One of `CODED`.
    told
        What the plan knows; empty without a plan.

    Returns
    -------
    codes
        Code by word in small letters, the codes themselves first.
    """
    if column in schema.CLOSED:
        return {code: code for code in schema.CLOSED[column]}
    return told or words_of(default_charter(), column)


def words_of(charter: Charter, column: str) -> dict[str, str]:
    """
    Collect what a file may call the kinds or statuses of a plan.

    Parameters
    ----------
    charter
        What the plan says of itself.
    column
        ``"kind"`` or ``"status"``.

    Returns
    -------
    codes
        Code by word in small letters.
    """
    if column == "status":
        also = {code: words.split() for code, words in _STATUSES.items()}
        names = charter.statuses
    else:
        also = {kind.code: list(kind.also) for kind in charter.kinds}
        names = {kind.code: kind.name for kind in charter.kinds}
    codes = {code.casefold(): code for code in names}
    for code, name in names.items():
        for word in (name.en, name.zh, *also.get(code, [])):
            codes.setdefault(word.casefold(), code)
    return codes


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


def _qualified(
    rows: Rows, match: Match | None
) -> tuple[dict[str, list[Json]], list[Notice]]:
    """Keep what a file says of its figures: about, at least, from and to."""
    if match is None or not match.unit:
        return {}, []
    figures = [read_figure(value) for value in _given(rows, match)]
    said = [f.qualifier if f and f.qualifier != "exact" else None for f in figures]
    if not any(said):
        return {}, []
    columns: dict[str, list[Json]] = {QUALIFIER: list(said)}
    most: list[Json] = [
        area_km2(f.most, f.unit or match.unit) if f and f.most is not None else None
        for f in figures
    ]
    if any(most):
        columns[MOST] = most
    places = [rows.numbers[row] for row, word in enumerate(said) if word]
    where = {f"{rows.word}s": places}
    return columns, [notice("W_FIGURE_QUALIFIED", where, n=len(places))]


def _as_given(values: list[Json]) -> dict[str, str]:
    """Take each value for a code, where there is no plan yet that has any."""
    words = [(_text(value) or "").strip() for value in values if value is not None]
    return {word.casefold(): word for word in words if word}


def _coded(
    values: list[Json],
    codes: Mapping[str, str],
    rows: Rows,
    match: Match | None,
    notices: list[Notice],
) -> list[Json]:
    if match is None:
        return list(values)
    made: list[Json] = []
    for row, value in enumerate(values):
        folded = str(value).strip().casefold()
        code = codes.get(folded)
        made.append(code)
        if value is not None and code is None:
            place = rows.place(row) | {"key": match.column}
            known = ", ".join(dict.fromkeys(codes.values()))
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
    # one city, written with and without the word for city
    bare = {f"{city}市": city for city in said if city}
    said = [city and bare.get(city, city) for city in said]
    return [city and codes.get(city.strip().casefold(), city) for city in said]


def _fill(
    columns: dict[str, list[Json]],
    rows: Rows,
    name: str,
    areas_m2: Areas,
) -> None:
    """Fill what every zone has: id, areas, boundary, source."""
    shown = excerpt(name)
    for row in range(len(rows)):
        identity = rows.ids[row]
        if columns["id"][row] is None:
            known = identity is not ABSENT
            columns["id"][row] = (
                _text(identity) if known else f"{rows.word}-{rows.numbers[row]}"
            )
        area = float(areas_m2[row]) / 1e6
        columns["drawn_area_km2"][row] = area if area > 0 else None
        if columns[AREA][row] is not None and columns["area_basis"][row] is None:
            columns["area_basis"][row] = "declared"
        if columns["boundary"][row] is None:
            nowhere = rows.geometries[row] is None or rows.geometries[row].is_empty
            columns["boundary"][row] = "not located" if nowhere else schema.DRAWN
        if columns["source"][row] is None:
            columns["source"][row] = f"{shown}, {rows.word} {rows.numbers[row]}"


def _fill_kinds(
    columns: dict[str, list[Json]],
    rows: Rows,
    words: Mapping[str, str],
    default: str,
) -> list[Notice]:
    """Take zones without a kind for that of their names' ends, or the plan's."""
    taken: dict[tuple[str, str], list[Json]] = {}
    ends = kind_endings(words)
    names = zip(columns["name_zh"], columns["name_en"], strict=True)
    for row, (kind, named) in enumerate(zip(columns["kind"], names, strict=True)):
        if kind is not None:
            continue
        found = next(filter(None, (kind_named(str(n or ""), ends) for n in named)), "")
        columns["kind"][row] = found or default
        code = "W_KIND_BY_NAME" if found else "W_KIND_DEFAULT"
        taken.setdefault((code, found or default), []).append(rows.numbers[row])
    return [
        notice(code, {f"{rows.word}s": numbers}, n=len(numbers), kind=kind)
        for (code, kind), numbers in taken.items()
    ]


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


def _own(
    rows: Rows, source: Mapping[str, Match], columns: PlanColumns
) -> dict[str, str]:
    """Keep each column of the file unless its values went over as they are."""
    used = {match.column: match.target for match in source.values()}
    kept = [
        column
        for column, values in rows.columns.items()
        if column not in used or columns[used[column]] != _bare(values)
    ]
    shown = [f"{name} (as given)" if name in columns else name for name in kept]
    taken = [*columns, UPLOAD]
    return dict(zip(unique([*taken, *shown])[len(taken) :], kept, strict=True))


def _bare(values: Cells) -> list[Json]:
    return [None if value is ABSENT else value for value in values]
