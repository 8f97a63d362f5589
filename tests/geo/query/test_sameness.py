"""What is the same in two versions, row by row, against one row at a time."""

import numpy as np
import pandas as pd
import pytest
import shapely

from beltmap.geo.query.sameness import same_shapes, same_values

SQUARE = shapely.box(120, 36, 120.1, 36.1)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ([1.0, np.nan, 5.0], [1.0 + 1e-12, np.nan, 6.0], [True, True, False]),
        (["a", None, ""], ["a", np.nan, None], [True, True, True]),
        ([5, "5", None], [5.0, 5, "x"], [True, False, False]),
        ([pd.NaT, pd.Timestamp("2026-01-01")], [None] * 2, [True, False]),
        ([np.array([1, 2]), "b"], [np.array([1, 2]), "c"], [True, False]),
        ([["a"], ["b"]], [["a"], ["c"]], [True, False]),
        ([True, False], [True, True], [True, False]),
    ],
)
def test_values(before, after, same):
    columns = [pd.Series(one, dtype=object) for one in (before, after)]
    assert same_values(*columns).tolist() == same
    guessed = [pd.Series(one) for one in (before, after)]
    assert same_values(*guessed).tolist() == same


def test_shapes():
    turned = shapely.Polygon(np.roll(SQUARE.exterior.coords[:-1], 1, axis=0))
    before = np.array([SQUARE, SQUARE, SQUARE, None, None, SQUARE], object)
    after = np.array(
        [
            turned,
            shapely.MultiPolygon([SQUARE]),
            shapely.transform(SQUARE, lambda places: places + 1e-6),
            shapely.Polygon(),
            SQUARE,
            SQUARE,
        ],
        object,
    )
    same = [True, True, False, True, False, True]
    assert same_shapes(before, after).tolist() == same
