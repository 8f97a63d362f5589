"""The example and the template are read without a question, in both languages."""

import io

import openpyxl
import pytest

from beltmap.geo.intake.tables.example import example_csv, template_xlsx
from beltmap.geo.language.messages import LANGUAGES, speaking
from tests.geo.intake.formats.reading import read

FILLED = {
    "en": ["West Park", "Qingdao", 40, 120.4, 36.1],
    "zh": ["西园", "青岛", "约40", 120.4, 36.1],
}


def name(zones, language):
    return zones[f"name_{language}"].tolist()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_read_without_a_question(language):
    with speaking(language):
        outcome = read("example.csv", example_csv())
    assert not outcome.questions
    assert outcome.receipt.drawn == outcome.receipt.rows_in == 2
    assert outcome.zones["declared_area_km2"].tolist() == [0.4, 0.255]
    assert all(name(outcome.zones, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_is_read_once_it_is_filled_in(language):
    with speaking(language):
        book = openpyxl.load_workbook(io.BytesIO(template_xlsx()))
        book.active.append(FILLED[language])
        out = io.BytesIO()
        book.save(out)
        outcome = read("template.xlsx", out.getvalue())
    assert not outcome.questions, outcome.receipt.as_text()
    assert outcome.receipt.drawn == outcome.receipt.rows_in == 1
    assert name(outcome.zones, language) == [FILLED[language][0]]
    assert outcome.zones["declared_area_km2"].tolist() == [0.4]
