"""What lies beside a layer, or past its end, stops nothing, and is said."""

import io
import json
import struct

import openpyxl
import pytest

from beltmap.geo.intake.raw.shpindex import listed_records, walk
from tests.geo.intake.formats.reading import codes, read, sentences
from tests.geo.intake.recipes import (
    SQUARE,
    collection,
    feature,
    kml,
    placemark,
    shapefile,
    shp,
    shx,
    square,
    zipped,
)

INNER = zipped({"old.csv": "a,b\n1,2\n"})
PARKS = json.dumps(collection(feature(), feature()))


def said(outcome, code):
    return next(one for one in outcome.receipt.notices if one.code == code)


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["old.zip", "a/b.ZIP", "x.7z", "y.rar", "z.kmz"])
def test_an_archive_beside_a_layer_is_passed_over_unopened(name):
    outcome = read("plan.zip", zipped(shapefile() | {name: INNER}))
    assert outcome.receipt.drawn == 2
    assert said(outcome, "W_ARCHIVE_INNER").values["found"] == [name]


def test_a_broken_archive_inside_is_never_opened():
    outcome = read("plan.zip", zipped(shapefile() | {"old.zip": b"PK\x03\x04 no"}))
    assert outcome.receipt.drawn == 2


def test_an_archive_in_an_archive_alone_is_asked_to_be_unpacked():
    assert codes(read("plan.zip", zipped({"in.zip": INNER}))) == {"E_ARCHIVE_NESTED"}
    assert codes(read("plan.kmz", zipped({"in.kmz": INNER}))) == {"E_ARCHIVE_NESTED"}


def test_an_archive_in_a_workbook_is_refused():
    data = zipped({"xl/worksheets/sheet1.zip": INNER})
    assert codes(read("plan.xlsx", data)) == {"E_ARCHIVE_NESTED"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("fields.csv", "field,meaning\nname,名称\n"),
        ("字段说明.tsv", "字段\t含义\nmc\t名称\n"),
        ("meta.json", "{}"),
        ("style.json", '["a", 1]'),
        ("info.json", '{"type": "Catalogue", "items": []}'),
        ("empty.json", " "),
        ("说明.xlsx", sheet(["说明"], ["数据来源：规划局"])),
        ("style.kml", "<style/>"),
        ("readme.txt", "notes"),
    ],
)
def test_what_is_no_layer_is_not_offered_as_one(name, content):
    outcome = read("plan.zip", zipped(shapefile() | {name: content}))
    assert not outcome.questions
    assert outcome.receipt.drawn == 2
    if not name.endswith("txt"):
        assert said(outcome, "W_ARCHIVE_NOTES").values["found"] == [name]


def test_a_layer_beside_a_layer_is_offered():
    files = shapefile() | {"more.geojson": PARKS, "notes.csv": "a,b\n1,2\n"}
    outcome = read("plan.zip", zipped(files))
    assert outcome.layers == ("plan", "more.geojson")
    chosen = read("plan.zip", zipped(files), layer="more.geojson")
    assert said(chosen, "W_ARCHIVE_NOTES").values["found"] == ["notes.csv"]


def test_a_sheet_of_notes_in_a_workbook_of_parks_is_none():
    rows = [["名称", "经度", "纬度"], ["甲园", 120.38, 36.07]]
    files = {"园区.xlsx": sheet(*rows), "说明.csv": "字段,含义\nmc,名称\n"}
    assert read("plan.zip", zipped(files)).receipt.drawn == 1


def test_notes_alone_are_told_what_they_lack():
    assert codes(read("plan.zip", zipped({"a.csv": "a,b\n1,2\n"}))) == {
        "E_CSV_NO_COORDINATES"
    }


def test_a_broken_layer_is_no_note():
    files = shapefile() | {"cut.geojson": PARKS[:-20]}
    assert codes(read("plan.zip", zipped(files))) == {"Q_CHOOSE_LAYER"}
    broken = read("plan.zip", zipped(files), layer="cut.geojson")
    assert "E_JSON_SYNTAX" in codes(broken)


# Shapefiles whose files do not agree
TWO = shp([[SQUARE], [square(0.2)]])
THREE = shp([[SQUARE], [square(0.2)], [square(0.4)]])


