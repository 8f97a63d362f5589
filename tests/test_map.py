"""The map as Folium writes it: no network, no text of zones, always the same."""

import gzip
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely
from starlette.applications import Starlette
from streamlit_folium import _get_feature_group_string, generate_leaflet_string

from geo.errors import PlanError
from layers.assets import FROM_FRAME, Store, put
from layers.basemap import BASEMAPS
from layers.map import map_state, plan_map
from layers.palette import kind_styles
from layers.payload.encode import decode
from layers.payload.zones import WORDS, zone_payload
from layers.routes import routes
from layers.view import View
from tests.asking import ask

HOSTILE = [
    "{{7*7*1009}}",
    "100{% off",
    "<img src=x onerror=alert(1)>",
    "`${alert(1)}`",
    "</script><b>",
    'a"b\\c',
]
MASK = np.array([True, False, True, True, False, False])


def hostile_zones():
    """Make zones whose every text is hostile."""
    texts = dict.fromkeys(("id", "name_en", "name_zh", "kind", "city"), HOSTILE)
    squares = [shapely.box(k, 0, k + 1, 1) for k in range(len(HOSTILE))]
    return gpd.GeoDataFrame(texts, geometry=squares, crs=4326)


def written(zones, **state):
    """Write all that reaches the browser through Folium."""
    plan = plan_map({"zones": put(zone_payload(zones))})
    links = [link for pair in (*plan.default_js, *plan.default_css) for link in pair]
    page = plan.get_root().render()
    script = generate_leaflet_string(plan)
    return "\n".join(
        [page, script, *links, _get_feature_group_string(map_state(**state), map=plan)]
    )


def test_no_text_of_a_zone_reaches_folium():
    output = written(hostile_zones(), mask=MASK, selected=2)
    assert "49441" not in output
    for text in HOSTILE:
        assert text not in output
        assert re.escape(text) not in output
    assert output.isascii()


def test_every_text_of_a_zone_comes_back_from_the_payload():
    _, columns, meta = decode(zone_payload(hostile_zones()))
    for name in ("id", "name_en", "name_zh", "kind", "city"):
        assert columns[name] == HOSTILE
    assert list(meta["kinds"]) == HOSTILE


def test_nothing_is_compiled_as_a_template():
    from branca.element import Element

    assert Element(HOSTILE[0]).render() == HOSTILE[0]


def test_the_map_asks_no_other_server(zones):
    output = written(zones)
    assert "//" not in output.replace("<!DOCTYPE", "")
    assert "cdn" not in output
    for word in ("jquery", "bootstrap", "fontawesome", "awesome"):
        assert word not in output.lower()


def test_the_same_input_writes_the_same(zones):
    def scripts():
        plan = plan_map({"zones": put(zone_payload(zones))})
        script = generate_leaflet_string(plan)
        state = map_state(np.array([True, False, True, True]), selected=1)
        return plan.digest, script, _get_feature_group_string(state, map=plan)

    assert scripts() == scripts()


def test_another_plan_has_another_key(zones):
    one = plan_map({"zones": put(zone_payload(zones))})
    two = plan_map({"zones": put(zone_payload(zones.assign(name_en="other")))})
    assert one.digest != two.digest


def test_the_state_is_one_call(zones):
    plan = plan_map({"zones": put(zone_payload(zones))})
    generate_leaflet_string(plan)
    state = map_state(
        np.array([True, False, True, False]),
        selected=2,
        view=View(lat=36.1, lon=120.4, zoom=11, n=3),
    )
    script = _get_feature_group_string(state, map=plan)
    assert (
        'map_div.beltmap.update({"basemap":"embedded","mask":"oA==","selected":2,'
        '"view":{"lat":36.1,"lon":120.4,"n":3,"zoom":11}});' in script
    )


def test_a_mask_that_hides_nothing_is_left_out():
    assert map_state(np.ones(4, dtype=bool)).state["mask"] is None


def test_an_unknown_basemap_is_refused():
    with pytest.raises(ValueError, match="no basemap"):
        map_state(basemap="no where")


def test_zones_without_a_crs_are_refused(zones):
    with pytest.raises(PlanError, match="E_NO_CRS"):
        zone_payload(zones.set_crs(None, allow_override=True))


def test_zones_of_another_crs_are_brought_to_wgs_84(zones):
    back, _, _ = decode(zone_payload(zones.to_crs(3857)))
    near = shapely.equals_exact(back, zones.geometry.to_numpy(), tolerance=1e-6)
    assert near.tolist() == [True, True, True, False]
    assert back[3] is None


def test_meta_says_every_word_and_basemap(zones):
    _, _, meta = decode(zone_payload(zones))
    assert set(meta["words"]) == set(WORDS)
    assert [one["code"] for one in meta["basemaps"]] == [b.code for b in BASEMAPS]
    assert all(one["label"] for one in meta["basemaps"])
    assert meta["boundaries"]["schematic"]["dash"]


def test_kinds_that_no_table_names_get_a_style_each():
    styles = kind_styles(["belt", "port", "reserve", None])
    assert styles["belt"]["color"] == "#0072B2"
    assert styles["port"]["color"] != styles["reserve"]["color"]
    assert styles[""]["label"]


APP = Starlette(routes=routes(base="/plan"))


def get(address, **headers):
    """Ask the routes of the assets; give status, headers and body."""
    return ask(APP, address.replace(FROM_FRAME, "/plan/beltmap/"), **headers)


def test_an_asset_is_served_once_and_for_all():
    data = b"zones " * 1_000
    status, head, body = get(put(data), **{"accept-encoding": "gzip, br"})
    assert (status, gzip.decompress(body)) == (200, data)
    assert head["content-encoding"] == "gzip"
    assert "immutable" in head["cache-control"]
    assert head["x-content-type-options"] == "nosniff"
    assert get(put(data), **{"if-none-match": head["etag"]})[0] == 304


def test_an_asset_is_served_to_a_browser_without_gzip():
    status, head, body = get(put(b"b" * 999))
    assert (status, body) == (200, b"b" * 999)
    assert "content-encoding" not in head


def test_an_unknown_asset_is_not_found():
    assert get(FROM_FRAME + "0" * 64)[0] == 404


def test_the_store_forgets_what_was_asked_for_longest_ago():
    store = Store(most_bytes=250)
    rng = np.random.default_rng(1)
    first, second, third = (store.put(rng.bytes(100)) for _ in range(3))
    digests = [address.removeprefix(FROM_FRAME) for address in (first, second, third)]
    assert [store.get(digest) is not None for digest in digests] == [False, True, True]


def test_scripts_are_served():
    plan = plan_map({})
    for _, link in (*plan.default_js, *plan.default_css):
        status, head, _ = get(link)
        assert status == 200
        assert head["content-type"].startswith(("text/javascript", "text/css"))
