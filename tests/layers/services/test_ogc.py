"""OGC API: collections with types, pages to the end, filters, links, both languages."""

import json
import re
from dataclasses import replace
from urllib.parse import quote

import geopandas as gpd
import pytest
import shapely

from beltmap.geo.intake.overlay import with_zones
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.layers.door.address import Address
from beltmap.layers.link import Link
from beltmap.layers.prepared import Prepared
from beltmap.layers.services.address import service_address
from beltmap.layers.services.documents import CONFORMS, MOST_LIMIT
from tests.layers.services.served import get, read, serve
from tests.layers.services.test_geojson import CHOICES
from tests.rfc7946 import faults

TOKEN = "a-word-of-24-characters"


@pytest.fixture(scope="module")
def app():
    return serve()


def all_of(app, address):
    """Follow the links to the last page; give the features and the number told."""
    features, told = [], set()
    while address:
        page = read(app, address)
        assert page["numberReturned"] == len(page["features"])
        told.add(page["numberMatched"])
        features += page["features"]
        address = next((x["href"] for x in page["links"] if x["rel"] == "next"), None)
    return features, *told


def linked(document):
    """Give every address in a document."""
    if isinstance(document, dict):
        yield from (document[k] for k in ("href", "$id") if k in document)
        document = list(document.values())
    if isinstance(document, list):
        for one in document:
            yield from linked(one)


def documents(app, root):
    """Give every document that can be reached from a landing page, by its address."""
    found, wanted = {}, [root]
    while wanted:
        address = wanted.pop()
        if address in found or re.search(r"\{|f=html|localhost/\?", address):
            continue
        status, head, body = get(app, address)
        assert status == 200, address
        if "json" in head["content-type"] and "/ogc" in address:
            found[address] = json.loads(body)
            wanted += linked(found[address])
    return found


@pytest.mark.parametrize(("query", "filters"), CHOICES)
def test_the_filter_is_in_the_path(app, plan, query, filters):
    asked = "&".join(p for p in query.split("&") if p.split("=")[0] != "view")
    root = f"/ogc/{asked}" if asked else "/ogc"
    chosen = Selection(plan, filters)
    ids = []
    for one in read(app, f"{root}/collections")["collections"]:
        features, told = all_of(app, f"{root}/collections/{one['id']}/items?limit=2")
        assert len(features) == told > 0
        if one["id"] not in {"claims", "sources"}:
            ids += [feature["id"] for feature in features]
            kinds = {f["geometry"]["type"] for f in features if f["geometry"]}
            assert len(kinds) <= 1
    assert sorted(ids) == sorted(chosen.zones["id"])
    claims, _ = all_of(app, f"{root}/collections/claims/items")
    assert sorted(one["id"] for one in claims) == sorted(chosen.claims["id"])


def test_the_pages_address_is_what_is_read(app, plan):
    filters = Filters(
        city=("Qingdao",), sectors=("BPO",), most_km2=20, text="服务 & a/b"
    )
    query = Link(filters).to_query("zh")
    address = service_address("http://localhost", query)
    assert address.count("/ogc/") == 1
    assert read(app, address)["title"] == "产业带与园区规划图"
    filters = replace(filters, text="服务")
    address = service_address("http://localhost", Link(filters).to_query("zh"))
    n = sum(
        read(app, f"{address}collections/{one['id']}/items")["numberMatched"]
        for one in read(app, f"{address}collections")["collections"]
        if one["id"] not in {"claims", "sources"}
    )
    assert n == len(Selection(plan, filters)) > 0


def test_escapes_that_need_not_be_are_understood(app):
    plain = read(app, "/ogc/city=Qingdao&kind=park/collections/park/items")
    escaped = read(app, "/ogc/city%3DQingdao%26kind%3Dpark/collections/park/items")
    assert plain["numberMatched"] == escaped["numberMatched"] == 6


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_link_leads_somewhere_and_is_absolute(app, lang):
    root = f"http://localhost/ogc/lang={lang}&city=Qingdao"
    found = documents(app, root)
    for path in ("/conformance", "/api", "/collections/park/items", "/tileMatrixSets"):
        assert any(path in address for address in found)
    own = [a for document in found.values() for a in linked(document)]
    assert all(a.startswith("http://") for a in own)
    assert all(a.startswith(root) for a in own if "/ogc" in a and "lang" in a)


