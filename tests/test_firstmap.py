"""The first map is kept between runs, and drawn before the plan is open."""

import shutil
from pathlib import Path

import pytest
import streamlit_folium
from streamlit.testing.v1 import AppTest

from geo.demo.folder import write_demo
from geo.folder import SHIPPED, stamp
from geo.language.messages import speaking
from layers import firstmap
from layers.assets import STORE, digest_of
from layers.drawn import hear, maps_drawn
from layers.firstmap import FirstMap, keep_first, recall_first
from layers.opened import Opened
from layers.page import drawing, main, mapframe

PAGE = str(Path(__file__).parent.parent / "app.py")


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("BELTMAP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(main, "MOST_SECONDS", 0)


@pytest.fixture
def begun(monkeypatch):
    """Record which maps a page began with, before its plan was open."""
    maps = []

    def begin(place, first):
        maps.append(first)
        draw_first(place, first)

    draw_first = drawing.draw_first
    monkeypatch.setattr(main, "draw_first", begin)
    return maps


@pytest.fixture
def calls(monkeypatch):
    """Record what the frame of the map is called with."""
    made = []

    def frame():
        return lambda **call: made.append(call)

    monkeypatch.setattr(mapframe, "frame", frame)
    return made


def run(**query):
    page = AppTest.from_file(PAGE, default_timeout=60)
    page.query_params.update(query)
    page.run()
    assert not page.exception
    return page


def test_streamlit_folium_calls_the_frame_that_is_replaced():
    """A later release that calls it by another name would draw nothing twice."""
    assert callable(streamlit_folium._component_func)


def test_a_page_begins_with_the_map_it_began_with_last_time(begun, calls):
    run()
    assert begun == []
    run()
    (first,) = begun
    before, again = calls
    # the map stands already: only its own scripts were called, once a page
    assert again.pop("on_change")
    assert before.pop("on_change")
    assert again == before
    assert first.key.startswith("map-")


def test_a_link_that_asks_for_something_waits_for_the_plan(begun):
    run()
    for query in ({"city": ["Dalian"]}, {"view": ["plan"]}, {"lang": ["xx"]}):
        run(**query)
    assert begun == []


def test_each_language_has_a_map_of_its_own(begun):
    run()
    run(lang="zh")
    assert begun == []
    run(lang="zh")
    (first,) = begun
    assert recall_first(SHIPPED).key != first.key


def test_what_a_reader_chose_is_not_kept():
    run(kind="park")
    run(zone="qd-town-laoshan")
    assert recall_first(SHIPPED) is None


def test_a_plan_that_changed_is_drawn_anew(tmp_path, monkeypatch, begun, calls):
    folder = tmp_path / "plan"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__py*"))
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    run()
    parks = folder / "parks.geojson"
    parks.write_text(
        parks.read_text(encoding="utf-8").replace("Haier", "Higher"), encoding="utf-8"
    )
    run()
    assert begun == []
    # even where the state of the files told nothing
    monkeypatch.setattr(firstmap, "stamp", lambda _: "same")
    run()
    towns = folder / "towns.geojson"
    towns.write_text(
        towns.read_text(encoding="utf-8").replace("Laoshan", "Lao Shan"),
        encoding="utf-8",
    )
    run()
    assert len(begun) == 1
    assert len(calls) == 5
    assert calls[-1]["script"] != calls[-2]["script"]


def test_a_plan_of_tiles_has_no_first_map(tmp_path, monkeypatch, begun):
    write_demo(tmp_path / "plan", zones=60)
    monkeypatch.setenv("BELTMAP_PLAN", str(tmp_path / "plan"))
    monkeypatch.setattr("layers.opened.MOST_WHOLE", 50)
    run()
    run()
    assert begun == []


def made_first():
    files = {"js_links": [firstmap.file_address(firstmap.SCRIPTS)]}
    files |= {"css_links": [firstmap.file_address(firstmap.STYLES)]}
    return FirstMap("map-1", {"key": "inner", **files})


def test_what_is_kept_comes_back_with_its_payloads(plan):
    opened = Opened(plan, SHIPPED, key=stamp(SHIPPED))
    addresses = dict(opened.addresses)
    kept = {name: STORE.get(digest_of(at)).data for name, at in addresses.items()}
    keep_first(SHIPPED, made_first(), addresses)
    for address in addresses.values():
        STORE.drop(digest_of(address))
    assert recall_first(SHIPPED) == made_first()
    for name, address in addresses.items():
        assert STORE.get(digest_of(address)).data == kept[name]
    with speaking("zh"):
        assert recall_first(SHIPPED) is None


def test_a_map_of_other_scripts_is_not_drawn(plan):
    opened = Opened(plan, SHIPPED, key=stamp(SHIPPED))
    first = made_first()
    old = FirstMap(first.key, {**first.call, "js_links": ["../../beltmap/00"]})
    keep_first(SHIPPED, old, opened.addresses)
    assert recall_first(SHIPPED) is None


def test_a_payload_that_is_gone_is_not_kept_by_halves():
    keep_first(SHIPPED, made_first(), {"zones": "../../beltmap/00"})
    assert recall_first(SHIPPED) is None


def test_the_word_of_a_map_is_heard_only_by_those_who_wait():
    early = maps_drawn()
    assert not early(0)
    hear(None)
    assert early(0)
    assert not maps_drawn()(0)
