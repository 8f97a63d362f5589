"""Every file of cases.csv ends as the table says, and loses nothing."""

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.uploads import Upload
from tests.geo.intake.recipes import CASES, adds_up, read_soon

with (Path(__file__).parent / "cases.csv").open(encoding="utf-8") as table:
    TABLE = {row["id"]: row for row in csv.DictReader(table)}
FILES = [identity for identity, row in TABLE.items() if row["kind"] == "file"]
INSIDE = (
    "traceback /tmp/ /root/ sqlite shapely geos expat openpyxl pyogrio pandas numpy "
    "exception errno .py"
)
AT_EXPORT = {"W_COLUMN_RENAMED": "W_COLUMN_RENAMED_AT_EXPORT"}


@cache
def outcome_of(identity):
    """Read a case once for all tests; its zones are not kept."""
    return replace(read_soon(upload_of(identity)), rows=None, zones=None)


def upload_of(identity):
    name, make = CASES[identity]
    return Upload(name, make())


def test_every_file_case_has_a_recipe():
    assert set(CASES) == set(FILES)


@pytest.mark.parametrize("identity", FILES)
def test_case(identity):
    row = TABLE[identity]
    receipt = outcome_of(identity).receipt
    assert receipt.verdict.name == row["must"], receipt.as_text()
    codes = {one.code for one in receipt.notices}
    code = row["message"].split()[0] if row["message"].strip() else ""
    if row["must"] == "ACCEPT" and code in AT_EXPORT:
        code = AT_EXPORT[code]
    if code.startswith(("E_", "W_", "Q_")):
        assert code in codes, receipt.as_text()
    assert adds_up(receipt), receipt.as_text()
    if row["features_in"] and row["must"] != "REJECT":
        assert rows_in_all_layers(identity) == int(row["features_in"])


def rows_in_all_layers(identity):
    outcome = outcome_of(identity)
    if outcome.receipt.rows_in is not None:
        return outcome.receipt.rows_in
    chosen = [Answers(layer=layer) for layer in outcome.layers]
    read = (read_soon(upload_of(identity), answers=each) for each in chosen)
    return sum(outcome.receipt.rows_in for outcome in read)


@pytest.mark.parametrize("identity", FILES)
def test_nothing_of_the_inside_is_shown(identity):
    receipt = outcome_of(identity).receipt
    shown = (receipt.as_text() + receipt.as_csv()).lower()
    for word in INSIDE.split():
        assert word not in shown, receipt.as_text()
    assert not any(0x202A <= ord(c) <= 0x202E or ord(c) == 27 for c in shown)
