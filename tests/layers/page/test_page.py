"""The page's script, run without a browser."""

import csv
import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from beltmap.geo.query.filters import Filters
from beltmap.layers.page.parts.sidebar import counted
from tests.elsewhere import write_flat

PAGE = str(Path(__file__).parents[3] / "app.py")


@pytest.fixture
def page():
    def open_page(**query):
        script = AppTest.from_file(PAGE, default_timeout=60)
        for name, value in query.items():
            script.query_params[name] = value
        return script.run()

    return open_page


def shown(script):
    return "".join(element.proto.body for element in script.get("html"))


def facets(script):
    """Give what the panel of filters is told: values by facet."""
    [panel] = script.get("bidi_component")
    told = json.loads(panel.proto.bytes)
    return {facet["column"]: facet["values"] for facet in told["facets"]}


def zones_in_table(script):
    return script.dataframe[0].value["Name"].tolist()


def test_the_area_summary_says_every_total_in_words(page):
    said = shown(page(lang="en"))
    head = '<th scope="row">High-tech zone</th>'
    assert f"{head}<td>1</td><td>not stated</td><td>153.0</td>" in said
    assert '<th scope="row">Town</th><td>3</td><td>19.4</td><td>19.4</td>' in said
    assert "rows overlap each other" in said


def test_page_shows_the_whole_plan(page):
    script = page()
    assert not script.exception
    assert len(zones_in_table(script)) == 12
    assert "59.4" in shown(script)
    assert "of 12" in shown(script)


def test_a_sector_narrows_table_totals_and_link(page):
    script = page()
    script.session_state.wanted = Filters(sectors=("logistics",))
    script.run()
    assert zones_in_table(script) == ["Modern Logistics Information Park"]
    assert script.query_params["sectors"] == "logistics"
    assert "of 12" in shown(script)


def test_zero_stays_visible_and_counts_follow_the_other_filters(page):
    script = page(city="Dalian")
    kinds = {value: count for value, _, count in facets(script)["kind"]}
    assert kinds["town"] == "0"
    assert kinds["zone"].replace("\xa0", " ").startswith("1 · 153")


def test_an_empty_result_says_so_and_can_be_cleared(page):
    script = page(q="no such zone")
    assert len(script.warning) == 1
    script.button(key="clear:nothing").click().run()
    assert not script.warning
    assert len(zones_in_table(script)) == 12
    assert not script.query_params.get("q")


def test_a_link_restores_filters_and_selection(page):
    script = page(kind=["town", "park"], sectors=["BPO"], zone="qd-park-bpo")
    assert zones_in_table(script) == [
        "Qingdao Laoshan Service Outsourcing Town",
        "Qingdao Aoshanwei Service Outsourcing Town",
        "Business Process Outsourcing Park",
    ]
    assert "业务流程外包产业园" in shown(script)
    assert script.query_params["zone"] == "qd-park-bpo"


@pytest.mark.parametrize(
    "query",
    [
        {"city": "Atlantis"},
        {"least": "nan"},
        {"sectors": "<script>alert(1)</script>"},
        {"zone": "{{7*7*1009}}"},
        {"q": "' OR 1=1--"},
        {"q": "("},
        {"kind": ["town", "x"], "most": "-1"},
        {"layer": "<script>alert(1)</script>", "bbox": "117,40,116,39"},
        {"lat": "nan", "lon": "116"},
    ],
)
def test_junk_in_a_link_is_one_line_and_no_error(page, query):
    script = page(**query)
    assert not script.exception
    assert "49441" not in shown(script)
    said = [caption.value for caption in script.caption if "link" in caption.value]
    assert len(said) == (0 if set(query) == {"q"} else 1)


