"""What a reader may say otherwise about a file of their own."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.intake.context import context_of
from geo.intake.frame import zones_of
from geo.intake.questions import Answers
from geo.intake.reading import Upload, read_upload
from geo.language.messages import text
from layers.bring import MOST_LINES, MOST_OFFERED, MOST_WORDS, Choices, receipt_lines
from tests.intake.recipes import collection, feature, polygon, square
from tests.test_page import PAGE

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
    script = AppTest.from_file(PAGE, default_timeout=60)
    script.query_params["view"] = "bring"
    script.run()
    given = upload({"a": "北区", "名称": "甲", "产业": "软件研发"})
    script.session_state["uploads"] = {
        "one": SimpleNamespace(upload=given, answers=Answers(), outcome=None, reads=0)
    }
    return script.run()


def test_columns_and_sectors_are_mapped_by_hand_on_the_page(page, plan):
    page.selectbox(key="column:one:1:name_zh").select("a")
    page.selectbox(key="sector:one:1:软件研发").select("software")
    (read,) = [button for button in page.button if "with these" in button.label]
    read.click().run()
    assert not page.exception
    outcome = page.session_state["uploads"]["one"].outcome
    (zone,) = zones_of(outcome, context=context_of(plan)).to_dict("records")
    assert (zone["name_zh"], zone["sectors"]) == ("北区", "software")
    # what no column of the plan takes is kept
    assert zone["名称"] == "甲"
    assert page.selectbox(key="column:one:2:name_zh").value == "a"


def test_a_receipt_has_room_for_its_longest_sentence():
    def lines(words):
        return receipt_lines(
            pd.DataFrame({text("bring.what"): words, text("bring.mend"): ""})
        )

    assert (lines([]), lines(["short"]), lines(["x" * 31])) == (1, 1, 2)
    assert lines(["short", "面" * 31]) == 3
    assert lines(["x" * 9999]) == MOST_LINES
