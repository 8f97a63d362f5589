"""The room and the time that the zones of an upload take in the page's process."""

from collections import Counter
from dataclasses import replace
from sys import getsizeof
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from beltmap.geo import schema
from beltmap.geo.intake.apart.cells import coded
from beltmap.geo.intake.columns.names import unique
from beltmap.geo.intake.notices import Json, Notice, Severity, notice
from beltmap.geo.intake.reading import Outcome

MOST_ZONES: Final = 100_000
"""Zones of an upload that a page takes: each costs it some microseconds."""

MOST_BYTES: Final = 80 * 2**20
"""Bytes that they may take while they are read, put beside a plan and drawn."""

MOST_VALUES: Final = 1_000
"""Different values of a column by which a reader filters: each is a box to tick."""

LISTED: Final = ("city", "patterns", "sectors")
"""Columns by which a reader filters, and whose values are the file's own."""

NAMED: Final = ("id", "name_en", "name_zh")
"""Columns of which the map and its table show every letter."""

MOST_NAME: Final = 200
MOST_TEXT: Final = 1_000
"""Letters of a name, or a value to choose, and of any other text of a zone."""

MOST_LETTERS: Final = 1_000_000
"""Letters of all names, where they are sent to the browser whole."""

FEW: Final = 20_000
"""Zones up to which all outlines are sent to the browser whole."""

_ROW: Final = 250
"""Bytes of a zone beside its columns: numbers, boxes, ranks and codes."""

_CELL, _OWN_CELL = 16, 24
"""Bytes of a place in a column of the plan's and of the file's own, each twice."""

_VERTEX, _VERTEX_OF_FEW = 16, 80
"""Bytes of a vertex as it is kept, and where it is written out as well."""

_MEMBER: Final = 40
"""Bytes of each value that a zone has in a column of which it may have several."""


def within_room(outcome: Outcome) -> Outcome:
    """
    Leave out columns, or refuse zones, where a page has no room for them.

    Parameters
    ----------
    outcome
        What was read.

    Returns
    -------
    outcome
        With a notice of what was left out, or refused, and what to do.
    """
    zones = outcome.zones
    if zones is None:
        return outcome
    zones, said = _few_values(zones)
    zones, cut = _short_texts(zones)
    said += cut
    columns = zones.columns.drop([*schema.NUMBERS, zones.geometry.name])
    costs = {
        column: _cost(zones[column].tolist(), own=column in outcome.own)
        for column in columns
    }
    needed = _least(zones)
    needed += sum(cost for column, cost in costs.items() if column not in outcome.own)
    if len(zones) > MOST_ZONES or needed > MOST_BYTES:
        return _refused(outcome, needed)
    own, out, left = {}, [], MOST_BYTES - needed
    for column, given in outcome.own.items():
        if costs[column] <= left:
            left -= costs[column]
            own[column] = given
        else:
            out.append(column)
    if out:
        said.append(notice("W_COLUMNS_LEFT", columns=out, n=len(out)))
    if not said:
        return outcome
    receipt = outcome.receipt
    worst = max(receipt.verdict, *(one.severity for one in said))
    notices = (*said, *receipt.notices)
    receipt = replace(receipt, verdict=worst, notices=notices)
    return replace(outcome, receipt=receipt, zones=zones.drop(columns=out), own=own)


def _refused(outcome: Outcome, needed: int) -> Outcome:
    said = notice(
        "E_PAGE_ROOM",
        n=len(outcome.zones) if outcome.zones is not None else 0,
        most=MOST_ZONES,
        megabytes=_megabytes(needed),
        limit=_megabytes(MOST_BYTES),
    )
    notices = (said, *outcome.receipt.notices)
    refused = replace(outcome.receipt, verdict=Severity.REJECT, notices=notices)
    return Outcome(refused, layers=outcome.layers)


def _few_values(zones: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Notice]]:
    """Empty columns that are no list to choose from."""
    said = []
    for column in LISTED:
        n = len({one for text in _distinct(zones, column) for one in _parts(text)})
        if n > MOST_VALUES:
            zones = zones.assign(**{column: None})
            said.append(notice("W_VALUES_LEFT", column=column, n=n, most=MOST_VALUES))
    return zones, said


def _least(zones: gpd.GeoDataFrame) -> int:
    """Count the bytes of zones beside their columns of text."""
    shapes = np.asarray(zones.geometry.array, object)
    vertex = _VERTEX_OF_FEW if len(zones) <= FEW else _VERTEX
    members = sum(
        count * len(_parts(text))
        for column in LISTED
        for text, count in _distinct(zones, column).items()
    )
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    return vertex * vertices + _ROW * len(zones) + _MEMBER * members


def _distinct(zones: gpd.GeoDataFrame, column: str) -> "Counter[str]":
    return Counter(zones[column].dropna().tolist())


def _parts(text: str) -> list[str]:
    return text.split(schema.SEPARATOR)


def _short_texts(zones: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Notice]]:
    """Cut texts of which a page would show letters without end."""
    name = MOST_NAME
    letters = sum(len(text) for each in NAMED for text in zones[each].dropna())
    if len(zones) <= FEW and letters > MOST_LETTERS:
        name = min(name, MOST_LETTERS // (len(NAMED) * len(zones)))
    changed: dict[str, list[Json]] = {}
    n = 0
    for column in schema.TEXTS:
        most = name if column in NAMED else MOST_TEXT
        values = zones[column].tolist()
        if column in LISTED:
            cut = [text and _short_parts(text) for text in values]
        else:
            cut = [text and text[:most] for text in values]
        here = sum(old != new for old, new in zip(values, cut, strict=True))
        if here:
            changed[column] = (
                unique([str(one) for one in cut]) if column == "id" else cut
            )
        n += here
    if not changed:
        return zones, []
    return zones.assign(**changed), [notice("W_TEXTS_SHORT", n=n, most=name)]


def _short_parts(text: str) -> str:
    return schema.SEPARATOR.join(part[:MOST_NAME] for part in _parts(text))


def _cost(values: list[Json], *, own: bool) -> int:
    """Count the bytes that a column takes: a place a row, and each value once."""
    return (_OWN_CELL if own else _CELL) * len(values) + sum(
        map(getsizeof, coded(values)[0])
    )


def _megabytes(size: int) -> int:
    return -(-size // 2**20)
