"""GeoJSON with its provenance: claims and sources travel in the same file."""

import orjson

from beltmap.geo.export.extract import Extract
from beltmap.geo.export.formats.gdal import read_layers
from beltmap.geo.export.metadata import describe
from beltmap.geo.export.provenance import as_records
from beltmap.geo.export.readback import Readback
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.scratch import scratch


def write_geojson(extract: Extract) -> bytes:
    """
    Write RFC 7946 GeoJSON.

    Parameters
    ----------
    extract
        What to write, in EPSG:4326.

    Returns
    -------
    content
        A feature collection. Each feature names its claims; the collection
        has the claims and sources as further members.
    """
    members = {"about": describe(extract), **as_records(extract)}
    return dumps(extract.zones, name="beltmap", members=members)


def read_geojson(content: bytes) -> Readback:
    """
    Read GeoJSON again.

    Parameters
    ----------
    content
        The file.

    Returns
    -------
    readback
        Its zones as GDAL sees them, and the number of its claims.
    """
    with scratch() as folder:
        path = folder / "zones.geojson"
        path.write_bytes(content)
        zones = read_layers(path)
    return Readback(zones, claims=len(orjson.loads(content)["claims"]))
