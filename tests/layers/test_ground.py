"""A plan of another place is drawn on its own basemap or on none, never a wrong one."""

import base64
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import beltmap
from beltmap.geo.errors import PlanError
from beltmap.geo.export.picture.ground import SEA
from beltmap.geo.export.write import write
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.shipped import SHIPPED, stamp
from beltmap.layers.assets import STORE
from beltmap.layers.keepsakes.brief import write_brief
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.payload.encode import decode
from beltmap.layers.prepared import Prepared
from tests.elsewhere import LAND, OWNER, write_elsewhere
from tests.layers.keepsakes.test_offline import payloads as held_in

PAGE = Path(__file__).parents[2] / "app.py"
TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return read_plan(write_elsewhere(tmp_path_factory.mktemp("own") / "p", own=True))


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return read_plan(write_elsewhere(tmp_path_factory.mktemp("bare") / "p", own=False))


def in_file(plan):
    """Give the payloads of the saved map by name."""
    return held_in(offline_page(Selection(plan), on=TODAY).decode())


def on_page(plan):
    """Give the payloads of the page's map by name."""
    prepared = Prepared(plan, key="ground")
    addresses = prepared.addresses
    return {name: STORE.get(at).data for name, at in addresses.items()}


def in_notebook(plan):
    """Give the payloads of the map of a notebook by name."""
    given = {name: getattr(plan, name) for name in plan.__dataclass_fields__}
    setup = beltmap.Plan(**given).explore().setup
    kept = {name: at for name, at in setup.items() if str(at).startswith("data:")}
    return {name: base64.b64decode(at.partition(",")[2]) for name, at in kept.items()}


MAPS = pytest.mark.parametrize("payloads", [in_file, on_page, in_notebook])


def credits_of(payload):
    _, _, meta = decode(payload)
    [first, *_] = meta["basemaps"]
    return [one["text"] for one in first["attribution"]]


@MAPS
def test_a_map_shows_the_plan_s_own_land_names_and_owner(own, payloads):
    found = payloads(own)
    land, _, _ = decode(found["land"])
    assert np.asarray([shape.bounds for shape in land]).tolist() == [list(LAND)]
    assert len(decode(found["roads"])[0]) == 1
    names = decode(found["places"])[1]["name_en"]
    assert "Lisbon" in names
    assert "Yellow Sea" not in names
    assert credits_of(found["zones"]) == [OWNER]


@MAPS
def test_a_map_of_another_place_without_a_basemap_has_no_wrong_coast(bare, payloads):
    found = payloads(bare)
    assert set(found) == {"zones", "places"}
    assert "Yellow Sea" not in decode(found["places"])[1]["name_en"]
    assert credits_of(found["zones"]) == []


@MAPS
def test_the_shipped_plan_keeps_the_shipped_basemap(plan, payloads):
    found = payloads(plan)
    assert {"land", "roads", "places"} < set(found)
    assert credits_of(found["zones"])[0] == "GSHHG"


def brief(plan):
    return write_brief(Selection(plan), kind="svg", on=TODAY).decode()


def picture(plan):
    return write(Selection(plan), format_code="svg").content.decode()


@pytest.mark.parametrize("draw", [brief, picture])
def test_print_and_picture_draw_the_plan_s_own(own, bare, plan, draw):
    here, nowhere, shipped = draw(own), draw(bare), draw(plan)
    assert OWNER in here
    assert "GSHHG" not in here + nowhere
    assert "GSHHG" in shipped
    assert "Basemap:" not in nowhere
    sea = SEA.lower()
    assert sea in here
    assert sea in shipped
    assert sea not in nowhere


def test_the_brief_names_what_lies_around(own, bare):
    assert ">Lisbon<" in brief(own)
    assert ">Lisbon<" not in brief(bare)


def test_a_basemap_may_lack_roads_or_names(tmp_path):
    folder = write_elsewhere(tmp_path / "p", own=True)
    for name in ("roads.geojson", "labels.csv"):
        (folder / "basemap" / name).unlink()
    found = read_plan(folder)
    assert set(in_file(found)) == {"zones", "land", "places"}
    assert OWNER in brief(found)


@pytest.mark.parametrize(("name", "content"), [
    ("land.geojson", "{"),
    ("land.geojson", '{"type": "Polygon", "coordinates": "moon"}'),
    ("labels.csv", "name,lon\nX,1\n"),
    ("labels.csv", ""),
])  # fmt: skip
def test_a_broken_basemap_is_a_fault_that_says_what_to_do(tmp_path, name, content):
    folder = write_elsewhere(tmp_path / "p", own=True)
    (folder / "basemap" / name).write_text(content)
    with pytest.raises(PlanError) as error:
        in_file(read_plan(folder))
    [fault] = error.value.faults
    assert fault.code == "E_BAD_BASEMAP"
    assert fault.where == f"basemap/{name}"
    assert fault.hint


def test_zones_of_a_reader_do_not_take_the_basemap_away(plan, bare):
    from beltmap.geo.intake.overlay import with_zones

    joined = with_zones(plan, bare.zones)
    assert joined.folder == SHIPPED
    assert joined.ground is plan.ground


def test_another_basemap_is_another_state_of_the_plan(tmp_path):
    folder = write_elsewhere(tmp_path / "p", own=True)
    before = stamp(folder)
    labels = folder / "basemap" / "labels.csv"
    labels.write_text(labels.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert stamp(folder) != before


def test_a_plan_without_a_place_has_no_basemap_of_another(plan):
    from dataclasses import replace

    nowhere = replace(plan, zones=plan.zones.iloc[:0], folder=None, parts=())
    assert nowhere.ground is None


def test_the_page_of_another_place_opens(own, monkeypatch):
    monkeypatch.setenv("BELTMAP_PLAN", str(own.folder))
    page = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not page.exception


def test_attributions_are_hostile_too(tmp_path):
    folder = write_elsewhere(tmp_path / "p", own=True)
    land = folder / "basemap" / "land.geojson"
    document = json.loads(land.read_text())
    hostile = "</script><img src=x> {{7*7*1009}}"
    document["features"][0]["properties"]["attribution"] = hostile
    land.write_text(json.dumps(document))
    found = read_plan(folder)
    page = offline_page(Selection(found), on=TODAY).decode()
    assert "<img src=x" not in page
    assert "49441" not in page + brief(found)
