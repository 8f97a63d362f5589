"""The files of a plan that hold its zones, and a quick way to open them again."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import orjson
import pandas as pd
import pyarrow as pa
import shapely

from beltmap.geo import schema
from beltmap.geo.cache import keep, key_of, recall
from beltmap.geo.charter.force import charter
from beltmap.geo.errors import Fault, fault
from beltmap.geo.memory import collector_paused
from beltmap.geo.zones.bulk import MAGIC, read_bulk, read_columns
from beltmap.geo.zones.layerfile import Layer, parse_layer, read_layer, refused
from beltmap.geo.zones.packed import read_shapes

LARGE_BYTES: Final = 2**20
"""A smaller layer is read as quickly as it could be recalled."""

VERSION: Final = "2"
"""Of the checks and of the form in which a layer is kept; change it with them."""

GEOMETRY: Final = "geometry"
OWN: Final = "own:"
"""Columns of a kept layer: the geometry, and before the names of others' columns."""

FORMER: Final = ("base.geojson",)
"""Layer files of earlier versions, whose zones must not get lost in silence."""


def read_layers(folder: Path, *, sectors: Collection[str]) -> list[Layer]:
    """
    Read the zones of a plan.

    Parameters
    ----------
    folder
        Folder with a layer file for each kind of the charter, or with all
        zones in one table, see `geo.zones.bulk`.
    sectors
        Codes of the sector vocabulary.

    Returns
    -------
    layers
        Zones and faults of each file.
    """
    former = [folder / name for name in FORMER if (folder / name).exists()]
    if former:
        return [refused(*map(_old, former))]
    tables = [folder / name for name in MAGIC if (folder / name).exists()]
    of_kind = {kind: folder / file for kind, file in charter().files.items()}
    given = [*tables, *(file for file in of_kind.values() if file.exists())]
    if tables and len(given) > 1:
        return [refused(_too_many(given))]
    if tables:
        return [read_bulk(tables[0], sectors=sectors)]
    return [
        open_layer(file, kind=kind, sectors=sectors) for kind, file in of_kind.items()
    ]


def open_layer(path: Path, *, kind: str, sectors: Collection[str]) -> Layer:
    """
    Read the zones of one kind; a large file that was read before, quickly.

    Parameters
    ----------
    path, kind, sectors
        As for `geo.zones.layerfile.read_layer`.

    Returns
    -------
    layer
        As from `geo.zones.layerfile.read_layer`. A large layer without faults is
        kept in the user's cache under the digest of its content.
    """
    try:
        content = path.read_bytes()
    except OSError:
        return read_layer(path, kind=kind, sectors=sectors)
    if len(content) < LARGE_BYTES:
        return parse_layer(content, name=path.name, kind=kind, sectors=sectors)
    rules = (*charter().closed["status"], *charter().patterns)
    key = key_of(content, VERSION, kind, *sorted(sectors), *rules)
    kept = recall(key)
    if kept is not None and (layer := unpack(kept)) is not None:
        return layer
    layer = parse_layer(content, name=path.name, kind=kind, sectors=sectors)
    if not layer.faults:
        keep(key, pack(layer))
    return layer


def pack(layer: Layer) -> bytes:
    """
    Write a layer without faults as an Arrow file.

    Parameters
    ----------
    layer
        See `geo.zones.layerfile.Layer`.

    Returns
    -------
    content
        For `unpack`.
    """
    table = pa.table(
        {
            name: pa.array(
                layer.columns[name],
                pa.float64() if name in schema.NUMBERS else pa.large_string(),
                from_pandas=True,
            )
            for name in schema.COLUMNS
        }
        | {
            f"{OWN}{name}": pa.array(map(_as_json, values), pa.large_string())
            for name, values in layer.columns.drop(columns=[*schema.COLUMNS]).items()
        }
        | {GEOMETRY: pa.array(shapely.to_wkb(layer.geometries), pa.large_binary())}
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


@collector_paused()
def unpack(content: bytes) -> Layer | None:
    """
    Read a layer back.

    Parameters
    ----------
    content
        What `pack` wrote.

    Returns
    -------
    layer
        As it was; None if `content` is something else.
    """
    try:
        table = pa.ipc.open_file(pa.BufferReader(content)).read_all()
        shapes = read_shapes(table[GEOMETRY].combine_chunks())
        names = [name for name in table.column_names if name.startswith(OWN)]
        own = {name.removeprefix(OWN): _of_json(table[name]) for name in names}
        columns = read_columns(table)
        if own:
            columns = pd.concat([columns, pd.DataFrame(own)], axis=1)
        return Layer(columns, shapes)
    except (pa.ArrowException, KeyError, ValueError):
        return None


def _as_json(value: object) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _of_json(column: pa.ChunkedArray) -> "pd.Series[Any]":
    values = [None if one is None else orjson.loads(one) for one in column.to_pylist()]
    return pd.Series(values, dtype=object)


def _old(path: Path) -> Fault:
    return fault("E_OLD_LAYER", path.name)


def _too_many(files: Collection[Path]) -> Fault:
    return fault("E_TOO_MANY_FILES", ", ".join(file.name for file in files))
