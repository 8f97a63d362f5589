"""The command line, run as a user runs it."""

import json
import os
import re
import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

from beltmap.geo import schema
from beltmap.geo.export.crs import CODES
from beltmap.geo.language.messages import speaking
from beltmap.geo.zones.table import WRITTEN
from beltmap.layers.commands.main import main
from tests.rfc7946 import faults


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


def test_module_and_script_are_the_same_command():
    said = subprocess.run(
        [sys.executable, "-m", "beltmap", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("build", "export", "summary", "serve"):
        assert command in said.stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_of_commands_cuts_no_sentence(run, language):
    said = run("--lang", language, "--help").output
    listed = said.split("\n  audit ")[1]
    assert "..." not in listed
    for name, command in main.commands.items():
        with speaking(language):
            words = command.get_short_help_str()
        assert words.endswith((".", "。"))
        assert words[:24] in said, name


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("option", "codes"),
    [
        ("--boundary", schema.BOUNDARIES),
        ("--crs", CODES),
    ],
)
def test_help_lists_every_code_that_an_option_takes(option, codes, language):
    (given,) = (one for one in main.commands["export"].params if option in one.opts)
    with speaking(language):
        said = given.help
    listed = re.split(r"[:：]", said, maxsplit=1)[1]
    listed = re.split(r", (?:or )?|[、，;。；]|\. ", listed)
    named = {re.sub(r" ?[(（].*[)）]", "", words).strip() for words in listed}
    assert set(codes) <= named
    # what follows is a sentence
    assert not {
        words for words in named - set(codes) if re.fullmatch(r"\w+", words, re.ASCII)
    }


def test_summary_says_what_it_counts(run):
    said = run("summary", "--city", "Qingdao")
    assert said.exit_code == 0
    assert "59.40" in said.output
    assert "overlaps count once" in said.output


def test_export_writes_what_the_filters_choose(run, tmp_path):
    out = tmp_path / "belt.geojson"
    said = run("export", out, "--sector", "software", "--kind", "belt")
    assert said.exit_code == 0, said.output
    assert faults(out.read_bytes()) == []
    features = json.loads(out.read_bytes())["features"]
    assert [feature["id"] for feature in features] == ["qd-belt"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o644


def test_unknown_value_names_the_known_ones(run, tmp_path):
    said = run("export", tmp_path / "x.geojson", "--city", "Atlantis")
    assert said.exit_code == 2
    assert "Qingdao" in said.output
    assert not list(tmp_path.iterdir())


def test_a_failed_export_is_one_clear_line_and_leaves_nothing(run, tmp_path):
    said = run("export", tmp_path / "no" / "such" / "x.geojson")
    assert said.exit_code == 1
    assert said.output.count("\n") == 1
    assert "E_UNWRITABLE" in said.output


@pytest.mark.skipif(os.name == "nt", reason="a folder cannot stand for a file there")
def test_a_failed_export_leaves_the_old_file(run, tmp_path):
    out = tmp_path / "x.geojson"
    out.mkdir()
    (out / "kept").touch()
    assert run("export", out).exit_code == 2
    assert (out / "kept").exists()


def test_a_broken_plan_is_named_in_full(run, tmp_path):
    said = run("summary", "--plan", tmp_path)
    assert said.exit_code == 1
    assert "sectors.csv" in said.output
    assert "Traceback" not in said.output


@pytest.mark.parametrize("language", ["en", "zh"])
def test_build_of_a_drawn_plan_says_what_to_do(run, tmp_path, language):
    folder = tmp_path / "my-plan"
    assert run("new", folder).exit_code == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = run("--lang", language, "build", "--plan", folder)
    assert said.exit_code == 1
    for word in ("beltmap import", "anchors.csv", *WRITTEN):
        assert word in said.output
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
