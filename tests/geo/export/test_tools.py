"""The tools that users have: GDAL of the system, and QGIS itself."""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from beltmap.geo.charter.reading import default_charter
from beltmap.geo.export.crs import choose_crs, project
from beltmap.geo.export.readback import unzip
from beltmap.geo.export.write import write
from beltmap.geo.language.messages import speaking
from tests.choosing import choose

SYSTEM_PYTHON = "/usr/bin/python3"
CM = 0.01
CM_DEGREES = 1e-7

GIS = [
    ("geojson", "wgs84"),
    ("geopackage", "wgs84"),
    ("geopackage", "gk"),
    ("geopackage", "gcj02"),
    ("shapefile", "cgcs2000"),
    ("shapefile", "utm51n"),
    ("geodatabase", "mercator"),
    ("geodatabase", "bd09"),
    ("kml", "wgs84"),
    ("flatgeobuf", "gk120"),
    ("flatgeobuf", "gcj02"),
]
"""Formats with CRS that GIS tools open; every format and every CRS is among them."""


LAYERS = ("belt", "town", "park", "zone")
FOLDERS = ("Belt", "Town", "Park", "High-tech zone")
"""Layers of the shipped plan as databases and as KML name them."""


def has_qgis():
    test = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    try:
        return subprocess.run(test, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def needed(there, what):
    """Pass over a test whose tool is missing, but never in CI."""
    if not there and not os.environ.get("CI"):
        pytest.skip(f"{what} is not installed; on Debian: apt install {what}")
    assert there, f"CI must install {what}"


@pytest.fixture(scope="module")
def opened(everything, tmp_path_factory):
    """Write each of `GIS` and give the address of each of its layers."""
    addresses = {}
    for code, crs in GIS:
        folder = tmp_path_factory.mktemp(f"{code}_{crs}")
        export = write(everything, format_code=code, crs=crs)
        path = folder / f"plan{export.format_.suffixes[0]}"
        path.write_bytes(export.content)
        addresses[code, crs] = list(layers_of(path, folder, export.mark))
    return addresses


def layers_of(path, folder, mark):
    """Give file and layer name of each layer."""
    if path.name.endswith(".zip"):
        unzip(path.read_bytes(), folder)
        shapefiles = sorted(folder.glob("*.shp"))
        if shapefiles:
            yield from ((shapefile, shapefile.stem) for shapefile in shapefiles)
            return
        path = next(folder.glob("*.gdb"))
    if path.suffix in {".gpkg", ".kml", ".gdb"}:
        names = FOLDERS if path.suffix == ".kml" else LAYERS
        yield from ((path, f"{name}{mark}") for name in names)
    else:
        yield path, None


@pytest.fixture(scope="module")
def seen(opened, tmp_path_factory):
    """Look at every layer in one run of QGIS: its start takes seconds."""
    needed(has_qgis(), "python3-qgis")
    folder = tmp_path_factory.mktemp("qgis")
    wanted = {
        f"{code} {crs} {number}": f"{path}|layername={layer}" if layer else str(path)
        for (code, crs), layers in opened.items()
        for number, (path, layer) in enumerate(layers)
    }
    return look_with_qgis(wanted, folder)


def look_with_qgis(wanted, folder):
    """Open layers in QGIS by their names; `folder` is its home."""
    (folder / "wanted.json").write_text(json.dumps(wanted))
    subprocess.run(
        [
            SYSTEM_PYTHON,
            Path(__file__).with_name("qgis_look.py"),
            folder / "wanted.json",
            folder / "seen.json",
        ],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)},
        capture_output=True,
        check=True,
        timeout=600,
    )
    return json.loads((folder / "seen.json").read_text())


def of(seen, code, crs):
    return [layer for name, layer in seen.items() if name.startswith(f"{code} {crs} ")]


@pytest.mark.parametrize(("code", "crs"), GIS)
def test_qgis_opens_every_layer(seen, shipped, code, crs):
    layers = of(seen, code, crs)
    assert all(layer["valid"] for layer in layers)
    rows = {row["id"]: row for layer in layers for row in layer["rows"]}
    assert set(rows) == set(shipped.zones["id"])
    for zone in shipped.zones.to_dict("records"):
        assert rows[zone["id"]]["name_zh"] == zone["name_zh"]
        assert rows[zone["id"]]["sectors"] == zone["sectors"]
    located = sum(layer["located"] for layer in layers)
    assert located == shipped.zones.geometry.notna().sum()


