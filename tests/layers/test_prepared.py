"""A page's answers are computed once, and large files only when asked for."""

import gc
import json
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from streamlit.testing.v1 import AppTest

from beltmap.geo.export.write import write
from beltmap.geo.language.messages import speaking
from beltmap.geo.plan import selection as selecting
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.query.filters import Filters
from beltmap.layers import prepared as module
from beltmap.layers.charts.area import area_bars
from beltmap.layers.commands.demo import write_demo
from beltmap.layers.prepared import Prepared
from beltmap.layers.tiles.tiles import LAYERS
from tests.asking import asked_together

PAGE = Path(__file__).parents[2] / "app.py"
EVERYTHING = Filters()


@pytest.fixture(scope="module")
def opened(plan):
    return Prepared(plan)


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
        if len(read) == 1:
            asked_together(module.open_plan, 4)
        return read_plan(asked)

    monkeypatch.setattr(module, "read_plan", slowly)
    plans = at_once(lambda: module.open_plan((folder,), "now"))
    assert read == [folder]
    assert all(one is plans[0] for one in plans)
    assert module.open_plan((folder,), "later") is not plans[0]


def test_tiles_are_made_once_however_many_ask(plan, monkeypatch):
    monkeypatch.setattr(module, "MOST_WHOLE", 5)
    prepared = Prepared(plan)
    tiles = at_once(lambda: prepared.tiles)
    assert all(one is LAYERS[tiles[0].source.digest] for one in tiles)


def test_bars_are_written_once_a_language(opened):
    bars = opened.bars(EVERYTHING, "kind")
    assert bars is opened.bars(EVERYTHING, "kind")
    assert bars == area_bars(opened.summary(EVERYTHING, "kind"))
    with speaking("zh"):
        assert opened.bars(EVERYTHING, "kind") != bars


def test_there_are_no_bars_of_what_was_not_measured(opened, monkeypatch):
    table = opened.summary(EVERYTHING, "kind").drop(columns="covered_km2")
    monkeypatch.setattr(opened, "summary", lambda *_: table)
    assert opened.bars(EVERYTHING, "city") == ""


def test_a_file_is_what_the_filters_leave(opened):
    towns = Filters(kind=("town",))
    layer = json.loads(opened.file(towns, "geojson", "wgs84", language="en"))
    ids = [feature["id"] for feature in layer["features"]]
    assert ids == opened.ids(towns).tolist()


def test_a_click_on_a_filter_writes_no_file(monkeypatch):
    files = []

    def counted(*arguments, **options):
        files.append(options)
        return write(*arguments, **options)

    monkeypatch.setattr(module, "write", counted)
    page = AppTest.from_file(str(PAGE), default_timeout=60).run()
    # once for the plan, to say what the format loses
    measured = len(files)
    assert measured <= 1
    for kind in ("town", "park", "belt"):
        page.session_state.wanted = Filters(kind=(kind,))
        page.run()
        assert "Does not keep" in " ".join(caption.value for caption in page.caption)
    assert not page.exception
    assert len(files) == measured


def test_many_zones_are_not_written_before_a_reader_asks(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("written unasked")

    folder = tmp_path / "plan"
    write_demo(folder, zones=600)
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    monkeypatch.setattr(module, "write", refuse)
    page = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not page.exception
    assert any("more than 500 zones" in caption.value for caption in page.caption)


def test_a_choice_in_a_facet_does_not_count_it_anew(plan, monkeypatch):
    counted = []
    found = selecting.matches
    monkeypatch.setattr(
        selecting, "matches", lambda *given: counted.append(given[1]) or found(*given)
    )
    opened = Prepared(plan)
    kinds = opened.facet(EVERYTHING, "kind")
    towns = Filters(kind=("town",))
    assert opened.facet(towns, "kind") is kinds
    for column in ("city", "boundary", "patterns"):
        opened.facet(towns, column)
    assert counted == [EVERYTHING, towns]


def test_a_plan_that_nobody_needs_is_gone_at_once(tmp_path):
    """The collector may let a million zones wait for long."""
    folder = tmp_path / "plan"
    write_demo(folder, zones=30)
    opened = Prepared(read_plan(folder), key="gone")
    for language in ("en", "zh"):
        with speaking(language):
            opened.table(EVERYTHING)
            opened.summary(EVERYTHING, "city")
            opened.audited(EVERYTHING, "km²")
            opened.losses("geojson", "wgs84")
            _ = opened.sections
            assert opened.addresses
    opened.facet(EVERYTHING, "city")
    opened.row("x")
    held = [
        *map(weakref.ref, (opened, opened.plan, opened.plan.zones)),
        weakref.ref(opened.select(EVERYTHING)),
    ]
    opened.close()
    gc.collect()
    gc.disable()
    try:
        del opened
        assert [one() for one in held] == [None] * len(held)
    finally:
        gc.enable()
