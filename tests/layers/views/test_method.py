"""What is said of how figures are measured."""

import pytest

from beltmap.geo.charter.force import under
from beltmap.geo.charter.reading import parse_charter
from beltmap.geo.language.messages import LANGUAGES, speaking
from beltmap.layers.views.method import method_words
from tests.layers.views.test_html import Reader


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_how_areas_are_measured_and_what_certainty_means(language):
    with speaking(language):
        said = Reader(method_words())
    assert said.tags.count("h4") == 3
    assert said.tags.count("li") >= 15
    assert "WGS 84" in said.words


def test_a_frame_is_explained_where_a_plan_has_one():
    framed = method_words()
    assert "Inside and outside" in framed
    plain = parse_charter('title = "A"\n[kinds.park]\nfile = "parks.geojson"')
    with under(plain):
        assert "Inside and outside" not in method_words()
