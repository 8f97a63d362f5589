"""A page's answers are computed once, and large files only when asked for."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from streamlit.testing.v1 import AppTest

from geo.demo.folder import write_demo
from geo.filters import Filters
from geo.language.messages import speaking
from geo.plan import read_plan
from layers import opened as module
from layers.charts.area import area_bars
from layers.charts.parts import written
from layers.opened import Opened
from layers.tiles.tiles import LAYERS

PAGE = Path(__file__).parent.parent / "app.py"
EVERYTHING = Filters()


@pytest.fixture(scope="module")
def opened(plan):
    return Opened(plan)


def at_once(ask, n=4):
    """Ask in several threads at once; give their answers."""
    start = Barrier(n)

    def wait_and_ask(_):
        start.wait()
        return ask()

    with ThreadPoolExecutor(n) as threads:
        return list(threads.map(wait_and_ask, range(n)))


def test_the_server_and_its_sessions_share_one_plan(tmp_path, monkeypatch):
    """Twice a million zones are twice their memory, and tiles of another's filters."""
    folder = tmp_path / "plan"
    write_demo(folder, zones=30)
    read = []

    def slowly(asked):
        read.append(asked)
        time.sleep(0.1)
        return read_plan(asked)

    monkeypatch.setattr(module, "read_plan", slowly)
    plans = at_once(lambda: module.open_plan(folder, "now"))
    assert read == [folder]
    assert all(one is plans[0] for one in plans)
    assert module.open_plan(folder, "later") is not plans[0]


def test_tiles_are_made_once_however_many_ask(plan, monkeypatch):
    monkeypatch.setattr(module, "MOST_WHOLE", 5)
    prepared = Opened(plan)
    tiles = at_once(lambda: prepared.tiles)
    assert all(one is LAYERS[tiles[0].source.digest] for one in tiles)


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


def test_a_choice_in_a_facet_does_not_count_it_anew(plan, monkeypatch):
    counted = []
    found = module.matches
    monkeypatch.setattr(
        module, "matches", lambda *given: counted.append(given[1]) or found(*given)
    )
    opened = Opened(plan)
    kinds = opened.facet(EVERYTHING, "kind")
    towns = Filters(kind=("town",))
    assert opened.facet(towns, "kind") is kinds
    for column in ("city", "boundary", "patterns"):
        opened.facet(towns, column)
    assert counted == [EVERYTHING, towns]
