"""The first map is kept between runs, and drawn before the plan is open."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from beltmap.geo.language.messages import speaking
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.shipped import SHIPPED, stamp
from beltmap.layers.arrival import hear, maps_drawn
from beltmap.layers.assets import FILES, STORE
from beltmap.layers.commands.demo import write_demo
from beltmap.layers.map import firstmap
from beltmap.layers.map.drawing import Drawing
from beltmap.layers.map.firstmap import keep_first, recall_first
from beltmap.layers.map.map import map_document, plan_map
from beltmap.layers.page import main, mapframe
from beltmap.layers.prepared import Prepared
from tests.elsewhere import write_flat

NOW = stamp(SHIPPED)
PAGE = str(Path(__file__).parents[3] / "app.py")


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("BELTMAP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(firstmap, "_KEPT", {})
    monkeypatch.setattr(main, "MOST_SECONDS", 0)


@pytest.fixture
def begun(monkeypatch):
    """Record which maps a page began with, before its plan was open."""
    maps = []

    def begin(place, first, **state):
        maps.append(first)
        return draw_plan(place, first, **state)

    draw_plan = main.draw_plan
    monkeypatch.setattr(main, "draw_plan", begin)
    return maps


@pytest.fixture
def calls(monkeypatch):
    """Record what the frame of the map is called with."""
    made = []

    def component(document):
        return lambda **call: made.append({"document": document, **call})

    monkeypatch.setattr(mapframe, "component", component)
    return made


def run(**query):
    page = AppTest.from_file(PAGE, default_timeout=60)
    page.query_params.update(query)
    page.run()
    assert not page.exception
    return page


def test_a_page_begins_with_the_map_it_began_with_last_time(begun, calls):
    run()
    assert begun == []
    run()
    (first,) = begun
    before, again = calls
    # the map stands already: only its own scripts were called, once a page
    assert again.pop("on_change")
    assert before.pop("on_change")
    # by its turn the map knows what the panel has told it already
    assert before["told"][1].pop("turn")
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
    assert recall_first(NOW).key != first.key


def test_what_a_reader_chose_is_not_kept():
    run(kind="park")
    run(zone="qd-town-laoshan")
    assert recall_first(NOW) is None


def read_anew(folders, stamped):
    """Open plans without looking at what was opened in the same state."""
    return Prepared(read_plan(*folders), key=stamped)


def test_a_plan_that_changed_is_drawn_anew(tmp_path, monkeypatch, begun, calls):
    folder = write_flat(tmp_path / "plan")
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    run()
    parks = folder / "parks.geojson"
    parks.write_text(
        parks.read_text(encoding="utf-8").replace("Haier", "Higher"), encoding="utf-8"
    )
    run()
    assert begun == []
    # even where the state of the files told nothing
    monkeypatch.setattr(main, "stamp", lambda _: "same")
    monkeypatch.setattr("beltmap.layers.page.views.open_plan", read_anew)
    run()
    towns = folder / "towns.geojson"
    towns.write_text(
        towns.read_text(encoding="utf-8").replace("Laoshan", "Lao Shan"),
        encoding="utf-8",
    )
    run()
    assert len(begun) == 1
    assert len(calls) == 5
    assert calls[-1]["key"] != calls[-2]["key"]


def test_a_plan_of_tiles_has_no_first_map(tmp_path, monkeypatch, begun):
    write_demo(tmp_path / "plan", zones=60)
    monkeypatch.setenv("BELTMAP_PLAN", str(tmp_path / "plan"))
    monkeypatch.setattr("beltmap.layers.prepared.MOST_WHOLE", 50)
    run()
    run()
    assert begun == []


def test_what_is_kept_comes_back_with_its_document_and_payloads(plan):
    opened = Prepared(plan, key=NOW)
    first = plan_map(opened.addresses)
    stores = {first.document: FILES, **dict.fromkeys(opened.addresses.values(), STORE)}
    kept = {name: store.get(name) for name, store in stores.items()}
    keep_first(NOW, first)
    for name, store in stores.items():
        store.drop(name)
    assert recall_first(NOW) == first
    for name, store in stores.items():
        assert store.get(name).data == kept[name].data
        assert store.get(name).media_type == kept[name].media_type
    with speaking("zh"):
        assert recall_first(NOW) is None


def test_a_map_of_other_scripts_is_not_drawn(plan, monkeypatch):
    opened = Prepared(plan, key=NOW)
    keep_first(NOW, plan_map(opened.addresses))
    monkeypatch.setattr(firstmap, "SCRIPTS", firstmap.SCRIPTS[1:])
    assert recall_first(NOW) is None


def test_a_file_of_basemaps_that_changed_makes_another_map(plan, monkeypatch, tmp_path):
    file = tmp_path / "basemaps.toml"
    file.write_text("public = true")
    monkeypatch.setenv("BELTMAP_BASEMAPS", str(file))
    opened = Prepared(plan, key=NOW)
    keep_first(NOW, plan_map(opened.addresses))
    assert recall_first(NOW) is not None
    # of the same size, in the same second
    file.write_text("public=false ")
    assert recall_first(NOW) is None


def test_the_same_map_is_kept_once(plan, monkeypatch):
    """Every rerun with nothing chosen would write it anew."""
    prepared = Prepared(plan, key=NOW)
    one = dict(prepared.addresses)
    two = {"zones": one["zones"]}
    written = []
    monkeypatch.setattr(firstmap, "_KEPT", {})
    monkeypatch.setattr(firstmap, "keep", lambda key, _: written.append(key))
    for addresses in (one, one, two, two):
        keep_first(NOW, plan_map(addresses))
    with speaking("zh"):
        keep_first(NOW, plan_map(one))
    assert len(written) == 3


def test_a_payload_that_is_gone_is_not_kept_by_halves(plan):
    prepared = Prepared(plan, key=NOW)
    addresses = dict(prepared.addresses)
    keep_first(NOW, plan_map({**addresses, "zones": "00"}))
    assert recall_first(NOW) is None
    keep_first(NOW, Drawing("00", plan_map(addresses).setup, {}))
    assert recall_first(NOW) is None
    keep_first(NOW, Drawing(map_document(), plan_map(addresses).setup, {}))
    assert recall_first(NOW) is not None


def test_the_word_of_a_map_is_heard_only_by_those_who_wait():
    early = maps_drawn()
    assert not early(0)
    hear(None)
    assert early(0)
    assert not maps_drawn()(0)
