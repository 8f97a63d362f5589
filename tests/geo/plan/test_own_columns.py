"""Columns of one's own in the layer files are kept: on the card and in exports."""

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pytest

from beltmap.geo.charter.force import under
from beltmap.geo.export.catalogue import FORMATS
from beltmap.geo.export.write import write
from beltmap.geo.intake.overlay import shown_columns
from beltmap.geo.language.messages import speaking
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.zones import zone_table
from beltmap.geo.zones import files
from beltmap.layers.views.card import zone_card

ELSEWHERE = Path(__file__).parents[2] / "plans" / "chengdu"
OWN = {"用地性质": "B29", "floors": 12, "tags": ["a"], "upload": "x", "id2": None}


@pytest.fixture
def folder(tmp_path):
    """Give a plan whose first core has columns of its own."""
    folder = Path(shutil.copytree(ELSEWHERE, tmp_path / "plan"))
    path = folder / "cores.geojson"
    layer = json.loads(path.read_bytes())
    layer["features"][0]["properties"] |= OWN
    path.write_text(json.dumps(layer), encoding="utf-8")
    return folder


def choose(folder, table):
    path = folder / "plan.toml"
    words = path.read_text(encoding="utf-8")
    path.write_text(f"{words}\n[columns]\n{table}\n", encoding="utf-8")


def card_of_core(plan):
    with under(plan.charter):
        return zone_card(plan, 0)


def test_they_are_kept_on_opening(folder):
    zones = read_plan(folder).zones
    assert zones["用地性质"].tolist() == ["B29", *[None] * 5]
    assert zones["floors"].iloc[0] == 12
    # what holds more than one value is text, as in every table
    assert zones["tags"].iloc[0] == '["a"]'
    assert "upload" not in zones


def test_they_are_kept_where_a_large_layer_is_recalled(folder, monkeypatch):
    plain = read_plan(folder).zones
    monkeypatch.setattr(files, "LARGE_BYTES", 0)
    read_plan(folder)
    kept = read_plan(folder).zones
    assert kept.equals(plain)


def test_a_plan_without_them_has_none():
    assert shown_columns(read_plan(ELSEWHERE)) == {}


def test_the_card_and_the_table_show_all_or_what_the_plan_chooses(folder):
    card = card_of_core(read_plan(folder))
    assert "B29" in card
    assert "floors" in card
    choose(folder, 'floors = { en = "Storeys", zh = "层数" }')
    plan = read_plan(folder)
    card = card_of_core(plan)
    assert "B29" not in card
    assert "Storeys" in card
    assert zone_table(Selection(plan))["Storeys"].iloc[0] == "12"
    with speaking("zh"):
        assert "层数" in card_of_core(plan)


@pytest.mark.parametrize("code", ["geopackage", "geojson", "parquet"])
def test_exports_have_them_whatever_the_card_shows(folder, tmp_path, code):
    choose(folder, 'floors = "Storeys"')
    export = write(Selection(read_plan(folder)), format_code=code)
    path = tmp_path / f"out{FORMATS[code].suffixes[0]}"
    path.write_bytes(export.content)
    read = gpd.read_parquet if code == "parquet" else gpd.read_file
    zones = read(path, layer="core") if code == "geopackage" else read(path)
    own = zones[zones["id"] == "cd-core"].iloc[0]
    assert own["用地性质"] == "B29"
    assert float(own["floors"]) == 12
