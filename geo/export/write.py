"""Whole exports: made in memory, measured, named, saved."""

import sqlite3
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyogrio.errors
import shapely

from beltmap.geo.charter.force import chartered
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.export.catalogue import Format, crs_for, format_called, format_of
from beltmap.geo.export.crs import crs_warnings
from beltmap.geo.export.extract import POLYGONS, Extract, nothing_chosen, take_extract
from beltmap.geo.export.filename import export_name
from beltmap.geo.export.losses import Loss, find_losses, loss_line
from beltmap.geo.files import replace_files
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.plan.selection import Selection

Step = Callable[[str], None]
"""Hears the name of each step as it begins."""

STEPS: Final = ("take", "write", "measure")

KILO: Final = 1000

_TROUBLE: Final = (
    OSError,
    ValueError,
    KeyError,
    struct.error,
    sqlite3.Error,
    pa.ArrowException,
    shapely.errors.ShapelyError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FieldError,
    ET.ParseError,
)
"""What the libraries raise when a file cannot be written or read."""


@dataclass(frozen=True, eq=False, repr=False)
class Export:
    """
    A finished export.

    Parameters
    ----------
    selection
        What is in it.
    content
        The file.
    beside
        Further files by the ending that follows the first one's name.
    format_
        Its format.
    crs
        Code of its CRS; the zone itself where it was chosen by city.
    mark
        Ending that names must have so that the datum is not overlooked; empty
        where software can tell the CRS.
    warnings
        Sentences about the CRS.
    losses
        What is lost, found by reading the file back.
    """

    selection: Selection
    content: bytes
    beside: Mapping[str, bytes]
    format_: Format
    crs: str
    mark: str
    warnings: tuple[str, ...]
    losses: tuple[Loss, ...]

    def __repr__(self) -> str:
        return "\n".join((f"{self.format_.label}, {self.size}", *self.notes))

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before use: the losses in a line, then the warnings."""
        return (loss_line(self.losses), *self.warnings)

    @property
    def size(self) -> str:
        """Size of the file for a reader."""
        return size_text(len(self.content))

    def name(self, *, on: date) -> str:
        """
        Name the file after what is in it.

        Parameters
        ----------
        on
            Day of the export.

        Returns
        -------
        name
            Name with the format's ending, and the datum's where it needs one.
        """
        suffix = f"{self.mark}{self.format_.suffixes[0]}"
        return export_name(self.selection.filters, on=on, suffix=suffix)


@chartered
def write(
    selection: Selection,
    *,
    format_code: str,
    crs: str | None = None,
    on_step: Step | None = None,
) -> Export:
    """
    Write the chosen zones of a plan in a format.

    Parameters
    ----------
    selection
        The plan, and which of its zones are chosen.
    format_code
        One of `geo.export.catalogue.FORMATS`.
    crs
        As `geo.export.crs.known_crs` takes it; None for the format's usual one.
    on_step
        Called with each of `STEPS` as it begins.

    Returns
    -------
    export
        The file in memory, with what it loses and what to know of its CRS.

    Raises
    ------
    PlanError
        If nothing is chosen or the format can hold nothing of it, format or
        CRS is not known, the format cannot have the CRS, or the file cannot be
        made or comes out incomplete.
    """
    tell = on_step or _silent
    format_ = format_called(format_code)
    wanted = crs_for(format_, crs)
    refuse_nothing(selection, format_)
    tell("take")
    extract = take_extract(selection, crs=wanted)
    tell("write")
    content, beside = _make(format_, extract)
    tell("measure")
    losses = _measure(format_, extract, content)
    return Export(
        selection=selection,
        content=content,
        beside=beside,
        format_=format_,
        crs=extract.crs.code,
        mark=extract.crs.mark,
        warnings=crs_warnings(extract.located, extract.crs),
        losses=losses,
    )


def refuse_nothing(selection: Selection, format_: Format) -> None:
    """
    Refuse an export in which nothing would be.

    Parameters
    ----------
    selection
        What is chosen.
    format_
        The format.

    Raises
    ------
    PlanError
        If no zone is chosen, or none with an outline where the format holds
        nothing else.
    """
    if not len(selection):
        raise PlanError([nothing_chosen(selection.plan)])
    if format_.drawing and selection.zones.geometry.isna().all():
        raise PlanError([fault("E_NOTHING_DRAWN", format_.label)])


@chartered
def save(
    selection: Selection,
    path: Path,
    *,
    format_code: str | None = None,
    crs: str | None = None,
    on_step: Step | None = None,
) -> Export:
    """
    Write the chosen zones of a plan to a file, whole or not at all.

    Parameters
    ----------
    selection, crs, on_step
        As in `write`.
    path
        File to write; an existing one is replaced once the new one is
        complete. In a Chinese datum its name must say so.
    format_code
        One of `geo.export.catalogue.FORMATS`; None to tell it by the name.

    Returns
    -------
    export
        What was written.

    Raises
    ------
    PlanError
        As in `write`, and if the file cannot be written or its name hides
        its datum. An existing file is then untouched.
    """
    code = format_code or format_of(path).code
    export = write(selection, format_code=code, crs=crs, on_step=on_step)
    if export.mark and export.crs not in path.name.lower().replace("-", ""):
        raise PlanError([_unmarked(path, export)])
    beside = {
        path.with_name(f"{path.stem}_{ending}"): content
        for ending, content in export.beside.items()
    }
    replace_files({path: export.content, **beside})
    if export.beside:
        kept = tuple(loss for loss in export.losses if loss.kind != "claims")
        return replace(export, losses=kept)
    return export


def size_text(size: int) -> str:
    """
    Say a number of bytes for a reader.

    Parameters
    ----------
    size
        Number of bytes.

    Returns
    -------
    said
        Number and unit.

    Examples
    --------
    >>> size_text(812), size_text(23_706), size_text(4_600_000)
    ('812 bytes', '24 kB', '4.6 MB')
    """
    if size < KILO:
        return text("export.size.bytes", n=size)
    if size < KILO**2:
        return text("export.size.kb", size=round(size / KILO))
    return text("export.size.mb", size=f"{size / KILO**2:.1f}")


def _silent(step: str) -> None:
    """Pass over a step."""


def _make(format_: Format, extract: Extract) -> tuple[bytes, Mapping[str, bytes]]:
    try:
        beside = format_.beside(extract) if format_.beside else {}
        return format_.write(extract), beside
    except PlanError:
        raise
    except _TROUBLE as error:
        raise PlanError([_trouble(format_, extract, error)]) from error


def _measure(format_: Format, extract: Extract, content: bytes) -> tuple[Loss, ...]:
    """Read a file back: some drivers say nothing when the disk is full."""
    try:
        found = format_.read(content)
        losses = find_losses(extract, found)
    except _TROUBLE as error:
        raise PlanError([_trouble(format_, extract, error)]) from error
    located = set(extract.zones["id"][extract.zones.geometry.notna()])
    gone = {name for loss in losses if loss.kind == "zones" for name in loss.names}
    if gone & located or 0 < found.claims < len(extract.claims):
        raise PlanError([_failed(format_, text("export.incomplete"))])
    return losses


def _trouble(format_: Format, extract: Extract, error: Exception) -> Fault:
    """Say that the format cannot hold points or lines, where there are any."""
    shapes = sorted(set(extract.zones.geom_type.dropna()))
    if set(shapes) <= set(POLYGONS):
        return _failed(format_, error)
    listed = in_a_row(shapes)
    return fault("E_MIXED_SHAPES", format_.label, shapes=listed)


def _failed(format_: Format, error: object) -> Fault:
    said = " ".join(str(error).split())
    return fault("E_EXPORT_FAILED", format_.label, said=said)


def _unmarked(path: Path, export: Export) -> Fault:
    better = f"{path.name.partition('.')[0]}{export.mark}{export.format_.suffixes[0]}"
    return fault("E_UNMARKED_DATUM", path, crs=export.crs, better=better)
