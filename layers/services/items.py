"""Features of a collection, page by page to the end, one by one, or as a tile."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

import numpy as np
import orjson

from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.geojson import Box, dumps
from beltmap.geo.language.messages import text
from beltmap.geo.query.cql import read_cql
from beltmap.layers.services.answers import GEOJSON, HTML
from beltmap.layers.services.asking import RefusedError
from beltmap.layers.services.collections import Collection, Rows
from beltmap.layers.services.documents import (
    CRS84,
    DEFAULT_LIMIT,
    MATRICES,
    MOST_LIMIT,
    Document,
    Face,
    both_forms,
)
from beltmap.layers.tiles.mvt import DEEPEST, MOST, tile_box, write_tile

PARAMETERS: Final = (
    *("limit", "offset", "bbox", "bbox-crs", "datetime"),
    *("filter", "filter-lang", "filter-crs"),
)
_CRS84: Final = (CRS84, "http://www.opengis.net/def/crs/OGC/0/CRS84h", "OGC:CRS84")
_MOMENT: Final = r"(\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?|\.\.|)"
_DATETIME: Final = re.compile(rf"{_MOMENT}(/{_MOMENT})?")
_TILE: Final = re.compile(rf"{MATRICES}/(\d{{1,2}})/(\d{{1,8}})/(\d{{1,8}})")
_CORNERS, _CORNERS_3D = 4, 6


@dataclass(frozen=True, eq=False)
class Wanted:
    """
    Features that are asked for.

    Parameters
    ----------
    rows
        All that match, as rows of the collection's table.
    limit, offset
        How many of them to give, and how many to pass over.
    """

    rows: Rows
    limit: int
    offset: int

    @property
    def shown(self) -> Rows:
        """Those of this page."""
        return self.rows[self.offset : self.offset + self.limit]


def wanted(one: Collection, query: Mapping[str, list[str]]) -> Wanted:
    """
    Read which features of a collection are asked for.

    Parameters
    ----------
    one
        The collection.
    query
        Values by parameter.

    Raises
    ------
    RefusedError
        If a value is none, or the filter is wrong: with its place.
    """
    asked = {name: values[-1] for name, values in query.items()}
    limit = _whole(asked, "limit", least=1, default=DEFAULT_LIMIT)
    offset = _whole(asked, "offset", least=0, default=0)
    for name in ("bbox-crs", "filter-crs"):
        if asked.get(name, CRS84) not in _CRS84:
            raise _none(name)
    if asked.get("filter-lang", "cql2-text") != "cql2-text":
        raise _none("filter-lang")
    # nothing in a plan has a time, so that every time matches
    if not _DATETIME.fullmatch(asked.get("datetime", "..")):
        raise _none("datetime")
    rows = one.rows
    if "bbox" in asked:
        rows = one.within(_box(asked["bbox"])) if one.shape else rows[:0]
    if "filter" in asked:
        try:
            condition = read_cql(asked["filter"], one.properties)
        except PlanError as error:
            raise RefusedError(400, str(error)) from error
        true, _ = condition(one.table.take(rows))
        rows = rows[true]
    return Wanted(rows, min(limit, MOST_LIMIT), offset)


def page_links(
    face: Face, one: Collection, found: Wanted, query: Mapping[str, list[str]]
) -> list[Document]:
    """Link to this page of features, and those before and after it."""
    path = f"/collections/{one.code}/items"
    kept = {name: values[-1] for name, values in query.items() if name != "f"}

    def at(offset: int, **more: str) -> str:
        asked = {**kept, "limit": found.limit, "offset": offset, **more}
        return f"{path}?{urlencode(asked)}"

    links = [
        face.link(at(found.offset), "self", type_=GEOJSON),
        face.link(at(found.offset, f="html"), "alternate", type_=HTML),
        face.link(f"/collections/{one.code}", "collection"),
    ]
    if found.offset + found.limit < len(found.rows):
        after = found.offset + found.limit
        links.append(face.link(at(after), "next", type_=GEOJSON))
    if found.offset:
        before = max(0, found.offset - found.limit)
        links.append(face.link(at(before), "prev", type_=GEOJSON))
    return links


def items(
    face: Face, one: Collection, found: Wanted, query: Mapping[str, list[str]]
) -> bytes:
    """Write a page of features."""
    members = {
        "links": page_links(face, one, found, query),
        "numberMatched": len(found.rows),
        "numberReturned": len(found.shown),
    }
    return dumps(one.take(found.shown), name=one.code, members=members)


def item(face: Face, one: Collection, feature: str) -> Document:
    """Give one feature by its id."""
    row = one.row(feature)
    if row is None:
        raise RefusedError(404, text("services.none", name=feature))
    written = orjson.loads(dumps(one.take(np.array([row]))))["features"][0]
    path = f"/collections/{one.code}/items/{quote(feature, safe='')}"
    links = [
        *both_forms(face, path, type_=GEOJSON),
        face.link(f"/collections/{one.code}", "collection"),
    ]
    return {**written, "links": links}


def tile(one: Collection, matrix: list[str]) -> bytes:
    """Write a tile of a collection; no bytes where there is nothing."""
    name = "/".join(matrix)
    asked = _TILE.fullmatch(name)
    z, y, x = map(int, asked.groups()) if asked else (-1, 0, 0)
    if not 0 <= z <= DEEPEST or max(x, y) >= 2**z or not one.shape:
        raise RefusedError(404, text("services.none", name=name))
    rows = one.within(tile_box(z, x, y))
    if len(rows) > MOST:
        # small ones would not be seen among so many
        within = np.flatnonzero(np.isin(one.rows, rows))
        sizes = np.ptp(one.boxes[within].reshape(-1, 2, 2), axis=1).sum(axis=1)
        rows = one.rows[within[np.argsort(-sizes)[:MOST]]]
    return write_tile(one.table.take(rows), name=one.code, z=z, x=x, y=y)


def _none(name: str) -> RefusedError:
    return RefusedError(400, text("services.wrong", name=name))


def _whole(asked: Mapping[str, str], name: str, *, least: int, default: int) -> int:
    said = asked.get(name, str(default))
    if not re.fullmatch("[0-9]{1,12}", said) or int(said) < least:
        raise _none(name)
    return int(said)


def _box(said: str) -> Box:
    try:
        corners = [float(part) for part in said.split(",")]
    except ValueError as error:
        raise _none("bbox") from error
    if len(corners) == _CORNERS_3D:
        corners = [*corners[:2], *corners[3:5]]
    if len(corners) != _CORNERS or not np.isfinite(corners).all():
        raise _none("bbox")
    west, south, east, north = corners
    if south > north:
        raise _none("bbox")
    return west, south, east, north


def listed(one: Collection, found: Wanted) -> list[dict[str, Any]]:
    """Give the properties of a page of features, for people."""
    table = one.table.take(found.shown).drop(columns=one.table.geometry.name)
    return [dict(row) for row in table.astype(object).to_dict("records")]
