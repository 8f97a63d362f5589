"""Geodatabases and MapInfo layers in a ZIP: all their files, and no others."""

import math
import struct

import numpy as np
import pyogrio.raw
import pytest
import shapely

from tests.geo.intake.formats.gdal.makers import frame, mapinfo, written, zipped
from tests.geo.intake.formats.reading import codes, read, sentences

pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.fixture(scope="module")
def geodatabase():
    return written(frame(4549), "a.gdb", "OpenFileGDB", layers=["园区", "范围"])


@pytest.fixture(scope="module")
def table():
    return mapinfo("a.tab", "WindowsSimpChinese")


def within(folder, files):
    return zipped({f"{folder}{name}": data for name, data in files.items()})


@pytest.mark.parametrize("folder", ["plan.gdb/", "成果/规划.gdb/", "", "folder/"])
def test_a_geodatabase_is_read_layer_by_layer(folder, geodatabase):
    data = within(folder, geodatabase | {"x.lock": b"", "readme.txt": b"notes"})
    asked = read("plan.zip", data)
    assert len(asked.layers) == 2, asked.receipt.as_text()
    layer = next(one for one in asked.layers if one.endswith("园区"))
    outcome = read("plan.zip", data, layer=layer)
    assert outcome.zones["name_zh"].tolist() == ["甲园", "乙园"]
    assert "EPSG:4549" in outcome.receipt.crs
    assert outcome.rows.geometries[0].bounds == pytest.approx((120, 36, 120.1, 36.1))


def test_a_broken_geodatabase_is_named():
    empty = {"a00000001.gdbtable": b"\0" * 40, "a00000001.gdbtablx": b"\0" * 40}
    outcome = read("plan.zip", within("plan.gdb/", empty | {"gdb": b"\0" * 40}))
    assert codes(outcome) == {"E_GDB_BROKEN"}
    english, chinese = sentences(outcome)
    assert "Geodatabase" in english
    assert "地理数据库" in chinese


@pytest.mark.parametrize("name", ["a.gdbtable", "a.gdb", "a.mif", "a.mid"])
def test_one_file_of_many_is_told_so(name):
    assert codes(read(name, b"\x03\0\0\0x")) == {"E_ONE_OF_MANY"}


@pytest.mark.parametrize("name", ["a.tab", "a.mif"])
@pytest.mark.parametrize("charset", ["WindowsSimpChinese", "Neutral"])
def test_the_text_of_mapinfo_is_as_stated_or_as_it_looks(name, charset):
    files = mapinfo(name, charset)
    outcome = read("plan.zip", within("图/", files))
    assert outcome.zones["name_zh"].tolist() == ["甲园", "乙园"]
    assert outcome.receipt.encoding == "gb18030"
    assert "EPSG:4326" in outcome.receipt.crs
    assert outcome.receipt.layer == "a"


def test_a_person_says_the_encoding_of_mapinfo():
    data = within("", mapinfo("a.mif", "WindowsLatin1"))
    assert read("plan.zip", data).zones["name_en"].tolist() != ["甲园", "乙园"]
    assert read("plan.zip", data, encoding="gbk").zones["name_zh"].tolist() == [
        "甲园",
        "乙园",
    ]


@pytest.mark.parametrize("gone", ["a.dat", "a.map", "a.id"])
def test_a_missing_part_of_a_table_is_said(gone, table):
    left = {name: data for name, data in table.items() if name != gone}
    assert codes(read("plan.zip", within("", left))) == {"E_ONE_OF_MANY"}


def test_the_head_of_a_table_alone_is_no_csv(table):
    assert codes(read("a.tab", table["a.tab"])) == {"E_ONE_OF_MANY"}


@pytest.mark.parametrize(
    "more",
    [
        b'create view v as select * from "/etc/other"',
        b'open table "/etc/other"',
        b'begin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata',
        b'File "/etc/other.csv"',
    ],
)
def test_a_table_that_is_made_of_others_is_refused(more, table):
    files = table | {"a.tab": table["a.tab"] + b"\n" + more}
    assert codes(read("plan.zip", within("", files))) == {"E_MAPINFO_BROKEN"}


def test_a_table_of_another_kind_is_refused(table):
    head = table["a.tab"].replace(b"Type NATIVE", b"Type DBF")
    outcome = read("plan.zip", within("", table | {"a.tab": head}))
    assert codes(outcome) == {"E_MAPINFO_BROKEN"}


def test_curves_of_a_geodatabase_become_lines_and_are_said(tmp_path):
    """The kind of its layer says nothing of them."""
    arc = wkb(8, [(120.4, 36.1), (120.45, 36.15), (120.5, 36.1)])
    rest = wkb(2, [(120.5, 36.1), (120.5, 36.0), (120.4, 36.0), (120.4, 36.1)])
    ring = struct.pack("<BII", 1, 9, 2) + arc + rest
    curved = struct.pack("<BIIBII", 1, 12, 1, 1, 10, 1) + ring
    square = shapely.to_wkb(shapely.MultiPolygon([shapely.box(120, 36, 121, 37)]))
    pyogrio.raw.write(
        tmp_path / "a.gdb",
        np.array([square, curved], dtype=object),
        [np.array(["甲园", "乙园"], dtype=object)],
        ["名称"],
        layer="zones",
        driver="OpenFileGDB",
        geometry_type="MultiPolygon",
        crs="EPSG:4326",
    )
    files = {one.name: one.read_bytes() for one in (tmp_path / "a.gdb").iterdir()}
    outcome = read("plan.zip", within("a.gdb/", files))
    (said,) = [one for one in outcome.receipt.notices if one.code == "W_CURVES"]
    assert said.place == {"features": [2]}
    arched = outcome.rows.geometries[1]
    assert arched.area == pytest.approx(0.01 + math.pi * 0.05**2 / 2, rel=1e-3)


def wkb(kind, points):
    flat = [number for point in points for number in point]
    return struct.pack(f"<BII{len(flat)}d", 1, kind, len(points), *flat)
