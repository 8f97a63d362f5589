"""Workbooks of a spreadsheet: each sheet with coordinates is a layer."""

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from beltmap.geo.intake.formats.sheetfacts import sheet_facts
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, RefusedError, refuse
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.raw.archive import Archive
from beltmap.geo.intake.rows import Rows
from beltmap.geo.intake.tables.head import is_located
from beltmap.geo.intake.tables.sheet import filled
from beltmap.geo.intake.tables.table import open_tables

Line = tuple[Json, ...]

_SHARED: Final = "xl/sharedStrings.xml"
_NO_TEXTS: Final = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
)


def open_workbook(
    data: bytes, *, limits: Limits, answers: Answers
) -> Mapping[str, Callable[[], Rows]]:
    """
    Look a workbook over and list its sheets.

    Parameters
    ----------
    data
        The .xlsx file.
    limits
        How large it may be, as an archive and as a table.
    answers
        What a person said of its head and its columns.

    Returns
    -------
    layers
        What reads each table, by the sheet's name and, where it has several,
        the table's place: those with coordinates, or all if none has any.
        Formulas count as the values that were saved with them.

    Raises
    ------
    RefusedError
        If it is no workbook, or declares document types.
    """
    archive = Archive(data, limits)
    archive.refuse_document_types()
    sheets = _sheets(data, {*archive.entries})
    tables: dict[str, Callable[[], Rows]] = {}
    without: dict[str, Callable[[], Rows]] = {}
    for name, (path, lines) in sheets.items():
        facts = sheet_facts(archive.read(path) if path in archive.entries else b"")
        sheet = replace(facts, lines=list(filled(lines(), limits=limits)))
        opened = open_tables(sheet, limits=limits, answers=answers)
        known = is_located(sheet, answers.columns)
        (tables if known else without).update(
            {f"{name}!{place}" if place else name: one for place, one in opened.items()}
        )
    return tables or without


def _sheets(
    data: bytes, parts: set[str]
) -> dict[str, tuple[str, Callable[[], Iterator[Line]]]]:
    """Give the path and the lines of each sheet, by its name."""
    import openpyxl

    file = io.BytesIO(data)
    if _SHARED not in parts:
        # tools that write texts into their cells may promise this part all the same
        with zipfile.ZipFile(file, "a") as book:
            book.writestr(_SHARED, _NO_TEXTS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(
                file, read_only=True, data_only=True, keep_links=False
            )
            sheets = list(book.worksheets)
        except Exception:  # noqa: BLE001 - a damaged workbook raises anything
            raise refuse("E_XLSX_BROKEN", found="") from None
    if not sheets:
        raise refuse("E_XLSX_BROKEN", found=": it has no sheets")
    return {
        sheet.title: (sheet._worksheet_path, partial(_lines, sheet))  # noqa: SLF001
        for sheet in sheets
    }


def _lines(sheet: Json) -> Iterator[Line]:
    """Give the cells of each row; what a sheet says of its own size is not believed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True):
                yield tuple(cell_value(cell) for cell in row)
        except RefusedError:
            raise
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a damaged workbook raises anything
            raise refuse("E_XLSX_BROKEN", found="") from None


def cell_value(cell: Json) -> Json:
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
