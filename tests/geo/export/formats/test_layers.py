"""Layers, descriptions and metadata are in the language that is spoken."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from beltmap.geo.export.catalogue import FORMATS
from beltmap.geo.export.extract import take_extract
from beltmap.geo.export.readback import unzip
from beltmap.geo.export.write import write
from beltmap.geo.language.messages import speaking
from tests.choosing import choose

NAMES = {
    "en": ["belt", "town", "park", "zone"],
    "zh": ["产业带", "产业城", "园区", "高新区"],
}
FOLDERS = ["Belt", "Town", "Park", "High-tech zone"]
"""What a reader of KML sees; no one opens a folder by its name."""

TABLES = ["claims", "sources", "sectors"]


def put(selection, code, language, folder):
    """Write a format in a language; give the path of what has layers."""
    with speaking(language):
        export = write(selection, format_code=code)
    path = folder / f"plan{export.format_.suffixes[0]}"
    path.write_bytes(export.content)
    if path.suffix == ".zip":
        unzip(export.content, folder)
        path = next(folder.glob("*.gdb"), folder)
    return path


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("code", ["geopackage", "geodatabase", "shapefile", "kml"])
def test_layers_are_named_in_the_language(everything, tmp_path, code, language):
    path = put(everything, code, language, tmp_path)
    if code == "shapefile":
        found = [file.stem for file in path.glob("*.shp")]
        found.sort(key=NAMES[language].index)
    else:
        found = [str(name) for name, _ in pyogrio.list_layers(path)]
    beside = {*TABLES, "layer_styles"}
    folders = code == "kml" and language == "en"
    wanted = FOLDERS if folders else NAMES[language]
    assert [name for name in found if name not in beside] == wanted


@pytest.mark.parametrize("language", NAMES)
def test_a_geopackage_describes_its_layers_in_the_language(
    everything, tmp_path, language
):
    path = put(everything, "geopackage", language, tmp_path)
    with closing(sqlite3.connect(path)) as base:
        rows = base.execute(
            "SELECT table_name, description FROM gpkg_contents"
            " WHERE table_name <> 'layer_styles'"
        ).fetchall()
    assert [name for name, _ in rows] == [*NAMES[language], *TABLES]
    for _, said in rows:
        assert said
        assert bool(re.search("[a-z]", said)) == (language == "en"), said
        assert bool(re.search("[\u4e00-\u9fff]", said)) == (language == "zh"), said
    about = pyogrio.read_info(path, layer=NAMES[language][1])
    assert about["dataset_metadata"]["TITLE"].startswith(
        {"en": "Belt, towns", "zh": "产业带与园区规划图，"}[language]
    )


def test_a_flatgeobuf_says_what_it_is_in_the_language(everything, tmp_path):
    path = put(everything, "flatgeobuf", "zh", tmp_path)
    about = pyogrio.read_info(path)
    assert about["layer_name"] == "片区"
    assert about["layer_metadata"]["TITLE"].startswith("产业带与园区规划图")
    assert "数据条目" in about["layer_metadata"]["DESCRIPTION"]


def test_a_chinese_kml_says_first_what_its_reader_reads(everything, tmp_path):
    path = put(everything, "kml", "zh", tmp_path)
    root = ET.fromstring(path.read_bytes())
    space = {"k": "http://www.opengis.net/kml/2.2"}
    marks = root.findall(".//k:Placemark", space)
    assert marks
    for mark in marks:
        assert re.match("[\u4e00-\u9fff]", mark.findtext("k:name", None, space))
        focus = mark.findtext("k:description", "", space)
        assert re.search("[\u4e00-\u9fff]", focus) or not focus
    for folder in root.findall(".//k:Folder", space):
        assert not re.search("[a-z]", folder.findtext("k:description", None, space))


def test_layers_of_kinds_with_one_name_or_a_hard_one_are_told_apart(shipped):
    charter = shipped.charter
    belt, town, park, *others = charter.kinds
    town = replace(town, name=replace(town.name, en="Core / old: <b>"))
    park = replace(park, name=replace(park.name, en="claims"))
    others = [replace(kind, name=park.name) for kind in others]
    kinds = (belt, town, park, *others)
    plan = replace(shipped, charter=replace(charter, kinds=kinds))
    names = [layer.name for layer in take_extract(choose(plan), crs="gcj02").layers()]
    assert len({name.casefold() for name in names}) == len(names) == 4
    assert all(re.fullmatch(r"\w+_gcj02", name) for name in names)
    assert "claims_gcj02" not in names


def test_a_chinese_drawing_has_its_layers_in_gdal_and_qgis(everything, tmp_path):
    path = put(everything, "dxf", "zh", tmp_path)
    found = set(pyogrio.read_dataframe(path)["Layer"])
    kinds = NAMES["zh"]
    assert found == {
        f"{kind}{part}" for kind in kinds for part in ("", "_填充", "_注记")
    }


@pytest.mark.parametrize("code", FORMATS)
@pytest.mark.filterwarnings("error")
def test_no_library_warns_in_the_log_of_the_server(
    everything, odd, caplog, capfd, code
):
    with caplog.at_level("WARNING"):
        for selection in (everything, choose(odd)):
            write(selection, format_code=code)
    assert caplog.messages == []
    assert capfd.readouterr() == ("", "")
