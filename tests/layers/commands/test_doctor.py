"""What the program says of itself and of the machine, and what shells complete."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.report.origin import data_version, program_version
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands import doctor
from beltmap.layers.commands.main import main

ROOT = Path(__file__).parents[3]
COMPLETED = {
    "beltmap aud": "audit",
    "beltmap doctor --pl": "--plan",
    "beltmap export --kind park --form": "--format",
    "beltmap --lang z": "zh",
}
"""What is typed, and what follows from it."""


def run(*arguments):
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_version_names_that_of_each_shipped_plan(language):
    program, *data = run("--lang", language, "--version").stdout.splitlines()
    assert program == f"beltmap, version {program_version()}"
    assert len(data) == 2
    for line, name in zip(data, ("qingdao", "dalian"), strict=True):
        assert name in line
        assert data_version(read_plan(SHIPPED / name)) in line


def test_the_doctor_names_what_is_there():
    said = run("doctor", "--plan", str(ROOT / "tests" / "plans" / "chengdu"))
    assert said.exit_code == 0, said.output
    assert "GDAL, with its drivers: 3." in said.output
    assert "missing" not in said.output.partition("GDAL")[2].partition("\n")[0]
    assert "chengdu" in said.output.splitlines()[-1]


@pytest.mark.parametrize(("language", "word"), [("en", "missing"), ("zh", "缺少")])
def test_the_doctor_says_what_is_missing_and_what_to_do(monkeypatch, language, word):
    for name in ("_gdal", "_font", "_browser", "_store"):
        monkeypatch.setattr(doctor, name, lambda: None)
    monkeypatch.setattr(doctor, "_writable", lambda _: None)
    said = run("doctor", "--lang", language, "--plan", "qingdao")
    lines = said.stdout.splitlines()
    assert said.exit_code == 1
    assert len(lines) == 6
    assert all(word in line for line in lines)
    assert "fonts-noto-cjk" in lines[1]
    assert "BELTMAP_CACHE" in lines[4]


def test_without_fonts_and_store_the_program_does_the_rest(monkeypatch):
    for name in ("_font", "_browser", "_store"):
        monkeypatch.setattr(doctor, name, lambda: None)
    assert run("doctor").exit_code == 0


def test_a_library_that_does_not_load_is_missing():
    def load():
        raise ImportError

    assert doctor._attempt(load) is None


def test_a_folder_is_tried_and_left_as_it_was(tmp_path):
    assert doctor._writable(tmp_path) == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    assert doctor._writable(tmp_path / "file" / "below") is None


@pytest.mark.parametrize("typed", COMPLETED)
def test_shells_complete_commands_options_and_choices(typed):
    words = typed.split()
    for shell in ("bash", "zsh", "fish"):
        # fish gives the word that is begun, the others its place
        place = words[-1] if shell == "fish" else str(len(words) - 1)
        asked = {"_BELTMAP_COMPLETE": f"{shell}_complete", "COMP_WORDS": typed}
        said = CliRunner().invoke(
            main, [], env=asked | {"COMP_CWORD": place}, prog_name="beltmap"
        )
        assert COMPLETED[typed] in said.output, (shell, said.output)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_takes_the_script_that_completes(shell, tmp_path):
    """Where the shell is installed it reads the script; every script is written."""
    script = subprocess.run(
        [sys.executable, "-m", "beltmap"],
        cwd=ROOT,
        env={**os.environ, "_BELTMAP_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "_BELTMAP_COMPLETE" in script
    if shutil.which(shell) and shell != "zsh":
        path = tmp_path / "script"
        path.write_text(script)
        subprocess.run([shell, "-n", path], check=True)


def test_the_page_on_installing_completes_commands_in_bash(tmp_path):
    """Its line for bash, as it stands, with the command of this checkout."""
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    lines = dict(
        re.findall(r"`(~/[^`]+)`:\n\n```sh\n(.*_BELTMAP_COMPLETE.*)\n```", page)
    )
    assert len(lines) == 3
    for line in lines.values():
        shell = re.search(r"_BELTMAP_COMPLETE=(\w+)_source", line)[1]
        assert shell in {"bash", "zsh", "fish"}
    command = tmp_path / "beltmap"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m beltmap "$@"\n')
    command.chmod(0o755)
    said = subprocess.run(
        ["bash", "-c", f"{lines['~/.bashrc']}\ncomplete -p beltmap"],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "_beltmap_completion" in said