@pytest.mark.parametrize(("code", "crs"), GIS)
def test_qgis_finds_crs_and_place(seen, shipped, code, crs):
    chosen = choose_crs(crs, shipped.zones)
    layers = of(seen, code, crs)
    for layer in layers:
        if chosen.datum:
            assert chosen.system.name in layer["crs"]
            assert layer["epsg"] == ""
        else:
            assert layer["epsg"] == f"EPSG:{chosen.system.to_epsg()}"
    boxes = np.array([layer["extent"] for layer in layers])
    boxes = boxes[boxes[:, 0] <= boxes[:, 2]]
    found = [*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)]
    wanted = project(shipped.zones, chosen).total_bounds
    assert np.allclose(
        found, wanted, rtol=0, atol=CM if chosen.projected else CM_DEGREES
    )


def test_qgis_finds_style_labels_and_names_in_both_languages(seen):
    for crs in ("wgs84", "gk", "gcj02"):
        for kind, layer in zip(
            default_charter().by_kind, of(seen, "geopackage", crs), strict=True
        ):
            assert all(
                colours == [default_charter().colour(kind)] * 2
                for colours in layer["colours"].values()
            )
            assert set(layer["colours"]) >= {"described", "schematic", "nominal"}
            assert layer["labelled"]
            assert "Name (Chinese) · 中文名称" in layer["aliases"]


def test_qgis_finds_the_style_beside_a_shapefile(seen):
    layers = of(seen, "shapefile", "utm51n")
    assert all(layer["colours"] and layer["labelled"] for layer in layers)