def test_a_broken_plan_is_shown_as_its_faults_alone(page, monkeypatch, tmp_path):
    folder = write_flat(tmp_path / "plan")
    parks = folder / "parks.geojson"
    parks.write_text(
        parks.read_text(encoding="utf-8").replace('"embedded"', '"fishing"'),
        encoding="utf-8",
    )
    (folder / "towns.geojson").unlink()
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    script = page()
    assert not script.exception
    said = " ".join(text.value for text in script.text)
    for part in (
        "towns.geojson",
        "qd-park-haier",
        "fishing",
        "sectors.csv",
        "beltmap build",
    ):
        assert part in said
    assert not script.dataframe


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("plan", ["Goals and results", "Priorities", "Existing conditions"]),
        (
            "audit",
            [
                "Does it add up?",
                "Totals side by side",
                "Area ledger",
                "How figures are measured",
            ],
        ),
    ],
)
def test_a_link_opens_a_view(page, view, said):
    script = page(view=view)
    assert not script.exception
    heads = " ".join(head.value for head in script.subheader)
    for part in said:
        assert part in heads
    assert script.query_params["view"] == view


def asked(script, place):
    """Click a link of the page as the panel hears of it."""
    script.session_state.asked = place
    script.query_params["view"] = "audit"
    script.session_state.view = "audit"
    script.session_state.view_turn += 1
    return script.run()


def test_the_first_screen_says_what_all_zones_amount_to(page):
    script = page()
    said = shown(script)
    assert "between 40 and 59.4" in said
    assert said.count('class="bm-tile"') == 7
    head = next(
        one.proto.body for one in script.get("html") if "bm-answer" in one.proto.body
    )
    assert head.count('class="bm-tile"') == 3
    assert "Of all cities, whatever the map shows: Dalian, Qingdao." in head
    script.session_state.wanted = Filters(city=("Dalian",))
    said = shown(script.run())
    assert "153 km² or 35.6 km²" in said
    assert "Of all cities" not in said


def test_what_was_asked_for_goes_first_and_is_forgotten_on_the_map(page):
    script = page()
    assert not asked(script, "ledger").exception
    heads = [head.value for head in script.subheader]
    assert heads[:2] == ["Area ledger", "Does it add up?"]
    script.session_state.view = "map"
    script.session_state.view_turn += 1
    assert script.run().session_state.asked == ""


def test_findings_are_filtered(page):
    script = page(view="audit")

    def count():
        return shown(script).count('class="bm-finding"')

    everything = count()
    groups = next(one for one in script.button_group if one.key == "audit:group")
    groups.set_value(["sources"]).run()
    assert count() == 1
    assert any(f"1 of {everything} findings" in one.value for one in script.caption)
    groups.set_value([]).run()
    script.selectbox(key="audit:zone").select("dl-hitech").run()
    assert 0 < count() < everything


def test_an_unknown_view_is_the_map_and_one_line(page):
    script = page(view="moon")
    assert not script.exception
    assert len(script.dataframe[0].value) == 12
    assert any("view" in caption.value for caption in script.caption)


def test_every_format_says_what_it_loses(page):
    script = page(city="Qingdao")
    script.selectbox(key="format").select("dxf").run()
    assert not script.exception
    said = " ".join(caption.value for caption in script.caption)
    assert "Does not keep" in said
    assert len(script.selectbox(key="crs:dxf").options) > 1


with (Path(__file__).parents[2] / "geo" / "intake" / "cases.csv").open(
    encoding="utf-8"
) as table:
    LINKS = [row for row in csv.DictReader(table) if row["kind"] == "query"]


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case["id"])
def test_every_odd_link_opens_the_page_and_is_told(page, case):
    asked = parse_qs(case["recipe"].removeprefix("open /?"), keep_blank_values=True)
    script = page(**asked)
    assert not script.exception
    assert "49441" not in shown(script)
    told = [caption for caption in script.caption if "link" in caption.value]
    assert len(told) <= 1
    if case["must"] == "WARN":
        assert told


def test_a_count_has_an_area_only_where_one_is_drawn():
    assert counted("count", 0, 0.0) == "0"
    assert counted("count", 3, 0.0) == "3"
    assert counted("count_mine", 2, 0.5).replace("\xa0", " ") == "+ yours: 2 · 0.5 km²"
