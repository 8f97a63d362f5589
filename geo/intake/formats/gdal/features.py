"""GML and GPX: features in XML."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from beltmap.geo.intake.formats.columnar import collect
from beltmap.geo.intake.formats.gdal.layers import Source, without_blank
from beltmap.geo.intake.formats.gdal.xmltext import Screened, screened
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import notice, refuse
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.rows import Rows

_MEMBERS: Final = ("featureMember", "featureMembers", "member")
_BOUNDS: Final = ("lowerCorner", "upperCorner")
"""Corners of a feature's box, which are no attributes of it."""

_GPX_LAYERS: Final = ("waypoints", "routes", "tracks")
"""Layers of GPX; the points of routes and tracks are in their lines already."""


def open_features(
    data: bytes, kind: str, limits: Limits, answers: Answers
) -> dict[str, Callable[[], Rows]]:
    """
    Open a GML or GPX file.

    Parameters
    ----------
    data
        The whole file.
    kind
        ``gml`` or ``gpx``.
    limits
        How large it may be.
    answers
        What a person said of its encoding.

    Returns
    -------
    layers
        What reads each kind of feature; those of GPX that are in the file.

    Raises
    ------
    RefusedError
        If it is not well formed, has no features, or if this is not the worker.
    """
    text = screened(data, limits, answers.encoding)
    if kind == "gml" and not any(name in text.elements for name in _MEMBERS):
        raise refuse("E_GML_BROKEN", found="GML")
    source = Source(kind, text.data, "E_GML_BROKEN", limits)
    layers = list(source.layers())
    if kind == "gpx":
        parts = {"waypoints": "wpt", "routes": "rte", "tracks": "trk"}
        layers = [one for one in _GPX_LAYERS if parts[one] in text.elements]
    if not layers:
        raise refuse("E_GML_BROKEN", found=kind.upper())
    return {name: partial(_read, source, name, text) for name in layers}


def _read(source: Source, name: str, text: Screened) -> Rows:
    table = source.table(name)
    columns = {
        column: values
        for column, values in table.columns.items()
        if column not in _BOUNDS
    }
    if source.kind == "gpx":
        columns = dict(without_blank(columns))
    rows = collect(columns, table.shapes, source.limits, name=name, crs=table.crs)
    said = text.notices
    if text.curves:
        said += (notice("W_CURVES", n=text.curves),)
    return replace(rows, encoding=text.encoding, notices=(*said, *rows.notices))
