"""What changed is said in no finer digits than the areas have."""

import pytest

from beltmap.geo.query.difference import ZoneChange, as_text

CASES = {
    (4.0, 3.9994488): "resized by -0.001 km²: 4.000 -> 3.999 km²",
    (0.02, 0.0203): "resized by +0.00030 km²: 0.02000 -> 0.02030 km²",
    (12345.6, 12400.1): "resized by +54 km²: 12346 -> 12400 km²",
    (1.0, 1.0002): "its boundary was redrawn",
}


@pytest.mark.parametrize(("areas", "said"), CASES.items())
def test_a_growth_has_the_digits_of_its_areas(areas, said):
    before, after = areas
    change = ZoneChange("a", "A", "changed", None, before, after, redrawn=True)
    assert said in as_text([change])
