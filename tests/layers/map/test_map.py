"""The map as Folium writes it: no network, no text of zones, always the same."""

import gzip
import json
import re

import folium
import geopandas as gpd
import numpy as np
import pytest
import shapely
from starlette.applications import Starlette

from beltmap.geo.errors import PlanError
from beltmap.geo.language.hidden import reveal
from beltmap.layers.assets import FILES, SCRIPTS, STORE, STYLES, Store, file_address
from beltmap.layers.basemap.basemaps import BASEMAPS
from beltmap.layers.map.drawing import ascii_json
from beltmap.layers.map.map import PlanMap, map_document, map_state, plan_map
from beltmap.layers.map.view import View
from beltmap.layers.palette import DASHES, WIDTH_PX, kind_styles
from beltmap.layers.payload.encode import decode
from beltmap.layers.payload.zones import WORDS, zone_payload
from beltmap.layers.routes import routes
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


def document():
    """Give the document of all maps, as the browser gets it."""
    return FILES.get(map_document()).data.decode()


def test_no_text_of_a_zone_reaches_folium():
    drawing = plan_map(
        {"zones": STORE.put(zone_payload(hostile_zones()))}, map_state(MASK, selected=2)
    )
    output = document() + ascii_json([drawing.setup, drawing.state])
    assert "49441" not in output
    for text in HOSTILE:
        assert text not in output
        assert re.escape(text) not in output
    assert output.isascii()


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_map_of_its_own_begins_with_is_never_a_template(words):
    page = PlanMap({"broken": words}).get_root().render()
    assert f"beltmap.start(map, {ascii_json({'broken': words})});" in page
    assert page.count("</script>") == document().count("</script>")


def test_every_text_of_a_zone_comes_back_from_the_payload():
    _, columns, meta = decode(zone_payload(hostile_zones()))
    for name in ("id", "name_en", "name_zh", "kind", "city"):
        assert columns[name] == HOSTILE
    assert list(meta["kinds"]) == HOSTILE


def test_the_document_asks_no_other_server():
    written = document()
    assert "//" not in written
    for word in ("cdn", "jquery", "bootstrap", "fontawesome", "awesome"):
        assert word not in written.lower()
    assert re.findall('(?:src|href)="([^"]+)"', written) == [
        file_address(STYLES),
        file_address(SCRIPTS),
    ]


def test_the_document_is_the_same_for_every_plan(zones):
    one = plan_map({"zones": STORE.put(zone_payload(zones))})
    two = plan_map({"zones": STORE.put(zone_payload(zones.assign(name_en="other")))})
    assert one.document == two.document
    assert one.key != two.key
    assert PlanMap().get_root().render() == document()


def test_a_map_stays_while_its_state_changes(zones):
    addresses = {"zones": STORE.put(zone_payload(zones))}
    one, two = plan_map(addresses), plan_map(addresses, map_state(MASK))
    assert one.key == two.key
    assert one.state != two.state


def test_a_folium_layer_can_be_added():
    drawing = PlanMap({"zones": "00"})
    folium.CircleMarker([36, 120]).add_to(drawing)
    page = drawing.get_root().render()
    assert page.index('var map = L.map("map"') < page.index(".addTo(map)")


def test_the_state_is_of_json_alone():
    state = map_state(
        np.array([True, False, True, False]),
        selected=2,
        view=View(lat=36.1, lon=120.4, zoom=11, n=3),
    )
    assert json.loads(json.dumps(state)) == {
        "basemap": "embedded",
        "mask": "oA==",
        "selected": 2,
        "view": {"lat": 36.1, "lon": 120.4, "n": 3, "zoom": 11},
    }


def test_a_mask_that_hides_nothing_is_left_out():
    assert map_state(np.ones(4, dtype=bool))["mask"] is None


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
    assert set(meta["words"]) == {*WORDS, "area"}
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
    return ask(APP, f"/plan/beltmap/{address}", **headers)


def test_an_asset_is_served_once_and_for_all():
    data = b"zones " * 1_000
    status, head, body = get(STORE.put(data), **{"accept-encoding": "gzip, br"})
    assert (status, gzip.decompress(body)) == (200, data)
    assert head["content-encoding"] == "gzip"
    assert "immutable" in head["cache-control"]
    assert head["x-content-type-options"] == "nosniff"
    assert get(STORE.put(data), **{"if-none-match": head["etag"]})[0] == 304


def test_an_asset_is_served_to_a_browser_without_gzip():
    status, head, body = get(STORE.put(b"b" * 999))
    assert (status, body) == (200, b"b" * 999)
    assert "content-encoding" not in head


def test_an_unknown_asset_is_not_found():
    assert get("0" * 64)[0] == 404


def test_the_store_forgets_what_was_asked_for_longest_ago():
    store = Store(most_bytes=250)
    rng = np.random.default_rng(1)
    digests = [store.put(rng.bytes(100)) for _ in range(3)]
    assert [store.get(digest) is not None for digest in digests] == [False, True, True]


def test_document_scripts_and_styles_are_served():
    for address, kind in {
        map_document(): "text/html",
        file_address(SCRIPTS): "text/javascript",
        file_address(STYLES): "text/css",
    }.items():
        status, head, _ = get(address)
        assert status == 200
        assert head["content-type"].startswith(kind)


@pytest.mark.parametrize("hidden", ["a\u202eb", "plain"])
def test_ids_come_back_letter_for_letter_and_are_read_with_nothing_hidden(hidden):
    zones = hostile_zones().assign(id=[hidden, *"bcdef"])
    _, columns, _ = decode(zone_payload(zones))
    assert columns["id"] == [hidden, *"bcdef"]
    assert columns.get("shown_id", columns["id"])[0] == reveal(hidden)
    assert ("shown_id" in columns) == (hidden != reveal(hidden))


def test_every_dash_of_an_outline_is_long_enough_to_be_seen():
    """A line is capped round, and so shows dots, only if it begins with one."""
    drawn = {name: dash for name, dash in DASHES.items() if dash}
    assert len({tuple(dash) for dash in drawn.values()}) == len(drawn) == 3
    for name, dash in drawn.items():
        assert dash[0] < WIDTH_PX or min(dash[::2]) >= WIDTH_PX, name
