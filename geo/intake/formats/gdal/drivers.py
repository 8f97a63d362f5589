"""Which of GDAL's drivers an upload needs: no other is ever loaded."""

import os
from typing import Final

from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import RefusedError
from beltmap.geo.intake.raw.archive import Archive
from beltmap.geo.intake.raw.sniff import content, ending

SKIP: Final = "GDAL_SKIP"
"""The setting by which GDAL leaves drivers out; read once, when it is loaded."""

DRIVERS: Final = {
    "fgb": "FlatGeobuf",
    "gml": "GML",
    "gpx": "GPX",
    "dxf": "DXF",
    "mapinfo": "MapInfo File",
    "gdb": "OpenFileGDB",
}
"""By format, as `geo.intake.raw.sniff` names it."""

OPTIONS: Final = {
    "OGR_ARC_STEPSIZE": "1",
    "DXF_CLOSED_LINE_AS_POLYGON": "TRUE",
    "DXF_ENCODING": "UTF-8",
    "DXF_FEATURE_LIMIT_PER_BLOCK": "10000",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_SAVE_RESOLVED_TO": "SAME",
    "OGR_GEOMETRY_ACCEPT_UNCLOSED_RING": "YES",
}
"""Settings of the drivers, as the worker's environment has them."""

_ENDINGS: Final = {
    "gml": "gml",
    "xml": "gml",
    "gpx": "gpx",
    "dxf": "dxf",
    "fgb": "fgb",
    "tab": "mapinfo",
    "mif": "mapinfo",
    "gdbtable": "gdb",
}


def needed_drivers(name: str, data: bytes, limits: Limits) -> frozenset[str]:
    """
    Find which drivers an upload needs.

    Parameters
    ----------
    name, data
        The file.
    limits
        How large an archive may be.

    Returns
    -------
    drivers
        Names as GDAL has them; none for the formats that are read without it.

    Examples
    --------
    >>> sorted(needed_drivers("plan.kml", b"<gpx version='1.1'/>", Limits()))
    ['GPX']
    """
    kind = content(data)
    if kind in DRIVERS:
        return frozenset({DRIVERS[kind]})
    if kind != "zip":
        known = _ENDINGS.get(ending(name), "")
        return frozenset({DRIVERS[known]} if known else ())
    try:
        entries = Archive(data, limits).entries
    except RefusedError:
        return frozenset()
    found = {_ENDINGS.get(ending(entry), "") for entry in entries}
    return frozenset(DRIVERS[one] for one in found if one)


def allow(drivers: frozenset[str]) -> None:
    """Take drivers off the list of those that GDAL leaves out, before it is loaded."""
    skipped = os.environ.get(SKIP, "").split(",")
    os.environ[SKIP] = ",".join(one for one in skipped if one not in drivers)