def ogrinfo(*arguments):
    needed(shutil.which("ogrinfo"), "gdal-bin")
    said = subprocess.run(
        ["ogrinfo", *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return said.stdout


@pytest.mark.parametrize(("code", "crs"), GIS)
def test_older_gdal_reads_every_layer(opened, shipped, code, crs):
    text = "".join(
        ogrinfo("-al", "-geom=NO", path, *([layer] if layer else []))
        for path, layer in opened[code, crs]
    )
    ids = shipped.zones["id"]
    assert text.count("OGRFeature(") == len(ids)
    for zone in shipped.zones.to_dict("records"):
        assert f"id (String) = {zone['id']}" in text
        assert zone["name_zh"] in text


def test_geopackage_has_claims_sources_and_metadata(opened):
    path, _ = opened["geopackage", "gk"][0]
    said = ogrinfo(path, "claims", "-where", "id='qd-belt.declared_area'")
    assert "value (Real) = 40" in said
    assert "source (String) = Q" in said
    listed = ogrinfo(path)
    for table in ("claims", "sources", "sectors"):
        assert table in listed
    assert "LICENCE=" in listed
    assert "CRS=CGCS2000 Gauss-Krüger" in listed


def test_kml_writes_colours_backwards_as_it_must(opened):
    path, _ = opened["kml", "wgs84"][0]
    content = path.read_text(encoding="utf-8")
    # opacity, blue, green, red of the belt's #0072B2
    assert "<color>ffb27200</color>" in content
    assert "<color>3db27200</color>" in content
    kinds = default_charter().by_kind
    for (zones, layer), kind in zip(opened["kml", "wgs84"], kinds, strict=True):
        assert f"Style = @style-{kind}" in ogrinfo("-al", "-geom=NO", zones, layer)


def test_geopackage_is_sound(opened):
    path, _ = opened["geopackage", "gcj02"][0]
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        kinds = dict(base.execute("SELECT table_name, data_type FROM gpkg_contents"))
        extensions = {
            row[0] for row in base.execute("SELECT extension_name FROM gpkg_extensions")
        }
        assert base.execute("PRAGMA user_version").fetchone() == (10200,)
    assert kinds == {
        **{f"{name}_gcj02": "features" for name in LAYERS},
        **dict.fromkeys(("claims", "sources", "sectors", "layer_styles"), "attributes"),
    }
    assert extensions >= {"gpkg_schema", "gpkg_metadata"}


def test_older_gdal_copies_every_format(opened, tmp_path, shipped):
    """ogr2ogr reads geometry too, and says with its status whether it could."""
    needed(shutil.which("ogr2ogr"), "gdal-bin")
    for (code, crs), layers in opened.items():
        for path, layer in layers:
            out = tmp_path / f"{code}_{crs}_{layer}.geojson"
            command = ["ogr2ogr", out, path, *([layer] if layer else [])]
            subprocess.run(command, capture_output=True, check=True)
    copies = [json.loads(path.read_text()) for path in tmp_path.glob("*.geojson")]
    features = sum(len(copy["features"]) for copy in copies)
    assert features == len(GIS) * len(shipped.zones)


def test_drawing_has_layers_outlines_fills_and_names(shipped, everything, tmp_path):
    path = tmp_path / "plan.dxf"
    path.write_bytes(write(everything, format_code="dxf").content)
    said = ogrinfo("-al", path)
    located = shipped.zones[shipped.zones.geometry.notna()]
    parts = int(located.geometry.count_geometries().sum())
    assert said.count("AcDbEntity:AcDbHatch") == parts
    assert said.count("AcDbEntity:AcDbMText") == len(located)
    kinds = dict(zip(default_charter().by_kind, LAYERS, strict=True))
    for kind, name in zip(located["kind"], located["name_zh"], strict=True):
        for layer in (kinds[kind], f"{kinds[kind]}_fill", f"{kinds[kind]}_names"):
            assert f"Layer (String) = {layer}" in said
        assert name in said


def test_spreadsheet_opens_with_types_and_runs_nothing(odd):
    from io import BytesIO

    import openpyxl

    content = write(choose(odd), format_code="xlsx").content
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["zones", "summary", "claims", "sources", "sectors"]
    head, *rows = book["zones"].iter_rows()
    names = [cell.value for cell in head]
    cells = dict(zip(names, rows[1], strict=True))
    assert cells["name_en"].data_type == "s"
    assert cells["name_en"].value.startswith("=1+1")
    number = dict(zip(names, rows[0], strict=True))["declared_area_km2"]
    assert number.value == pytest.approx(0.3, rel=1e-12)


def test_csv_is_for_spreadsheets(odd):
    import csv

    content = write(choose(odd), format_code="csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert not any(
        cell.startswith(("=", "+", "@", "-", "\t"))
        for row in rows
        for column, cell in row.items()
        if column not in {"lon", "lat"}
    )
    assert float(rows[0]["lon"]) == pytest.approx(120.46, abs=0.05)
    assert rows[2]["lon"] == rows[2]["wkt"] == ""


def test_parquet_says_version_box_and_crs(everything):
    from io import BytesIO

    import pyarrow.parquet as pq

    export = write(everything, format_code="parquet", crs="gcj02")
    metadata = pq.read_metadata(BytesIO(export.content)).metadata
    said = json.loads(metadata[b"geo"])
    assert said["version"] == "1.1.0"
    column = said["columns"]["geometry"]
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert column["crs"]["name"] == "GCJ-02"
    assert "GCJ-02" in json.loads(metadata[b"beltmap"])["about"]["CRS"]


def test_shapefile_says_how_it_renamed(odd, tmp_path):
    unzip(write(choose(odd), format_code="shapefile").content, tmp_path)
    renames = (tmp_path / "field_names.csv").read_text(encoding="utf-8-sig")
    assert "declared_area_km2,declared_a" in renames
    assert (tmp_path / "park.cpg").read_text() == "UTF-8"


@pytest.mark.parametrize("code", ["svg", "png"])
def test_picture_is_drawn_without_a_browser(shipped, everything, code):
    export = write(everything, format_code=code)
    found = export.format_.read(export.content)
    assert found.styled
    if code == "svg":
        drawn = export.content.decode()
        located = shipped.zones[shipped.zones.geometry.notna()]
        for zone in located["id"]:
            assert f'id="{zone}"' in drawn
        assert "Planned software park" in drawn
        assert "<image" not in drawn


def test_a_chinese_picture_names_cities_and_sources_in_chinese(everything):
    with speaking("zh"):
        drawn = write(everything, format_code="svg").content.decode()
    assert "青岛市服务外包产业发展规划" in drawn
    assert ">大连<" in drawn
    assert ">Dalian<" not in drawn


def test_picture_of_hostile_names_is_still_a_picture(odd):
    export = write(choose(odd), format_code="svg")
    assert export.losses
    assert "<b>" not in export.content.decode()
