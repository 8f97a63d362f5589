"""Every zone's card says what is known, and where it comes from."""

import pytest

from layers.card import zone_card
from tests.test_html import Reader


def words(plan, zone):
    row = int(plan.zones.index[plan.zones["id"] == zone][0])
    return Reader(zone_card(plan, row)).words


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("qd-belt", ["40.00 km²", "Described", "One belt", "stated"]),
        ("qd-town-laoshan", ["青岛崂山服务外包城", "4.40 km²", "Three towns"]),
        ("qd-town-film", ["± 20 km", "Rival candidate", "凤凰岛影视"]),
        ("qd-park-bpo", ["not stated", "Part of", "Software and Service Outsourcing"]),
        ("qd-park-shinan", ["not stated", "nominal footprint"]),
        ("dl-hitech", ["153.00 km²", "Published area", "35.6 km²"]),
        ("dl-software-park", ["not drawn", "Not located"]),
    ],
)
def test_card_says(plan, zone, said):
    card = words(plan, zone)
    for part in said:
        assert part in card


def test_every_stated_value_opens_its_source(plan):
    for row, zone in plan.zones.iterrows():
        card = zone_card(plan, row)
        assert Reader(card).tags.count("cite") >= 2, zone["id"]
