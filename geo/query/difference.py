"""What changed between two versions of a plan."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from pyproj import Geod

from beltmap.geo.geometry.area import Shape, areas_m2
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.labels import column_label
from beltmap.geo.language.messages import other, own, text

MOVED_M: Final = 1.0
"""Centres nearer than this have not moved: coordinates are rounded."""

RESIZED: Final = 1e-4
"""Smallest part of an area that counts as resized."""

_GEOD: Final = Geod(ellps="WGS84")
Zone: TypeAlias = dict[str, Any]
"""Values of a zone by column; its shape, or None, under ``geometry``."""

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
    old, new = _by_id(before), _by_id(after)
    columns = _compared(before, after)
    changes = [_one(new[zone], "added") for zone in new if zone not in old]
    changes += [_one(old[zone], "removed") for zone in old if zone not in new]
    for zone in new:
        if zone in old:
            change = _between(old[zone], new[zone], columns)
            if change is not None:
                changes.append(change)
    return tuple(changes)


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
    shapes = {
        version: {zone: values["geometry"] for zone, values in _by_id(zones).items()}
        for version, zones in (("before", before), ("after", after))
    }
    rows, geometries = [], []
    for change in changes:
        for version in ("before", "after"):
            if change.id in shapes[version]:
                rows.append(_row(change, version))
                geometries.append(shapes[version][change.id])
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


def _by_id(zones: gpd.GeoDataFrame) -> dict[str, Zone]:
    """Give each zone's values by column, its shape under ``geometry``."""
    records = pd.DataFrame(zones.drop(columns=zones.geometry.name)).to_dict("records")
    shapes = np.asarray(zones.geometry.array)
    return {
        str(record["id"]): {str(k): v for k, v in record.items()} | {"geometry": shape}
        for record, shape in zip(records, shapes, strict=True)
    }


def _between(old: Zone, new: Zone, columns: list[str]) -> ZoneChange | None:
    """Find what changed in one zone."""
    one = _one(new, "changed")
    attributes = tuple(
        Changed(column, _plain(old[column]), _plain(new[column]))
        for column in columns
        if not _same(_plain(old[column]), _plain(new[column]))
    )
    redrawn = not _same_shape(old["geometry"], new["geometry"])
    if not attributes and not redrawn:
        return None
    moved = _moved_m(old["geometry"], new["geometry"])
    return ZoneChange(
        id=one.id,
        name=one.name,
        change="changed",
        moved_m=moved if moved is not None and moved >= MOVED_M else None,
        before_km2=_area_km2(old["geometry"]),
        after_km2=one.after_km2,
        redrawn=redrawn,
        attributes=attributes,
        source_before=_words(old["source"]),
        source_after=one.source_after,
    )


def _one(zone: Zone, change: str) -> ZoneChange:
    """Describe a zone that only one version has, or the later of two."""
    area, source = _area_km2(zone["geometry"]), _words(zone["source"])
    removed = change == "removed"
    return ZoneChange(
        id=str(zone["id"]),
        name=_words(zone[own("name")])
        or _words(zone[other("name")])
        or str(zone["id"]),
        change=change,
        before_km2=area if removed else None,
        after_km2=None if removed else area,
        source_before=source if removed else None,
        source_after=None if removed else source,
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


def _same(a: object, b: object) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        return bool(np.isclose(float(a), float(b), rtol=1e-9, atol=0))
    return a == b


def _same_shape(a: Shape, b: Shape) -> bool:
    gone = [shape is None or shape.is_empty for shape in (a, b)]
    if any(gone):
        return all(gone)
    # some formats make every polygon a multipolygon, of one part then
    one, other = (
        shapely.get_geometry(shape, 0)
        if shapely.get_num_geometries(shape) == 1
        else shape
        for shape in (a, b)
    )
    return bool(
        shapely.equals_exact(
            shapely.normalize(one), shapely.normalize(other), tolerance=2e-7
        )
    )


def _moved_m(a: Shape, b: Shape) -> float | None:
    if a is None or b is None or a.is_empty or b.is_empty:
        return None
    middles = [(shape.centroid.x, shape.centroid.y) for shape in (a, b)]
    return float(_GEOD.inv(*middles[0], *middles[1])[2])


def _area_km2(shape: Shape) -> float | None:
    if shape is None or shape.is_empty:
        return None
    return float(areas_m2([shape])[0]) / 1e6


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _plain(value: object) -> object:
    """Give a cell as Python has it; missing is None."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if value is pd.NA or value == "":
        return None
    return value.item() if isinstance(value, np.generic) else value
