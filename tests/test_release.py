"""One version everywhere; what is given out passes the index's check and runs."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VERSION = PROJECT["project"]["version"]
PYTHONS = ("3.11", "3.12", "3.13")
RUNS = (
    ("--version",),
    ("doctor",),
    ("summary", "--city", "Qingdao"),
    ("export", "parks.geojson", "--kind", "park"),
    ("check", "parks.geojson"),
    ("map", "parks.html", "--kind", "park"),
    ("brief", "parks.pdf", "--kind", "park"),
)
"""What a new reader does first."""


def python(version):
    """Find an interpreter of a version: on the path, or one that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    found = [*kept.glob(f"{version}.*/bin/python"), shutil.which(f"python{version}")]
    for one in filter(None, found):
        asked = subprocess.run([one, "--version"], capture_output=True, check=False)
        if asked.stdout.startswith(f"Python {version}.".encode()):
            return one
    return None


def run(*command, cwd):
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def given_out(tmp_path_factory):
    """Build wheel and source archive as they are given out; needs the network."""
    folder = tmp_path_factory.mktemp("dist")
    first = python("3.11") or python("3.12") or python("3.13")
    run(first, "-m", "venv", folder / "env", cwd=folder)
    tool = folder / "env" / "bin" / "python"
    pip = (tool, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    pins = ROOT / ".ci" / "requirements.txt"
    run(*pip, "--constraint", pins, "build", "twine", cwd=folder)
    run(tool, "-m", "build", "--outdir", folder / "dist", ROOT, cwd=folder)
    return tool, folder / "dist"


def test_the_version_is_told_once_and_said_alike():
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert said["version"] == VERSION
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    for path in (ROOT / "beltmap.py", *(ROOT / "geo").rglob("*.py")):
        assert f'"{VERSION}"' not in path.read_text(encoding="utf-8"), path


def test_the_citation_has_what_the_format_demands():
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert said["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(said)
    assert " AND ".join(said["license"]) == PROJECT["project"]["license"]


def test_the_changelog_begins_with_what_comes_next():
    words = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## \[?([^\]\n]+)", words, re.MULTILINE)[1]
    assert first == "Unreleased" or first.startswith(VERSION)


def test_the_container_starts_what_there_is():
    """No test builds it; what it names is there."""
    words = (ROOT / "Containerfile").read_text(encoding="utf-8")
    named = re.search(r"/src\[(\w+)\]", words)[1]
    assert named in PROJECT["project"]["optional-dependencies"]
    assert (ROOT / re.search(r"--constraint /src/(\S+)", words)[1]).is_file()
    assert 'ENTRYPOINT ["beltmap"]' in words


@pytest.mark.deep
def test_the_index_would_take_what_is_given_out(given_out):
    tool, dist = given_out
    files = sorted(dist.iterdir())
    assert [file.name for file in files] == [
        f"beltmap-{VERSION}-py3-none-any.whl",
        f"beltmap-{VERSION}.tar.gz",
    ]
    run(tool, "-m", "twine", "check", "--strict", *files, cwd=dist)


@pytest.mark.deep
@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize("ending", ["whl", "tar.gz"])
def test_what_is_given_out_runs(given_out, tmp_path, version, ending):
    found = python(version)
    if found is None:
        pytest.skip(f"no Python {version} here")
    (file,) = given_out[1].glob(f"*.{ending}")
    run(found, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    tool = tmp_path / "env" / "bin" / "python"
    pip = (tool, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--constraint", ROOT / ".ci" / "requirements.txt", file, cwd=tmp_path)
    for words in RUNS:
        said = run(tmp_path / "env" / "bin" / "beltmap", *words, cwd=tmp_path)
        assert said or (tmp_path / words[1]).stat().st_size, words
    assert (tmp_path / "parks.pdf").read_bytes().startswith(b"%PDF")
