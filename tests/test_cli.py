"""The command line, run as a user runs it."""

import json
import os
import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

from geo.commands.cli import main
from geo.language.messages import speaking
from tests.rfc7946 import faults


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


def test_module_and_script_are_the_same_command():
    said = subprocess.run(
        [sys.executable, "-m", "geo", "--help"],
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


def test_summary_says_what_it_counts(run):
    said = run("summary", "--city", "Qingdao")
    assert said.exit_code == 0
    assert "59.40" in said.output
    assert "overlaps once" in said.output


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
