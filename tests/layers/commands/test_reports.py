"""Tables for a terminal, a document, a spreadsheet and a program."""

import csv
import io
import json

import pandas as pd
import pytest

from beltmap.geo.audit.explanations import explain_totals
from beltmap.geo.audit.findings import Finding
from beltmap.geo.language.typeset import paragraph, places
from beltmap.geo.report.findings import findings_within
from beltmap.layers.commands.terminal.output import (
    as_csv,
    as_json,
    as_markdown,
    as_text,
)
from tests.choosing import choose
from tests.claimrows import table as claim_table


@pytest.fixture
def table():
    return pd.DataFrame(
        {
            "zone": ["Belt 产业带", "a | b", None],
            "declared": [40.0, -0.001, None],
            "claims": [("x", "y"), (), ("z",)],
        }
    )


def test_columns_line_up_though_chinese_is_wider(table):
    lines = as_text(table, width=80).split("\n")
    assert lines[0].startswith("Zone")
    ends = [
        places(line[: line.index(n) + len(n)])
        for line, n in zip(lines[1:3], ["40.00", "0.00"], strict=True)
    ]
    assert len(set(ends)) == 1
    assert "-0.00" not in lines[2]
    assert lines[3].strip() == "z"


@pytest.mark.parametrize("width", [30, 50, 90])
def test_a_wide_table_is_wrapped_and_loses_no_word(width):
    long = " ".join(f"word{n}" for n in range(60)) + " 产" * 40 + "界" * 90
    text = as_text(pd.DataFrame({"sentence": [long], "zone": ["belt"]}), width=width)
    assert max(places(line) for line in text.split("\n")) <= width
    for word in ("word0", "word59"):
        assert word in text
    assert (text.count("产"), text.count("界")) == (40, 90)


def test_a_terminal_is_not_steered():
    text = as_text(
        pd.DataFrame({"zone": ["\x1b[31mred\x07\nnew \u202eline"]}), width=80
    )
    assert text.split("\n")[1] == "[31mred  new  line"
    assert paragraph("a\x1bb c", width=3) == "a b\nc"


def test_markdown_has_its_columns_and_no_live_mark(table):
    hostile = table.assign(zone=["<b>x</b>", "[a](http://b)", "`c` *d* _e_"])
    lines = as_markdown(hostile).split("\n")
    assert lines[1] == "| --- | ---: | --- |"
    assert "&lt;b>" in lines[2]
    assert "\\[a\\](http" in lines[3]
    piped = as_markdown(table).split("\n")[3]
    assert piped.count("|") - piped.count("\\|") == 4


def test_csv_gives_the_values_back_and_runs_nothing(table):
    rows = list(csv.DictReader(io.StringIO(as_csv(table.assign(zone="=1+1")))))
    assert list(rows[0]) == ["zone", "declared", "claims"]
    assert [row["declared"] for row in rows] == ["40.0", "-0.001", ""]
    assert (rows[0]["zone"], rows[0]["claims"]) == ("'=1+1", "x;y")


def test_json_has_null_for_what_is_missing(table):
    rows = json.loads(as_json(table))
    assert rows[2] == {"zone": None, "declared": None, "claims": ["z"]}
    assert rows[0]["zone"] == "Belt 产业带"


@pytest.mark.parametrize("write", [as_csv, as_json, as_markdown])
def test_an_empty_table_is_written_too(write, table):
    assert "Belt" not in write(table.iloc[:0])
    assert as_text(table.iloc[:0], width=80) == "Zone  Stated  Rests on"


def test_the_sum_and_the_land_are_explained_where_they_differ(plan):
    sentence, lost = explain_totals(plan.zones, plan.claims)
    assert "Film, TV and Animation Town (5 km²" in lost.replace("5.0", "5")
    assert "59.4 km²" in sentence
    assert "40 km²" in sentence
    towns = plan.zones[plan.zones["kind"] == "town"]
    assert explain_totals(towns, plan.claims) == (lost,)
    assert explain_totals(plan.zones.iloc[:0], claim_table()) == ()


def test_findings_follow_the_choice_of_zones(plan):
    about = Finding("a", "note", {}, zones=("qd-belt",))
    resting = Finding("b", "note", {}, claims=("dl-2010.employees",))
    both = (about, resting)
    assert findings_within(both, choose(plan)) == both
    assert findings_within(both, choose(plan, city=("Dalian",))) == (resting,)
    assert findings_within(both, choose(plan, city=("Qingdao",))) == (about,)
