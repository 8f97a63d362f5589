"""A run of the page looks at the plan's files once, and shows what it saw."""

import sys

import pytest
from streamlit.testing.v1 import AppTest

from beltmap.geo import shipped
from beltmap.geo.language.messages import text
from beltmap.layers.link import HOME
from beltmap.layers.page import drawing, main
from beltmap.layers.page.frame import VIEWS
from beltmap.layers.page.session import plan_folders
from beltmap.layers.prepared import open_plan
from tests.elsewhere import write_flat
from tests.layers.page.test_page import PAGE, zones_in_table

OLD, NEW = "Shinan Software Park", "Shinan Park of Software"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a plan folder of the test's own, which the page opens."""
    write_flat(tmp_path / "plan")
    monkeypatch.setenv("BELTMAP_PLAN", str(tmp_path / "plan"))
    return tmp_path / "plan"


@pytest.fixture
def asked(folder, monkeypatch):
    """Write down every state of the folder that is asked for, by whatever module."""
    states, stamp = [], shipped.stamp

    def asking(path=shipped.SHIPPED):
        assert path == folder
        states.append(stamp(path))
        return states[-1]

    for name, module in list(sys.modules.items()):
        # reading a plan makes sure by itself that no file changed meanwhile
        if name.startswith("beltmap.layers.") and vars(module).get("stamp") is stamp:
            monkeypatch.setattr(module, "stamp", asking)
    return states


def edit(folder):
    parks = folder / "parks.geojson"
    parks.write_text(
        parks.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8"
    )


def opened():
    return AppTest.from_file(PAGE, default_timeout=60).run()


@pytest.mark.parametrize("view", VIEWS)
def test_a_run_asks_once_for_the_state_of_the_files(asked, view):
    script = AppTest.from_file(PAGE, default_timeout=60)
    script.query_params["view"] = view
    for runs in range(1, 4):
        script.run()
        assert not script.exception
        assert len(asked) == runs
    assert view in {HOME, script.query_params.get("view")}


def test_a_first_map_and_what_follows_it_are_of_one_state(asked):
    opened()
    asked.clear()
    # the second session begins with the map that the first one left
    opened()
    assert len(asked) == 1


def test_a_click_is_taken_in_the_state_that_was_drawn(asked, monkeypatch):
    opened()
    chosen = []
    monkeypatch.setattr(drawing, "select", chosen.append)
    monkeypatch.setattr("beltmap.layers.page.plans.open_joined", lambda plan: plan)
    for zone in (
        open_plan(plan_folders(), asked[0]).plan.zones["id"][3],
        "no such zone",
    ):
        drawing.take_click(asked[0], zone)
    assert len(asked) == 1
    assert chosen == [open_plan(plan_folders(), asked[0]).plan.zones["id"][3], None]


def test_files_that_change_within_a_run_are_shown_by_the_next(
    folder, asked, monkeypatch
):
    script = opened()
    assert OLD in zones_in_table(script)
    pick = main.pick_language

    def meanwhile(frame):
        edit(folder)
        pick(frame)

    with monkeypatch.context() as patch:
        patch.setattr(main, "pick_language", meanwhile)
        script.run()
    assert OLD in zones_in_table(script)
    assert not told(script)
    script.run()
    assert NEW in zones_in_table(script)
    assert told(script)
    assert len(set(asked)) == 2


def told(script):
    return any(one.value == text("page.changed") for one in script.caption)