@pytest.mark.parametrize(
    ("base", "public", "start"),
    [
        ("", None, "http://localhost:8501/ogc"),
        ("/plans", None, "http://localhost:8501/plans/ogc"),
        (
            "north",
            Address("https", "plans.example", 443, "north"),
            "https://plans.example/north/ogc",
        ),
    ],
)
def test_links_are_as_the_reader_knows_the_page(base, public, start):
    app = serve(base=base, public=public)
    path = "/".join(filter(None, (base.strip("/"), "ogc/kind=park/collections")))
    own = set(linked(read(app, f"/{path}", host="localhost:8501")))
    assert own
    assert all(one.startswith(f"{start}/kind=park") for one in own), own


def test_fields_have_types_and_titles_in_both_languages(app, plan):
    for lang, title in (("en", "Drawn area (km²)"), ("zh", "量算面积（平方公里）")):
        found = read(app, f"/ogc/lang={lang}/collections/park/schema")["properties"]
        assert set(found) == set(plan.zones.columns)
        assert found["drawn_area_km2"] == {"title": title, "type": "number"}
        assert found["geometry"]["format"] == "geometry-polygon"
        claims = read(app, f"/ogc/lang={lang}/collections/claims/schema")["properties"]
        assert claims["year"]["type"] == "integer"
        assert "geometry" not in claims
        assert all(
            re.search("[\u4e00-\u9fff]", one["title"]) for one in claims.values()
        ) == (lang == "zh")
    titles = {
        lang: [
            one["title"]
            for one in read(app, "/ogc/collections", accept_language=lang)[
                "collections"
            ]
        ]
        for lang in ("en", "zh")
    }
    assert titles["en"] == [
        "Belt",
        "Town",
        "Park",
        "High-tech zone",
        "Claims",
        "Sources",
    ]
    assert titles["zh"][2] == "园区"


def test_the_first_features_tell_the_types(plan):
    """QGIS takes them from ten features: each number that there is is among them."""
    parks = plan.zones[plan.zones["kind"] == "park"]
    many = gpd.GeoDataFrame(
        {c: parks[c].iloc[:1].repeat(40).to_numpy() for c in parks.columns},
        geometry="geometry",
        crs=4326,
    )
    many["id"] = [f"p{n}" for n in range(40)]
    many["declared_area_km2"] = float("nan")
    many.loc[39, "declared_area_km2"] = 1.0
    many.loc[:20, "geometry"] = None
    other = replace(plan, zones=many, parts=())
    app = serve(lambda _: Prepared(other, key="typed"))
    first = read(app, "/ogc/collections/park/items?limit=10")["features"]
    assert first[0]["geometry"]
    assert any(one["properties"]["declared_area_km2"] for one in first)
    assert all(set(one["properties"]) == set(first[0]["properties"]) for one in first)


def test_a_kind_of_several_shapes_is_several_collections(plan):
    parks = plan.zones[plan.zones["kind"] == "park"].copy()
    shapes = [shapely.Point(120, 36), shapely.MultiPoint([(120, 36), (121, 36)])]
    shapes += [shapely.LineString([(120, 36), (121, 36)])]
    parks["geometry"] = [*shapes, *parks.geometry.to_list()[3:]]
    other = replace(plan, zones=parks.reset_index(drop=True), parts=())
    app = serve(lambda _: Prepared(other, key="shapes"))
    found = {
        one["id"]: {
            (f["geometry"] or {}).get("type")
            for f in read(app, f"/ogc/collections/{one['id']}/items")["features"]
        }
        for one in read(app, "/ogc/collections")["collections"]
    }
    assert found["park"] == {"Polygon", None}
    assert found["park-line"] == {"LineString"}
    assert found["park-point"] == {"MultiPoint"}


def test_pages_are_valid_geojson_and_limits_are_kept(app):
    body = get(app, "/ogc/collections/park/items?limit=3")[2]
    assert not faults(body)
    parameters = read(app, "/ogc/api")["components"]["parameters"]
    assert parameters["limit"]["schema"]["maximum"] == MOST_LIMIT
    # more than the most is no error, says the standard
    more = read(app, f"/ogc/collections/park/items?limit={MOST_LIMIT * 100}")
    assert more["numberReturned"] == more["numberMatched"] == 7
    assert read(app, "/ogc/collections/park/items?offset=70")["features"] == []


def test_one_feature_is_given_by_its_id(app):
    found = read(app, "/ogc/collections/park/items/qd-park-bpo")
    assert (found["id"], found["type"]) == ("qd-park-bpo", "Feature")
    source = quote("S&T daily/x", safe="")
    assert get(app, f"/ogc/collections/sources/items/{source}")[0] == 404


