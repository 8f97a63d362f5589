"""Workbooks in other formats are read as an .xlsx is."""

import io
import struct
import zipfile

import pytest
import xlwt

from beltmap.geo.intake.notices import Severity
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload

HEAD = [["序号", "名称", "面积（公顷）", "坐标", None], [None] * 3 + ["经度", "纬度"]]
ROWS = [[1, "甲园", 400, 120.38, 36.07], [2, "乙园", "约600", 120.48, 36.17]]
MERGED = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4))


def xls():
    book = xlwt.Workbook(encoding="utf-8")
    cover = book.add_sheet("封面")
    cover.write(0, 0, "关于报送名录的函")
    sheet = book.add_sheet("名录")
    for top, left, bottom, right in MERGED:
        sheet.write_merge(top, bottom, left, right, HEAD[top][left])
    for at, row in enumerate([HEAD[1], *ROWS], start=1):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(at, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(declaration=""):
    def cell(value):
        if isinstance(value, int | float):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        words = f"<text:p>{value}</text:p>" if value else ""
        kind = 'office:value-type="string"' if value else ""
        return f"<table:table-cell {kind}>{words}</table:table-cell>"

    rows = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>"
        for row in [*HEAD, *ROWS]
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{declaration}<office:document-content '
        f'xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="名录">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
        f'manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{kind}"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def record(kind, body=b""):
    """Write a record of a binary workbook: kind and size in groups of seven bits."""
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, left = b"", len(body)
    while not size or size[-1] & 0x80:
        size += bytes([left & 0x7F | (0x80 if left > 0x7F else 0)])
        left >>= 7
    return number + size + body


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb():
    def cell(at, value):
        place = struct.pack("<II", at, 0)
        if isinstance(value, str):
            return record(6, place + wide(value))
        return record(5, place + struct.pack("<d", value))

    rows = b"".join(
        record(0, struct.pack("<I", n) + bytes(13))
        + b"".join(cell(at, value) for at, value in enumerate(row) if value is not None)
        for n, row in enumerate([*HEAD, *ROWS])
    )
    size = struct.pack("<IIII", 0, 3, 0, 4)
    merged = b"".join(
        record(0xB0, struct.pack("<IIII", top, bottom, left, right))
        for top, left, bottom, right in MERGED
    )
    sheet = record(0x94, size) + record(0x91) + rows + record(0x92) + merged
    book = record(0x9C, struct.pack("<II", 0, 1) + wide("rId1") + wide("名录"))
    space = "http://schemas.openxmlformats.org/package/2006/"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    relation = (
        f'<Relationships xmlns="{space}relationships"><Relationship Id="rId1" '
        f'Type="{office}%s" Target="%s"/></Relationships>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}content-types"/>',
        "_rels/.rels": relation % ("officeDocument", "xl/workbook.bin"),
        "xl/workbook.bin": book + record(0x90) + record(0x84),
        "xl/_rels/workbook.bin.rels": relation % ("worksheet", "worksheets/sheet1.bin"),
        "xl/worksheets/sheet1.bin": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(name, data, **answers):
    return read_upload(Upload(name, data), answers=Answers(**answers))


@pytest.mark.parametrize(
    ("name", "make"), [("a.xls", xls), ("a.ods", ods), ("a.xlsb", xlsb), ("a", xls)]
)
def test_a_table_is_found_as_in_any_workbook(name, make):
    outcome = read(name, make())
    assert outcome.rows is not None, outcome.receipt.as_text()
    assert outcome.rows.columns["名称"] == ["甲园", "乙园"]
    assert outcome.rows.columns["序号"] == [1, 2]
    assert outcome.rows.geometries[1].coords[0] == (120.48, 36.17)
    (area,) = [m for m in outcome.matches if m.target == "declared_area_km2"]
    assert (area.column, area.unit) == ("面积（公顷）", "ha")


@pytest.mark.parametrize(
    ("name", "make"), [("a.xls", xls), ("a.ods", ods), ("a.xlsb", xlsb)]
)
def test_a_broken_workbook_is_refused_in_a_sentence(name, make):
    data = make()
    for cut in (len(data) // 3, len(data) * 2 // 3):
        receipt = read(name, data[:cut]).receipt
        assert receipt.verdict is Severity.REJECT
        assert receipt.notices[0].code.startswith("E_")
        assert receipt.notices[0].code != "E_UNREADABLE"


def test_no_document_type_is_obeyed():
    receipt = read("a.ods", ods('<!DOCTYPE a [<!ENTITY b "c">]>')).receipt
    assert [one.code for one in receipt.notices] == ["E_XML_DTD"]


def test_a_table_that_is_only_called_xls_is_read_as_what_it_is():
    text = "名称\t经度\t纬度\n甲园\t120.38\t36.07\n"
    assert read("a.xls", text.encode("gbk")).receipt.drawn == 1
    html = read("a.xls", b"<html><table></table></html>").receipt
    assert [one.code for one in html.notices] == ["E_XLSX_BROKEN"]
