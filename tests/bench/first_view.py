"""What the map asks the server for before it shows all zones."""

from beltmap.layers.payload.mercator import WORLD, tiles_across
from beltmap.layers.payload.zones import zone_payload
from beltmap.layers.tiles.source import extent
from beltmap.layers.tiles.tiles import EVERYTHING, MOST_WHOLE, Tiles

SEE_ALL_ZOOM = 7
"""Zoom at which the map shows all the made-up zones."""


def first_payloads(zones):
    """Write the payload of all zones, or of a large layer its head and tiles."""
    if len(zones) <= MOST_WHOLE:
        return zone_payload(zones)
    layer = Tiles(zones)
    unit = WORLD // tiles_across(SEE_ALL_ZOOM)
    west, north, east, south = (int(side) // unit for side in extent(layer.source))
    tiles = [
        layer.cut(layer.shown(EVERYTHING), SEE_ALL_ZOOM, x, y)
        for x in range(west, east + 1)
        for y in range(north, south + 1)
    ]
    return b"".join([layer.head(), *tiles])