def test_a_box_chooses_what_touches_it(app, plan):
    for box in ("120.4,36,120.5,36.2", "120.4,36,-5,120.5,36.2,9", "121,36,120.5,37"):
        found = read(app, f"/ogc/collections/park/items?bbox={box}")["features"]
        corners = [float(n) for n in box.split(",")]
        west, south = corners[:2]
        east, north = corners[-2:] if len(corners) == 4 else corners[3:5]
        parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        area = shapely.union_all([shapely.box(w, south, e, north) for w, e in parts])
        parks = plan.zones[plan.zones["kind"] == "park"]
        assert {one["id"] for one in found} == set(
            parks["id"][parks.geometry.intersects(area)]
        )
    assert not read(app, "/ogc/collections/claims/items?bbox=0,0,1,1")["features"]


def test_a_filter_in_cql2_chooses(app, plan):
    words = quote("city = 'Qingdao' AND NOT drawn_area_km2 > 1 AND name_zh LIKE '%园'")
    found = read(
        app, f"/ogc/collections/park/items?filter={words}&filter-lang=cql2-text"
    )
    zones = plan.zones
    chosen = zones[
        (zones["kind"] == "park")
        & (zones["city"] == "Qingdao")
        & (zones["drawn_area_km2"] <= 1)
        & zones["name_zh"].str.endswith("园")
    ]
    assert sorted(one["id"] for one in found["features"]) == sorted(chosen["id"])
    assert len(chosen) > 1
    paged, told = all_of(app, f"/ogc/collections/park/items?limit=1&filter={words}")
    assert len(paged) == told == len(chosen)
    year = quote("year >= 2008 AND value IS NOT NULL")
    claims = read(app, f"/ogc/collections/claims/items?filter={year}")["numberMatched"]
    told = (plan.claims["year"].fillna(0) >= 2008) & plan.claims["value"].notna()
    assert claims == told.sum() > 0


WRONG = [
    ("collections/park/items?filter=city%20%3D", "character 7"),
    ("collections/park/items?filter=town%3D%27x%27", "character 1"),
    ("collections/claims/items?filter=S_INTERSECTS(geometry,POINT(0%200))", "geometry"),
    ("collections/park/items?filter=(((((((((((((((((((((((((((((", "character"),
    ("collections/park/items?filter-lang=cql2-json&filter=%7B%7D", "filter-lang"),
    ("collections/park/items?filter-crs=EPSG:3857", "filter-crs"),
    ("collections/park/items?bbox=1,2,3", "bbox"),
    ("collections/park/items?bbox=a,b,c,d", "bbox"),
    ("collections/park/items?bbox=0,9,1,1", "bbox"),
    ("collections/park/items?bbox=nan,0,1,1", "bbox"),
    ("collections/park/items?bbox-crs=EPSG:3857&bbox=0,0,1,1", "bbox-crs"),
    ("collections/park/items?limit=0", "limit"),
    ("collections/park/items?limit=x", "limit"),
    ("collections/park/items?offset=-1", "offset"),
    ("collections/park/items?datetime=yesterday", "datetime"),
    ("collections/park/items?colour=red", "colour"),
    ("collections?colour=red", "colour"),
    ("collections?f=xml", "f"),
    ("city=Atlantis/collections", "city"),
    ("colour=red/collections", "colour"),
]


@pytest.mark.parametrize(("path", "said"), WRONG)
def test_what_is_wrong_is_told(app, path, said):
    status, head, body = get(app, f"/ogc/{path}")
    assert (status, head["content-type"]) == (400, "application/json")
    assert said in json.loads(body)["description"]


@pytest.mark.parametrize(
    "path",
    [
        *("nothing", "collections/nothing", "collections/park/nothing", "api/x"),
        *("collections/park/items/nothing", "city=Dalian/collections/belt"),
        *("collections/claims/tiles", "tileMatrixSets/nothing"),
        *(
            f"collections/park/tiles/WebMercatorQuad/{tile}"
            for tile in ("1/2/0", "1/0/2", "23/0/0", "a/0/0", "-1/0/0", "0/0")
        ),
        "collections/claims/tiles/WebMercatorQuad/0/0/0",
        "../plan.geojson",
    ],
)
def test_what_is_not_there_is_not_found(app, path):
    assert get(app, f"/ogc/{path}")[0] == 404


@pytest.mark.parametrize(
    "when", ["2020-01-01", "2020-01-01T00:00:00Z/..", "../2020-01-01"]
)
def test_a_time_chooses_everything_since_nothing_has_one(app, when):
    assert read(app, f"/ogc/collections/park/items?datetime={when}")["features"]


def test_classes_are_announced(app):
    found = read(app, "/ogc/conformance")["conformsTo"]
    assert len(found) == len(CONFORMS)
    for one in ("features-1/1.0/conf/core", "cql2/1.0/conf/basic-cql2", "conf/mvt"):
        assert any(name.endswith(one) for name in found)


