"""Formats that are not read are named, with the program that converts them."""

from pathlib import Path

import pytest

from beltmap.geo.intake.raw.sniff import read_endings, read_formats
from beltmap.geo.language.messages import speaking
from tests.geo.intake.formats.reading import codes, read, sentences

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("name", "data", "code", "helps"),
    [
        ("plan.dwg", b"AC1032\x00\x00", "E_DWG", "ODA File Converter"),
        ("plan", b"AC1018\x00\x00", "E_DWG", "DXF"),
        ("a.ovkml", b"<kml/>", "E_OVITAL", "KML"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "E_PACKED", "7-Zip"),
        ("a", b"Rar!\x1a\x07", "E_PACKED", "RAR"),
        ("a.tar.gz", b"\x1f\x8b\x08", "E_PACKED", "GZ"),
        ("a.tif", b"II*\x00\x08", "E_RASTER", "QGIS"),
        ("map.png", b"\x89PNG\r\n", "E_RASTER", "PNG"),
        ("map", b"\xff\xd8\xff\xe0", "E_RASTER", "JPG"),
    ],
)
def test_what_converts_a_format_is_said(name, data, code, helps):
    outcome = read(name, data)
    assert codes(outcome) == {code}
    english, chinese = sentences(outcome)
    assert helps in english
    assert helps in chinese


@pytest.mark.parametrize("name", ["a.docx.pdf", "a.qgz"])
def test_other_formats_are_told_what_is_read(name):
    english, _ = sentences(read(name, b"PK\x03\x04"))
    assert read_formats() in english


def test_the_formats_that_are_read_stand_in_one_place():
    page = (ROOT / "docs" / "bring.md").read_text(encoding="utf-8")
    assert f"drop a file: {read_formats()}, in any CRS" in " ".join(page.split())
    assert ".geojson" in read_endings()
    with speaking("zh"):
        assert "压缩的 Shapefile" in read_formats()
