"""Addresses that were given out answer, however full the store of payloads is."""

import gc

import numpy as np
import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.geo.shipped import SHIPPED
from beltmap.layers import assets
from beltmap.layers.assets import STORE, Asset, Shelf, Store
from beltmap.layers.commands.demo import write_demo
from beltmap.layers.map.firstmap import keep_first, recall_first
from beltmap.layers.map.map import plan_map
from beltmap.layers.prepared import Prepared, open_plan
from beltmap.layers.routes import routes
from beltmap.layers.tiles.tiles import Tiles
from tests.asking import ask
from tests.layers.page.test_page import PAGE

APP = Starlette(routes=routes())


def answers(address):
    return ask(APP, f"/beltmap/{address}")[0] == 200


@pytest.fixture
def crowded(monkeypatch):
    """Give a store with little room, and a function that fills it up."""
    store = Store(most_bytes=10_000)
    monkeypatch.setattr(assets, "STORE", store)
    monkeypatch.setattr("beltmap.layers.map.firstmap.STORE", store)
    # what other tests hold is held in the other store
    monkeypatch.setattr("beltmap.layers.map.firstmap._PUT_OUT", {})
    rng = np.random.default_rng(1)

    def fill():
        loose = STORE.put(b"loose")
        for _ in range(30):
            STORE.put(rng.bytes(1_000))
        assert not answers(loose)

    return fill


def test_a_plan_answers_in_a_full_store(crowded, plan):
    opened = Prepared(plan, key="now")
    given = dict(opened.addresses)
    crowded()
    assert opened.addresses == given
    assert all(map(answers, given.values()))
    del opened
    gc.collect()
    # the basemap is of all who have it open, here and in other tests
    assert not answers(given["zones"])


def test_two_plans_on_one_basemap_keep_it_until_both_are_gone(crowded, plan):
    one, two = Prepared(plan, key="one"), Prepared(plan, key="two")
    assert one.ground == two.ground
    given = dict(one.addresses)
    one.close()
    crowded()
    assert [answers(given["zones"]), answers(given["land"])] == [False, True]
    two.close()
    assert not answers(given["land"])


def test_a_first_map_answers_in_a_full_store(crowded, plan):
    opened = Prepared(plan, key="first")
    given = dict(opened.addresses)
    keep_first("first", plan_map(given))
    opened.close()
    assert not any(map(answers, given.values()))
    for _ in range(2):
        assert recall_first("first") is not None
        crowded()
        assert all(map(answers, given.values()))


def test_a_plan_that_a_session_shows_outlives_the_states_after_it():
    shown = open_plan((SHIPPED,), "a")
    given = dict(shown.addresses)
    for state in "bcd":
        open_plan((SHIPPED,), state)
    assert all(map(answers, given.values()))


def test_a_choice_of_tiles_that_is_shown_outlives_others():
    zones = synthetic_zones(64, sectors=["a"])
    tiles = Tiles(zones, key="choices", most_bytes=8)
    masks = np.eye(64, dtype=bool)
    mine = tiles.show(masks[0])
    for mask in masks[1:]:
        tiles.show(mask)
    assert tiles.shown(mine.digest) is mine
    assert tiles.show(masks[0]) is mine
    gone = mine.digest
    del mine
    for mask in masks[1:]:
        tiles.show(mask)
    assert tiles.shown(gone) is None


def test_what_is_held_twice_is_let_go_twice():
    store = Store(most_bytes=10)
    name = store.put(b"x" * 100, hold=True)
    store.keep(name, Asset.of(b"x" * 100), hold=True)
    store.drop(name)
    store.let_go(name)
    assert store.get(name) is not None
    store.let_go(name)
    assert store.get(name) is None


def test_a_shelf_that_is_gone_lets_go():
    shelf = Shelf("key")
    address = shelf.put(b"own")
    assert answers(address)
    del shelf
    assert not answers(address)


@pytest.mark.parametrize(("view", "maps"), [("map", 1), ("compare", 2)])
def test_a_session_holds_the_choices_of_its_maps(tmp_path, monkeypatch, view, maps):
    write_demo(tmp_path / "plan", zones=60)
    monkeypatch.setenv("BELTMAP_PLAN", str(tmp_path / "plan"))
    monkeypatch.setattr("beltmap.layers.prepared.MOST_WHOLE", 50)
    script = AppTest.from_file(PAGE, default_timeout=60)
    script.query_params.update({"view": [view], "kind": ["park"]})
    script.run()
    assert not script.exception
    held = script.session_state.answering
    assert len([one for one in held if one is not None]) == maps
