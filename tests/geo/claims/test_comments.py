"""Comments of readers: read strictly, written, asked by the audit, taken along."""

import json
import shutil

import pytest
from click.testing import CliRunner

from beltmap.geo.claims.comments import COMMENTS_FILE, read_comments
from beltmap.geo.errors import PlanError
from beltmap.geo.export.write import write
from beltmap.geo.plan.check import folder_faults
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.report.findings import findings
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main

HEAD = "id,about,lon,lat,author,time,text,state\n"
DAY = "2026-11-27T10:00:00Z"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SHIPPED / "qingdao", tmp_path / "plan")
    return tmp_path / "plan"


def remark(folder, *rows):
    (folder / COMMENTS_FILE).write_text(HEAD + "".join(f"{row}\n" for row in rows))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f",qd-belt,,,Li,{DAY},why,open", "E_EMPTY_CELL"),
        (f"c1,qd-belt,,,Li,{DAY},why,shut", "E_UNKNOWN_VALUE"),
        (f"c1,,200,36,Li,{DAY},why,open", "E_NUMBER"),
        (f"c1,,nan,36,Li,{DAY},why,open", "E_NUMBER"),
        (f"c1,,120,,Li,{DAY},why,open", "E_COMMENT_ABOUT"),
        (f"c1,,,,Li,{DAY},why,open", "E_COMMENT_ABOUT"),
        (f"c1,nothing,,,Li,{DAY},why,open", "E_COMMENT_ABOUT"),
    ],
)
def test_a_comment_with_a_fault_is_said(folder, row, code):
    remark(folder, row)
    assert [one.code for one in folder_faults(folder)] == [code]


def test_an_id_stands_once(folder):
    remark(folder, *[f"c1,qd-belt,,,Li,{DAY},why,open"] * 2)
    with pytest.raises(PlanError, match="E_DUPLICATE_ID"):
        read_comments(folder)


def test_open_comments_are_questions_of_the_audit(folder):
    remark(
        folder,
        f"c1,qd-belt.named,,,Li,{DAY},why so,open",
        f"c2,,120.5,36.1,安,{DAY},a pond,open",
        f"c3,qd-belt,,,Li,{DAY},done,settled",
    )
    asked = [one for one in findings(read_plan(folder)) if "comment" in one.rule]
    assert [(one.severity, one.claims, one.zones) for one in asked] == [
        ("note", ("qd-belt.named",), ("qd-belt",)),
        ("note", (), ()),
    ]
    assert "why so" in asked[0].say()
    assert "120.50000, 36.10000" in asked[1].say()


def test_exports_carry_comments(folder):
    remark(
        folder,
        f"c1,qd-belt,,,Li,{DAY},why,open",
        f"c2,qd-park-shinan,,,Li,{DAY},why,open",
    )
    plan = read_plan(folder)
    for filters, known in ((Filters(), 2), (Filters(kind=("belt",)), 1)):
        selection = Selection(plan, filters)
        for code in ("geojson", "csvzip", "geopackage", "xlsx", "parquet"):
            assert write(selection, format_code=code, crs="wgs84").content, code
        made = json.loads(write(selection, format_code="geojson", crs="wgs84").content)
        assert len(made["comments"]) == known


def test_a_comment_is_written_and_settled(folder):
    def run(*arguments):
        given = [*arguments, "--plan", str(folder)]
        return CliRunner().invoke(main, given)

    for about in (["--about", "qd-belt"], ["--at", "120.5,36.1"]):
        assert run("comment", "=why", *about, "--who", "Li").exit_code == 0
    assert run("comment", "x", "--about", "nothing", "--who", "Li").exit_code == 2
    assert run("comments", "--settle", "c1").exit_code == 0
    assert run("comments", "--settle", "c9").exit_code == 1
    found = read_comments(folder)
    assert found["state"].tolist() == ["settled", "open"]
    assert found["author"].tolist() == ["Li", "Li"]
    assert "c2" in run("comments").output
    assert "c1" not in run("comments").output


def test_comments_of_plans_that_are_open_together_follow_their_zones(folder, tmp_path):
    remark(folder, f"c1,qd-belt,,,Li,{DAY},why,open")
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    both = read_plan(folder, other)
    assert set(both.comments["about"]) <= set(both.zones["id"])
    assert len(both.comments) == 2
