"""DXF: closed outlines are zones, named by the text inside; nothing is guessed."""

import numpy as np
import pytest
import shapely

from beltmap.geo.intake.formats.gdal.dxftext import looked_over
from tests.geo.intake.formats.gdal.makers import (
    box,
    dxf,
    hatch,
    outline,
    pairs,
    text,
)
from tests.geo.intake.formats.reading import codes, read

pytestmark = pytest.mark.usefixtures("as_worker")

HERE = (40500000, 3990000)


def at(x, y):
    return HERE[0] + x, HERE[1] + y


def square(x, y, size):
    return box(*at(x, y), size)


def drawn(*entities, encoding="utf-8", **more):
    data = dxf(*entities, **more).encode(encoding)
    return read("plan.dxf", data, crs="EPSG:4528")


def test_a_drawing_states_no_crs_and_is_asked():
    outcome = read("plan.dxf", dxf(outline("A1", square(0, 0, 900))).encode())
    assert [one.about for one in outcome.questions] == ["crs"]
    assert "EPSG:4528" in [one.value for one in outcome.questions[0].options]


@pytest.mark.parametrize("name", ["plan.dxf", "plan", "plan.txt", "plan.DXF"])
def test_a_drawing_is_read_whatever_its_ending(name):
    data = dxf(outline("A1", square(0, 0, 900))).encode()
    assert read(name, data, crs="EPSG:4528").receipt.drawn == 1


def test_the_text_inside_is_the_name_and_layers_are_kept():
    outcome = drawn(
        outline("A1", square(0, 0, 900), layer="工业用地"),
        outline("A2", square(2000, 0, 900), layer="绿地"),
        text("B1", at(450, 450), "甲园"),
        text("B2", at(2450, 700), "乙园"),
        text("B3", at(2450, 200), "{\\fSimSun|b0;二期}\\P北区", kind="MTEXT"),
    )
    assert outcome.zones["name_zh"].tolist() == ["甲园", "乙园 二期 北区"]
    assert outcome.rows.columns["layer"] == ["工业用地", "绿地"]
    assert {"W_DRAWING_NAMES"} <= codes(outcome)
    assert "W_DRAWING_LEFT" not in codes(outcome)


def test_a_text_names_the_smallest_outline_around_it():
    outcome = drawn(
        outline("A1", square(0, 0, 9000)),
        outline("A2", square(100, 100, 500)),
        text("B1", at(300, 300), "内园"),
        text("B2", at(6000, 6000), "外园"),
    )
    assert outcome.zones["name_zh"].tolist() == ["外园", "内园"]


def test_a_hatch_that_fills_an_outline_counts_once():
    corners = square(0, 0, 900)
    turned = corners[2:] + corners[:2]
    outcome = drawn(outline("A1", corners, layer="界"), hatch("A2", turned))
    assert outcome.receipt.drawn == 1
    assert outcome.rows.columns["layer"] == ["界"]
    assert "W_DRAWING_TWICE" in codes(outcome)


def test_a_hatch_alone_is_a_zone_without_the_name_of_its_pattern():
    outcome = drawn(hatch("A1", square(0, 0, 900), layer="绿地"))
    assert outcome.receipt.drawn == 1
    assert outcome.rows.columns["name"] == [None]


def test_what_is_open_is_left_out_and_said():
    outcome = drawn(
        outline("A1", square(0, 0, 900)),
        outline("A2", square(2000, 0, 900), closed=0),
        text("B1", at(5000, 5000), "图例"),
    )
    assert outcome.receipt.drawn == 1
    (said,) = [o for o in outcome.receipt.notices if o.code == "W_DRAWING_LEFT"]
    assert said.values["n"] == 2


def test_the_frame_on_paper_is_no_zone():
    outcome = drawn(
        outline("A1", square(0, 0, 900)), outline("A2", square(0, 0, 99), paper=1)
    )
    assert outcome.receipt.drawn == 1


def test_where_nothing_is_closed_lines_are_what_there_is():
    outcome = drawn(
        outline("A1", square(0, 0, 900), closed=0, layer="路"),
        text("B1", at(10, 10), "站"),
    )
    assert outcome.receipt.drawn == 2
    assert outcome.rows.columns["layer"] == ["路", "字"]


def test_bulges_are_arcs_and_are_said():
    # two bulges of 1: a whole circle
    corners = [at(0, 0), at(1000, 0)]
    outcome = drawn(outline("A1", corners, bulge=1), outline("A2", square(3000, 0, 9)))
    (said,) = [o for o in outcome.receipt.notices if o.code == "W_CURVES"]
    assert said.values["n"] == 1
    area = outcome.zones["drawn_area_km2"].tolist()[0]
    assert area == pytest.approx(np.pi / 4, rel=1e-3)
    assert len(shapely.get_coordinates(outcome.rows.geometries[0])) > 300


@pytest.mark.parametrize(
    ("version", "page", "encoding"),
    [
        ("AC1015", "ANSI_936", "gbk"),
        ("AC1015", "ansi_950", "big5"),
        ("AC1021", "ANSI_936", "utf-8"),
        ("AC1015", "ANSI_1252", "ascii"),
    ],
)
def test_the_code_page_of_a_drawing_counts(version, page, encoding):
    name = "\\U+6797\\M+2B6E9" if encoding == "ascii" else "林園"
    entities = (outline("A1", square(0, 0, 900), layer="0"),)
    words = text("B1", at(300, 300), name).replace("字", "T")
    outcome = drawn(*entities, words, version=version, page=page, encoding=encoding)
    assert outcome.zones["name_zh"].tolist() == ["林園"]
    assert ("W_ENCODING" in codes(outcome)) is (encoding in {"gbk", "big5"})


@pytest.mark.parametrize(
    "data",
    [
        b"AutoCAD Binary DXF\r\n\x1a\x00" + b"\x00" * 90,
        b"  0\nSECTION\n  2\nENTITIES\n  0\n",
        dxf().encode(),
    ],
)
def test_a_drawing_of_nothing_is_not_drawn(data):
    outcome = read("plan.dxf", data, crs="EPSG:4528")
    assert outcome.receipt.drawn == 0
    assert codes(outcome) & {"E_DRAWING_BROKEN", "W_NO_ROWS"}


def block(name, *inside):
    head = pairs((0, "BLOCK"), (8, "0"), (2, name), (70, 0))
    return head + "".join(inside) + pairs((0, "ENDBLK"), (8, "0"))


def insert(name, *more):
    return pairs((0, "INSERT"), (8, "0"), (2, name), *more)


def test_blocks_are_counted_before_they_are_laid_out():
    line = pairs((0, "LINE"), (5, "1"))
    two = block("A", line, line) + block(
        "B", insert("A"), insert("A", (70, 3), (71, 2))
    )
    # an insert of B, seven of A, two lines in each
    assert looked_over(two + insert("B")).entities() == 1 + 2 + 7 * 2


def test_blocks_that_insert_each_other_are_counted_in_time():
    names = [f"B{n}" for n in range(60)]
    each = [insert(name) for name in names]
    assert looked_over("".join(block(n, *each) for n in names) + each[0]).entities() > 1


def test_corners_bend_their_polyline():
    corner = pairs((0, "VERTEX"), (5, "2"), (42, 0.5))
    words = pairs((0, "POLYLINE"), (5, "1")) + corner + pairs((0, "SEQEND"), (5, "3"))
    straight = pairs((0, "LWPOLYLINE"), (5, "4"), (42, "0.0"))
    assert looked_over(words + straight).curved == {"1"}
