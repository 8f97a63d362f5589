"""A layer of any size, ready to be cut into tiles of the map's payload."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo.language.hidden import reveal_each
from beltmap.layers.payload.encode import encode_outline
from beltmap.layers.payload.mercator import (
    TILE_PX,
    WORLD,
    Box,
    along_curve,
    boxes_of,
    lat_of,
    lon_of,
    px_per_unit,
    tile_box,
    tiles_across,
)
from beltmap.layers.payload.outline import take_apart, with_points
from beltmap.layers.payload.simplify import decimals_for, simplify
from beltmap.layers.tiles.boxtree import BoxTree, box_tree

DOT_PX: Final = 3
"""Pixels across, below which a zone is a dot. The scripts use the same number."""

CELL_PX: Final = 2
"""Side of the cells of which each shows one dot a kind; a dot is as large."""

CELLS_PX: Final = (CELL_PX, 4, 8, 16)
"""Larger cells, one after the other, until the dots of a tile are few enough."""

MOST_DOTS: Final = 16_384
"""Dots of a tile: a million zones show no more of them than a hundred thousand."""

NAMED_PX: Final = 12
"""Pixels across, from which a zone brings its name into a tile."""

MARGIN_PX: Final = 16
"""Pixels around a tile whose zones it holds, for outlines and clicks."""

CLIP_PX: Final = 80
"""Pixels around a tile beyond which a long outline is cut off."""

LONG: Final = 500
"""Vertices from which an outline is cut."""

CODED: Final = ("kind", "boundary", "city")
NAMES: Final = ("name_en", "name_zh")

Places: TypeAlias = NDArray[np.integer[Any]]
"""Those that are kept are of 32 bits: half the size, of millions of zones."""

Bits = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class TileSource:
    """
    Zones along a curve that keeps neighbours together, with a tree of boxes.

    A place counts zones along the curve; a row counts them as the plan does.

    Parameters
    ----------
    zones
        All zones in EPSG:4326, as the plan has them: not copied.
    rows
        Row of each place; zones that are not drawn have no place.
    tree
        Boxes by place, in world units.
    rank
        Number of each place when zones are counted from the largest.
    by_rank
        The inverse: place by rank.
    codes
        Kind, boundary and city of every row, as categories.
    digest
        Name of the source, for addresses.
    """

    zones: gpd.GeoDataFrame
    rows: Places
    tree: BoxTree
    rank: Places
    by_rank: Places
    codes: "dict[str, pd.Categorical[str]]"
    digest: str

    @property
    def boxes(self) -> NDArray[np.int32]:
        """Boxes by place: west, north, east, south in world units."""
        return self.tree.levels[0]


def tile_source(zones: gpd.GeoDataFrame, *, key: str = "") -> TileSource:
    """
    Prepare zones for being cut into tiles.

    Parameters
    ----------
    zones
        Zones with a default index in EPSG:4326; a zone without geometry has
        no place on the map.
    key
        State of the zones, such as `geo.shipped.stamp`: what the browser keeps
        of tiles, it keeps for one key.

    Returns
    -------
    source
        Some 50 bytes a zone beside the zones themselves.
    """
    bounds = zones.geometry.array.bounds
    drawn = np.flatnonzero(~np.isnan(bounds[:, 0]))
    boxes = boxes_of(bounds[drawn])
    order = along_curve(boxes)
    boxes = boxes[order]
    by_rank = np.argsort(-_sizes(boxes), kind="stable").astype(np.int32)
    rank = np.empty_like(by_rank)
    rank[by_rank] = np.arange(len(boxes))
    content = hashlib.sha256(boxes.tobytes())
    content.update(key.encode())
    return TileSource(
        zones=zones,
        rows=drawn[order].astype(np.int32),
        tree=box_tree(boxes),
        rank=rank,
        by_rank=by_rank,
        codes={name: _codes(zones, name) for name in CODED},
        digest=content.hexdigest()[:32],
    )


def spacing_px(source: TileSource, zoom: int, *, shown: Bits | None = None) -> int:
    """
    Choose how close dots may lie at a zoom.

    It is the same for all tiles, so that none looks fuller than the next.

    Parameters
    ----------
    source
        All zones.
    zoom
        Zoom of Leaflet.
    shown
        As for `cut_tile`.

    Returns
    -------
    spacing_px
        The first of `CELLS_PX` with which no tile has more than `MOST_DOTS`,
        as far as that follows from the numbers of zones of each kind in it.
    """
    small = _sizes(source.boxes) * px_per_unit(zoom) < DOT_PX
    if shown is not None:
        small &= has_bit(shown, source.rows)
    if np.count_nonzero(small) <= MOST_DOTS:
        return CELL_PX
    unit = WORLD // tiles_across(zoom)
    column, row = source.boxes[small, 0] // unit, source.boxes[small, 1] // unit
    kinds = len(source.codes["kind"].categories)
    kind = source.codes["kind"].codes[source.rows[small]]
    tile = (column - column.min()) * np.int64(row.max() - row.min() + 1)
    tile += row - row.min()
    counts = np.bincount(tile * kinds + kind)
    counts = np.pad(counts, (0, -len(counts) % kinds)).reshape(-1, kinds)
    counts = counts[counts.sum(axis=1) > 0]
    for cell_px in CELLS_PX:
        # of so many cells, those that hold any of zones that lie anywhere
        cells = (TILE_PX / cell_px) ** 2
        if (cells * -np.expm1(-counts / cells)).sum(axis=1).max() <= MOST_DOTS:
            return cell_px
    return CELLS_PX[-1]


def cut_tile(  # noqa: PLR0913 - a place, and what is shown there
    source: TileSource,
    zoom: int,
    x: int,
    y: int,
    *,
    shown: Bits | None = None,
    cell_px: int = CELL_PX,
) -> bytes:
    """
    Write the zones of a tile, as far as its zoom can show them.

    Parameters
    ----------
    source
        All zones.
    zoom, x, y
        Zoom of Leaflet; column and row of a tile of 512 pixels.
    shown
        Which rows are shown, one bit each as `numpy.packbits` makes them;
        all, if left out.
    cell_px
        How close dots may lie, see `spacing_px`.

    Returns
    -------
    payload
        Columns ``row`` (of the plan), ``kind`` and ``boundary``, and names of
        the larger zones. Zones that can be seen come first, the largest at
        the head; then as single points those that cannot, of which one stands
        for all others of its kind in a cell: of `CELL_PX` pixels, or a
        larger one where there would be more than `MOST_DOTS`.
    """
    places = source.tree.search(tile_box(zoom, x, y, margin_px=MARGIN_PX))
    if shown is not None:
        places = places[has_bit(shown, source.rows[places])]
    px = _sizes(source.boxes[places]) * px_per_unit(zoom)
    seen: Places = places[px >= DOT_PX]
    seen = source.by_rank[np.sort(source.rank[seen])]
    seen, geometries = _outlines(source, seen, zoom, x, y)
    dots = _dots(source, places[px < DOT_PX], zoom, least_px=cell_px)
    decimals = decimals_for(zoom)
    return encode_outline(
        with_points(
            take_apart(geometries, decimals=decimals),
            _centres(source, dots, decimals=decimals),
        ),
        _columns(source, np.append(seen, dots), zoom),
        meta={},
        decimals=decimals,
    )


def has_bit(bits: Bits, rows: Places) -> NDArray[np.bool_]:
    """Look up some rows in a mask of one bit a row."""
    return np.asarray(bits[rows >> 3] >> (7 - (rows & 7)) & 1, bool)


def extent(source: TileSource, rows: NDArray[np.bool_] | None = None) -> Box | None:
    """Give the box around zones, all or those of a mask; None without any."""
    boxes = source.boxes if rows is None else source.boxes[rows[source.rows]]
    return _around(boxes)


def extents(
    source: TileSource, groups: NDArray[np.integer[Any]], *, n: int
) -> list[Box | None]:
    """Give the box around the zones of each of `n` groups, numbered by row."""
    group = groups[source.rows]
    # sorted once: to look for each group anew takes minutes for many
    boxes = source.boxes[np.argsort(group, kind="stable")]
    ends = np.cumsum(np.bincount(group, minlength=n))
    return [_around(part) for part in np.split(boxes, ends[:-1])] if n else []


def _around(boxes: NDArray[np.int32]) -> Box | None:
    if not len(boxes):
        return None
    west, north = boxes[:, :2].min(axis=0).tolist()
    east, south = boxes[:, 2:].max(axis=0).tolist()
    return west, north, east, south


def _sizes(boxes: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give the longer side of each box in world units."""
    west, north, east, south = boxes.T
    # several times faster than the largest along the second axis
    return np.asarray(np.maximum(east - west, south - north))


