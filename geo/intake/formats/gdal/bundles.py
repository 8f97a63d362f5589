"""Files of an archive that belong together: a geodatabase, a MapInfo layer."""

from collections.abc import Callable
from functools import partial

from beltmap.geo.intake.formats.gdal.filegdb import open_geodatabase
from beltmap.geo.intake.formats.gdal.mapinfo import PARTS, read_mapinfo
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.raw.archive import Archive
from beltmap.geo.intake.raw.sniff import ending
from beltmap.geo.intake.rows import Rows

_KNOWN = frozenset({*PARTS, *(end for ends in PARTS.values() for end in ends)})


def open_bundles(
    archive: Archive, limits: Limits, answers: Answers
) -> dict[str, Callable[[], Rows]]:
    """
    Open what GDAL reads and consists of several files.

    Parameters
    ----------
    archive
        The archive.
    limits
        How large a layer may be.
    answers
        What a person said of its encoding.

    Returns
    -------
    layers
        What reads each layer, by the folder's name and its own, or by the name
        that its files share.

    Raises
    ------
    RefusedError
        If a geodatabase cannot be read, or if this is not the worker.
    """
    layers: dict[str, Callable[[], Rows]] = {}
    for folder in _geodatabases(archive):
        files = {
            name.rpartition("/")[2]: archive.read(name)
            for name in archive.entries
            if name.rpartition("/")[0] == folder
        }
        short = folder.rpartition("/")[2]
        for name, read in open_geodatabase(files, limits).items():
            layers[f"{short}/{name}" if short else name] = read
    for stem, parts in _mapinfo(archive).items():
        files = {end: archive.read(name) for end, name in parts.items()}
        layers[stem] = partial(
            read_mapinfo,
            files,
            name=stem.rpartition("/")[2],
            limits=limits,
            encoding=answers.encoding,
        )
    return layers


def _geodatabases(archive: Archive) -> list[str]:
    folders = [
        name.rpartition("/")[0]
        for name in archive.entries
        if ending(name) == "gdbtable"
    ]
    return list(dict.fromkeys(folders))


def _mapinfo(archive: Archive) -> dict[str, dict[str, str]]:
    """Find the files of each layer, by ending; of text under .tab there are none."""
    stems: dict[str, dict[str, str]] = {}
    for name in archive.entries:
        if ending(name) in _KNOWN:
            stem = name.rpartition(".")[0]
            stems.setdefault(stem, {})[ending(name)] = name
    return {
        stem: parts
        for stem, parts in stems.items()
        if "mif" in parts or ("tab" in parts and _is_table(archive.read(parts["tab"])))
    }


def _is_table(head: bytes) -> bool:
    return head[:20].lstrip().lower().startswith(b"!table")
