"""One layer file of a plan, read strictly: every fault, and where it is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
import shapely

from geo import schema
from geo.errors import Fault
from geo.messages import text

WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
"""West, south, east and north limits of a coordinate, in degrees."""


@dataclass
class Layer:
    """
    What one file holds and what is wrong with it.

    Parameters
    ----------
    records
        Properties of each feature that could be read.
    geometries
        Geometry of each record in lon, lat degrees; None where it has none.
    faults
        Everything that keeps the file from being used.
    """

    records: list[dict[str, Any]] = field(default_factory=list)
    geometries: list[shapely.Geometry | None] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_layer(path: Path, *, kind: str, sectors: Collection[str]) -> Layer:
    """
    Read the zones of one kind.

    Parameters
    ----------
    path
        GeoJSON file in WGS 84 (RFC 7946).
    kind
        The only kind of zone that the file may hold.
    sectors
        Codes of the sector vocabulary.

    Returns
    -------
    layer
        Records, geometries and faults. A missing or broken file has no
        records and at least one fault.
    """
    features, fault = _features(path)
    if fault is not None:
        return Layer(faults=[fault])
    layer = Layer()
    for number, feature in enumerate(features, start=1):
        where = _where(path, number, feature)
        faults = list(_feature_faults(feature, where, kind=kind, sectors=sectors))
        geometry, geometry_faults = _geometry(feature, where)
        layer.faults += faults + geometry_faults
        if not faults:
            layer.records.append(feature["properties"])
            layer.geometries.append(geometry)
    return layer


def _features(path: Path) -> tuple[list[Any], Fault | None]:
    """Open the file down to its list of features, or say why not."""
    name = path.name
    try:
        document = orjson.loads(path.read_bytes())
    except OSError:
        return [], Fault(
            "E_FILE_MISSING",
            name,
            text("fault.file_missing"),
            text("fault.file_missing.layer"),
        )
    except orjson.JSONDecodeError as error:
        return [], Fault(
            "E_JSON_SYNTAX",
            text("where.position", name=name, line=error.lineno, column=error.colno),
            text("fault.json_syntax", msg=error.msg),
            text("fault.json_syntax.mend"),
        )
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        return [], Fault(
            "E_ROOT_TYPE",
            name,
            text("fault.root_type"),
            text("fault.root_type.mend"),
        )
    features = document.get("features")
    if not isinstance(features, list):
        return [], Fault(
            "E_FEATURES_NOT_ARRAY",
            name,
            text("fault.features_not_array"),
            text("fault.features_not_array.mend"),
        )
    return features, None


def _where(path: Path, number: int, feature: Any) -> str:  # noqa: ANN401 - any JSON
    properties = feature.get("properties") if isinstance(feature, dict) else None
    zone = properties.get("id") if isinstance(properties, dict) else None
    place = "where.feature_id" if zone else "where.feature"
    # not called n: the number of a feature is no count
    return text(place, name=path.name, at=number, zone=zone)


def _feature_faults(
    feature: Any,  # noqa: ANN401 - any JSON
    where: str,
    *,
    kind: str,
    sectors: Collection[str],
) -> Iterator[Fault]:
    """Find what is wrong with a feature's properties."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        yield Fault(
            "E_NO_PROPERTIES",
            where,
            text("fault.no_properties"),
            text("fault.no_properties.mend"),
        )
        return
    missing = [column for column in schema.COLUMNS if column not in properties]
    if missing:
        yield Fault(
            "E_MISSING_PROPERTY",
            where,
            text("fault.missing_property", names=", ".join(missing)),
            text("fault.missing_property.mend"),
        )
        return
    yield from _value_faults(properties, where, kind=kind)
    yield from _sector_faults(properties, where, sectors)


def _value_faults(
    properties: Mapping[str, Any], where: str, *, kind: str
) -> Iterator[Fault]:
    """Find values outside their closed list or of the wrong type."""
    if not isinstance(properties["id"], str) or not properties["id"]:
        yield Fault(
            "E_BAD_ID",
            where,
            text("fault.bad_id"),
            text("fault.bad_id.mend"),
        )
    if properties["kind"] != kind:
        yield Fault(
            "E_WRONG_KIND",
            where,
            text("fault.wrong_kind", kind=properties["kind"], held=kind),
            text("fault.wrong_kind.mend"),
        )
    for column, allowed in schema.CLOSED.items():
        value = properties[column]
        if value is not None and value not in allowed:
            yield _unknown(where, column, value, allowed)
    for column in schema.NUMBERS:
        value = properties[column]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (number and value >= 0):
            yield Fault(
                "E_NOT_A_NUMBER",
                where,
                text("fault.value", column=column, value=value),
                text("fault.not_a_number.layer"),
            )
    for column in set(schema.COLUMNS) - set(schema.NUMBERS):
        value = properties[column]
        if value is not None and not isinstance(value, str):
            yield Fault(
                "E_NOT_TEXT",
                where,
                text("fault.value", column=column, value=value),
                text("fault.not_text.mend", separator=schema.SEPARATOR),
            )


def _sector_faults(
    properties: Mapping[str, Any], where: str, sectors: Collection[str]
) -> Iterator[Fault]:
    """Find sectors outside the vocabulary and patterns that are not known."""
    for column, allowed in (("sectors", sectors), ("patterns", schema.PATTERNS)):
        value = properties[column]
        for code in value.split(schema.SEPARATOR) if isinstance(value, str) else ():
            if code not in allowed:
                yield _unknown(where, column, code, allowed)


def _unknown(
    where: str,
    column: str,
    value: Any,  # noqa: ANN401 - any JSON
    allowed: Collection[str],
) -> Fault:
    vocabulary = text("where.vocabulary") if column == "sectors" else ""
    return Fault(
        f"E_UNKNOWN_{column.upper()}",
        where,
        text("fault.unknown_value", column=column, value=value),
        text(
            "fault.use_one_of.vocabulary",
            known=", ".join(allowed),
            vocabulary=vocabulary,
        ),
    )


def _geometry(
    feature: Any,  # noqa: ANN401 - any JSON
    where: str,
) -> tuple[shapely.Geometry | None, list[Fault]]:
    """Read the geometry of a feature, or say what is wrong with it."""
    member = feature.get("geometry") if isinstance(feature, dict) else None
    if member is None:
        return None, []
    geometry = shapely.from_geojson(orjson.dumps(member), on_invalid="ignore")
    if geometry is None or geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        what = text("fault.geometry_type")
    elif geometry.is_empty:
        what = text("fault.geometry_empty")
    elif not _inside_world(geometry):
        what = text("fault.geometry_outside", bounds=geometry.bounds)
    elif not geometry.is_valid:
        what = text("fault.geometry_invalid", reason=shapely.is_valid_reason(geometry))
    else:
        return geometry, []
    mend = text("fault.geometry.mend")
    return None, [Fault("E_BAD_GEOMETRY", where, what, mend)]


def _inside_world(geometry: shapely.Geometry) -> bool:
    west, south, east, north = shapely.bounds(geometry)
    return bool(
        west >= WORLD[0]
        and south >= WORLD[1]
        and east <= WORLD[2]
        and north <= WORLD[3]
    )
