"""Every code of the claims has a name in the catalogue."""

import itertools

import pandas as pd
import pytest

from beltmap.geo.audit.findings import SEVERITIES
from beltmap.geo.charter.force import under
from beltmap.geo.claims.faults import QUALIFIERS
from beltmap.geo.claims.quantities import Quantity, claim_words, number
from beltmap.geo.language.messages import speaking, text
from beltmap.geo.language.wording import Listing, Phrase, ZoneName, zone_names
from beltmap.geo.query.ledger import VERDICTS
from beltmap.geo.units import UNITS, spoken_unit

FILL = {"amount": "1", "least": "1", "most": "2"}


@pytest.fixture(scope="module")
def claims(plan):
    return plan.claims


def test_zones_of_one_name_are_told_apart():
    zones = pd.DataFrame(
        {
            "id": ["north-axis", "south-axis", "belt", "x", "y"],
            "name_en": ["Axis", "Axis", "Belt", None, None],
            "name_zh": ["轴", "轴", "带", None, None],
        },
        dtype=object,
    )
    names = zone_names(zones)
    said = ["Axis (north-axis)", "Axis (south-axis)", "Belt", "x", "y"]
    assert [name.say() for name in names.values()] == said
    with speaking("zh"):
        assert names["south-axis"].say() == "轴（south-axis）"


def test_every_attribute_and_every_subject_but_zones_has_a_name(plan, claims):
    assert len(claims)
    zones = {"qd-belt", "dl-hitech", "dl-software-park", "qd-base-laoshan"}
    zones |= {name for name in claims["subject"] if name.startswith("qd-town-")}
    zones |= {name for name in claims["subject"] if name.startswith("qd-park-")}
    keys = {f"attribute.{name}" for name in claims["attribute"]}
    keys |= {f"subject.{name}" for name in claims["subject"] if name not in zones}
    with under(plan.charter):
        assert all(text(key) for key in keys)


def test_every_unit_qualifier_severity_and_verdict_has_words():
    keys = [f"unit.{unit}" for unit in UNITS]
    keys += [f"qualifier.{name.replace(' ', '_')}" for name in QUALIFIERS]
    keys += [f"severity.{name}" for name in SEVERITIES]
    verdicts = [name.replace(" %", "_percent") for name in VERDICTS]
    keys += [f"verdict.{name.replace(' ', '_')}" for name in verdicts]
    assert all(text(key, **FILL) for key in keys)


def test_every_claim_can_be_said(claims):
    said = {row["id"]: claim_words(row) for row in claims.to_dict("records")}
    assert said["qd-2006.employees"] == "nearly 20,000"
    assert said["qd-goal-1.demonstration_bases"] == "3 to 5"
    assert said["qd-belt.sectors"] == "software, ITO, BPO, R&D, training"
    assert said["one-base-four-parks.facilities"] == "300,000 m²"
    each = "45 million, currency not stated"
    assert said["qd-goal-1.large_offshore_turnover"] == each


@pytest.mark.parametrize(
    ("value", "measure", "words"),
    [
        (0, "CNY", "0 CNY"),
        (999, "USD", "999 USD"),
        (4e9, "USD", "4 billion USD"),
        (188_000, "area", "0.188 km²"),
        (9_999, "area", "9,999 m²"),
        (40_460, "length", "40.46 km"),
        (0.3375, "share", "33.75 %"),
        (5, "time", "5 years"),
    ],
)
def test_quantities_are_said_in_their_usual_unit(value, measure, words):
    assert Quantity(value, measure).say() == words


def test_every_measure_has_a_usual_unit():
    for value, unit in itertools.product((0.0, 1e12), UNITS.values()):
        chosen = spoken_unit(value, measure=unit.measure)
        assert UNITS[chosen].measure == unit.measure


def test_zones_are_named_in_the_script_of_the_reader():
    zone = ZoneName("z", "Belt", "产业带")
    assert zone.say() == "Belt"
    with speaking("zh"):
        assert zone.say() == "产业带"
    assert ZoneName("z", None, "产业带").say() == "产业带"
    assert ZoneName("z").say() == "z"


def test_braces_in_a_name_stay_as_they_are():
    hostile = ZoneName("z", "{subject} {0}")
    phrase = Phrase("audit.by_source", {"figure": Listing((hostile,)), "source": "{x}"})
    assert phrase.say() == "{subject} {0} (source {x})"


def test_numbers_keep_four_digits():
    assert [number(value) for value in (0, 0.188, 59.4, 1350, 1e6)] == [
        "0",
        "0.188",
        "59.4",
        "1,350",
        "1,000,000",
    ]