def _codes(zones: gpd.GeoDataFrame, name: str) -> "pd.Categorical[str]":
    """Give each value of a column a number; a missing one becomes empty."""
    column = zones[name] if name in zones else pd.Series([""] * len(zones))
    codes, values = pd.factorize(column, use_na_sentinel=False)
    words = ["" if pd.isna(value) else str(value) for value in values]
    return pd.Categorical.from_codes(np.asarray(codes), categories=pd.Index(words))


def _outlines(
    source: TileSource, places: Places, zoom: int, x: int, y: int
) -> tuple[Places, NDArray[np.object_]]:
    """Give outlines of a zoom; without those that only seemed to touch the tile."""
    chosen = source.zones.geometry.array[source.rows[places]]
    geometries = np.array(chosen, dtype=object)
    window = tile_box(zoom, x, y, margin_px=CLIP_PX)
    boxes = source.boxes[places]
    inside = (boxes[:, :2] >= window[:2]) & (boxes[:, 2:] <= window[2:])
    long = shapely.get_num_coordinates(geometries) >= LONG
    clipped = np.flatnonzero(long & ~inside.all(axis=1))
    west, east = lon_of(window[::2])
    north, south = lat_of(window[1::2])
    geometries[clipped] = shapely.clip_by_rect(
        geometries[clipped], west, south, east, north
    )
    left = ~shapely.is_empty(geometries)
    return places[left], simplify(geometries[left], zoom=zoom)


