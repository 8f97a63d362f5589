"""A plan in parts says what it says as a whole, whoever does the work."""

import io
import json
import os
import shutil
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from beltmap.geo.batch.engine import Here
from beltmap.geo.batch.whole import measured, read_parts
from beltmap.geo.errors import PlanError
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.report.findings import findings
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main
from tests.geo.batch.inparts import write_both

ZONES, PARTS = 10_001, 5


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("batch")
    return write_both(folder, zones=ZONES, parts=PARTS, mixed=True)


@pytest.fixture(scope="module")
def opened(both):
    """Give the plan whole, and in parts with its measures."""
    whole, parts = both
    plan = read_parts(parts, parts[0].parent, Here(), done=int)
    assert len(plan.pieces) == PARTS
    return (
        read_plan(whole),
        *measured(plan, Here(), done=int, land=True, pairs=True),
    )


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)), env={"LANGUAGE": "en"})


def same(found, wanted):
    """Compare two tables, numbers to 1e-9."""
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(kind=("park", "town"), least_km2=0.5),
        Filters(boundary=("described",), text="1"),
    ],
    ids=["all", "kinds", "words"],
)
def test_the_totals_of_a_plan_in_parts_are_those_of_the_whole(opened, filters):
    whole, parted, _ = opened
    wanted = vars(Selection(whole, filters).summary)
    found = vars(Selection(parted, filters).summary)
    assert wanted["overlap_km2"] > 0
    assert wanted["inside_km2"] > 0
    assert found == pytest.approx(wanted, rel=1e-9, abs=0)


def test_overlaps_across_parts_are_counted_once(opened):
    whole, parted, measures = opened
    pairs = measures.overlaps(parted.zones)
    from beltmap.geo.geometry.overlap import overlaps

    same(pairs, overlaps(whole.zones))
    of = dict(
        zip(
            parted.zones["id"],
            (n for n, one in enumerate(parted.pieces) for _ in range(len(one))),
            strict=True,
        )
    )
    assert (pairs["a"].map(of) != pairs["b"].map(of)).mean() > 0.5


def test_the_findings_of_a_plan_in_parts_are_those_of_the_whole(opened):
    whole, parted, measures = opened
    wanted = findings(whole)
    assert len({one.rule for one in wanted}) > 2
    found = findings(parted, measures=measures)
    assert [one.say() for one in found] == [one.say() for one in wanted]
    told = [
        [(one.rule, one.zones, one.claims) for one in all_] for all_ in (found, wanted)
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize("command", ["summary", "ledger"])
def test_a_command_prints_the_same_of_parts(both, command):
    whole, parts = both
    said = [
        run(command, *given, "--format", "csv", "--city", "Weihai", "--kind", "town")
        for given in (["--plan", whole], parts)
    ]
    assert said[0].exit_code == said[1].exit_code
    wanted, found = (pd.read_csv(io.StringIO(one.stdout)) for one in said)
    assert len(wanted) > 5
    same(found, wanted)


def test_parts_are_exported_part_by_part(both, tmp_path):
    whole, parts = both
    one, out = tmp_path / "whole.gpkg", tmp_path / "out"
    assert run("export", one, "--plan", whole, "--kind", "park").exit_code == 0
    done = run("export", out, *parts, "--kind", "park", "--format", "geopackage")
    assert done.exit_code == 0, done.output
    assert f"in {PARTS} files" in done.output
    files = sorted(out.iterdir())
    assert [each.stem for each in files] == [each.stem for each in parts]
    found = pd.concat([gpd.read_file(each, layer="park") for each in files])
    wanted = gpd.read_file(one, layer="park")
    assert found["id"].tolist() == wanted["id"].tolist()
    assert (found.geometry.to_wkb().to_numpy() == wanted.geometry.to_wkb()).all()


def test_a_plan_with_places_and_claims_in_parts_is_audited_as_a_whole(tmp_path):
    from beltmap.geo.plan.plan import read_tables

    folder = SHIPPED / "qingdao"
    whole = read_plan(folder)
    parts = []
    for number in range(3):
        parts.append(tmp_path / f"{number}.parquet")
        whole.zones.iloc[number::3].to_parquet(parts[-1], schema_version="1.1.0")
    plan = read_parts(parts, folder, Here(), done=int)
    assert len(read_tables(folder).zones) == 0
    plan, measures = measured(plan, Here(), done=int, land=True, pairs=True)
    found = findings(plan, measures=measures)
    wanted = findings(whole)
    assert wanted
    assert {one.say() for one in found} == {one.say() for one in wanted}
    assert vars(Selection(plan).summary) == pytest.approx(
        vars(Selection(whole).summary), rel=1e-9, nan_ok=True
    )


def test_all_faults_of_all_parts_are_told_at_once(both, tmp_path):
    _, parts = both
    for path in (*parts[:2], *parts[0].parent.glob("*.csv")):
        shutil.copy(path, tmp_path)
    bad = [tmp_path / path.name for path in parts[:2]]
    tables = [gpd.read_parquet(path) for path in bad]
    tables[0].loc[3, "boundary"] = "guessed"
    tables[1].loc[5, "geometry"] = shapely.from_wkt("POLYGON((0 0,1 1,1 0,0 1,0 0))")
    for path, table in zip(bad, tables, strict=True):
        table.to_parquet(path)
    done = run("summary", *bad)
    assert done.exit_code == 1
    assert all(path.name in done.output for path in bad)
    assert "E_UNKNOWN_BOUNDARY" in done.output
    assert "E_BAD_GEOMETRY" in done.output
    with pytest.raises(PlanError, match="E_DUPLICATE_ID"):
        read_parts([parts[0], parts[0]], parts[0].parent, Here(), done=int)


def test_what_is_asked_for_and_cannot_be_is_said(both, tmp_path):
    _, parts = both
    assert "needs a plan in parts" in run("summary", "--scheduler", "tcp://a:1").output
    asked = ("summary", "--plan", "qingdao", "--plan", "dalian", *parts)
    assert "give --plan once" in run(*asked).output
    asked = ("export", tmp_path / "out", parts[0], parts[0])
    assert "the same file name" in run(*asked).output
    assert "not a .parquet" in run("ledger", SHIPPED / "qingdao" / "zones.csv").output


def test_a_bar_shows_how_far_the_work_is(both):
    _, parts = both
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "beltmap", "ledger", *map(str, parts)]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=theirs, check=True)
    os.close(theirs)
    said = os.read(ours, 2**16).decode()
    os.close(ours)
    assert "100%" in said
    # and nothing where no one looks
    done = subprocess.run(command, capture_output=True, check=True)
    assert b"%" not in done.stderr


def test_dask_is_not_imported_unless_it_is_asked_for(both):
    _, parts = both
    told = "import sys; from beltmap.layers.commands.main import main\n"
    told += "try: main(sys.argv[1:])\n"
    told += "finally: print([n for n in sys.modules if n in {'dask', 'distributed'}])"
    done = subprocess.run(
        [sys.executable, "-c", told, "ledger", "--format", "json", *map(str, parts)],
        capture_output=True,
        check=True,
        text=True,
    )
    rows, modules = done.stdout.rsplit("\n", 2)[:2]
    assert len(json.loads(rows)) == ZONES
    assert modules == "[]"
