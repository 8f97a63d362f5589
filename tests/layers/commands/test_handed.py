"""
Files as public ones and public bug reports have them, through the command line.

A table beside them says what must come of each file, and of which kind of fault it
is a case. Both rows of ``gbk_short.csv`` have a place, so both are drawn.
"""

import json
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from beltmap.geo.intake.apart import worker
from beltmap.layers.commands.main import main
from tests.geo.intake.recipes import read_soon

HANDED = Path(__file__).parents[2] / "geo" / "intake" / "real" / "handed"
EXPECTED = json.loads((HANDED / "expect.json").read_text(encoding="utf-8"))
ASKED = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("handed")
    with zipfile.ZipFile(HANDED / "files.zip") as archive:
        assert set(archive.namelist()) == set(EXPECTED)
        archive.extractall(place)
    return place


def run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_comes_to_what_was_meant(name, folder, tmp_path, monkeypatch):
    # that files read apart come to the same is shown of all formats elsewhere
    monkeypatch.setattr(worker, "read_apart", read_soon)
    want, out = EXPECTED[name], tmp_path / "zones.geojson"
    done = run("check", folder / name, "--json", "--zones", out)
    receipt = json.loads(done.stdout)
    assert done.exit_code in want["exit"]
    # what is refused, or asked about, makes no zones
    assert out.exists() is (done.exit_code == 0)
    assert bool(receipt["questions"]) is (done.exit_code == ASKED)
    zones = json.loads(out.read_bytes())["features"] if out.exists() else []
    told = [one["properties"] for one in zones]
    if "drawn" in want:
        assert receipt["drawn"] == want["drawn"]
    if zones:
        assert len(zones) >= want.get("drawn_least", 1)
        assert len(zones) == want.get("zones", len(zones))
        names = {word for one in told for word in (one["name_zh"], one["name_en"])}
        assert set(want.get("names", ())) <= names
        areas = [one["declared_area_km2"] for one in told]
        assert areas == pytest.approx(want.get("areas", areas), nan_ok=True)
        assert all(want.get("absent_property") not in one for one in told)
    said = [receipt["crs"], *(one["what"] for one in receipt["notices"])]
    assert re.search(want.get("mentions", ""), " ".join(said))
    assert want.get("crs", "") in receipt["crs"]


def test_those_that_join_a_plan_join_one(folder, tmp_path):
    """Two of them made up the same ids, which must not clash."""
    names = [name for name, want in EXPECTED.items() if want.get("imports")]
    assert len(names) == 4
    assert run("new", tmp_path / "plan").exit_code == 0
    for name in names:
        done = run("import", folder / name, "--into", tmp_path / "plan")
        assert done.exit_code == 0, done.output
    checked = run("check", tmp_path / "plan")
    assert checked.exit_code == 0, checked.output
