"""What changed between two versions of a plan."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd

from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.labels import column_label
from beltmap.geo.language.messages import other, own, text
from beltmap.geo.query.sameness import (
    areas_km2,
    moved_m,
    plain,
    same_shapes,
    same_values,
)

MOVED_M: Final = 1.0
"""Centres nearer than this have not moved: coordinates are rounded."""

RESIZED: Final = 1e-4
"""Smallest part of an area that counts as resized."""

Rows: TypeAlias = npt.NDArray[np.intp]

NAMES: Final = (partial(own, "name"), partial(other, "name"))
"""Columns of a zone's name, in the order in which one is asked for."""

_DERIVED: Final = frozenset({"drawn_area_km2", "source", "upload"})


@dataclass(frozen=True)
class Changed:
    """
    One attribute with another value.

    Parameters
    ----------
    column
        Name of the attribute.
    before, after
        Its values; None for none.
    """

    column: str
    before: object
    after: object


@dataclass(frozen=True)
class ZoneChange:
    """
    One zone that is not the same in both versions.

    Parameters
    ----------
    id, name
        As in the later version that has the zone.
    change
        ``added``, ``removed`` or ``changed``.
    moved_m
        Distance between the centres, metres; None unless both are drawn.
    before_km2, after_km2
        Drawn areas, square kilometres; None where nothing is drawn.
    redrawn
        Whether the boundary is another one.
    attributes
        What else changed.
    source_before, source_after
        Where each version's figures come from.
    """

    id: str
    name: str
    change: str
    moved_m: float | None = None
    before_km2: float | None = None
    after_km2: float | None = None
    redrawn: bool = False
    attributes: tuple[Changed, ...] = ()
    source_before: str | None = None
    source_after: str | None = None

    @property
    def resized_km2(self) -> float | None:
        """Growth of the drawn area, square kilometres; None if it is the same."""
        if self.before_km2 is None or self.after_km2 is None:
            return None
        growth = self.after_km2 - self.before_km2
        return growth if abs(growth) > RESIZED * self.before_km2 else None


def difference(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> tuple[ZoneChange, ...]:
    """
    Compare two versions of a plan, zone by zone.

    Parameters
    ----------
    before, after
        Zones of a plan in EPSG:4326, with `geo.schema.COLUMNS`; zones are the
        same if they have the same id.

    Returns
    -------
    changes
        Zones added, removed and changed, in this order, each in the order of
        its plan. Empty if both versions say the same.
    """
    old, new = _Version(before), _Version(after)
    at = old.ids.get_indexer(new.ids)
    added, kept = np.flatnonzero(at < 0), np.flatnonzero(at >= 0)
    removed = np.flatnonzero(new.ids.get_indexer(old.ids) < 0)
    return (
        *new.described(added, "added"),
        *old.described(removed, "removed"),
        *_changed(old, at[kept], new, kept),
    )


def as_text(changes: Iterable[ZoneChange]) -> str:
    """
    Write a difference for people, one line a fact.

    Parameters
    ----------
    changes
        What `difference` found.
    """
    return "\n".join(as_lines(changes)) + "\n"


def as_lines(changes: Iterable[ZoneChange]) -> Iterator[str]:
    """Give the lines of `as_text`, each when it is asked for."""
    change = None
    for change in changes:
        yield from _lines(change)
    if change is None:
        yield text("difference.none")


def as_geojson(
    changes: Iterable[ZoneChange],
    before: gpd.GeoDataFrame,
    after: gpd.GeoDataFrame,
) -> bytes:
    """
    Write a difference for a map: each zone as it was and as it is.

    Parameters
    ----------
    changes
        What `difference` found between `before` and `after`.
    before, after
        The two versions, in EPSG:4326.

    Returns
    -------
    geojson
        RFC 7946; every feature has ``change``, ``version`` (before or after),
        ``moved_m``, ``resized_km2`` and ``attributes`` as text.
    """
    return dumps(difference_zones(changes, before, after), name="difference")


def difference_zones(
    changes: Iterable[ZoneChange],
    before: gpd.GeoDataFrame,
    after: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """
    Give the zones of a difference as they were and as they are.

    Parameters
    ----------
    changes, before, after
        As in `as_geojson`.

    Returns
    -------
    zones
        One row a version of a zone, in EPSG:4326, with columns ``id``,
        ``zone``, ``name``, ``change``, ``version``, ``moved_m``,
        ``resized_km2``, ``attributes``, ``source``. No rows for no changes.
    """
    listed = tuple(changes)
    ids = pd.Index([one.id for one in listed], dtype=object)
    rows, shapes, order = [], [], []
    for version, zones in (("before", before), ("after", after)):
        kept = _Version(zones)
        at = kept.ids.get_indexer(ids)
        there = np.flatnonzero(at >= 0)
        rows += [_row(listed[n], version) for n in there]
        shapes.append(kept.shapes[at[there]])
        order.append(there)
    # both versions of a zone follow one another
    turn = np.argsort(np.concatenate(order), kind="stable")
    rows, geometries = [rows[n] for n in turn], np.concatenate(shapes)[turn]
    columns = list(_row(ZoneChange("", "", ""), ""))
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns), geometry=geometries, crs=4326
    )


