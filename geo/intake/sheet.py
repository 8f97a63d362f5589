"""Workbooks of a spreadsheet: each sheet with coordinates is a layer."""

import datetime as dt
import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from geo.intake.archive import Archive
from geo.intake.coordinates import find_coordinates
from geo.intake.limits import Limits
from geo.intake.notices import Json, RefusedError, refuse
from geo.intake.rows import Rows
from geo.intake.table import HEADER_WITHIN, table_rows

_DECLARED: Final = re.compile(
    rb"<\x00?!\x00?(D\x00?O\x00?C|E\x00?N\x00?T)", re.IGNORECASE
)
_XML: Final = (".xml", ".rels", ".vml")

Line = tuple[Json, ...]


def open_workbook(
    data: bytes, *, limits: Limits, columns: Mapping[str, str]
) -> Mapping[str, Callable[[], Rows]]:
    """
    Look a workbook over and list its sheets.

    Parameters
    ----------
    data
        The .xlsx file.
    limits
        How large it may be, as an archive and as a table.
    columns
        Names that a person gave for ``lon``, ``lat`` or ``wkt``.

    Returns
    -------
    layers
        What reads each sheet, by its name: those with coordinates, or all if
        none has any. Formulas count as the values that were saved with them.

    Raises
    ------
    RefusedError
        If it is no workbook, or declares document types.
    """
    archive = Archive(data, limits)
    for name in archive.entries:
        if name.endswith(_XML) and _DECLARED.search(archive.read(name)):
            raise refuse("E_XML_DTD", {"entry": name})
    sheets = _sheets(data)
    located = {
        name: lines
        for name, lines in sheets.items()
        if any(_located(line, columns) for line in _first(lines))
    }
    return {
        name: partial(_read, lines, limits, columns)
        for name, lines in (located or sheets).items()
    }


def _sheets(data: bytes) -> dict[str, Callable[[], Iterator[Line]]]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=True, keep_links=False
            )
            sheets = list(book.worksheets)
        except Exception:  # noqa: BLE001 - a damaged workbook raises anything
            raise refuse("E_XLSX_BROKEN", found="") from None
    if not sheets:
        raise refuse("E_XLSX_BROKEN", found=": it has no sheets")
    return {sheet.title: partial(_lines, sheet) for sheet in sheets}


def _lines(sheet: Json) -> Iterator[Line]:
    """Give the cells of each row; what a sheet says of its own size is not believed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True):
                yield tuple(_value(cell) for cell in row)
        except RefusedError:
            raise
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a damaged workbook raises anything
            raise refuse("E_XLSX_BROKEN", found="") from None


def _first(lines: Callable[[], Iterator[Line]]) -> list[Line]:
    """Give the rows among which a header may be."""
    return [line for _, line in zip(range(HEADER_WITHIN), lines(), strict=False)]


def _located(line: Sequence[Json], columns: Mapping[str, str]) -> bool:
    names = ["" if cell is None else str(cell).strip() for cell in line]
    return find_coordinates(names, wanted=columns) is not None


def _read(
    lines: Callable[[], Iterator[Line]], limits: Limits, columns: Mapping[str, str]
) -> Rows:
    return table_rows(lines(), limits=limits, columns=columns)


def _value(cell: Json) -> Json:
    """Give a cell as JSON has it; dates as ISO 8601 text."""
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return str(cell)
    if isinstance(cell, float) and not abs(cell) < float("inf"):
        return str(cell)
    if cell is None or isinstance(cell, bool | int | float | str):
        return cell
    return str(cell)
