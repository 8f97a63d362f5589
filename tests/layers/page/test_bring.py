"""What a reader may say otherwise about a file of their own."""

import json
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from beltmap.geo.intake.context import context_of
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.language.messages import text
from beltmap.geo.units import GIVEN_AREA_UNITS
from beltmap.layers.page.parts import bring
from beltmap.layers.page.plans import Brought
from beltmap.layers.views.receipt import (
    MOST_OFFERED,
    MOST_WORDS,
    Choices,
)
from tests.geo.intake.recipes import collection, feature, polygon, square
from tests.layers.page.test_page import PAGE

ROOF = polygon(square())


def upload(properties):
    document = collection(feature(ROOF, properties))
    return Upload("mine.geojson", json.dumps(document).encode())


def choices(properties, plan, **answers):
    outcome = read_upload(
        upload(properties), answers=Answers(**answers), context=context_of(plan)
    )
    return Choices.of(outcome)


def test_choices_begin_with_what_was_guessed(plan):
    found = choices({"名称": "甲", "面积_亩": 3000, "产业": "软件；软件研发"}, plan)
    assert found.columns["name_zh"] == "名称"
    assert found.columns["name_en"] == ""
    assert (found.unit, found.sectors) == ("mu", {"软件研发": ""})


def test_only_what_is_said_otherwise_becomes_an_answer(plan):
    found = choices({"name": "x", "label": "y", "area_ha": 5}, plan)
    assert found.answers(Answers(), found) == Answers()
    wanted = Choices(
        {**found.columns, "name_en": "label"}, found.offered, "mu", found.sectors
    )
    told = found.answers(Answers(crs="EPSG:4490"), wanted)
    assert told == Answers(
        crs="EPSG:4490", columns={"name_en": "label"}, area_unit="mu"
    )


def test_a_word_that_was_mapped_can_be_mapped_again(plan):
    told = {"软件研发": "software"}
    found = choices({"产业": "软件研发"}, plan, sectors=told)
    assert found.sectors == told
    back = Choices(found.columns, found.offered, found.unit, {"软件研发": ""})
    assert found.answers(Answers(sectors=told), back).sectors == {}


def test_thousands_of_columns_and_words_are_not_all_offered(plan):
    many = {f"column {n}": n for n in range(900)}
    words = "；".join(f"word{n}" for n in range(3_000))
    found = choices({**many, "name": "x", "sectors": words}, plan)
    assert len(found.offered) <= MOST_OFFERED + len(found.columns)
    assert "name" in found.offered
    assert len(found.sectors) == MOST_WORDS


@pytest.fixture
def page():
    """Open the page with a file that was dropped on it."""
    return dropped({"a": "北区", "名称": "甲", "产业": "软件研发"})


def dropped(properties):
    script = AppTest.from_file(PAGE, default_timeout=60)
    script.query_params["view"] = "bring"
    script.run()
    given = upload(properties)
    script.session_state["uploads"] = {"one": Brought(given)}
    return script.run()


def test_columns_and_sectors_are_mapped_by_hand_on_the_page(page):
    page.selectbox(key="column:one:1:name_zh").select("a")
    page.selectbox(key="sector:one:1:软件研发").select("software")
    (read,) = [button for button in page.button if "with these" in button.label]
    read.click().run()
    assert not page.exception
    outcome = page.session_state["uploads"]["one"].outcome
    (zone,) = outcome.zones.to_dict("records")
    assert (zone["name_zh"], zone["sectors"]) == ("北区", "software")
    # what no column of the plan takes is kept
    assert zone["名称"] == "甲"
    assert page.selectbox(key="column:one:2:name_zh").value == "a"


def test_areas_may_be_given_in_square_metres():
    script = dropped({"name": "x", "area_m2": 1_250_000})
    assert not script.exception
    unit = script.segmented_control(key="area_unit:one:1")
    assert unit.value == "m²"
    assert unit.options == [text(f"unit.name.{one}") for one in GIVEN_AREA_UNITS]


@pytest.mark.parametrize(
    ("headers", "cookies", "taken"),
    [
        ({"Host": "localhost"}, {}, False),
        ({"Host": "localhost"}, {"_streamlit_xsrf": "2|1"}, True),
        ({}, {}, True),
    ],
)
def test_a_page_whose_cookie_stays_away_says_that_it_takes_no_file(
    monkeypatch, headers, cookies, taken
):
    """As in the frame of another site, where Streamlit would only say AxiosError."""
    context = SimpleNamespace(headers=headers, cookies=cookies, locale="en-GB")
    monkeypatch.setattr("streamlit.context", context)
    script = AppTest.from_file(PAGE, default_timeout=60)
    script.query_params["view"] = "bring"
    script.run()
    assert not script.exception
    assert bool(script.get("file_uploader")) == taken
    assert any("in a tab of its own" in one.value for one in script.warning) != taken


def test_a_switch_that_is_sent_again_is_not_pressed(monkeypatch):
    put_together = []
    state = {"join:one": True}
    monkeypatch.setattr(bring, "join", lambda: put_together.append(1))
    monkeypatch.setattr(bring.st, "session_state", state)
    brought = Brought(Upload("a.csv", b""))
    bring.take_join("one", brought)
    assert (brought.joins, put_together) == (True, [])
    state["join:one"] = False
    bring.take_join("one", brought)
    assert (brought.joins, put_together) == (False, [1])
