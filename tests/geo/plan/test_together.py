"""Several plans open as one: nothing is lost, and each code is of one plan."""

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from click.testing import CliRunner

from beltmap.geo.charter.force import under
from beltmap.geo.charter.reading import inner_plans, parse_charter, plan_names
from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import speaking, text
from beltmap.geo.plan.plan import id_faults, read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.findings import findings
from beltmap.geo.report.remarks import differences_in_words, unread_in_words
from beltmap.geo.shipped import stamp
from beltmap.layers.commands.main import main

CHENGDU = Path(__file__).parents[2] / "plans" / "chengdu"


def changed(folder, old, new):
    path = folder / "plan.toml"
    said = path.read_text(encoding="utf-8")
    assert old in said
    path.write_text(said.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Give a plan twice, the second with another colour and other sources."""
    root = tmp_path_factory.mktemp("twins")
    north, south = (
        Path(shutil.copytree(CHENGDU, root / name)) for name in ("north", "south")
    )
    changed(south, "#228833", "#AA0000")
    changed(south, "Bioscience city of Chengdu", "Southern city")
    sources = south / "sources.csv"
    table = pd.read_csv(sources)
    table.loc[0, "title"] = "Another document"
    table.to_csv(sources, index=False)
    return north, south


@pytest.fixture(scope="module")
def both(twins):
    return read_plan(*twins)


def test_no_zone_is_lost_and_an_id_of_two_is_shown_with_its_plan(both):
    alone = read_plan(CHENGDU)
    names = ("north", "south")
    ids = [f"{zone} ({name})" for name in names for zone in alone.zones["id"]]
    assert both.zones["id"].tolist() == ids
    assert id_faults(both.zones) == []
    assert both.zones.geometry.notna().sum() == 2 * alone.zones.geometry.notna().sum()
    assert both.rows == {"north": slice(0, 6), "south": slice(6, 12)}
    parts = both.zones["part_of"].dropna()
    assert parts.isin(both.zones["id"]).all()


def test_claims_follow_what_they_are_about(both):
    claims = both.claims
    assert claims["id"].is_unique
    assert len(claims) == 2 * len(read_plan(CHENGDU).claims)
    about = claims[claims["subject"] == "cd-core (south)"]
    assert about["id"].str.startswith("cd-core (south).").all()
    assert len(about)
    for link in ("share_of", "summand_of", "each_of"):
        assert claims[link].dropna().isin(claims["id"]).all()
    with under(both.charter):
        assert text("subject.cd-goal (south)") == "Goals for 2035"


def test_a_source_that_differs_is_there_twice_and_one_that_does_not_once(both, twins):
    first = pd.read_csv(twins[0] / "sources.csv")["id"]
    named = both.sources["id"].tolist()
    assert f"{first[0]} (north)" in named
    assert f"{first[0]} (south)" in named
    assert [one for one in first[1:] if one in named] == list(first[1:])
    cited = both.zones["source"].dropna().str.partition(",")[0]
    assert cited.isin(named).all()
    assert both.claims["source"].isin(named).all()


def test_a_structure_is_counted_in_its_own_plan(both):
    assert [one.code.rpartition(" ")[2] for one in both.charter.structures] == [
        "(north)",
        "(south)",
    ]
    assert "pattern_incomplete" not in {one.rule for one in findings(both)}


def test_totals_are_those_of_both(both, twins):
    alone = [Selection(read_plan(one)).summary for one in twins]
    found = Selection(both).summary
    assert found.zones == sum(one.zones for one in alone)
    assert found.declared_km2 == pytest.approx(sum(o.declared_km2 for o in alone))


@pytest.mark.parametrize(("language", "said"), [("en", "south"), ("zh", "south")])
def test_what_two_plans_say_differently_is_said_in_a_line(both, language, said):
    assert both.charter.colour("district") == "#228833"
    with speaking(language):
        [line] = differences_in_words(both.charter)
    assert "district" in line
    assert "north" in line
    assert said in line


def test_titles_stand_one_after_the_other(both):
    assert both.charter.title.en == "Bioscience city of Chengdu · Southern city"


def test_a_licence_is_of_the_plan_that_gives_it(tmp_path):
    north, south = (
        Path(shutil.copytree(CHENGDU, tmp_path / name)) for name in ("north", "south")
    )
    both = read_plan(north, south).charter
    assert (both.licence.en, both.date) == ("CC0", "2026-05")
    changed(south, 'licence = "CC0"', "")
    changed(south, 'date = "2026-05"', 'date = "2026-06"')
    both = read_plan(north, south).charter
    assert (both.licence.en, both.date) == ("CC0 (north)", "")
    changed(north, 'licence = "CC0"', 'licence = "CC BY 4.0"')
    changed(south, "version", 'licence = "CC0"\nversion')
    assert (
        read_plan(north, south).charter.licence.zh == "CC BY 4.0 (north) · CC0 (south)"
    )


def test_other_kinds_cities_statuses_and_sectors_merge(tmp_path, twins):
    other = Path(shutil.copytree(CHENGDU, tmp_path / "third"))
    said = (other / "plan.toml").read_text(encoding="utf-8")
    words = {"kinds.core": "kinds.heart", "core = 1": "heart = 1"}
    words |= {"Chengdu]": "Mianyang]", "sectors.trials": "sectors.seeds"}
    words |= {"draft =": "sketch ="}
    for old, new in words.items():
        said = said.replace(old, new)
    (other / "plan.toml").write_text(said, encoding="utf-8")
    for name in ("cores", "axes", "districts"):
        path = other / f"{name}.geojson"
        text = path.read_text(encoding="utf-8").replace("Chengdu", "Mianyang")
        text = text.replace('"core"', '"heart"').replace("trials", "seeds")
        text = text.replace('"draft"', '"sketch"')
        path.write_text(text, encoding="utf-8")
    claims = other / "claims.csv"
    text = claims.read_text(encoding="utf-8").replace("trials", "seeds")
    claims.write_text(text, encoding="utf-8")
    charter = read_plan(twins[0], other).charter
    assert list(charter.by_kind) == ["core", "axis", "district", "heart"]
    assert [city.code for city in charter.cities] == ["Chengdu", "Mianyang"]
    assert list(charter.statuses) == ["approved", "draft", "sketch"]
    assert [s.code for s in charter.sectors] == [
        "vaccines",
        "devices",
        "trials",
        "seeds",
    ]


def test_faults_of_all_plans_come_at_once_with_their_plan(tmp_path):
    broken = [Path(shutil.copytree(CHENGDU, tmp_path / name)) for name in "ab"]
    for folder in broken:
        (folder / "sources.csv").unlink()
        (folder / "cores.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(PlanError) as error:
        read_plan(*broken)
    assert {fault.where[:3] for fault in error.value.faults} == {"a: ", "b: "}


def test_one_folder_given_twice_is_one_plan(twins):
    assert read_plan(twins[0], twins[0]).parts == ()


@pytest.fixture
def county(tmp_path, twins):
    """Give a folder that consists of two plans."""
    for folder in twins:
        shutil.copytree(folder, tmp_path / folder.name)
    head = 'title = "County"\nplans = ["north", "south"]\nunit = "ha"\n'
    (tmp_path / "plan.toml").write_text(head, encoding="utf-8")
    return tmp_path


def test_a_folder_may_consist_of_plans(county, both):
    plan = read_plan(county)
    assert plan.charter.title.en == "County"
    assert plan.charter.unit == "ha"
    assert plan.zones["id"].tolist() == both.zones["id"].tolist()
    assert [one.name for one in inner_plans(county)] == ["north", "south"]


def test_a_change_in_an_inner_plan_is_a_change(county):
    before = stamp(county)
    changed(county / "south", "#AA0000", "#AA0001")
    assert stamp(county) != before


def test_a_plan_that_is_not_there_is_a_fault(county):
    shutil.rmtree(county / "south")
    with pytest.raises(PlanError) as error:
        read_plan(county)
    assert [one.code for one in error.value.faults] == ["E_NO_SUCH_PLAN"]


def test_names_tell_folders_of_one_name_apart(tmp_path):
    paths = [tmp_path / one for one in ("a/plan", "b/plan", "b/other")]
    assert plan_names(paths) == ("a/plan", "b/plan", "other")


def run(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


def test_every_command_takes_several_plans(twins, tmp_path):
    north, south = twins
    several = ("--plan", north, "--plan", south)
    for command in ("summary", "ledger", "audit", "claims"):
        said = run(command, *several, "--format", "json")
        # plans on the same land overlap, which is an error of the audit
        assert said.exit_code == (command == "audit"), said.output
        assert "district" in said.stderr
    out = tmp_path / "both.geojson"
    assert run("export", out, *several).exit_code == 0
    assert len(gpd.read_file(out)) == len(read_plan(*twins).zones)
    assert run("map", tmp_path / "it.html", *several).exit_code == 0
    assert run("check", out, *several).exit_code == 0
    said = run("diff", north, out, *several)
    assert said.exit_code == 0, said.output


def test_what_changes_a_plan_asks_which(county):
    said = run("scale", "cd-core", "--plan", county)
    assert said.exit_code != 0
    assert "north, south" in said.output


def test_a_name_that_no_plan_has(tmp_path):
    said = run("summary", "--plan", tmp_path / "nowhere")
    assert said.exit_code == 2


def test_files_that_are_not_read_are_named_with_their_plan(county):
    (county / "south" / "roads.geojson").write_text("{}", encoding="utf-8")
    [line] = unread_in_words(county)
    assert "roads.geojson" in line
    assert "south" in line


TWO_DEFAULTS = """
[kinds.a]
file = "a.geojson"
default = true
[kinds.b]
file = "b.geojson"
default = true
"""


@pytest.mark.parametrize(("added", "code"), [
    (TWO_DEFAULTS, "E_DEFAULT_SHARED"),
    ('[structures.s]\nwhole = "Park"\n', "E_WHOLE_IS_KIND"),
    ("[cities.X]\nview = { lon = 200, lat = 30, zoom = 9 }\n", "E_BAD_VALUE"),
    ("[cities.X]\nview = { lon = 104.5, lat = 30 }\n", "E_MISSING_KEY"),
    ('plans = ["../other"]\n', "E_BAD_VALUE"),
    ('basemap = "https://x"\n', "E_BAD_VALUE"),
])  # fmt: skip
def test_new_keys_are_read_strictly(added, code):
    with pytest.raises(PlanError) as error:
        parse_charter(f'title = "T"\n{added}')
    [fault] = error.value.faults
    assert fault.code == code
    assert "line" in fault.where


def test_the_default_kind_is_the_plan_s():
    said = 'title = "T"\n[kinds.a]\nfile = "a.geojson"\n[kinds.b]\nfile = "b.geojson"\n'
    assert parse_charter(said).default_kind == "b"
    chosen = said.replace("[kinds.b]", "default = true\n[kinds.b]")
    assert parse_charter(chosen).default_kind == "a"


def test_the_whole_of_a_structure_is_said_with_it():
    charter = parse_charter(
        'title = "T"\n[structures.s]\nname = "Four parks"\n'
        'whole = { en = "base", zh = "基地" }\n'
    )
    assert charter.messages["en"]["patterns.s"] == (
        "Four parks; the whole is called “base”"
    )
    assert "基地" in charter.messages["zh"]["patterns.s"]


def test_a_file_that_says_no_kind_is_of_the_plan_s_default_kind(tmp_path):
    path = tmp_path / "more.csv"
    path.write_text("id,name_en,lon,lat\nx,X,104.05,30.52\n", encoding="utf-8")
    said = run("check", path, "--plan", CHENGDU, "--zones", tmp_path / "out.geojson")
    assert "district" in (tmp_path / "out.geojson").read_text(), said.output


def test_chapters_and_indicators_have_the_words_of_the_plan():
    said = """
title = "T"
[words.chapter]
layout = { en = "How the core is laid out", zh = "核心布局" }
[words.indicator]
exports = "Vaccines sold abroad"
"""
    with under(parse_charter(said)), speaking("en"):
        assert text("section.chapter.layout") == "How the core is laid out"
        assert text("indicator.exports") == "Vaccines sold abroad"
