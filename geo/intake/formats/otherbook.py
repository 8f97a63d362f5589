"""Workbooks that are no .xlsx: .xls, .xlsb and .ods."""

import io
from collections.abc import Callable, Iterator, Mapping

from beltmap.geo.intake.formats.workbook import cell_value
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, refuse
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.raw.archive import Archive
from beltmap.geo.intake.rows import Rows
from beltmap.geo.intake.tables.head import is_located
from beltmap.geo.intake.tables.sheet import Block, Sheet, filled
from beltmap.geo.intake.tables.table import open_tables


def open_other_workbook(
    data: bytes, *, limits: Limits, answers: Answers
) -> Mapping[str, Callable[[], Rows]]:
    """
    Look a workbook over and list its tables.

    Parameters
    ----------
    data
        The .xls, .xlsb or .ods file.
    limits
        How large it may be, as an archive and as a table.
    answers
        What a person said of its head and its columns.

    Returns
    -------
    layers
        As from `geo.intake.formats.workbook.open_workbook`; what is hidden in
        these formats, and which formulas were not saved, is not known.

    Raises
    ------
    RefusedError
        If it is no workbook, or declares document types.
    """
    if data.startswith(b"PK"):
        Archive(data, limits).refuse_document_types()
    tables: dict[str, Callable[[], Rows]] = {}
    without: dict[str, Callable[[], Rows]] = {}
    for name, sheet in _sheets(data, limits):
        opened = open_tables(sheet, limits=limits, answers=answers)
        known = is_located(sheet, answers.columns)
        (tables if known else without).update(
            {f"{name}!{place}" if place else name: one for place, one in opened.items()}
        )
    if not tables and not without:
        raise refuse("E_XLSX_BROKEN", found=": it has no sheets")
    return tables or without


def _sheets(data: bytes, limits: Limits) -> Iterator[tuple[str, Sheet]]:
    """Read every sheet that holds cells."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            one.name
            for one in book.sheets_metadata
            if str(one.typ).endswith("WorkSheet")
        ]
        sheets = [book.get_sheet_by_name(name) for name in names]
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001 - a panic of its library is no Exception
        raise refuse("E_XLSX_BROKEN", found="") from None
    for name, sheet in zip(names, sheets, strict=True):
        size = sheet.total_height * sheet.total_width
        if size > limits.cells:
            raise refuse("E_TOO_MANY_CELLS", found=size, limit=limits.cells)
        rows = sheet.to_python(skip_empty_area=False)
        lines = ([_cell(cell) for cell in row] for row in rows)
        merged = tuple(
            Block(top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        )
        yield name, Sheet(list(filled(lines, limits=limits)), merged)


def _cell(cell: Json) -> Json:
    """Give a cell as the reader of .xlsx does: whole numbers without a fraction."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return None if cell == "" else cell_value(cell)
