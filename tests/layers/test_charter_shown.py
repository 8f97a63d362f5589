"""What a plan says of itself is what readers see: its unit, view, and whose it is."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from beltmap.geo.charter.force import under
from beltmap.geo.charter.merge import merged
from beltmap.geo.charter.reading import parse_charter
from beltmap.geo.errors import PlanError
from beltmap.geo.export.extract import take_extract
from beltmap.geo.export.metadata import describe
from beltmap.geo.language.messages import speaking, text
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.zones import zone_table
from beltmap.layers.commands.main import main
from beltmap.layers.keepsakes.brief import write_brief
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.views.card import zone_card
from tests.layers.keepsakes.test_offline import payloads as held_in

ELSEWHERE = Path(__file__).parents[1] / "plans" / "chengdu"
PAGE = str(Path(__file__).parents[2] / "app.py")
TODAY = date(2026, 11, 26)


@pytest.fixture
def folder(tmp_path):
    """Give a plan that wants hectares and begins with whether it adds up."""
    folder = Path(shutil.copytree(ELSEWHERE, tmp_path / "plan"))
    path = folder / "plan.toml"
    words = path.read_text(encoding="utf-8")
    head = 'unit = "ha"\nviews = ["audit", "map"]\n'
    path.write_text(head + words, encoding="utf-8")
    return folder


def page(monkeypatch, folder, **query):
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    script = AppTest.from_file(PAGE, default_timeout=120)
    for name, value in query.items():
        script.query_params[name] = value
    script.run()
    assert not script.exception
    return script


def said(script):
    return " ".join(str(one.proto) for one in script.get("html"))


def test_the_first_of_the_views_is_opened_first(monkeypatch, folder):
    script = page(monkeypatch, folder)
    assert script.session_state["view"] == "audit"
    # what is opened first needs no word in the link, and what is not does
    assert "view" not in script.query_params
    script = page(monkeypatch, folder, view="map")
    assert script.session_state["view"] == "map"
    assert "map" in script.query_params["view"]


def test_areas_are_shown_in_the_unit_of_the_plan(monkeypatch, folder):
    plan = read_plan(folder)
    zone = plan.zones.iloc[0]
    hectares = f"{zone['drawn_area_km2'] * 100:.0f} ha"
    with under(plan.charter):
        assert hectares in zone_card(plan, 0)
        table = zone_table(Selection(plan))
    assert table["Drawn area (ha)"].iloc[0] == zone["drawn_area_km2"] * 100
    script = page(monkeypatch, folder, view="map")
    assert f"<small>{text('unit.name.ha')}</small>" in said(script)
    assert "km²" not in said(script)


def test_map_offline_file_and_commands_have_that_unit_as_well(folder):
    plan = read_plan(folder)
    html = offline_page(Selection(plan), on=TODAY).decode()
    assert "<small>ha</small>" in html
    assert any(b'"per_km2":100' in content for content in held_in(html).values())
    out = CliRunner().invoke(main, ["ledger", "--plan", str(folder), "--format", "csv"])
    assert ",ha" in out.output
    out = CliRunner().invoke(main, ["summary", "--plan", str(folder), "--unit", "km2"])
    assert "km²" in out.output


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("A made-up institute", "2026-05", "Version 2", "CC0")),
        ("zh", ("编制：虚构的研究院", "日期：2026-05", "版本：2", "许可：CC0")),
    ],
)
def test_page_and_offline_file_say_whose_the_plan_is(
    monkeypatch, folder, language, words
):
    shown = said(page(monkeypatch, folder, lang=language))
    shown = shown.encode().decode("unicode_escape").encode("latin-1").decode()
    with speaking(language):
        taken = offline_page(Selection(read_plan(folder)), on=TODAY).decode()
    for word in words:
        assert word in shown
        assert word in taken


def test_the_brief_says_whose_the_plan_is():
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler is not installed")
    brief = write_brief(Selection(read_plan(ELSEWHERE)), kind="pdf", on=TODAY)
    tool = ("pdftotext", "-layout", "-", "-")
    words = subprocess.run(tool, input=brief, capture_output=True, check=True).stdout
    for word in ("Made by", "A made-up institute", "2026-05", "CC0"):
        assert word in words.decode()


def test_subtitles_of_several_plans_are_told_with_their_titles():
    plans = {
        "a": parse_charter('title = "North"\nsubtitle = "Ports"'),
        "b": parse_charter('title = "South"'),
    }
    assert merged(plans).subtitle.en == "North: Ports"
    same = {name: parse_charter('title = "x"\nsubtitle = "All"') for name in "ab"}
    assert merged(same).subtitle.en == "All"


def test_the_abstract_of_a_file_is_in_sentences(folder):
    path = folder / "plan.toml"
    words = path.read_text(encoding="utf-8").replace("made up for tests.", "made up")
    path.write_text(words, encoding="utf-8")
    plan = read_plan(folder)
    with under(plan.charter):
        about = describe(take_extract(Selection(plan), crs="wgs84"))
    assert "made up. 6 zones" in about["ABSTRACT"]
    assert about["LICENCE"] == "CC0"


def test_a_plan_without_a_licence_is_given_none():
    plan = read_plan(ELSEWHERE)
    silent = parse_charter('title = "x"')
    plan = replace(plan, charter=replace(plan.charter, licence=silent.licence))
    with under(plan.charter):
        about = describe(take_extract(Selection(plan), crs="wgs84"))
    assert about["LICENCE"] == "Not stated by the plan"


@pytest.mark.parametrize(
    ("said", "leads_to"),
    [
        ("maps@example.org", "mailto:maps@example.org"),
        (
            "https://example.org/issues?a=1&b=2",
            "https://example.org/issues?a=1&amp;b=2",
        ),
    ],
)
def test_feedback_goes_where_the_plan_says(monkeypatch, folder, said, leads_to):
    path = folder / "plan.toml"
    words = path.read_text(encoding="utf-8")
    path.write_text(f'feedback = "{said}"\n{words}', encoding="utf-8")
    foot = [
        one.proto.body
        for one in page(monkeypatch, folder).get("html")
        if 'class="bm-foot"' in one.proto.body
    ]
    assert len(foot) == 1
    assert f'<a href="{leads_to}" ' in foot[0]
    assert text("foot.feedback") in foot[0]


@pytest.mark.parametrize(
    "said", ["javascript:alert(1)", "data:text/html,x", "a b@example.org", "nowhere"]
)
def test_feedback_that_is_no_address_is_a_fault(said):
    with pytest.raises(PlanError) as error:
        parse_charter(f'title = "A"\nfeedback = "{said}"')
    assert "feedback" in str(error.value)


def test_plans_that_send_feedback_elsewhere_send_it_nowhere_together():
    one, other = (
        parse_charter(f'title = "A"\nfeedback = "{at}@example.org"')
        for at in ("one", "other")
    )
    assert merged({"one": one, "two": one}).feedback == "one@example.org"
    assert merged({"one": one, "other": other}).feedback == ""
