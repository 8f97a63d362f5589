"""ZIP archives: which of their files are layers, and which only lie beside them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from beltmap.geo.intake.formats.gdal.bundles import open_bundles
from beltmap.geo.intake.formats.shapefile import read_shapefile
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Notice, RefusedError, notice, refuse
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.raw.archive import Archive
from beltmap.geo.intake.raw.sniff import (
    FORMATS,
    SIDECARS,
    content,
    ending,
    format_names,
)
from beltmap.geo.intake.rows import Rows

FileLayers: TypeAlias = Mapping[str, Callable[[], Rows]]
"""What reads a layer, by the layer's name."""

OpenFile: TypeAlias = Callable[[str, bytes], FileLayers]
"""Opens a file by its name and its bytes."""

_IN_ARCHIVES: Final = frozenset(
    ending_
    for kind, endings in FORMATS.items()
    for ending_ in endings
    if kind not in {"zip", "kmz", "shp"} and ending_ != "tab"
)
_MAYBE_NOTES: Final = frozenset(
    ending_
    for kind in ("csv", "geojson", "xlsx", "xls", "xlsb", "ods", "kml")
    for ending_ in FORMATS[kind]
)
"""Endings of layers and of notes alike."""

_NO_LAYER: Final = frozenset(
    {
        "E_CSV_NO_COORDINATES",
        "E_EMPTY",
        "E_KML_ROOT",
        "E_NOT_GEOJSON",
        "E_NO_FEATURES_MEMBER",
        "E_ROOT_TYPE",
    }
)
"""What is said of a file that is sound, and holds no zones."""


def open_archive(
    data: bytes, limits: Limits, answers: Answers, open_file: OpenFile
) -> FileLayers:
    """
    Open an archive: every Shapefile and every other layer file in it.

    Parameters
    ----------
    data
        The whole archive.
    limits
        How many entries it may have and how far it may grow.
    answers
        What a person said of the text in it.
    open_file
        Opens a file that is no Shapefile.

    Returns
    -------
    layers
        What reads each layer. Archives in it are passed over unopened, as are
        tables and texts that hold no zones; each layer says so.

    Raises
    ------
    RefusedError
        If there is nothing in it that can be read.
    """
    archive = Archive(data, limits)
    layers = _shapefiles(archive, limits, answers)
    layers |= open_bundles(archive, limits, answers)
    notes: list[str] = []
    first: RefusedError | None = None
    for name in archive.entries:
        if ending(name) not in _IN_ARCHIVES or _is_readme(archive, name):
            continue
        try:
            layers |= _entry(archive, name, open_file)
        except RefusedError as error:
            if error.notice.code not in _NO_LAYER:
                raise
            notes.append(name)
            first = first or error
    if not layers:
        raise first or _nothing(archive)
    said = _beside(archive.inner, notes)
    return {name: partial(_saying, read, said) for name, read in layers.items()}


def _shapefiles(
    archive: Archive, limits: Limits, answers: Answers
) -> dict[str, Callable[[], Rows]]:
    layers: dict[str, Callable[[], Rows]] = {}
    for stem, files in _by_stem(archive).items():
        if "shp" in files:
            parts = {end: archive.read(name) for end, name in files.items()}
            layers[stem] = partial(shapefile_of, parts, stem, limits, answers)
    return layers


def _is_readme(archive: Archive, name: str) -> bool:
    """Tell whether a text is none of the texts that are layers."""
    return ending(name) == "txt" and content(archive.read(name)) not in FORMATS


def _by_stem(archive: Archive) -> dict[str, dict[str, str]]:
    """Put the files of each Shapefile together, by ending."""
    stems: dict[str, dict[str, str]] = {}
    for name in archive.entries:
        if ending(name) in SIDECARS | {"shp"}:
            stem = name.rpartition(".")[0]
            stems.setdefault(stem, {})[ending(name)] = name
    return stems


def shapefile_of(
    parts: Mapping[str, bytes], stem: str, limits: Limits, answers: Answers
) -> Rows:
    """Read a Shapefile whose files, by ending, have a common name."""
    name = stem.rpartition("/")[2]
    return read_shapefile(parts, name=name, limits=limits, encoding=answers.encoding)


def _entry(archive: Archive, name: str, open_file: OpenFile) -> FileLayers:
    """
    Open one file of an archive; its layers are called after it.

    Raises
    ------
    RefusedError
        If it may be a note, and not one of its layers can be read.
    """
    opened = open_file(name, archive.read(name))
    if ending(name) in _MAYBE_NOTES:
        opened = _with_zones(opened)
    return {
        f"{name}/{layer}" if layer else name: partial(_named, name, read)
        for layer, read in opened.items()
    }


def _with_zones(opened: FileLayers) -> FileLayers:
    """Leave out what holds no zones; if nothing does, raise what is said of it."""
    kept: dict[str, Callable[[], Rows]] = {}
    first: RefusedError | None = None
    for layer, read in opened.items():
        try:
            read()
        except RefusedError as error:
            if error.notice.code in _NO_LAYER:
                first = first or error
                continue
        kept[layer] = read
    if first is not None and not kept:
        raise first
    return kept


def _named(name: str, read: Callable[[], Rows]) -> Rows:
    rows = read()
    return rows if rows.name else replace(rows, name=name.rpartition(".")[0])


def _saying(read: Callable[[], Rows], said: tuple[Notice, ...]) -> Rows:
    rows = read()
    return replace(rows, notices=(*said, *rows.notices))


def _beside(inner: list[str], notes: list[str]) -> tuple[Notice, ...]:
    """Say what is passed over."""
    said = []
    if inner:
        said.append(notice("W_ARCHIVE_INNER", n=len(inner), found=inner))
    if notes:
        said.append(notice("W_ARCHIVE_NOTES", n=len(notes), found=notes))
    return tuple(said)


def _nothing(archive: Archive) -> RefusedError:
    """Say why nothing in an archive can be read."""
    tables = [files for files in _by_stem(archive).values() if "dbf" in files]
    if tables:
        return refuse("E_SHP_MISSING", found=tables[0]["dbf"])
    parts = [name for name in archive.entries if ending(name) in {"tab", "mif"}]
    if parts:
        return refuse("E_ONE_OF_MANY", found=ending(parts[0]).upper())
    if archive.inner:
        return refuse("E_ARCHIVE_NESTED", entry=archive.inner[0])
    found = list(archive.entries)
    return refuse("E_ARCHIVE_NO_LAYER", found=found, formats=list(format_names()))
