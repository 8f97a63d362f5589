"""Tables with coordinates: CSV in any usual dress, and the rows of a sheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from geo.intake.coordinates import Coordinates, find_coordinates, shape_of, srid
from geo.intake.crs import extents, fits_degrees
from geo.intake.encoding import decode
from geo.intake.limits import Limits
from geo.intake.names import renames, unique
from geo.intake.notices import Json, Notice, RefusedError, Severity, notice, refuse
from geo.intake.rows import Collector, Rows

DELIMITERS: Final = (",", ";", "\t", "|", "，")
HEADER_WITHIN: Final = 10
"""Rows among which the header is looked for; titles may stand above it."""

Cells = list[Json]


@dataclass(frozen=True)
class Header:
    """
    The row with the names of the columns.

    Parameters
    ----------
    row
        Its number in the file, from one.
    names
        As given.
    coordinates
        Which columns hold the coordinates.
    """

    row: int
    names: Cells
    coordinates: Coordinates


def read_csv(data: bytes, *, limits: Limits, columns: Mapping[str, str]) -> Rows:
    """
    Read a table from comma-separated text.

    Parameters
    ----------
    data
        The whole file; commas, semicolons, tabs or bars between the cells.
    limits
        How large it may be.
    columns
        Names that a person gave for ``lon``, ``lat`` or ``wkt``.

    Returns
    -------
    rows
        One row a record, all values text as given, numbered as a spreadsheet
        does: the header is row 1.

    Raises
    ------
    RefusedError
        If it is binary, or has no columns with coordinates.
    """
    words, encoding, notices = decode(data)
    zero = words.find("\x00")
    if zero >= 0:
        line = words.count("\n", 0, zero) + 1
        raise refuse("E_CSV_BINARY", {"line": line}, found="NUL")
    csv.field_size_limit(limits.text_characters)
    delimiter = _delimiter(words, columns)
    try:
        lines = csv.reader(io.StringIO(words, newline=""), delimiter=delimiter)
        rows = table_rows(lines, limits=limits, columns=columns)
    except csv.Error:
        limit = limits.text_characters
        raise refuse("E_CSV_SYNTAX", limit=limit) from None
    return replace(rows, encoding=encoding, notices=(*notices, *rows.notices))


def table_rows(
    lines: Iterable[Sequence[Json]], *, limits: Limits, columns: Mapping[str, str]
) -> Rows:
    """
    Turn the lines of a table into rows with geometries.

    Parameters
    ----------
    lines
        Cells of each line, the header among the first.
    limits, columns
        As in `read_csv`.

    Returns
    -------
    rows
        One row a line that is not blank.

    Raises
    ------
    RefusedError
        If no columns with coordinates are found.
    """
    numbered = enumerate(lines, start=1)
    header = _header(numbered, columns)
    names = unique([_name(cell) for cell in header.names])
    collector = Collector(limits, "row")
    collector.notices += renames([_name(cell) for cell in header.names], names)
    collector.names = dict.fromkeys(names)
    if header.row > 1:
        collector.notices.append(notice("W_HEADER_ROW", row=header.row))
    blank, ragged, crs = [], [], set()
    for number, cells in numbered:
        if not any(cell not in (None, "") for cell in cells):
            continue
        collector.count = number - 1
        place = collector.begin()
        if len(cells) > len(names) and any(cells[len(names) :]):
            ragged.append(number)
        try:
            shape = shape_of(cells, header.coordinates, place, collector.tell)
        except RefusedError as error:
            collector.refuse(error)
            continue
        if shape is None:
            blank.append(number)
        crs.add(srid(cells[header.coordinates.columns[0]]) if shape else None)
        collector.add(_record(names, cells), shape)
    collector.notices += _about_rows(blank, ragged)
    return _with_crs(collector.rows(), header.coordinates, crs - {None})


def _with_crs(rows: Rows, where: Coordinates, said: set[str | None]) -> Rows:
    """State the CRS: as the table says, else degrees are taken for WGS 84."""
    stated = where.datum or (said.pop() if len(said) == 1 else None)
    bounds = extents(rows.geometries)
    if stated is None and not said and (not len(bounds) or fits_degrees(bounds).any()):
        assumed = notice("W_CRS_ASSUMED")
        return replace(rows, crs="OGC:CRS84", notices=(*rows.notices, assumed))
    turned = bounds[:, [1, 0, 3, 2]]
    if stated is None and fits_degrees(turned).all():
        stated = "OGC:CRS84"
    return replace(rows, crs=stated)


def _about_rows(blank: list[int], ragged: list[int]) -> Iterator[Notice]:
    if blank:
        warn = Severity.WARN
        yield notice("W_NULL_GEOMETRY", {"rows": blank}, severity=warn, n=len(blank))
    if ragged:
        yield notice("W_CSV_RAGGED", {"rows": ragged}, n=len(ragged))


def _delimiter(words: str, columns: Mapping[str, str]) -> str:
    """Choose the delimiter under which the first lines make most sense."""
    head = words[:20_000].splitlines()[:HEADER_WITHIN]
    best, score = ",", (-1, -1)
    for delimiter in DELIMITERS:
        try:
            lines = list(csv.reader(head, delimiter=delimiter))
        except csv.Error:
            continue
        found = any(find_coordinates(line, wanted=columns) for line in lines)
        width = max((len(line) for line in lines), default=0)
        if (int(found), width) > score:
            best, score = delimiter, (int(found), width)
    return best


def _header(
    numbered: Iterator[tuple[int, Sequence[Json]]], columns: Mapping[str, str]
) -> Header:
    """Find the header; what is below it has not been read yet."""
    looked: list[tuple[int, Sequence[Json]]] = []
    for number, cells in numbered:
        names = [_name(cell) for cell in cells]
        where = find_coordinates(names, wanted=columns)
        if where is not None:
            return Header(number, list(cells), where)
        looked.append((number, cells))
        if number >= HEADER_WITHIN:
            break
    first = next((cells for _, cells in looked if any(cells)), [])
    raise refuse("E_CSV_NO_COORDINATES", found=[_name(cell) for cell in first])


def _record(names: list[str], cells: Sequence[Json]) -> dict[str, Json]:
    """Pair names and cells; a cell beyond the header gets a column of its own."""
    record = dict(zip(names, cells, strict=False))
    for at in range(len(names), len(cells)):
        if cells[at] not in (None, ""):
            record[f"column_{at + 1}"] = cells[at]
    return record


def _name(cell: Json) -> str:
    return "" if cell is None else str(cell).strip()
