"""Changes on the command line: told as JSON, made, and kept as scenarios."""

import json
import shutil

import pytest
from click.testing import CliRunner

from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main

TOWN = "qd-town-laoshan"


def run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def plans(tmp_path):
    """Copy a plan twice, the second with its town moved north."""
    old = shutil.copytree(SHIPPED / "qingdao", tmp_path / "old")
    new = shutil.copytree(old, tmp_path / "new")
    towns = json.loads((new / "towns.geojson").read_bytes())
    (town,) = (one for one in towns["features"] if one["id"] == TOWN)
    ring = town["geometry"]["coordinates"][0]
    ring[:] = [[lon, round(lat + 0.01, 7)] for lon, lat in ring]
    (new / "towns.geojson").write_text(json.dumps(towns))
    return old, new


def test_what_changed_is_told_and_made(plans, tmp_path):
    old, new = plans
    told = run("diff", "--json", old, new)
    assert told.exit_code == 0
    assert [one["id"] for one in json.loads(told.stdout)["features"]] == [TOWN]
    file = tmp_path / "changes.geojson"
    file.write_text(told.stdout)
    tried = run("apply", file, "--plan", old, "--try")
    assert (tried.exit_code, tried.stdout) == (0, "Zones changed: 1\n")
    assert run("diff", old, new).stdout.startswith("* ")
    assert run("apply", file, "--plan", old).exit_code == 0
    assert run("diff", old, new).stdout == "Both versions say the same.\n"
    assert run("check", old).exit_code == 0
    again = run("apply", file, "--plan", old)
    assert again.stdout == "The plan says all of this already.\n"


def test_a_change_that_no_longer_fits_is_refused(plans, tmp_path):
    old, new = plans
    file = tmp_path / "changes.geojson"
    file.write_text(run("diff", "--json", old, new).stdout)
    towns = json.loads((old / "towns.geojson").read_bytes())
    (town,) = (one for one in towns["features"] if one["id"] == TOWN)
    town["geometry"] = None
    (old / "towns.geojson").write_text(json.dumps(towns))
    done = run("apply", file, "--plan", old)
    assert done.exit_code == 1
    assert "E_CONFLICT" in done.stderr


def test_a_scenario_is_kept_shown_applied_and_dropped(plans, tmp_path):
    old, new = plans
    file = tmp_path / "changes.geojson"
    file.write_text(run("diff", "--json", old, new).stdout)
    own = ("--plan", old)
    assert run("scenario", "list", *own).stdout == "There are no scenarios.\n"
    assert run("scenario", "keep", "north", file, *own).exit_code == 0
    assert run("scenario", "keep", "north", file, *own).exit_code == 1
    listed = run("scenario", "list", *own).stdout
    assert listed == "north: old, zones changed: 1\n"
    table = json.loads(run("scenario", "show", "--format", "json", *own).stdout)
    figures = {row["About"]: (row["Plan as it is"], row["north"]) for row in table}
    assert figures["Zones"] == ("10", "10")
    assert figures["Priorities that a zone serves"] == ("6 of 9", "6 of 9")
    assert len({*figures["Outside the belt"]}) == 2
    assert run("scenario", "apply", "north", *own).exit_code == 0
    assert run("diff", old, new).stdout == "Both versions say the same.\n"
    assert run("scenario", "drop", "north", *own).exit_code == 0
    assert run("scenario", "show", "north", *own).exit_code == 1
