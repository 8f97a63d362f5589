"""What goes out never dies of its encoding, and what comes in may be a pipe."""

import io
import itertools
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.uploads import STANDARD_INPUT, taken
from beltmap.geo.language.messages import LANGUAGES
from beltmap.layers.commands.main import main
from beltmap.layers.commands.terminal.stream import ALIKE, EXACT
from tests.geo.intake.recipes import GOOD, SCRIPT, collection, feature, kml, placemark

ENCODINGS = ("gbk", "cp1252", "ascii")
HIDDEN = "a\u202eb\ufeff\u200bç🏙²‹"


def run(*arguments, charset="utf-8", **options):
    runner = CliRunner(charset=charset)
    done = runner.invoke(main, list(map(str, arguments)), **options)
    assert done.exception is None or isinstance(done.exception, SystemExit), done
    # decoded again as strictly as it was encoded; click takes ASCII for a mistake
    bytes_of_utf8 = charset == "ascii" or "--stdout" in arguments
    said = done.stdout_bytes.decode("utf-8" if bytes_of_utf8 else charset)
    return done.exit_code, said, done


@pytest.fixture(scope="module")
def hard(tmp_path_factory):
    """Give a file of which every text is hard to say, and its plan."""
    folder = tmp_path_factory.mktemp("hard")
    path = folder / "plan\u00b2.geojson"
    rows = [feature(properties={"name": HIDDEN, "kind": "park"})]
    path.write_text(json.dumps(collection(*rows, name=HIDDEN)), encoding="utf-8")
    return path


def every_command(hard, tmp_path):
    """Call every command so that it prints what it prints."""
    asked = {
        "summary": [[], ["--overlaps"], ["--format", "json"], ["--format", "csv"]],
        "ledger": [["--unit", "ha"], ["--format", "md"], ["--format", "csv"]],
        "audit": [[], ["--format", "json"]],
        "claims": [[], ["--format", "json"], ["qd-belt"]],
        "export": [["--stdout"], [tmp_path / "it.csv"], ["--stdout", "--crs", "bd09"]],
        "formats": [["--help"]],
        "build": [["--help"], ["--plan", tmp_path]],
        "scale": [["--help"], ["qd-none"]],
        "serve": [["--help"]],
        "check": [[hard], [hard, "--json"], [tmp_path]],
        "import": [[hard, "--into", tmp_path]],
        "basemap": [[tmp_path, "--from", hard], [tmp_path, "--from", "²"]],
        "new": [[tmp_path / "²"], ["--structure", "一带²", tmp_path / "s"]],
        "diff": [[hard, hard]],
        "map": [["--help"], [tmp_path / "no" / "²…"]],
        "brief": [["--help"], [tmp_path / "²"]],
        "demo": [[tmp_path / "d²", "--zones", "3"], [tmp_path]],
    }
    return [
        (name, *given)
        for name in main.commands
        for given in asked.get(name, [["--help"]])
    ]


@pytest.fixture(scope="module")
def outcomes():
    """Read once what every command reads apart."""
    from beltmap.geo.intake.apart import worker

    kept = {}

    def read(upload, **options):
        key = (upload.name, repr(sorted(options)))
        if key not in kept:
            kept[key] = made(upload, **options)
        return kept[key]

    made = worker.read_apart
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "read_apart", read)
        yield


IN_THE_GATE = {("gbk", "zh"), ("cp1252", "en")}
PAIRS = [
    pytest.param(*pair, marks=() if pair in IN_THE_GATE else pytest.mark.deep)
    for pair in itertools.product(ENCODINGS, LANGUAGES)
]


@pytest.mark.usefixtures("outcomes")
@pytest.mark.parametrize(("charset", "language"), PAIRS)
def test_no_command_dies_of_its_encoding(charset, language, hard, tmp_path):
    for call in [(), *every_command(hard, tmp_path)]:
        given = call or ("--help",)
        code, said, done = run(*given, "--lang", language, charset=charset)
        assert said or done.stderr, call
        assert "Traceback" not in said + done.stderr, call
        assert code in (0, 1, 2), call


