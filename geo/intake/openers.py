"""One opener a format: from bytes to the layers that can be read from them."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from geo.intake.geojson import read_geojson
from geo.intake.limits import Limits
from geo.intake.questions import Answers
from geo.intake.rows import Rows
from geo.intake.table import read_csv

Opened: TypeAlias = Mapping[str, Callable[[], Rows]]
"""What reads a layer, by the layer's name."""


def layers_of(opened: Opened) -> tuple[str, ...]:
    """Name the layers of an opened file."""
    return tuple(opened)


def open_geojson(data: bytes, limits: Limits, _: Answers) -> Opened:
    """Open a GeoJSON file, which has one layer."""
    return {"": lambda: read_geojson(data, limits=limits)}


def open_csv(data: bytes, limits: Limits, answers: Answers) -> Opened:
    """Open a table, which has one layer."""
    return {"": lambda: read_csv(data, limits=limits, columns=answers.columns)}


OPENERS: Final[Mapping[str, Callable[[bytes, Limits, Answers], Opened]]] = {
    "geojson": open_geojson,
    "csv": open_csv,
}
"""By format, as `geo.intake.sniff` names it."""
