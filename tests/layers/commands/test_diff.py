"""Differences on the command line: a plan folder or a file on either side."""

import json
import shutil

import pyogrio
import pytest
from click.testing import CliRunner

from beltmap.geo.export.catalogue import FORMATS
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main

SAME = "Both versions say the same.\n"
EXACT = ("geojson", "geopackage", "kml", "kmz", "flatgeobuf", "parquet", "csv", "xlsx")
"""Formats that keep the names, values and outlines of the shipped plan."""


def run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """Write the shipped plan in a format, once for all tests."""
    folder = tmp_path_factory.mktemp("exports")

    def written(code):
        path = folder / f"plan{FORMATS[code].suffixes[0]}"
        if not path.exists():
            assert run("export", path, "--format", code).exit_code == 0
        return path

    return written


@pytest.mark.parametrize("code", EXACT)
def test_an_export_says_the_same_as_its_plan(export, code):
    for sides in ((SHIPPED, export(code)), (export(code), SHIPPED)):
        done = run("diff", *sides)
        assert (done.exit_code, done.stdout) == (0, SAME)


def test_two_files_are_compared_but_for_their_names(export):
    done = run("diff", export("geopackage"), export("geojson"))
    assert (done.exit_code, done.stdout) == (0, SAME)


def test_an_edit_is_told_from_both_sides(export, tmp_path):
    edited = tmp_path / "edited.geojson"
    document = json.loads(export("geojson").read_bytes())
    gone = document["features"].pop()["properties"]["id"]
    document["features"][0]["properties"]["status"] = "existing"
    edited.write_text(json.dumps(document), encoding="utf-8")
    done = run("diff", SHIPPED, edited)
    assert "removed" not in done.stdout
    assert "planned -> existing" in done.stdout
    assert "does not have are not compared: 1" in done.stderr
    assert f"({gone}): removed" in run("diff", "--whole", SHIPPED, edited).stdout
    back = run("diff", edited, SHIPPED, "--geojson", tmp_path / "changes.geojson")
    assert f"({gone}): added" in back.stdout
    assert "existing -> planned" in back.stdout
    changed = json.loads((tmp_path / "changes.geojson").read_bytes())["features"]
    assert {one["properties"]["zone"] for one in changed} == {gone, "qd-belt"}


def test_a_file_of_few_columns_empties_no_others(tmp_path):
    towns = tmp_path / "towns.csv"
    towns.write_text(
        "id,kind,name_en,lon,lat\nqd-town-laoshan,town,Laoshan,120.5,36.1\n",
        encoding="utf-8",
    )
    done = run("diff", SHIPPED / "qingdao", towns)
    assert done.exit_code == 0, done.output
    assert "Laoshan" in done.stdout
    assert "-> -" not in done.stdout


def test_a_layer_file_of_a_plan_is_a_side(tmp_path):
    shutil.copy(SHIPPED / "qingdao" / "towns.geojson", tmp_path)
    done = run(
        "diff", SHIPPED / "qingdao" / "towns.geojson", tmp_path / "towns.geojson"
    )
    assert (done.exit_code, done.stdout) == (0, SAME)


def test_what_is_no_layer_is_refused_in_the_words_of_a_check(tmp_path):
    notes = tmp_path / "notes.md"
    notes.write_text("nothing to draw", encoding="utf-8")
    done = run("diff", SHIPPED, notes)
    assert (done.exit_code, done.exception.__class__) == (1, SystemExit)
    assert "The format is not known (.md)" in done.stderr
    assert ".geojson" in done.stderr


def test_a_question_can_be_answered(tmp_path):
    table = tmp_path / "parks.csv"
    table.write_text("id,x,y\na,500000,4000000\n", encoding="utf-8")
    columns = ("--column", "lon=x", "--column", "lat=y")
    asked = run("diff", SHIPPED, table, *columns)
    assert asked.exit_code == 2
    assert "--crs" in asked.stdout
    done = run("diff", SHIPPED, table, *columns, "--crs", "EPSG:32651")
    assert done.exit_code == 0
    assert "(a): added" in done.stdout


def test_a_chinese_export_says_the_same_as_its_plan(tmp_path):
    path = tmp_path / "plan.gpkg"
    assert run("export", path, "--lang", "zh").exit_code == 0
    assert "产业城" in {name for name, _ in pyogrio.list_layers(path)}
    done = run("diff", SHIPPED, path)
    assert (done.exit_code, done.stdout) == (0, SAME)
