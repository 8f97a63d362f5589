"""Each check that a reader is promised is in the receipt: code, place, what to do."""

import csv
import io

import numpy as np
import pytest

from beltmap.geo.geometry.datum import from_wgs84
from beltmap.geo.intake.context import context_of
from beltmap.geo.language.messages import speaking
from tests.geo.intake.recipes import (
    CASES,
    SQUARE,
    adds_up,
    collection,
    feature,
    point,
    polygon,
)
from tests.geo.intake.test_bringing import ROOF, read

BOW_TIE = polygon([[120, 36], [120.1, 36.1], [120.1, 36], [120, 36.1], [120, 36]])
SWAPPED = polygon([[lat, lon] for lon, lat in SQUARE])
TOWN = {"kind": "town", "part_of": "qd-belt"}


def shifted(plan):
    """Give the plan's known places as an Amap user would have them."""
    return [
        feature(
            point(*from_wgs84(np.array([[one.lon, one.lat]]), datum="gcj02")[0]),
            {"name": one.names[0]},
        )
        for one in context_of(plan).anchors
    ]


CHECKS = {
    "self-intersection": ("W_MADE_VALID", lambda _: [feature(BOW_TIE)]),
    "duplicate id": ("W_DUPLICATE_ID", lambda _: [feature(id=1), feature(id=1)]),
    "declared against drawn area": (
        "W_AREA_DIFFERS",
        lambda _: [feature(ROOF, {"area_km2": 40})],
    ),
    "town outside its belt": ("W_OUTSIDE_FRAME", lambda _: [feature(ROOF, TOWN)]),
    "sector outside the vocabulary": (
        "W_UNKNOWN_SECTOR",
        lambda _: [feature(ROOF, {"sectors": "magic"})],
    ),
    "swapped axes": ("E_LAT_OVER_90", lambda _: [feature(SWAPPED)]),
    "shift against known places": ("E_DATUM_SHIFT", shifted),
}


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_is_in_the_receipt_that_is_taken_along(check, plan):
    code, make = CHECKS[check]
    receipt = read(collection(*make(plan)), plan=plan).receipt
    (one,) = [one for one in receipt.notices if one.code == code][:1]
    said = one.worded()
    assert said.what
    assert said.hint or code == "W_MADE_VALID"
    with speaking("zh"):
        assert one.worded().what != said.what
    rows = list(csv.DictReader(io.StringIO(receipt.as_csv().lstrip("\ufeff"))))
    taken = [row for row in rows if row["code"] == code]
    assert taken[0]["what"]
    assert adds_up(receipt)


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_file_is_not_accused(check, plan):
    code, _ = CHECKS[check]
    receipt = read(CASES["K20"][1](), plan=plan, name="a.csv").receipt
    assert code not in {one.code for one in receipt.notices}