def test_what_has_not_changed_is_not_sent_again(app):
    address = "/ogc/collections/park/items?limit=2"
    tag = get(app, address)[1]["etag"]
    assert get(app, address, if_none_match=tag)[0] == 304
    assert get(app, f"{address}&f=html", if_none_match=tag)[0] == 200
    assert get(app, f"{address}&offset=2", if_none_match=tag)[0] == 200


PAGES = [
    *("", "collections", "collections/park", "collections/park/items?limit=2"),
    *("collections/park/items?limit=2&offset=2", "collections/claims/items"),
    *("collections/park/items/qd-park-bpo", "conformance", "tileMatrixSets"),
    "collections/park/tiles",
]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_people_get_pages_that_fetch_nothing(app, path, lang):
    address = f"/ogc/lang={lang}/{path}"
    status, head, body = get(app, address, accept="text/html,*/*")
    said = body.decode()
    assert (status, head["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'lang="{lang}"' in said
    assert head["content-security-policy"].startswith("default-src 'none'; style-src")
    assert not re.search(r"<(script|link|img|iframe|form)|src=|@import|url\(", said)
    for link in set(re.findall(r'href="([^"]+)"', said)):
        target = link.replace("&amp;", "&")
        assert target.startswith("http://localhost/")
        if "/ogc" in target:
            assert get(app, target, accept="text/html")[0] == 200, target


def test_both_languages_of_a_page_lead_to_each_other(app):
    said = get(app, "/ogc/city=Qingdao/collections?f=html")[2].decode()
    [other] = re.findall(r'href="([^"]+)">中文', said)
    said = get(app, other.replace("&amp;", "&"))[2].decode()
    assert ">园区</a>" in said
    [back] = re.findall(r'href="([^"]+)">English', said)
    assert "city=Qingdao" in back


def test_hostile_names_stay_text(plan):
    zones = plan.zones.copy()
    hostile = '<script>alert(1)</script>"{{7*7}}'
    zones.loc[zones["kind"] == "park", "name_en"] = hostile
    row = zones.index[zones["kind"] == "park"][0]
    zones.loc[row, "id"] = '"><b>/../x?y#z'
    app = serve(lambda _: Prepared(replace(plan, zones=zones, parts=()), key="bad"))
    said = get(app, "/ogc/collections/park/items?f=html")[2].decode()
    assert "<script>" not in said
    assert "<b>" not in said
    [link] = re.findall(r'href="([^"]*%22%3E[^"]*)"', said)
    assert get(app, link)[0] == 200
    found = read(app, "/ogc/collections/park/items")["features"]
    assert hostile in {one["properties"]["name_en"] for one in found}


def test_without_the_token_nothing_is_told():
    app = serve(token=TOKEN)
    for path in ("", "/collections", f"/token={TOKEN}x/collections", "/api"):
        assert get(app, f"/ogc{path}")[0] == 403
    root = service_address("http://localhost", {"kind": ["park"]}, token=TOKEN)
    found = documents(app, root)
    assert len(found) > 10
    said = get(app, f"{root}?f=html")[2].decode()
    [page] = re.findall(r'href="(http://localhost/\?[^"]*)"', said)
    # the page has a door of its own, and its links are passed on
    assert TOKEN not in page


def test_it_is_not_there_where_services_are_off():
    assert get(serve(offered=False), "/ogc")[0] == 404


def test_files_that_readers_bring_are_never_served(app, plan):
    brought = plan.zones[plan.zones["kind"] == "park"].iloc[:1].copy()
    brought["id"] = "private"
    mine = Prepared(with_zones(plan, brought), key="mine")
    assert "private" in set(mine.plan.zones["id"])
    assert get(app, "/ogc/collections/park/items/private")[0] == 404
    assert b"private" not in get(app, "/ogc/collections/park/items")[2]
    assert b'"private"' not in get(app, "/plan.geojson")[2]


def test_pages_of_named_sites_may_read_it(monkeypatch):
    monkeypatch.setenv("BELTMAP_SHARE_WITH", "https://maps.example.org")
    app = serve()
    head = get(app, "/ogc/collections", origin="https://maps.example.org")[1]
    assert head["access-control-allow-origin"] == "https://maps.example.org"
    assert get(app, "/ogc/collections", origin="https://evil.example")[0] == 403


def test_a_selection_of_nothing_has_no_empty_collection(app):
    assert read(app, "/ogc/q=nowhere-at-all/collections")["collections"] == []
    assert "Nothing" in get(app, "/ogc/q=nowhere-at-all?f=html")[2].decode()
