"""The command line of the exports, and what may go wrong on the way."""

import json
import os
import subprocess
import sys
import textwrap

import pytest
from click.testing import CliRunner

from beltmap.geo.errors import PlanError
from beltmap.geo.export import write as files
from beltmap.geo.export.catalogue import FORMATS
from beltmap.geo.export.write import save, write
from beltmap.layers.commands.main import main
from tests.choosing import choose
from tests.rfc7946 import faults


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.mark.parametrize("format_", FORMATS.values(), ids=list(FORMATS))
def test_every_format_is_saved_by_its_name(run, tmp_path, format_):
    out = tmp_path / f"计划{format_.suffixes[0]}"
    said = run("export", out, "--city", "Qingdao", "--layer", "town")
    assert said.exit_code == 0, said.output
    assert out.stat().st_size > 100
    assert "3 zones" in said.stderr
    assert "Keeps everything" in said.stderr or "Does not keep" in said.stderr


def test_formats_are_listed_with_what_they_lose(run):
    said = run("formats")
    assert said.exit_code == 0
    for format_ in FORMATS.values():
        assert f"{format_.label} ({format_.code}" in said.output
    assert "dl-software-park" in said.output


def test_csv_has_its_claims_beside_it(run, tmp_path):
    said = run("export", tmp_path / "plan.csv")
    assert said.exit_code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "plan.csv",
        "plan_claims.csv",
        "plan_sources.csv",
        "plan_sectors.csv",
    }
    assert "claims" not in said.stderr.splitlines()[-1]


def test_files_that_belong_together_are_replaced_together(run, tmp_path):
    (tmp_path / "plan.csv").write_bytes(b"old")
    (tmp_path / "plan_sources.csv").mkdir()
    (tmp_path / "plan_sources.csv" / "in the way").touch()
    said = run("export", tmp_path / "plan.csv")
    assert said.exit_code == 1
    assert "E_UNWRITABLE" in said.stderr
    assert (tmp_path / "plan.csv").read_bytes() == b"old"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_geojson_and_csv_go_to_standard_output(run):
    said = run("export", "--stdout", "--kind", "belt")
    assert faults(said.stdout_bytes) == []
    assert [f["id"] for f in json.loads(said.stdout_bytes)["features"]] == ["qd-belt"]
    said = run("export", "--stdout", "--format", "csv", "--crs", "gk")
    assert said.stdout_bytes.startswith(b"\xef\xbb\xbfid,name_en")
    said = run("export", "--stdout", "--format", "gpkg")
    assert said.exit_code == 1
    assert "E_NOT_PRINTABLE" in said.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("x.pdf",), "E_UNKNOWN_FORMAT"),
        (("x.gpkg", "--crs", "lambert"), "E_UNKNOWN_CRS"),
        (("x.kml", "--crs", "gk"), "E_CRS_NOT_ALLOWED"),
        (("x.gpkg", "--crs", "gcj02"), "E_UNMARKED_DATUM"),
        (("x.gpkg", "--text", "no such zone"), "E_NOTHING_CHOSEN"),
        (("no/such/folder/x.gpkg",), "E_UNWRITABLE"),
    ],
)
def test_a_bad_wish_is_one_clear_line_and_writes_nothing(
    run, tmp_path, monkeypatch, arguments, said
):
    monkeypatch.chdir(tmp_path)
    old = tmp_path / arguments[0].rpartition("/")[2]
    old.write_bytes(b"old")
    result = run("export", *arguments)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [old.name]


def test_datum_in_the_name_is_enough(run, tmp_path):
    for name in ("amap_gcj02.gpkg", "plan GCJ-02.gpkg"):
        assert run("export", tmp_path / name, "--crs", "gcj02").exit_code == 0


def test_neither_or_both_places_to_write_are_refused(run, tmp_path):
    assert run("export").exit_code == 2
    assert run("export", tmp_path / "x.csv", "--stdout").exit_code == 2


def test_format_option_goes_before_the_name(run, tmp_path):
    out = tmp_path / "plan.txt"
    assert run("export", out, "--format", "csv").exit_code == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.skipif(os.name == "nt", reason="a limit of file sizes is a Unix thing")
@pytest.mark.parametrize("name", ["x.gpkg", "x.png", "x.fgb", "x.gdb.zip"])
def test_a_full_disk_leaves_the_old_file(tmp_path, name):
    """A limit of file sizes stands for the disk: both end a write half way."""
    out = tmp_path / name
    out.write_bytes(b"old")
    script = f"""
        import resource, signal
        from beltmap.layers.commands.main import main
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
        main(["export", {str(out)!r}])
    """
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert "[E_" in result.stderr
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_trouble_in_a_library_is_said_in_our_words(everything, monkeypatch):
    def broken(_):
        raise OSError(28, "No space left on device")

    worse = files.replace(FORMATS["geopackage"], write=broken)
    monkeypatch.setitem(FORMATS, "geopackage", worse)
    with pytest.raises(PlanError, match=r"No space left.*E_EXPORT_FAILED"):
        write(everything, format_code="geopackage")


def test_unreadable_result_is_not_given_out(everything, monkeypatch):
    def broken(_):
        raise ValueError("no")

    worse = files.replace(FORMATS["geojson"], read=broken)
    monkeypatch.setitem(FORMATS, "geojson", worse)
    with pytest.raises(PlanError, match="E_EXPORT_FAILED"):
        write(everything, format_code="geojson")


def test_half_a_file_is_not_given_out(everything, monkeypatch):
    def half(content):
        found = FORMATS["parquet"].read(content)
        return files.replace(found, zones=found.zones[:6])

    worse = files.replace(FORMATS["parquet"], read=half)
    with monkeypatch.context() as patch:
        patch.setattr(files, "format_called", lambda _: worse)
        with pytest.raises(PlanError, match=r"incomplete.*E_EXPORT_FAILED"):
            write(everything, format_code="parquet")


def test_long_work_is_told_step_by_step(everything):
    heard = []
    write(everything, format_code="geojson", on_step=heard.append)
    assert heard == list(files.STEPS)


def test_name_of_a_download_says_datum_filters_and_day(shipped):
    from datetime import date

    chosen = choose(shipped, city=("Dalian",))
    export = write(chosen, format_code="shapefile", crs="bd09")
    name = export.name(on=date(2026, 3, 1))
    assert name == "beltmap_2026-03-01_dalian_bd09.shp.zip"


@pytest.mark.parametrize("code", FORMATS)
def test_hard_plan_is_saved_in_every_format(odd, tmp_path, code):
    path = tmp_path / f"odd{FORMATS[code].suffixes[0]}"
    assert len(save(choose(odd), path).content) == path.stat().st_size
