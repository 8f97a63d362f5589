"""Totals say what they count, in any unit, and when they were not computed."""

import re
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from beltmap.geo.language.messages import LANGUAGES, own, speaking, text
from beltmap.geo.report.totals import total_table
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.keepsakes.seen import Seen
from beltmap.layers.views.sections import audit_sections
from beltmap.layers.views.totals import HEAD, total_tiles
from tests.choosing import choose


@pytest.fixture
def found(plan):
    return choose(plan).summary


def test_every_total_has_a_tile_with_its_unit(found):
    tiles = {tile.label: tile for tile in total_tiles(found, unit="ha")}
    assert len(tiles) == len(vars(found))
    assert (tiles["Stated in the plan"].value, tiles["Stated in the plan"].unit) == (
        "5,940.0",
        "ha",
    )
    assert (tiles["Not located"].value, tiles["Not located"].unit) == ("1", "")


def test_the_head_says_of_how_many(found):
    first, *others = total_tiles(found, names=HEAD, everything=1_200)
    assert (first.value, first.unit) == ("12", "of 1,200")
    assert set(HEAD) < set(vars(found))
    assert len(others) == len(HEAD) - 1


def test_zones_that_are_all_located_are_not_said_to_be_lost(found):
    (lost,) = total_tiles(found, names=["zones"])
    assert lost.explanation == "1 not located, so not on the map."
    (none,) = total_tiles(replace(found, not_located=0), names=["zones"])
    assert none.explanation == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_source_states_is_not_said_to_be_nothing(plan, language):
    with speaking(language):
        parks = choose(plan, kind=("park",), city=("Qingdao",)).summary
        areas = dict(zip(vars(parks), total_tiles(parks), strict=True))
        assert areas["declared_km2"].value == areas["published_km2"].value == "–"
        assert areas["declared_km2"].explanation == text("tile.declared_km2.none")
        assert areas["overlap_km2"].value == "0.0"
        for nothing in (choose(plan, text="nowhere"), choose(plan, text="no such")):
            tiles = total_tiles(nothing.summary, names=HEAD)
            said = {tile.explanation for tile in tiles[1:]}
            assert said == {text("tile.no_zones")}
            figures = {tile.value for tile in total_tiles(nothing.summary)}
            assert figures == {"0", "–"}


def test_what_was_not_computed_is_no_number(found):
    (tile,) = total_tiles(
        replace(found, covered_km2=float("nan")), names=["covered_km2"]
    )
    assert tile.value == "–"
    assert "Not computed" in tile.explanation


LOST = "qd-town-film"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_total_of_places_names_the_zones_without_one(plan, language):
    with speaking(language):
        table = total_table(choose(plan)).set_index("total")
        name = plan.zones.set_index("id").loc[LOST, own("name")]
        naming = table.index[[name in what for what in table["what"]]]
        assert list(naming) == [
            "covered",
            "overlap",
            "inside",
            "outside",
            "place_unknown",
        ]
        parks = total_table(choose(plan, kind=("park",)))
        assert not parks["what"].str.contains(name, regex=False).any()


@pytest.fixture(scope="module")
def note(plan):
    """The sentence, by its language, as it stands in the catalogue."""
    zone = plan.zones.set_index("id").loc[LOST]
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            names = zone[own("name")]
            said[language] = text("audit.place_unknown", names=names, km2="5.0")
    return said


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sentence_tells_so_wherever_totals_are(plan, note, language):
    selection, found = choose(plan), {}
    with speaking(language):
        sections = {one.key: one for one in audit_sections(selection, unit="km²")}
        found["totals"] = " ".join(sections["totals"].notes)
        found["overlaps"] = " ".join(sections["overlaps"].notes)
    made = offline_page(selection, on=date(2026, 3, 1), seen=Seen(language=language))
    found["offline"] = made.decode()
    for option in ([], ["--overlaps"]):
        command = ["summary", "--lang", language, *option]
        found[" ".join(command)] = CliRunner().invoke(main, command).output
    for where, said in found.items():
        packed = re.sub(r"\s", "", said)
        assert packed.count(re.sub(r"\s", "", note[language])) == 1, where


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_it_under_its_totals_while_it_counts(note, language):
    told = []
    for kind in ([], ["park"]):
        page = AppTest.from_file(str(SHIPPED.parent / "app.py"), default_timeout=60)
        page.query_params["lang"], page.query_params["kind"] = language, kind
        shown = "".join(one.proto.body for one in page.run().get("html"))
        told.append(shown.count(note[language]))
    assert told == [1, 0]