def _row(change: ZoneChange, version: str) -> dict[str, Any]:
    source = change.source_before if version == "before" else change.source_after
    return {
        "id": f"{change.id}@{version}",
        "zone": change.id,
        "name": change.name,
        "change": change.change,
        "version": version,
        "moved_m": change.moved_m,
        "resized_km2": change.resized_km2,
        "attributes": orjson.dumps(
            {one.column: [one.before, one.after] for one in change.attributes},
            default=str,
        ).decode(),
        "source": source,
    }


def _compared(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[str]:
    """Compare the plan's columns, and others that both versions have."""
    both = [c for c in before.columns if c in after.columns and c != "geometry"]
    return [c for c in both if c not in _DERIVED and c != "id"]


class _Version:
    """Zones of one version, each found by its id."""

    def __init__(self, zones: gpd.GeoDataFrame) -> None:
        ids = pd.Index(zones["id"].astype(str), dtype=object)
        if not ids.is_unique:
            once = ~ids.duplicated(keep="last")
            zones, ids = zones[once], ids[once]
        self.zones, self.ids = zones, ids
        self.shapes = np.asarray(zones.geometry.array)

    def named(self, row: int) -> str:
        """Give a zone's name in the spoken language, else in the other, else its id."""
        said = (self.zones[column()].iloc[row] for column in NAMES)
        return next(filter(None, map(_words, said)), self.ids[row])

    def described(self, rows: Rows, change: str) -> Iterator[ZoneChange]:
        """Describe zones that only this version has."""
        areas = areas_km2(self.shapes[rows])
        sources = self.zones["source"].iloc[rows]
        removed = change == "removed"
        for row, area, source in zip(rows, areas, map(_words, sources), strict=True):
            yield ZoneChange(
                id=self.ids[row],
                name=self.named(row),
                change=change,
                before_km2=area if removed else None,
                after_km2=None if removed else area,
                source_before=source if removed else None,
                source_after=None if removed else source,
            )


def _changed(
    old: _Version, was: Rows, new: _Version, now: Rows
) -> Iterator[ZoneChange]:
    """Find what changed in zones that both versions have, in rows that go together."""
    columns = _compared(old.zones, new.zones)
    differs = {
        c: ~same_values(old.zones[c].iloc[was], new.zones[c].iloc[now]) for c in columns
    }
    redrawn = ~same_shapes(old.shapes[was], new.shapes[now])
    pairs = np.flatnonzero(np.logical_or.reduce([redrawn, *differs.values()]))
    before, after = old.shapes[was[pairs]], new.shapes[now[pairs]]
    moves, sizes = moved_m(before, after), (areas_km2(before), areas_km2(after))
    for pair, moved, *sized in zip(pairs, moves, *sizes, strict=True):
        row, earlier = now[pair], was[pair]
        yield ZoneChange(
            id=new.ids[row],
            name=new.named(row),
            change="changed",
            moved_m=moved if moved is not None and moved >= MOVED_M else None,
            before_km2=sized[0],
            after_km2=sized[1],
            redrawn=bool(redrawn[pair]),
            attributes=tuple(
                Changed(
                    column,
                    plain(old.zones[column].iloc[earlier]),
                    plain(new.zones[column].iloc[row]),
                )
                for column, pairs_that in differs.items()
                if pairs_that[pair]
            ),
            source_before=_words(old.zones["source"].iloc[earlier]),
            source_after=_words(new.zones["source"].iloc[row]),
        )


def _lines(change: ZoneChange) -> Iterator[str]:
    say = partial(text)
    area = change.before_km2 if change.change == "removed" else change.after_km2
    yield say(
        f"difference.{change.change}", id=excerpt(change.id), name=excerpt(change.name)
    )
    if change.change != "changed":
        if area is not None:
            yield "  " + say("difference.area", km2=f"{area:.4g}")
        yield "  " + _sources(change)
        return
    if change.moved_m is not None:
        yield "  " + say("difference.moved", m=f"{change.moved_m:,.0f}")
    resized = _resized(change)
    if resized:
        yield "  " + say("difference.resized", **resized)
    if change.redrawn and change.moved_m is None and not resized:
        yield "  " + say("difference.redrawn")
    for one in change.attributes:
        before, after = (
            "-" if v is None else excerpt(v) for v in (one.before, one.after)
        )
        yield "  " + say(
            "difference.attribute",
            column=excerpt(column_label(one.column)),
            before=before,
            after=after,
        )
    yield "  " + _sources(change)


def _resized(change: ZoneChange) -> dict[str, str]:
    """Say both areas in four digits, and the growth in no finer ones."""
    before, after, growth = change.before_km2, change.after_km2, change.resized_km2
    if not growth or before is None or after is None:
        return {}
    places = max(0, 3 - math.floor(math.log10(max(before, after))))
    if not round(growth, places):
        return {}
    shown = {"growth": f"{growth:+.{places}f}", "before": f"{before:.{places}f}"}
    return shown | {"after": f"{after:.{places}f}"}


def _sources(change: ZoneChange) -> str:
    """Say who says so, before and after; once where it is the same."""
    before = excerpt(change.source_before or "-")
    after = excerpt(change.source_after or "-")
    if before == after:
        return text("difference.source", source=after)
    return text("difference.sources", before=before, after=after)


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
