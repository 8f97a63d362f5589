"""The tree of boxes finds what looking at all of them finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmap.layers.payload.mercator import along_curve
from beltmap.layers.tiles.boxtree import box_tree
from tests.chance import cases


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 300])
@given(seed=st.integers(0, 2**16), window=st.tuples(*[st.integers(-10, 1010)] * 4))
@cases(30)
def test_a_search_finds_the_boxes_that_touch(count, seed, window):
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 1000, (count, 2))
    sides = rng.integers(0, 80, (count, 2))
    boxes = np.hstack([corners, corners + sides]).astype(np.int32)
    boxes = boxes[along_curve(boxes)]
    west, north, east, south = window
    expected = np.flatnonzero(
        (boxes[:, 0] <= east)
        & (boxes[:, 2] >= west)
        & (boxes[:, 1] <= south)
        & (boxes[:, 3] >= north)
    )
    assert box_tree(boxes).search(window).tolist() == expected.tolist()
