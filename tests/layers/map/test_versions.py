"""What two versions of a plan add up to."""

import geopandas as gpd
import pytest

from beltmap.layers.map.changes import totals_words


@pytest.mark.parametrize(
    ("declared", "said"),
    [([40.0, None], "40 km² stated"), ([None, None], "– km² stated")],
)
def test_what_no_one_states_is_a_dash(declared, said):
    zones = gpd.GeoDataFrame(
        {"declared_area_km2": declared, "drawn_area_km2": [40.0, 0.5]},
        geometry=[None, None],
        crs=4326,
    ).astype({"declared_area_km2": float})
    words = totals_words("before", zones)
    assert said in words
    assert "40.5 km² drawn" in words
