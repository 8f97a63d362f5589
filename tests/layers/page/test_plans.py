"""The reader picks which of the served plans are open; the link keeps it."""

import os
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

CHENGDU = Path(__file__).parents[2] / "plans" / "chengdu"
PAGE = str(Path(__file__).parents[3] / "app.py")


@pytest.fixture
def served(tmp_path, monkeypatch):
    north, south = (
        Path(shutil.copytree(CHENGDU, tmp_path / name)) for name in ("north", "south")
    )
    charter = south / "plan.toml"
    said = charter.read_text(encoding="utf-8").replace("#228833", "#AA0000")
    charter.write_text(said, encoding="utf-8")
    (south / "leftover.geojson").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("BELTMAP_PLAN", os.pathsep.join(map(str, (north, south))))


def opened(**query):
    script = AppTest.from_file(PAGE, default_timeout=120)
    for name, value in query.items():
        script.query_params[name] = value
    script.query_params["view"] = "audit"
    return script.run()


def captions(script):
    return " ".join(one.value for one in script.caption)


@pytest.mark.usefixtures("served")
def test_plans_open_together_and_one_alone():
    script = opened()
    assert not script.exception
    assert script.session_state["plans"] == ["north", "south"]
    assert "plan" not in script.query_params
    said = captions(script)
    assert "district" in said
    assert "leftover" in said
    assert "basemap" in said
    [pick] = [one for one in script.button_group if one.key == "plans"]
    pick.set_value(["south"]).run()
    assert not script.exception
    assert script.query_params["plan"] in ("south", ["south"])
    assert "district" not in captions(script)
    # other plans are no change of their files
    assert "W_PLAN_CHANGED" not in captions(script)
    [pick] = [one for one in script.button_group if one.key == "plans"]
    pick.set_value([]).run()
    assert not script.exception
    assert "plan" not in script.query_params


@pytest.mark.usefixtures("served")
def test_a_link_opens_one_plan_and_drops_what_is_none():
    script = opened(plan=["north", "nowhere"])
    assert not script.exception
    assert script.query_params["plan"] in ("north", ["north"])
    assert "plan" in script.session_state["dropped"]
    assert "leftover" not in captions(script)


def test_one_plan_needs_no_choice(monkeypatch):
    monkeypatch.setenv("BELTMAP_PLAN", str(CHENGDU))
    script = opened()
    assert not [one for one in script.button_group if one.key == "plans"]