def stating(content, size):
    return content[:24] + struct.pack(">i", size // 2) + content[28:]


@pytest.mark.parametrize(
    "tail", [b"\0" * 4, b"\0" * 8, b"\0" * 40, b"junk!", b"\xff" * 9]
)
@pytest.mark.parametrize("indexed", [True, False])
def test_bytes_past_the_stated_end_are_no_record(tail, indexed):
    index = {} if indexed else {".shx": None}
    files = shapefile(files={".shp": TWO + tail} | index)
    outcome = read("plan.zip", zipped(files))
    assert (outcome.receipt.drawn, outcome.receipt.rows_in) == (2, 2)


def test_records_past_a_stated_end_that_is_wrong_are_read():
    content = stating(TWO, len(shp([[SQUARE]])))
    outcome = read("plan.zip", zipped(shapefile(files={".shp": content, ".shx": None})))
    assert outcome.receipt.drawn == 2


@pytest.mark.parametrize("size", [0, 50, 99_999_998])
def test_a_stated_end_that_cannot_be_is_passed_over(size):
    files = shapefile(files={".shp": stating(TWO, size), ".shx": None})
    assert read("plan.zip", zipped(files)).receipt.drawn == 2


def test_a_record_that_the_index_does_not_list_is_none_and_is_said():
    outcome = read(
        "plan.zip", zipped(shapefile(files={".shp": THREE, ".shx": shx(TWO)}))
    )
    assert (outcome.receipt.drawn, outcome.receipt.rows_in) == (2, 2)
    assert said(outcome, "W_SHP_UNLISTED").values["n"] == 1


@pytest.mark.parametrize(
    "index",
    [
        b"",
        shx(TWO)[:-8],
        shx(THREE),
        shx(TWO)[:-4] + b"\0\0\0\1",
        TWO[:100] + b"\xff" * 16,
    ],
)
def test_an_index_that_cannot_be_believed_loses_nothing(index):
    outcome = read("plan.zip", zipped(shapefile(files={".shx": index})))
    assert (outcome.receipt.drawn, outcome.receipt.rows_in) == (2, 2)
    assert "W_SHP_UNLISTED" not in codes(outcome)


def test_records_and_index_by_themselves():
    spans, whole = walk(TWO)
    assert whole
    assert listed_records(TWO, shx(TWO), 2) == spans
    assert listed_records(TWO, shx(TWO), 3) is None
    assert walk(TWO[:-1])[1] is False


# documents inside a KMZ
def linked(*hrefs):
    return "".join(
        f"<NetworkLink><name>x</name><Link><href>{href}</href></Link></NetworkLink>"
        for href in hrefs
    )


def test_a_document_that_links_to_another_inside_is_followed():
    files = {
        "doc.kml": kml(linked("files/parks.kml")),
        "files/parks.kml": kml(placemark("甲园") + linked("./more.kml", "../doc.kml")),
        "files/more.kml": kml(placemark("乙园", "120.4,36.2")),
    }
    outcome = read("plan.kmz", zipped(files))
    assert outcome.zones["name_zh"].tolist() == ["甲园", "乙园"]
    inside = said(outcome, "W_KML_LINK_INSIDE").values["found"]
    assert inside == ["files/parks.kml", "files/more.kml"]
    assert "W_KML_LINK_IGNORED" not in codes(outcome)


@pytest.mark.parametrize(
    "href",
    ["http://127.0.0.1:9/a.kml", "../../etc/a.kml", "/etc/passwd", "gone.kml", ""],
)
def test_links_that_lead_out_are_not_followed(href):
    files = {"doc.kml": kml(placemark() + linked(href))}
    outcome = read("plan.kmz", zipped(files))
    assert outcome.receipt.drawn == 1
    assert said(outcome, "W_KML_LINK_IGNORED").values["n"] == 1


def test_a_document_that_nothing_links_to_is_named():
    files = {"doc.kml": kml(placemark()), "b.kml": kml(placemark("乙"))}
    outcome = read("plan.kmz", zipped(files))
    assert said(outcome, "W_KML_NOT_LINKED").values["found"] == ["b.kml"]
    assert all(
        "b.kml" in words for words in sentences(outcome) if "not linked" in words
    )
