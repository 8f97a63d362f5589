"""A receipt is short: one sentence, each thing once, no codes, no needless digits."""

import json

import pytest

from beltmap.geo.intake.notices import Severity, notice
from beltmap.geo.intake.receipt import LISTED, PLACES, Receipt
from beltmap.geo.language.messages import speaking
from tests.geo.intake.formats.reading import read


def receipt(*notices, **counts):
    return Receipt("a.csv", Severity.WARN, tuple(notices), **counts)


@pytest.mark.parametrize(
    ("counts", "english", "chinese"),
    [
        (
            {"rows_in": 7, "drawn": 5, "without_geometry": 2},
            "7 rows: 5 drawn, 2 without coordinates",
            "共7行：5行已上图，2行无坐标",
        ),
        ({"rows_in": 1, "drawn": 1}, "1 row: 1 drawn", "共1行：1行已上图"),
        (
            {"rows_in": 4, "drawn": 2, "refused": 1, "aside": 1},
            "4 rows: 2 drawn, 1 not taken in, 1 set aside, as totals and notes are",
            "共4行：2行已上图，1行未导入，1行为合计或说明，未计入",
        ),
        ({"rows_in": 0}, "0 rows", "共0行"),
    ],
)
def test_one_sentence_says_what_became_of_the_rows(counts, english, chinese):
    assert receipt(**counts).summary() == english
    with speaking("zh"):
        assert receipt(**counts).summary() == chinese


def test_the_same_thing_is_said_once_with_its_first_places():
    many = [notice("W_NULL_ISLAND", {"row": n}) for n in range(1, 10)]
    (told,) = receipt(*many).told()
    assert told.where == "row 1, row 2, row 3, …"
    assert PLACES == 3


def test_many_things_of_one_kind_are_counted():
    many = [
        notice("W_TOTAL_DIFFERS", {"row": n}, column="a", stated=n, found=n + 1)
        for n in range(LISTED + 3)
    ]
    told = receipt(*many).told()
    assert len(told) == LISTED + 1
    assert told[-1].what.startswith("3 more")


def test_what_is_worst_comes_first():
    said = receipt(notice("W_CRS_ASSUMED"), notice("W_NO_ATTRIBUTES")).told()
    assert [one.severity for one in said] == [Severity.WARN, Severity.ACCEPT]


def test_codes_and_long_figures_stay_in_the_json():
    shape = {
        "type": "Polygon",
        "coordinates": [
            [[120, 36], [120.1, 36.1], [120.1, 36], [120, 36.1], [120, 36]]
        ],
    }
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    outcome = read("a.geojson", json.dumps(feature).encode())
    words, document = outcome.receipt.as_text(), json.loads(outcome.receipt.as_json())
    (mended,) = [one for one in document["notices"] if one["code"] == "W_MADE_VALID"]
    assert len(str(mended["values"]["after_km2"])) > 7
    assert "W_MADE_VALID" not in words
    assert str(mended["values"]["after_km2"]) not in words
    assert f"{mended['values']['after_km2']:.4g} km²" in words


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("a.kml", b"<kml><Folder><name>x</name></Folder></kml>"),
        ("a.geojson", b'{"type": "Feature", "properties": {}, "geometry": null}'),
    ],
)
def test_no_receipt_says_of_nothing_that_it_can_be_drawn(name, data):
    words = read(name, data).receipt.as_text()
    assert "nothing that can be drawn" in words
    assert ": can be drawn" not in words