def _dots(source: TileSource, places: Places, zoom: int, *, least_px: int) -> Places:
    """Choose the zones that are shown as dots: the closer, the more there are."""
    for cell_px in (size for size in CELLS_PX if size >= least_px):
        places = _one_a_cell(source, places, zoom, cell_px=cell_px)
        if len(places) <= MOST_DOTS:
            break
    return places


def _one_a_cell(
    source: TileSource, places: Places, zoom: int, *, cell_px: int
) -> Places:
    """Keep the largest zone of each kind in each cell."""
    if not len(places):
        return places
    west, north, east, south = source.boxes[places].T
    scale = px_per_unit(zoom) / cell_px / 2
    column = ((west.astype(np.int64) + east) * scale).astype(np.int64)
    row = ((north.astype(np.int64) + south) * scale).astype(np.int64)
    column -= column.min()
    row -= row.min()
    width, height = int(column.max()) + 1, int(row.max()) + 1
    kind = source.codes["kind"].codes[source.rows[places]].astype(np.int64)
    cell = (kind * height + row) * width + column
    # cell and rank in one number: sorting it is several times faster
    many = len(source.rank)
    packed = np.sort(cell * many + source.rank[places])
    first = np.diff(packed // many, prepend=-1) != 0
    return np.asarray(source.by_rank[packed[first] % many])


def _centres(source: TileSource, places: Places, *, decimals: int) -> NDArray[np.int32]:
    """Give the middles of zones as whole steps of 10^-`decimals` degrees."""
    west, north, east, south = source.boxes[places].astype(np.float64).T
    middle = np.column_stack([lon_of((west + east) / 2), lat_of((north + south) / 2)])
    return np.asarray(np.rint(middle * 10**decimals), np.int32)


def _columns(source: TileSource, places: Places, zoom: int) -> dict[str, Any]:
    """Give the attributes that drawing and labels need."""
    rows = source.rows[places]
    columns: dict[str, Any] = {"row": rows}
    columns |= {name: source.codes[name][rows] for name in ("kind", "boundary")}
    px = _sizes(source.boxes[places]) * px_per_unit(zoom)
    named = int(np.count_nonzero(px >= NAMED_PX))
    if named:
        columns |= _names(source, rows[:named], padding=len(rows) - named)
    return columns


def _names(source: TileSource, rows: Places, *, padding: int) -> dict[str, Any]:
    """Give names of the first rows; the id where there is none."""
    chosen = source.zones.take(rows)
    present = [name for name in NAMES if name in chosen]
    names = {name: [*reveal_each(chosen[name]), *[None] * padding] for name in present}
    if "id" in chosen:
        nameless = np.ones(len(rows), bool)
        for name in present:
            nameless &= chosen[name].isna().to_numpy()
        ids = chosen["id"].where(nameless, None)
        names["id"] = [*reveal_each(ids), *[None] * padding]
    return names
