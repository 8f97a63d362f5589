"""The charts draw the tables, and say in words what they draw."""

import json
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
from beltmap.layers.charts.parts import SERIES, WARNING
from beltmap.layers.charts.priorities import priority_chart


def bars():
    table = pd.DataFrame(
        {"label": ["a", "b"], "zones": [1, 2], "covered_km2": [1.0, 3.0]}
    )
    return area_bars(table)


CHARTS = {
    "area": lambda _: bars(),
    "goals": lambda plan: progress_chart(progress_in_words(plan)),
    "cities": lambda plan: comparison_chart(comparison_in_words(plan)),
    "priorities": lambda plan: priority_chart(matrix_in_words(plan)),
}


@pytest.fixture(params=CHARTS)
def chart(plan, request):
    return CHARTS[request.param](plan)


def drawn(chart):
    """Give the rows that a chart draws."""
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def test_a_chart_is_valid_and_fits_into_a_frame(chart):
    spec = chart.to_dict()
    assert isinstance(spec["height"], int)


def test_layers_do_not_argue_about_the_order_of_rows(chart):
    spec = chart.to_dict()
    orders = [
        json.dumps(layer["encoding"]["y"]["sort"])
        for layer in spec.get("layer", [spec])
    ]
    assert len(set(orders)) == 1
    assert orders[0].startswith("[")


def test_a_description_names_every_row(chart):
    spec = chart.to_dict()
    layers = spec.get("layer", [spec])
    said = spec.get("description") or layers[0]["description"]
    for label in layers[0]["encoding"]["y"]["sort"]:
        assert label.split("\n")[0] in said


def test_the_longest_bar_comes_first():
    order = bars().to_dict()["layer"][0]["encoding"]["y"]["sort"]
    assert order == ["b", "a"]


def test_goals_are_shares_and_money_in_other_currencies_is_left_out(plan):
    rows = drawn(CHARTS["goals"](plan))
    assert {row["label"] for row in rows} >= {"Service outsourcing business (CNY)"}
    assert "Service outsourcing business (USD)" not in {row["label"] for row in rows}
    marks = [row for row in rows if row["role"] == "outcome"]
    assert sorted(round(row["share"], 3) for row in marks) == [
        0.267,
        0.407,
        0.605,
        0.813,
    ]
    assert {row["when"] for row in marks} == {
        "2013: 1.63 billion USD (measures differ)",
        "2013: 40 (measures differ)",
        "2015: 2.42 billion USD (measures differ)",
        "2015: 244,000 (measures differ)",
    }
    last = [row for row in rows if row["last"]]
    assert len(last) == len({row["label"] for row in rows})


def test_a_goal_that_counts_otherwise_than_the_last_one_says_so_on_its_bar(plan):
    """Companies of 45 million or of over 1,000 people are not those of the second."""
    rows = drawn(CHARTS["goals"](plan))
    apart = [row for row in rows if row["role"] == "goal" and row["apart"]]
    assert {row["label"]: row["when"] for row in apart} == {
        "Large offshore companies": "more than 30: measures differ",
        "Large employers": "at least 5: measures differ",
    }
    texts = [
        layer["transform"][-1]["filter"]
        for layer in CHARTS["goals"](plan).to_dict()["layer"]
        if layer["mark"]["type"] == "text"
    ]
    assert "datum.apart && datum.role != 'outcome'" in texts


def test_the_labels_of_two_marks_in_a_row_point_away_from_each_other(plan):
    spec = CHARTS["goals"](plan).to_dict()
    labels = [layer for layer in spec["layer"] if layer["mark"].get("dy") == -15]
    filters = {
        each["mark"]["align"]: each["transform"][-1]["filter"] for each in labels
    }
    assert filters == {"left": "datum.newest == true", "right": "datum.newest == false"}
    rows = [row for row in drawn(CHARTS["goals"](plan)) if row["role"] == "outcome"]
    offshore = {row["when"]: row["newest"] for row in rows if row["newest"] is False}
    assert set(offshore) == {"2013: 1.63 billion USD (measures differ)"}
    assert sum(row["newest"] for row in rows) == len({row["label"] for row in rows})


def test_the_legend_shows_what_was_measured_by_its_mark(plan):
    layers = CHARTS["goals"](plan).to_dict()["layer"]
    [shape] = [one["encoding"]["shape"] for one in layers if "shape" in one["encoding"]]
    shapes = dict(zip(shape["scale"]["domain"], shape["scale"]["range"], strict=True))
    assert shapes.pop("Measured later") == "diamond"
    assert set(shapes.values()) == {"square"}
    # equal legends are one
    assert shape["legend"] == layers[0]["encoding"]["color"]["legend"]
    assert "symbolType" not in shape["legend"]


def test_goals_of_one_horizon_have_one_colour(plan):
    scale = CHARTS["goals"](plan).to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert sorted(scale["domain"]) == [
        "Base year 2006",
        "Goal 1: 2010 (inferred)",
        "Goal 2: 2015 (partly inferred)",
        "Measured later",
    ]
    assert len(set(scale["range"])) == 4


def test_revenue_of_two_currencies_has_figures_and_no_bars(plan):
    rows = drawn(CHARTS["cities"](plan))
    revenue = [row for row in rows if row["label"] == "Revenue"]
    assert [row["length"] for row in revenue] == [0, 0]
    assert "20.7 billion CNY: other currency" in revenue[0]["figure"]
    assert all(row["length"] > 0 for row in rows if row["label"] != "Revenue")


def test_unserved_priorities_stand_out_and_a_click_selects(plan):
    chart = CHARTS["priorities"](plan)
    spec = chart.to_dict()
    assert WARNING in spec["encoding"]["color"]["scale"]["range"]
    [selection] = spec["params"]
    assert selection["name"] == "priority"
    assert selection["select"] == {"type": "point", "fields": ["priority"]}
    assert "layer" not in spec
    assert "Medical services: No zone" in spec["description"]


def test_more_groups_than_colours_still_have_one_each(plan):
    told = comparison_in_words(plan)
    extra = [told.assign(series=f"s{n}") for n in range(len(SERIES) + 1)]
    chart = comparison_chart(pd.concat(extra, ignore_index=True))
    scale = chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert len(scale["range"]) == len(scale["domain"]) == len(SERIES) + 1


@pytest.mark.parametrize("words", ["{{7*7}}", "</script>", "a.b[0]", "'x'"])
def test_text_of_a_plan_is_data_and_never_an_expression(plan, words):
    claims = plan.claims.copy()
    claims.loc[claims["attribute"] == "title", "text"] = words
    chart = priority_chart(matrix_in_words(replace(plan, claims=claims)))
    spec = chart.to_dict()
    spec.pop("datasets")
    spec.pop("description")
    spec["encoding"]["y"].pop("sort")
    assert words not in json.dumps(spec)


def test_empty_tables_are_drawn_too(plan):
    bare = replace(plan, claims=plan.claims.iloc[:0])
    charts = (
        progress_chart(progress_in_words(bare)),
        comparison_chart(comparison_in_words(bare)),
        priority_chart(matrix_in_words(bare)),
    )
    assert all(isinstance(chart.to_dict(), dict) for chart in charts)
