"""A page's answers are computed once, and large files only when asked for."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.demo.folder import write_demo
from geo.filters import Filters
from geo.language.messages import speaking
from layers import opened as module
from layers.charts.area import area_bars
from layers.charts.parts import written
from layers.opened import Opened

PAGE = Path(__file__).parent.parent / "app.py"
EVERYTHING = Filters()


@pytest.fixture(scope="module")
def opened(plan):
    return Opened(plan)


def test_bars_are_written_once_a_language(opened):
    bars = opened.bars(EVERYTHING, "kind")
    assert bars is opened.bars(EVERYTHING, "kind")
    assert bars == written(area_bars(opened.summary(EVERYTHING, "kind")))
    with speaking("zh"):
        assert opened.bars(EVERYTHING, "kind") != bars


def test_there_are_no_bars_of_what_was_not_measured(opened, monkeypatch):
    table = opened.summary(EVERYTHING, "kind").drop(columns="covered_km2")
    monkeypatch.setattr(opened, "summary", lambda *_: table)
    assert opened.bars(EVERYTHING, "city") is None


def test_a_file_made_later_is_the_file_made_before(opened):
    before = opened.export(EVERYTHING, "geojson", "wgs84").content
    assert opened.file(EVERYTHING, "geojson", "wgs84", language="en") == before


def test_many_zones_are_not_written_before_a_reader_asks(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("written unasked")

    folder = tmp_path / "plan"
    write_demo(folder, zones=600)
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    monkeypatch.setattr(module, "write", refuse)
    page = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not page.exception
    assert any("More than 500 zones" in caption.value for caption in page.caption)
