"""Tiles of layers too large to be sent whole, cut when the map asks for them."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final
from weakref import WeakValueDictionary

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from beltmap.layers.assets import Asset, Store, answer, not_found
from beltmap.layers.basemap.basemaps import BASEMAPS, Basemap
from beltmap.layers.payload.mercator import Box, tiles_across
from beltmap.layers.payload.zones import row_payload, zone_payload
from beltmap.layers.tiles.source import (
    TileSource,
    cut_tile,
    extent,
    extents,
    spacing_px,
    tile_source,
)

MOST_WHOLE: Final = 20_000
"""Zones up to which a layer is sent whole: then filters need no server."""

ZOOMS: Final = range(4, 19)
MOST_TILE_BYTES: Final = 128 * 2**20
MOST_MASK_BYTES: Final = 64 * 2**20
EVERYTHING: Final = "all"
"""Stands in addresses for the mask that hides nothing."""

NUMBER: Final = re.compile("0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, eq=False)
class Shown:
    """
    Which zones of a layer are shown.

    Parameters
    ----------
    digest
        Name of the choice in addresses.
    bits
        One a row, as `numpy.packbits` makes them; None where all are shown.
    extent
        Box around them in world units; None where nothing is shown.
    spacing_px
        How close dots may lie at each zoom that was asked for.
    """

    digest: str
    bits: NDArray[np.uint8] | None
    extent: Box | None
    spacing_px: dict[int, int] = field(default_factory=dict)


class Tiles:
    """
    The tiles of one layer.

    Parameters
    ----------
    zones
        Zones with a default index in EPSG:4326.
    key
        State of the zones, see `layers.tiles.source.tile_source`.
    most_bytes
        Memory for masks; of more, those asked for longest ago are forgotten,
        unless someone holds on to what `show` gave them.
    """

    def __init__(
        self,
        zones: gpd.GeoDataFrame,
        *,
        key: str = "",
        most_bytes: int = MOST_MASK_BYTES,
    ) -> None:
        self.source: TileSource = tile_source(zones, key=key)
        everything = Shown(EVERYTHING, None, extent(self.source))
        self._everything = everything
        self._shown: OrderedDict[str, Shown] = OrderedDict()
        self._held: WeakValueDictionary[str, Shown] = WeakValueDictionary()
        self._most = max(2, most_bytes // max(1, len(zones) // 8))
        self._lock = Lock()
        self._spacing = Lock()
        LAYERS[self.source.digest] = self

    def close(self) -> None:
        """Let no one find its tiles any more."""
        if LAYERS.get(self.source.digest) is self:
            del LAYERS[self.source.digest]

    def head(self, basemaps: Sequence[Basemap] = BASEMAPS) -> bytes:
        """
        Write what the map must know before it asks for tiles.

        Parameters
        ----------
        basemaps
            Basemaps to choose from.

        Returns
        -------
        payload
            As `zone_payload`, without a row; its meta says where tiles are,
            and the boxes of all zones and of each city in world units.
        """
        source = self.source
        none = source.zones.iloc[:0].assign(
            **{name: codes[:0] for name, codes in source.codes.items()}
        )
        return zone_payload(
            none,
            basemaps=basemaps,
            tiles={
                "address": f"tiles/{source.digest}/",
                "extent": self._everything.extent,
                "cities": self._cities(),
            },
        )

    def show(self, mask: NDArray[np.bool_]) -> Shown:
        """
        Keep a choice of zones, so that the map can ask for its tiles.

        Parameters
        ----------
        mask
            Which rows are shown.

        Returns
        -------
        shown
            The same for the same mask.
        """
        if mask.all():
            return self._everything
        bits = np.packbits(mask)
        digest = hashlib.sha256(bits.tobytes()).hexdigest()[:32]
        found = self.shown(digest)
        if found is None:
            found = Shown(digest, bits, extent(self.source, mask))
            with self._lock:
                self._shown[digest] = self._held[digest] = found
                while len(self._shown) > self._most:
                    self._shown.popitem(last=False)
        return found

    def shown(self, digest: str) -> Shown | None:
        """Give a choice of zones that was kept, and remember that it was asked for."""
        if digest == EVERYTHING:
            return self._everything
        with self._lock:
            if digest in self._shown:
                self._shown.move_to_end(digest)
            return self._held.get(digest)

    def cut(self, shown: Shown, zoom: int, x: int, y: int) -> bytes:
        """Write a tile of a choice of zones."""
        # a view asks for all its tiles at once, of which one finds it out
        with self._spacing:
            if zoom not in shown.spacing_px:
                spacing = spacing_px(self.source, zoom, shown=shown.bits)
                shown.spacing_px[zoom] = spacing
        cell_px = shown.spacing_px[zoom]
        return cut_tile(self.source, zoom, x, y, shown=shown.bits, cell_px=cell_px)

    def state(self, mask: NDArray[np.bool_]) -> Mapping[str, Any]:
        """Say what is shown, for `layers.map.map.map_state`."""
        shown = self.show(mask)
        return {"filter": shown.digest, "extent": shown.extent}

    def _cities(self) -> list[Box | None]:
        """Give the box around the zones of each city, in the order of its codes."""
        city = self.source.codes["city"]
        return extents(self.source, city.codes, n=len(city.categories))


LAYERS: Final[WeakValueDictionary[str, Tiles]] = WeakValueDictionary()
"""Layers that are open, by digest; closed with the last who holds them."""

CUT: Final = Store(most_bytes=MOST_TILE_BYTES)
"""Tiles of all layers that were cut lately."""


def serve_tile(request: Request) -> Response:
    """Answer with a tile; 404 for a layer, choice or place that does not exist."""
    given = request.path_params
    layer = LAYERS.get(given["layer"])
    zoom, x, y = (number(given[name]) for name in ("z", "x", "y"))
    if layer is None or zoom not in ZOOMS:
        return not_found()
    shown = layer.shown(given["filter"])
    across = tiles_across(zoom)
    if shown is None or not (0 <= x < across and 0 <= y < across):
        return not_found()
    name = "/".join([layer.source.digest, shown.digest, f"{zoom}/{x}/{y}"])
    asset = CUT.get(name) or CUT.keep(name, Asset.of(layer.cut(shown, zoom, x, y)))
    return answer(request, asset, name=name)


def serve_row(request: Request) -> Response:
    """Answer with one zone as exact as the plan has it; 404 where there is none."""
    given = request.path_params
    layer = LAYERS.get(given["layer"])
    row = number(given["row"])
    if layer is None or not 0 <= row < len(layer.source.zones):
        return not_found()
    name = f"{layer.source.digest}/zone/{row}"
    asset = CUT.get(name) or CUT.keep(
        name, Asset.of(row_payload(layer.source.zones, row))
    )
    return answer(request, asset, name=name)


def number(given: str) -> int:
    """
    Read a number of an address; -1 for anything else.

    Examples
    --------
    >>> [number(text) for text in ("12", "007", "-1", "1e3", "9" * 5000, "٣")]
    [12, -1, -1, -1, -1, -1]
    """
    return int(given) if NUMBER.fullmatch(given) else -1