@pytest.mark.parametrize("charset", ENCODINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_with_its_units_is_said(charset, language):
    code, said, _ = run("summary", "--lang", language, charset=charset)
    assert code == 0
    assert "59.40" in said


@pytest.mark.parametrize("charset", ENCODINGS)
def test_json_means_the_same_in_every_encoding(charset):
    for call in (("claims", "--format", "json"), ("audit", "--format", "json")):
        plain, there = run(*call)[1], run(*call, charset=charset)[1]
        assert json.loads(there) == json.loads(plain)


def test_text_reads_alike_and_codes_stand_for_the_rest():
    assert "5 km² – “a” ‹".encode("ascii", ALIKE) == b'5 km2 - "a" <'
    assert "青²".encode("gbk", ALIKE).decode("gbk") == "青2"
    assert "青²".encode("ascii", EXACT) == b"\\u9752\\u00b2"
    assert json.loads(f'"{HIDDEN}"'.encode("ascii", EXACT)) == HIDDEN
    assert "\udcff".encode("utf-8", ALIKE) == b"\\udcff"


def really(*arguments, encoding, out, feed=None, **settings):
    """Run a process whose output goes into a file."""
    environment = os.environ | {"PYTHONIOENCODING": encoding} | settings
    with out.open("wb") as file:
        return subprocess.run(
            [sys.executable, "-m", "beltmap", *map(str, arguments)],
            stdin=feed,
            stdout=file,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )


def test_what_is_written_into_a_file_is_whole(hard, tmp_path):
    """As `beltmap summary > file` on a console of China or the West."""
    out = tmp_path / "out.txt"
    done = really("summary", encoding="gbk", out=out, LANG="zh_CN.GBK")
    assert (done.returncode, done.stderr) == (0, b"")
    said = out.read_text("gbk")
    assert "平方公里" in said
    # the worker speaks in bytes of its own, whatever its parent does
    done = really("check", hard, "--lang", "zh", encoding="ascii", out=out)
    assert done.returncode in (0, 1, 2)
    assert b"Traceback" not in done.stderr
    assert "U+202E" in out.read_text("ascii")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_asks_for_ascii_gets_it(language, tmp_path):
    out = tmp_path / "out.txt"
    for call in (["summary"], ["claims", "--format", "json"], ["audit"]):
        done = really(*call, "--lang", language, encoding="ascii", out=out)
        assert (done.returncode, done.stderr) == (0, b"")
        said = out.read_text("ascii")
        if call[0] == "claims":
            assert json.loads(said)
        elif language == "zh":
            assert "\\u9752\\u5c9b" in said or "\\u5e73\\u65b9\\u516c\\u91cc" in said
        else:
            assert "\\u" not in said


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX alone")
def test_a_name_that_is_no_text_is_shown(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff\xfe.geojson")
    path.write_text(GOOD)
    code, said, _ = run("check", path)
    assert code == 0
    assert "geojson" in said


def large(path, size):
    """Make a file of so many bytes that takes no room."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def test_a_file_of_three_gigabytes_is_not_read(tmp_path):
    for ending in ("geojson", "zip", "gpkg"):
        path = large(tmp_path / f"plan.{ending}", 3 << 30)
        upload = taken(path)
        assert (upload.data, upload.size) == (b"", 3 << 30)
    for command in (
        ["check"],
        ["check", "--json"],
        ["diff", path],
        ["new", "x", "--from"],
    ):
        code, said, done = run(*command, path)
        assert code == 1
        assert f"at least {3 << 30} bytes" in said + done.stderr
    shp, dbf = large(tmp_path / "a.shp", 10), large(tmp_path / "a.dbf", 3 << 30)
    code, said, _ = run("check", shp, dbf)
    assert code == 1
    assert said.count(f"at least {(3 << 30) + 10} bytes") == 1


def test_of_a_pipe_no_more_is_read_than_shows_its_size(monkeypatch):
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, n=-1):
            assert n >= 0, "the whole of it"
            self.taken += n
            return b"x" * n

    pipe = Endless()
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": pipe}))
    upload = taken(STANDARD_INPUT, Limits(file_bytes=1000))
    assert (pipe.taken, upload.size) == (1001, 1001)


@pytest.mark.parametrize("content", [GOOD, kml(placemark(SCRIPT.replace("<", "&lt;")))])
def test_standard_input_is_read(content):
    code, said, _ = run("check", "-", input=content.encode())
    assert code == 0
    assert "stdin" in said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes by name")
def test_a_pipe_with_a_name_is_read(tmp_path):
    pipe = tmp_path / "plan.geojson"
    os.mkfifo(pipe)
    feeder = subprocess.Popen(["cp", "/dev/stdin", pipe], stdin=subprocess.PIPE)
    feeder.stdin.write(GOOD.encode())
    feeder.stdin.close()
    code, said, _ = run("check", pipe)
    assert feeder.wait() == 0
    assert code == 0
    assert "2" in said
