"""A File Geodatabase: a folder of tables, which comes in a ZIP archive."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from beltmap.geo.intake.formats.columnar import collect
from beltmap.geo.intake.formats.gdal.layers import Source
from beltmap.geo.intake.formats.gdal.packing import packed
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import refuse
from beltmap.geo.intake.rows import Rows

_FILE: Final = re.compile(
    r"(gdb|timestamps|a[0-9a-f]{8}\.(gdbtable|gdbtablx|gdbindexes|spx|atx|freelist))",
    re.IGNORECASE,
)
"""Names of the files that are read; locks and the like are not."""


def open_geodatabase(
    files: Mapping[str, bytes], limits: Limits
) -> dict[str, Callable[[], Rows]]:
    """
    Open a File Geodatabase.

    Parameters
    ----------
    files
        Its files by name, without the folder.
    limits
        How large a layer may be.

    Returns
    -------
    layers
        What reads each layer with shapes.

    Raises
    ------
    RefusedError
        If it cannot be read, or if this is not the worker.
    """
    known = {name: data for name, data in files.items() if _FILE.fullmatch(name)}
    source = Source("gdb", packed(known), "E_GDB_BROKEN", limits)
    layers = source.layers()
    if not layers:
        raise refuse("E_GDB_BROKEN", found="")
    return {name: partial(_read, source, name) for name in layers}


def _read(source: Source, name: str) -> Rows:
    table = source.table(name)
    # a table's kind says nothing of the curves in it
    return collect(
        table.columns, source.shapes(name), source.limits, name=name, crs=table.crs
    )
