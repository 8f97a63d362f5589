"""The commands that report, run as a user runs them."""

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner

from beltmap.layers.commands.main import main
from tests.elsewhere import write_flat


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def broken(tmp_path):
    """Give a plan in which a part is larger than its whole."""
    folder = write_flat(tmp_path / "plan")
    claims = (folder / "claims.csv").read_text(encoding="utf-8")
    parts, whole = "enterprises,exact,398,", "enterprises,exact,436,"
    assert parts in claims
    swapped = claims.replace(parts, "enterprises,exact,500,")
    assert whole in swapped
    (folder / "claims.csv").write_text(swapped, encoding="utf-8")
    return folder


def test_summary_in_mu_is_1500_times_that_in_km2(run):
    km2, mu = (
        {row["total"]: row for row in json.loads(run(*words).stdout)}
        for words in (
            ("summary", "--format", "json"),
            ("summary", "--format", "json", "--unit", "mu"),
        )
    )
    assert mu["covered"]["value"] == pytest.approx(1500 * km2["covered"]["value"])
    assert (mu["covered"]["unit"], mu["zones"]["value"]) == ("mu", 12)


def test_summary_explains_why_59_4_is_more_than_the_land(run):
    said = " ".join(run("summary").output.split())
    assert "between 40 km² and 59.4 km²" in said
    csv_said = run("summary", "--format", "csv")
    assert "between 40 km²" not in csv_said.stdout
    assert "between 40 km²" in csv_said.stderr


def test_overlaps_name_both_zones_and_both_shares(run):
    said = run(
        "summary", "--overlaps", "--kind", "belt", "--kind", "town", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(said.stdout)))
    assert [row["b"] for row in rows] == [
        "qd-town-laoshan",
        "qd-town-aoshanwei",
    ]
    assert float(rows[0]["percent_of_b"]) > float(rows[0]["percent_of_a"])


def test_ledger_has_every_zone_with_verdict_and_source(run):
    rows = json.loads(run("ledger", "--format", "json").stdout)
    assert len(rows) == 12
    belt = next(row for row in rows if row["id"] == "qd-belt")
    assert (belt["declared"], belt["verdict"]) == (40, "exact")
    assert (belt["source"], belt["place"]) == ("Q", "One belt")
    shown = run("ledger", "--unit", "ha", "--kind", "belt").output
    assert "4,000.00" in shown
    assert "Aoshanwei" not in shown


def test_the_ledger_spells_out_its_sources_and_what_is_not_known_of_them(run):
    for language, lost in (("en", "address not found"), ("zh", "网址未查到")):
        # in lines as wide as the terminal, whatever that is here
        said = re.sub(r"\s+", "", run("--lang", language, "ledger").output)
        assert re.search(rf"Q[:：][^:：]*{lost.replace(' ', '')}", said)
    assert "dlhitech" not in run("ledger", "--city", "Qingdao").output


def test_audit_of_the_shipped_plan_finds_no_error(run):
    said = run("audit")
    assert said.exit_code == 0, said.output
    assert "Warning" in said.output
    rows = json.loads(run("audit", "--format", "json").stdout)
    assert {row["severity"] for row in rows} == {"warning", "note"}
    assert all(row["sentence"] and row["rule"] for row in rows)


def test_audit_ends_with_1_where_it_finds_an_error(run, broken):
    said = run("audit", "--plan", broken, "--format", "json")
    assert said.exit_code == 1
    assert json.loads(said.stdout)[0]["rule"] == "part_exceeds_whole"
    elsewhere = run("audit", "--plan", broken, "--city", "Dalian")
    assert elsewhere.exit_code == 0


def test_audit_says_that_it_found_nothing(run):
    said = run("audit", "--text", "no such zone")
    assert said.exit_code == 0
    assert "Nothing was found" in said.output


def test_claims_of_a_subject_or_an_id(run):
    rows = list(
        csv.DictReader(io.StringIO(run("claims", "qd-belt", "--format", "csv").stdout))
    )
    assert {row["subject"] for row in rows} == {"qd-belt"}
    said = run("claims", "dl-hitech.declared_area").output
    assert "153 km²" in said
    assert "35.6" not in said


def test_a_figure_is_printed_with_what_it_counts(run):
    said = run("claims", "dl-2010.japan_share", "--format", "md").output
    assert "80 %: not clear as worded" in said


def test_claims_follow_the_filters(run):
    rows = json.loads(run("claims", "--city", "Dalian", "--format", "json").stdout)
    assert {row["city"] for row in rows} == {"Dalian"}
    assert rows[0]["value_max"] is None


def test_an_unknown_claim_is_named(run):
    said = run("claims", "atlantis")
    assert said.exit_code == 2
    assert "'atlantis'" in said.output


@pytest.mark.parametrize("command", ["summary", "ledger", "audit", "claims"])
def test_help_has_an_example_and_every_filter(run, command):
    said = run(command, "--help").output
    assert f"beltmap {command}" in said
    for option in ("--format", "--city", "--sector", "--least", "--text", "--plan"):
        assert option in said


@pytest.mark.parametrize("command", ["summary", "ledger", "audit", "claims"])
def test_markdown_is_a_table(run, command):
    lines = run(command, "--format", "md").stdout.split("\n")
    assert lines[1].startswith("| ---")
    assert lines[0].count("|") == lines[1].count("|")


@pytest.mark.parametrize(
    "words",
    [
        ("--city", "青岛", "--kind", "园区"),
        ("--city", "QINGDAO", "--kind", "Park"),
        ("--city", "Qingdao", "--kind", "park"),
    ],
)
def test_filters_are_taken_by_code_and_by_name_in_either_language(run, words):
    rows = json.loads(run("summary", "--format", "json", *words).stdout)
    assert {row["total"]: row["value"] for row in rows}["zones"] == 6


def test_a_city_that_no_one_knows_is_refused(run):
    refused = run("summary", "--city", "Atlantis")
    assert refused.exit_code == 2
    assert "Use one of Dalian, Qingdao" in refused.output
