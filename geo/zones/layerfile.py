"""One GeoJSON layer of a plan, read strictly: every fault, and where it is."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo import schema
from beltmap.geo.errors import Fault, fault, no_access
from beltmap.geo.language.messages import text
from beltmap.geo.memory import collector_paused
from beltmap.geo.zones.faults import geometry_fault, property_faults
from beltmap.geo.zones.lines import feature_lines
from beltmap.geo.zones.packed import UNREADABLE, PackedArray
from beltmap.geo.zones.screen import bad_shapes, explain, suspects

_COLUMNS: Final = frozenset(schema.COLUMNS)


@dataclass(frozen=True, eq=False)
class Layer:
    """
    What one file holds and what is wrong with it.

    Parameters
    ----------
    columns
        One row a zone that could be read, columns `geo.schema.COLUMNS`: texts
        as objects, None where missing, numbers as floats; then the columns that
        a GeoJSON file has besides, as objects.
    geometries
        Geometry of each row in lon, lat degrees; None where it has none.
        Packed if there are more than `geo.zones.packed.MOST_SHAPES`.
    faults
        Everything that keeps the file from being used; of a file with faults a
        row may hold None where something stands that does not belong there.
    """

    columns: pd.DataFrame
    geometries: NDArray[np.object_] | PackedArray
    faults: tuple[Fault, ...] = ()


def refused(*faults: Fault) -> Layer:
    """Give a layer that holds nothing but faults."""
    columns = pd.DataFrame(columns=list(schema.COLUMNS), dtype=object)
    return Layer(columns, np.empty(0, object), faults)


def read_layer(path: Path, *, kind: str | None, sectors: Collection[str]) -> Layer:
    """
    Read the zones of one kind.

    Parameters
    ----------
    path
        GeoJSON file in WGS 84 (RFC 7946).
    kind
        The only kind of zone that the file may hold; None if it may hold any.
    sectors
        Codes of the sector vocabulary.

    Returns
    -------
    layer
        Zones and faults. A missing or broken file has no zones and at least
        one fault.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return refused(fault("E_FILE_MISSING.layer", path.name))
    except OSError as error:
        return refused(no_access(path.name, error))
    return parse_layer(content, name=path.name, kind=kind, sectors=sectors)


@collector_paused()
def parse_layer(
    content: bytes, *, name: str, kind: str | None, sectors: Collection[str]
) -> Layer:
    """
    Read the zones of one kind from GeoJSON text.

    Parameters
    ----------
    content
        UTF-8 text, see `read_layer`.
    name
        Name of the file, for its faults.
    kind, sectors
        As for `read_layer`.

    Returns
    -------
    layer
        As from `read_layer`.
    """
    features, fault = _features(content, name)
    if fault is not None:
        return refused(fault)
    # a feature without its properties cannot be looked at in columns
    whole = np.array([not any(_absent(feature, "")) for feature in features], bool)

    lines: list[int] = []

    def where(row: int) -> str:
        # only who must say where a feature is looks for its line
        if not lines:
            lines.extend(feature_lines(content))
        return place_of(name, row + 1, features[row], lines)

    faults = explain(~whole, lambda row: _absent(features[row], where(row)), name=name)
    rows = np.flatnonzero(whole)
    records = [features[row]["properties"] for row in rows.tolist()]
    columns = pd.DataFrame(records, columns=list(schema.COLUMNS), dtype=object)
    if own := _own(records):
        columns = pd.concat([columns, pd.DataFrame(own)], axis=1)
    geometries = _geometries([features[row].get("geometry") for row in rows.tolist()])
    wrong = suspects(columns, kind=kind, sectors=sectors)
    misdrawn = bad_shapes(geometries)

    def say(row: int) -> Iterator[Fault]:
        place = where(int(rows[row]))
        if wrong[row]:
            yield from property_faults(records[row], place, kind=kind, sectors=sectors)
        if misdrawn[row] and (bad := geometry_fault(geometries[row], place)):
            yield bad

    faults += explain(wrong | misdrawn, say, name=name)
    if faults:
        told = columns["id"].map(lambda one: isinstance(one, str)).to_numpy(bool)
        texts = {name: _texts(columns[name]) for name in schema.TEXTS}
        return Layer(columns.assign(**texts)[told], geometries[told], tuple(faults))
    return Layer(columns.astype(dict.fromkeys(schema.NUMBERS, float)), geometries)


def _features(content: bytes, name: str) -> tuple[list[Any], Fault | None]:
    """Open the text down to its list of features, or say why not."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return [], fault(
            "E_JSON_SYNTAX.layer",
            text("where.position", name=name, line=error.lineno, column=error.colno),
            msg=error.msg,
        )
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        return [], fault("E_ROOT_TYPE.layer", name)
    features = document.get("features")
    if not isinstance(features, list):
        return [], fault("E_FEATURES_NOT_ARRAY.layer", name)
    return features, None


def own_names(records: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Name the properties that a plan does not have, in the order of the features."""
    size = len(schema.COLUMNS)
    more = (record for record in records if len(record) > size)
    names = dict.fromkeys(name for record in more for name in record)
    taken = _COLUMNS | schema.RESERVED
    return tuple(name for name in names if name not in taken and name.strip())


def _own(records: list[dict[str, Any]]) -> dict[str, "pd.Series[Any]"]:
    """Keep the properties that a plan does not have; what holds others, as JSON."""
    return {
        name: pd.Series([_scalar(record.get(name)) for record in records], dtype=object)
        for name in own_names(records)
    }


def _scalar(value: Any) -> str | float | None:  # noqa: ANN401 - any JSON
    plain = value is None or isinstance(value, str | int | float)
    return value if plain else orjson.dumps(value).decode()


def _texts(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Give the texts of a column, and None for all else."""
    return column.where(column.map(lambda value: isinstance(value, str)), None)


def zone_of(feature: Any) -> Any:  # noqa: ANN401 - any JSON
    """Give the id of a feature's zone; None where it has none."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties.get("id") if isinstance(properties, dict) else None


def place_of(name: str, at: int, feature: Any, lines: Sequence[int]) -> str:  # noqa: ANN401 - any JSON
    """
    Say where a feature is.

    Parameters
    ----------
    name
        Name of its file.
    at
        Its number in the file, counted from 1.
    feature
        The feature.
    lines
        Line of each feature of the file, see `geo.zones.lines.feature_lines`.
    """
    zone = zone_of(feature)
    place = "where.feature_id" if zone else "where.feature"
    # not called n: the number of a feature is no count
    return text(place, name=name, line=lines[at - 1], at=at, zone=zone)


def _absent(feature: Any, where: str) -> Iterator[Fault]:  # noqa: ANN401 - any JSON
    """Find what a feature lacks."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        yield fault("E_NO_PROPERTIES", where)
    elif not properties.keys() >= _COLUMNS:
        missing = [column for column in schema.COLUMNS if column not in properties]
        yield fault("E_MISSING_PROPERTY", where, names=", ".join(missing))


def _geometries(members: list[Any]) -> NDArray[np.object_]:
    """Read geometries; `UNREADABLE` stands for what cannot be read."""
    texts = [None if member is None else orjson.dumps(member) for member in members]
    given = np.array(texts, object)
    shapes = np.asarray(shapely.from_geojson(given, on_invalid="ignore"), object)
    shapes[shapely.is_missing(shapes) & pd.notna(given)] = UNREADABLE
    return shapes
