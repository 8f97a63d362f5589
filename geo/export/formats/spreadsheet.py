"""Tables for spreadsheets: CSV, CSV with its claims, and Excel workbooks."""

import csv
import io
import zipfile
from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from beltmap.geo.csvfile import inert
from beltmap.geo.export.extract import Extract
from beltmap.geo.export.readback import Readback, zip_files
from beltmap.geo.report.totals import total_table
from beltmap.geo.scratch import scratch

CELL_CHARACTERS: Final = 32_767
"""Longest text of a cell in Excel."""

WKT: Final = "wkt"
LON: Final = "lon"
LAT: Final = "lat"


def write_csv(extract: Extract) -> bytes:
    """
    Write a row a zone for spreadsheets and statistics.

    Parameters
    ----------
    extract
        What to write.

    Returns
    -------
    content
        UTF-8 with a byte order mark, for Excel. After the zones' columns
        stand the outline as WKT in the extract's CRS, and the longitude and
        latitude in WGS 84 of a point inside the zone. A cell that a
        spreadsheet would run begins with an apostrophe.
    """
    table = pd.DataFrame(extract.zones[extract.columns])
    table[f"{WKT}{extract.crs.mark}"] = outlines(extract.zones)
    points = extract.located.geometry.representative_point()
    table[LON], table[LAT] = points.x, points.y
    return table_as_csv(table)


def write_claims_csv(extract: Extract) -> dict[str, bytes]:
    """
    Write the tables that belong to the zones.

    Parameters
    ----------
    extract
        What to write.

    Returns
    -------
    tables
        CSV by file name: claims, sources and sectors, as a plan's folder has
        them.
    """
    return {f"{n}.csv": table_as_csv(t) for n, t in extract.tables.items()}


def write_csv_archive(extract: Extract) -> bytes:
    """
    Write the zones and the tables that belong to them, zipped.

    Parameters
    ----------
    extract
        What to write.

    Returns
    -------
    archive
        ZIP archive of CSV files: zones, claims, sources and sectors.
    """
    zones = {f"zones{extract.crs.mark}.csv": write_csv(extract)}
    return zip_files(zones | write_claims_csv(extract))


def read_csv(content: bytes) -> Readback:
    """
    Read the zones' CSV again.

    Parameters
    ----------
    content
        What `write_csv` gave.

    Returns
    -------
    readback
        Its zones; a table has no CRS.
    """
    table = pd.read_csv(
        io.BytesIO(content), encoding="utf-8-sig", keep_default_na=False, na_values=[""]
    )
    return Readback(_zones(table.astype(dict.fromkeys(_empty(table), object))))


def read_csv_archive(archive: bytes) -> Readback:
    """
    Read zipped CSV files again.

    Parameters
    ----------
    archive
        What `write_csv_archive` gave.

    Returns
    -------
    readback
        The zones and the number of claims.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        zones = next(n for n in files.namelist() if n.startswith("zones"))
        claims = pd.read_csv(files.open("claims.csv"), encoding="utf-8-sig")
        return Readback(read_csv(files.read(zones)).zones, claims=len(claims))


def write_workbook(extract: Extract) -> bytes:
    """
    Write an Excel workbook.

    Parameters
    ----------
    extract
        What to write.

    Returns
    -------
    content
        Sheets of zones, totals, claims, sources and sectors, with frozen and
        filtered headings. Every text is stored as text: nothing in it runs.
        The outline stands as WKT in the sheet of zones where a cell can hold
        it.
    """
    import xlsxwriter

    zones = pd.DataFrame(extract.zones[extract.columns])
    points = extract.located.geometry.representative_point()
    zones[LON], zones[LAT] = points.x, points.y
    zones[f"{WKT}{extract.crs.mark}"] = [
        None if wkt is None or len(wkt) > CELL_CHARACTERS else wkt
        for wkt in outlines(extract.zones)
    ]
    content = io.BytesIO()
    options = {"in_memory": True, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(content, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4"})
        sheets = {
            "zones": zones,
            "summary": total_table(extract.selection),
            **extract.tables,
        }
        for name, table in sheets.items():
            _sheet(book.add_worksheet(name), table, head)
    return content.getvalue()


def read_workbook(content: bytes) -> Readback:
    """
    Read an Excel workbook again.

    Parameters
    ----------
    content
        What `write_workbook` gave.

    Returns
    -------
    readback
        Its zones and the number of its claims; a table has no CRS.
    """
    with scratch() as folder:
        path = folder / "zones.xlsx"
        path.write_bytes(content)
        table = pyogrio.read_dataframe(path, layer="zones", HEADERS="FORCE")
        claims = pyogrio.read_info(path, layer="claims", HEADERS="FORCE")["features"]
    return Readback(_zones(table), claims=claims)


def outlines(zones: gpd.GeoDataFrame) -> list[str | None]:
    """
    Write outlines as text that reads back to the last digit.

    Parameters
    ----------
    zones
        Zones in any CRS.

    Returns
    -------
    wkt
        Well-known text a zone, None where it has no geometry.
    """
    shapes = np.asarray(zones.geometry.array, dtype=object)
    return list(shapely.to_wkt(shapes, rounding_precision=-1, trim=True))


def table_as_csv(table: pd.DataFrame) -> bytes:
    r"""
    Write any table as CSV that a spreadsheet opens and does not run.

    Parameters
    ----------
    table
        Text, floats and nullable integers.

    Returns
    -------
    content
        UTF-8 with a byte order mark; missing values are empty.

    Examples
    --------
    >>> table_as_csv(pd.DataFrame({"a": ["=1+1", None], "b": [1.5, -2.0]}))
    b"\xef\xbb\xbfa,b\r\n'=1+1,1.5\r\n,-2.0\r\n"
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([inert(str(name)) for name in table.columns])
    for row in table.itertuples(index=False):
        writer.writerow([_cell(value) for value in row])
    return lines.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:  # noqa: ANN401 - a cell of any type
    if isinstance(value, str):
        return inert(value)
    return "" if pd.isna(value) else value


def _empty(table: pd.DataFrame) -> Iterable[str]:
    return [c for c in table.columns if table[c].isna().all()]


def _zones(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Make zones of a table that this module wrote."""
    wkt = next(c for c in table.columns if c.startswith(WKT))
    shapes = [v if isinstance(v, str) else None for v in table[wkt]]
    columns = table.columns.drop([wkt, LON, LAT])
    return gpd.GeoDataFrame(table[columns], geometry=list(shapely.from_wkt(shapes)))


def _sheet(sheet: Any, table: pd.DataFrame, head: Any) -> None:  # noqa: ANN401 - xlsxwriter's
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, head)
        widest = max((len(str(value)) for value in table[name]), default=0)
        sheet.set_column(column, column, min(40, max(len(name), widest, 8)) + 2)
        for row, value in enumerate(table[name], start=1):
            if isinstance(value, str):
                sheet.write_string(row, column, value[:CELL_CHARACTERS])
            elif not pd.isna(value):
                sheet.write_number(row, column, value)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
