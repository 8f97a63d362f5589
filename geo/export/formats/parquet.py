"""GeoParquet 1.1: columns with types, a box a row, metadata and claims."""

import io
from typing import Final

import geopandas as gpd
import orjson
import pyarrow.parquet as pq

from beltmap.geo.export.extract import Extract
from beltmap.geo.export.metadata import describe
from beltmap.geo.export.provenance import as_records
from beltmap.geo.export.readback import Readback

VERSION: Final = "1.1.0"
KEY: Final = b"beltmap"
"""Key of the file's metadata that holds description, claims and sources."""


def write_parquet(extract: Extract) -> bytes:
    """
    Write GeoParquet with a covering box a row.

    Parameters
    ----------
    extract
        What to write.

    Returns
    -------
    content
        The file; its metadata hold the claims and sources as JSON.
    """
    plain = io.BytesIO()
    extract.zones.to_parquet(
        plain, schema_version=VERSION, write_covering_bbox=True, index=False
    )
    table = pq.read_table(plain)
    said = {"about": describe(extract), **as_records(extract)}
    content = io.BytesIO()
    with pq.ParquetWriter(content, table.schema) as writer:
        writer.write_table(table)
        # not in the schema, of which the file holds a second copy
        writer.add_key_value_metadata({KEY: orjson.dumps(said)})
    return content.getvalue()


def read_parquet(content: bytes) -> Readback:
    """
    Read GeoParquet again.

    Parameters
    ----------
    content
        The file.

    Returns
    -------
    readback
        Its zones and the number of its claims.
    """
    said = orjson.loads(pq.read_metadata(io.BytesIO(content)).metadata[KEY])
    zones = gpd.read_parquet(io.BytesIO(content))
    return Readback(zones, claims=len(said["claims"]))
