"""The charts draw the tables, in words and lengths that can be read from their HTML."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from beltmap.geo.report.goals import (
    comparison_in_words,
    matrix_in_words,
    progress_in_words,
)
from beltmap.layers.charts.area import area_bars
from beltmap.layers.charts.cities import comparison_chart
from beltmap.layers.charts.goals import progress_chart
from beltmap.layers.charts.parts import SERIES
from beltmap.layers.charts.priorities import priority_chart
from beltmap.layers.escape import as_html as escape


def linked(priority, title):
    return f"<u>{priority}: {title}</u>"


def bars():
    table = pd.DataFrame(
        {"label": ["a", "b"], "zones": [1, 2], "covered_km2": [1.0, 4.0]}
    )
    return area_bars(table)


CHARTS = {
    "area": lambda _: bars(),
    "goals": lambda plan: progress_chart(progress_in_words(plan)),
    "cities": lambda plan: comparison_chart(comparison_in_words(plan)),
    "priorities": lambda plan: priority_chart(matrix_in_words(plan), link=linked),
}


def rows(chart):
    """Give what a chart draws beside each label."""
    # rows alone have their label in bold
    parts = re.split(r"<li><b>(.*?)</b>", chart.split('<ul class="bm-legend">')[0])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def lengths(drawn, kind="bm-tone"):
    found = re.findall(rf'class="{kind} bm-([\w-]+)" style="--part: ([\d.]+)"', drawn)
    return [(tone, float(part)) for tone, part in found]


def words(drawn):
    return re.sub(r"<[^>]*>", "|", drawn)


def test_the_longest_bar_comes_first_and_others_are_its_parts():
    drawn = rows(bars())
    assert list(drawn) == ["b", "a"]
    assert [lengths(one) for one in drawn.values()] == [
        [("series-0", 1.0)],
        [("series-0", 0.25)],
    ]
    assert "4.0 km² · 2 zones" in words(drawn["b"])


def test_goals_are_shares_and_money_in_other_currencies_is_left_out(plan):
    drawn = rows(CHARTS["goals"](plan))
    assert "Service outsourcing business (CNY)" in drawn
    assert "Service outsourcing business (USD)" not in drawn
    marks = [part for one in drawn.values() for _, part in lengths(one, "bm-mark")]
    assert sorted(round(part, 3) for part in marks) == [0.267, 0.407, 0.605, 0.813]
    said = [each for one in drawn.values() for each in words(one).split("|")]
    assert {one for one in said if one.startswith("201")} == {
        "2013: 1.63 billion USD (measures differ)",
        "2013: 40 (measures differ)",
        "2015: 2.42 billion USD (measures differ)",
        "2015: 244,000 (measures differ)",
    }


def test_a_goal_that_counts_otherwise_than_the_last_one_says_so_under_its_bar(plan):
    """Companies of 45 million or of over 1,000 people are not those of the second."""
    marks = r'<i class="bm-tone bm-goal-\d"></i>(.*?)</li>'
    apart = {
        label: re.findall(marks, drawn)
        for label, drawn in rows(CHARTS["goals"](plan)).items()
    }
    assert {label: said for label, said in apart.items() if said} == {
        "Large offshore companies": ["more than 30: measures differ"],
        "Large employers": ["at least 5: measures differ"],
    }


def test_a_goal_lies_under_those_before_it_and_its_figure_stands_beside(plan):
    drawn = rows(CHARTS["goals"](plan))["Offshore business"]
    pieces = lengths(drawn, "bm-piece")
    assert [tone for tone, _ in pieces] == ["goal-2", "goal-1", "base"]
    parts = [part for _, part in pieces]
    assert parts == sorted(parts, reverse=True)
    assert parts[0] == 1
    assert "4 billion USD" in words(drawn).split("|")


def test_the_legend_names_each_step_once_by_its_tone(plan):
    legend = CHARTS["goals"](plan).split('<ul class="bm-legend">')[1]
    entries = re.findall(r'bm-tone bm-([\w-]+)"></i>(.*?)</li>', legend)
    assert dict(entries) == {
        "base": "Base year 2006",
        "goal-1": "Goal 1: 2010 (inferred)",
        "goal-2": "Goal 2: 2015 (partly inferred)",
        "outcome": "Measured later",
    }
    assert len(entries) == 4


def test_revenue_of_two_currencies_has_figures_and_no_bars(plan):
    drawn = rows(CHARTS["cities"](plan))
    revenue = drawn.pop("Revenue")
    assert [part for _, part in lengths(revenue)] == [0, 0]
    assert "20.7 billion CNY: other currency" in words(revenue)
    assert all(part > 0 for one in drawn.values() for _, part in lengths(one))


def test_a_bar_says_whose_figure_it_is_to_those_who_see_no_tone(plan):
    told = comparison_in_words(plan)
    drawn = rows(CHARTS["cities"](plan))
    for label, figures in told.groupby("label"):
        one = drawn[escape(str(label))]
        heard = re.findall(r'<span class="bm-voice">(.*?) </span>', one)
        assert heard == list(figures["series"])


def test_more_groups_than_tones_are_all_in_the_legend(plan):
    told = comparison_in_words(plan)
    extra = [told.assign(series=f"s{n}") for n in range(len(SERIES) + 1)]
    chart = comparison_chart(pd.concat(extra, ignore_index=True))
    legend = chart.split('<ul class="bm-legend">')[1]
    assert re.findall(r"</i>(s\d)</li>", legend) == [
        f"s{n}" for n in range(len(SERIES) + 1)
    ]


def test_unserved_priorities_stand_out_and_each_leads_to_its_zones(plan):
    drawn = rows(CHARTS["priorities"](plan))
    cells = matrix_in_words(plan)
    known = cells.drop_duplicates("priority")
    assert list(drawn) == list(map(linked, known["priority"], known["title"]))
    [medical] = [one for label, one in drawn.items() if "Medical services" in label]
    assert re.findall(r'<li class="bm-(\w+)">(.*?)</li>', medical) == [
        ("none", "No zone")
    ]
    for label, one in drawn.items():
        states = re.findall(r'<li class="bm-(\w+)"', one)
        # those whose focus names it come first
        assert states == sorted(states, reverse=True), label
        assert states


@pytest.mark.parametrize("hostile", ["{{7*7}}", "</script>", "<img src=x>", '" x="y'])
def test_text_of_a_plan_is_never_markup(plan, hostile):
    claims = plan.claims.copy()
    claims["text"] = claims["text"].where(claims["text"].isna(), hostile)
    claims["subject"] = claims["subject"].where(claims["subject"].isna(), hostile)
    zones = plan.zones.assign(name_en=hostile, name_zh=hostile)
    told = replace(plan, zones=zones, claims=claims)
    for name, make in CHARTS.items():
        if name != "priorities":
            assert hostile not in make(told)
    assert hostile not in priority_chart(matrix_in_words(told), link=lambda *_: "")


def test_empty_tables_are_drawn_too(plan):
    bare = replace(plan, claims=plan.claims.iloc[:0])
    for name, make in CHARTS.items():
        if name != "area":
            assert rows(make(bare)) == {}
