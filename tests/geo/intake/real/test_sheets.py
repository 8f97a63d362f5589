"""Sheets that people made for people: titles, merged heads, notes, totals."""

import io
import zipfile

import openpyxl
import pytest

from tests.geo.intake.formats.reading import read

A = ["甲园", 40, 120.4, 36.1]
B = ["乙园", 60, 120.5, 36.2]
PLAIN = ["名称", "面积（公顷）", "经度", "纬度"]
GROUPS = ["名称", "规模", "位置", None]
UNDER = [None, "面积（公顷）", "经度", "纬度"]
TITLE = ["某市产业园区一览表", None, None, None]
NOTE = ["单位：公顷", None, None, None]
BARE = ["名称", "面积", "经度", "纬度"]
TOTAL = ["合计", 100, None, None]
FILLED = ["填表人：张三", None, None, "2024年3月"]
SHARED = "xl/sharedStrings.xml"
PROMISE = (
    f'<Override PartName="/{SHARED}" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sharedStrings+xml"/>'
)
BLANK = [None, None, None, None]

SHEETS = {
    "plain": ([PLAIN, A, B], []),
    "title": ([TITLE, PLAIN, A, B], ["A1:D1"]),
    "title and note": ([TITLE, NOTE, BARE, A, B], ["A1:D1", "A2:D2"]),
    "blank rows": ([BLANK, TITLE, BLANK, PLAIN, BLANK, A, BLANK, B], []),
    "two rows of head": ([GROUPS, UNDER, A, B], ["A1:A2", "C1:D1"]),
    "title over two rows of head": (
        [TITLE, GROUPS, UNDER, A, B],
        ["A1:D1", "A2:A3", "C2:D2"],
    ),
    "two rows of head without merged cells": ([GROUPS, UNDER, A, B], []),
    "total": ([PLAIN, A, B, TOTAL], []),
    "total in front": ([PLAIN, TOTAL, A, B], []),
    "sum and notes below": (
        [PLAIN, A, B, ["总计", 100, None, None], BLANK, ["注：面积为规划面积"], FILLED],
        [],
    ),
    "numbered columns": ([PLAIN, [1, 2, 3, 4], A, B], []),
    "a row of units": (
        [["名称", "面积", "经度", "纬度"], [None, "公顷", "°", "°"], A, B],
        [],
    ),
    "head once more": ([PLAIN, A, PLAIN, B], []),
    "numbered rows": (
        [["序号", *PLAIN], [1, *A], [2, *B], [None, *TOTAL]],
        [],
    ),
    "columns to the right": (
        [[None, None, *PLAIN], [None, None, *A], [None, None, *B]],
        [],
    ),
    "merged district": (
        [["区", *PLAIN], ["市南区", *A], [None, *B]],
        ["A2:A3"],
    ),
    "areas as text": (
        [PLAIN, ["甲园", "40公顷", *A[2:]], ["乙园", "约60公顷", *B[2:]]],
        [],
    ),
    "areas in mu in the cells": (
        [BARE, ["甲园", "600亩", *A[2:]], ["乙园", "0.09万亩", *B[2:]]],
        [],
    ),
    "coordinates as degrees and minutes": (
        [PLAIN, ["甲园", 40, "120°24′", "36°06′"], ["乙园", 60, "120°30′", "36°12′"]],
        [],
    ),
    "east and north in words": (
        [
            PLAIN,
            ["甲园", 40, "东经120.4°", "北纬36.1°"],
            ["乙园", 60, "东经120.5°", "北纬36.2°"],
        ],
        [],
    ),
    "sub-totals": (
        [PLAIN, A, ["小计", 40, None, None], B, ["小计", 60, None, None], TOTAL],
        [],
    ),
    "sub-totals beside a merged district": (
        [
            ["区", *PLAIN],
            ["市南区", *A],
            [None, "小计", 40, None, None],
            ["崂山区", *B],
            [None, "小计", 60, None, None],
            ["全市总计", None, 100, None, None],
        ],
        ["A2:A3", "A4:A5"],
    ),
    "sub-totals in front": (
        [
            PLAIN,
            TOTAL,
            ["东区小计", 40, None, None],
            A,
            ["西区小计", 60, None, None],
            B,
        ],
        [],
    ),
    "English": (
        [
            ["Parks of the city", None, None, None],
            ["Name", "Area (ha)", "Longitude", "Latitude"],
            A,
            B,
            ["Total", 100, None, None],
        ],
        ["A1:D1"],
    ),
}


def workbook(rows, merged):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_gives_the_two_parks_that_were_meant(name):
    outcome = read("parks.xlsx", workbook(*SHEETS[name]))
    assert outcome.zones is not None, outcome.receipt.as_text()
    frame = outcome.zones
    names = frame["name_zh"].fillna(frame["name_en"]).tolist()
    assert names == ["甲园", "乙园"]
    assert frame["declared_area_km2"].tolist() == pytest.approx([0.4, 0.6])
    places = [(point.x, point.y) for point in frame.geometry]
    assert places == [pytest.approx(row[2:]) for row in (A, B)]
    receipt = outcome.receipt
    assert "W_TOTAL_DIFFERS" not in {one.code for one in receipt.notices}
    whole = receipt.drawn + receipt.without_geometry + receipt.refused + receipt.aside
    assert (receipt.drawn, receipt.refused, whole) == (2, 0, receipt.rows_in)


def test_texts_in_their_cells_need_no_part_of_shared_ones():
    """Some tools promise that part all the same."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([PLAIN, A], []))) as book,
        zipfile.ZipFile(out, "w") as bare,
    ):
        for name in set(book.namelist()) - {SHARED}:
            part = book.read(name).decode()
            if name == "[Content_Types].xml" and SHARED not in part:
                part = part.replace("</Types>", f"{PROMISE}</Types>")
            bare.writestr(name, part)
    outcome = read("parks.xlsx", out.getvalue())
    assert outcome.zones is not None, outcome.receipt.as_text()
    assert outcome.zones["name_zh"].tolist() == ["甲园"]


@pytest.mark.parametrize(("total", "differs"), [(100, False), (90, True)])
def test_a_total_in_front_is_held_against_the_rows_below(total, differs):
    outcome = read("parks.xlsx", workbook([PLAIN, [*TOTAL[:1], total], A, B], []))
    said = [one for one in outcome.receipt.notices if one.code == "W_TOTAL_DIFFERS"]
    assert [one.values["found"] for one in said] == ["100"] * differs


def test_areas_in_units_of_their_own_are_summed_in_that_of_the_column():
    rows = [PLAIN, A, ["乙园", "约900亩", *B[2:]], TOTAL]
    codes = {one.code for one in read("a.xlsx", workbook(rows, [])).receipt.notices}
    assert "W_TOTAL_ROW" in codes
    assert "W_TOTAL_DIFFERS" not in codes


@pytest.mark.parametrize(("total", "aside"), [(100, True), (90, False)])
def test_a_total_with_coordinates_is_set_aside_where_it_adds_up(total, aside):
    """What is called a total and is none is drawn, and said."""
    rows = [PLAIN, A, B, ["合计", total, *A[2:]]]
    outcome = read("parks.xlsx", workbook(rows, []))
    codes = {one.code for one in outcome.receipt.notices}
    assert ("W_TOTAL_ROW" in codes, "W_TOTAL_DRAWN" in codes) == (aside, not aside)
    assert len(outcome.zones) == 3 - aside
    assert "W_TOTAL_DIFFERS" not in codes
