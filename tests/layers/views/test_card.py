"""Every zone's card says what is known, and where it comes from."""

import re
from dataclasses import replace

import pytest

from beltmap.geo.language.messages import LANGUAGES, speaking, text
from beltmap.geo.report.areas import ledger_table
from beltmap.layers.views.card import zone_card
from tests.choosing import choose
from tests.layers.views.test_html import Reader


def words(plan, zone):
    row = int(plan.zones.index[plan.zones["id"] == zone][0])
    return Reader(zone_card(plan, row)).words


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("qd-belt", ["40 km²", "Schematic", "One belt", "stated", "about 11.6 km"]),
        ("qd-belt", ["the coast road by Shazikou", "runs behind Mount Laoshan"]),
        ("qd-town-laoshan", ["青岛崂山服务外包城", "4.4 km²", "Three towns"]),
        ("qd-town-film", ["Place unknown", "Possible site", "凤凰岛影视产业区"]),
        ("qd-park-bpo", ["not stated", "Part of", "anywhere in Software and Service"]),
        ("qd-base-laoshan", ["Park", "read from its name alone", "Software: “name"]),
        ("qd-park-shinan", ["not stated", "placeholder outline"]),
        (
            "dl-hitech",
            ["153 km²", "From other sources", "35.6 km²", "what is known: "],
        ),
        ("dl-software-park", ["not drawn", "Not located"]),
    ],
)
def test_card_says(plan, zone, said):
    card = words(plan, zone)
    for part in said:
        assert part in card


def test_a_zone_that_was_drawn_by_hand_is_not_said_to_be_undrawn(plan):
    bare = plan.zones["area_basis"].where(plan.zones["id"] != "qd-park-haier", None)
    by_hand = replace(plan, zones=plan.zones.assign(area_basis=bare))
    card = words(by_hand, "qd-park-haier")
    assert "not drawn" not in card
    assert "0.5 km²" in card
    assert "no source states an area" in card
    table = ledger_table(choose(by_hand)).set_index("zone")
    assert table.loc["Haier Information Industrial Park", "basis"] == "as drawn"


def test_every_stated_value_opens_its_source(plan):
    for row, zone in plan.zones.iterrows():
        card = zone_card(plan, row)
        assert Reader(card).tags.count("cite") >= 2, zone["id"]


def test_every_label_of_a_card_begins_with_a_capital(plan):
    for row in range(len(plan.zones)):
        labels = re.findall(r"<span>([^<]+)</span><b>", zone_card(plan, row))
        assert len(labels) > 4
        assert [label for label in labels if label[0].islower()] == []


def test_a_card_says_what_is_near_as_exactly_as_is_known(plan):
    card = words(plan, "qd-park-bpo")
    assert "inside Software and Service Outsourcing Belt" in card
    assert "about 3 km from Qingdao Laoshan" in card
    assert "may be off by up to" in card
    assert "Nearby" not in words(plan, "qd-town-film")


def test_a_card_gives_its_sources_to_be_cited(plan):
    row = int(plan.zones.index[plan.zones["id"] == "dl-hitech"][0])
    document = zone_card(plan, row)
    source = plan.sources.set_index("id").loc["dlhitech"]
    assert f'href="{source["url"]}"' in document
    card = words(plan, "dl-hitech")
    assert "accessed 2026" in words(plan, "qd-base-laoshan")
    assert "@misc{dlhitech," in card
    assert (
        "Computed or assigned by beltmap" not in card.partition("sources, and how")[2]
    )


def test_a_card_says_how_the_document_names_a_zone_that_has_another_name_here(plan):
    belt = words(plan, "qd-belt")
    assert "Name in the document" in belt
    assert "the name on the map is ours" in belt
    assert "without a name of its own in the article" in words(plan, "dl-software-park")
    assert "Name in the document" not in words(plan, "qd-park-shinan")
    with speaking("zh"):
        assert "原文名称" not in words(plan, "qd-park-shinan")


def test_a_place_that_is_only_inferred_says_so_beside_its_radius(plan):
    assert "± 0.4 km around an inferred place" in words(plan, "qd-park-haier")
    assert "± 0.15 km" in words(plan, "qd-park-shinan")
    assert "inferred place" not in words(plan, "qd-park-shinan")
    assert "inferred place" not in words(plan, "qd-belt")


def test_what_is_drawn_of_the_belt_is_told_apart_from_what_is_stated(plan):
    belt = words(plan, "qd-belt")
    for part in ("Drawn width", "about 977 m", "Length of the drawn road", "40.46 km"):
        assert part in belt
    assert "not stated by the plan" in belt


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_says_what_is_not_known_of_its_sources(plan, language):
    with speaking(language):
        no_date, no_day = text("source.no_date"), text("source.no_accessed")
        assert f"{no_date} · {no_day}" in words(plan, "dl-hitech")
        assert text("source.no_url") in words(plan, "qd-belt")


def test_no_address_but_that_of_a_page_becomes_a_link(plan):
    sources = plan.sources.assign(url="javascript:alert(1)")
    row = int(plan.zones.index[plan.zones["id"] == "dl-hitech"][0])
    assert "href" not in zone_card(replace(plan, sources=sources), row)
