"""What the browser filters by says what the plan's own index says."""

import base64

import numpy as np
import orjson

from beltmap.geo.plan.plan import read_plan
from beltmap.layers.payload import choice
from beltmap.layers.payload.choice import choice_payload


def test_bits_areas_and_words_are_those_of_the_index():
    index = read_plan().index
    said = orjson.loads(choice_payload(index))
    assert said["rows"] == len(index.zones)
    for name, members in index.facets.items():
        facet = said["facets"][name]
        assert facet["values"] == list(members.values)
        pairs = {
            (int(row), code)
            for code, bits in enumerate(facet["bits"])
            for row in np.flatnonzero(
                np.unpackbits(np.frombuffer(base64.b64decode(bits), np.uint8))
            )
        }
        assert pairs == set(zip(members.rows, members.codes, strict=True))
    area = [np.nan if km2 is None else km2 for km2 in said["area"]]
    np.testing.assert_array_equal(area, index.area_km2)
    assert said["words"] == list(index.words)


def test_what_is_too_large_is_left_to_the_server(monkeypatch):
    monkeypatch.setattr(choice, "MOST_BYTES", 10)
    assert choice_payload(read_plan().index) is None
