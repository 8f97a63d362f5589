"""The plan under an address of its own, filtered as the page's link is."""

import json
import subprocess
import sys

import pytest

from beltmap.geo.errors import PlanError, fault
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.layers.prepared import Prepared
from beltmap.layers.services.settings import services
from tests.layers.services.served import get, read, serve
from tests.rfc7946 import faults

CHOICES = [
    ("", Filters()),
    ("city=Qingdao&sectors=BPO", Filters(city=("Qingdao",), sectors=("BPO",))),
    ("kind=park&kind=town&most=5", Filters(kind=("park", "town"), most_km2=5)),
    ("q=%E8%BD%AF%E4%BB%B6&view=plan&zone=x&lat=36", Filters(text="软件")),
]


@pytest.fixture(scope="module")
def app():
    return serve()


@pytest.mark.parametrize(("query", "filters"), CHOICES)
def test_it_has_what_the_page_of_the_link_shows(app, plan, query, filters):
    _, head, body = get(app, f"/plan.geojson?{query}")
    found = json.loads(body)
    assert head["content-type"] == "application/geo+json"
    assert not faults(body)
    chosen = Selection(plan, filters).zones
    assert [one["id"] for one in found["features"]] == chosen["id"].tolist()
    assert len(chosen) > 0


def test_one_of_several_plans_is_given(app):
    found = read(app, "/plan.geojson?plan=dalian")
    assert {one["properties"]["city"] for one in found["features"]} == {"Dalian"}


def test_where_nothing_is_chosen_there_is_an_empty_file(app):
    assert read(app, "/plan.geojson?q=nowhere-at-all")["features"] == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("city=Atlantis", "city"),
        ("city=Qingdao&city=Atlantis", "city"),
        ("least=x", "least"),
        ("least=5&most=1", "least"),
        ("colour=red", "colour"),
        ("plan=nowhere", "plan"),
        ("plan=../../etc", "plan"),
        ("lang=fr", "lang"),
        ("&".join(["city=Qingdao"] * 1001), ""),
    ],
)
def test_what_is_not_understood_is_refused_by_its_name(app, query, name):
    status, _, body = get(app, f"/plan.geojson?{query}")
    assert status == 400
    assert name in json.loads(body)["description"]


def test_refusals_are_in_the_readers_language(app):
    body = get(app, "/plan.geojson?city=x", accept_language="zh-CN")[2]
    assert "规划中没有" in body.decode()
    assert "规划中没有" in get(app, "/plan.geojson?city=x&lang=zh")[2].decode()


def test_what_has_not_changed_is_not_sent_again(app):
    _, head, _ = get(app, "/plan.geojson?kind=park")
    same = get(app, "/plan.geojson?kind=park", if_none_match=head["etag"])
    assert (same[0], same[2]) == (304, b"")
    assert same[1]["etag"] == head["etag"]
    for address in ("/plan.geojson?kind=town", "/plan.geojson?kind=park&lang=zh"):
        assert get(app, address, if_none_match=head["etag"])[0] == 200


def test_a_changed_plan_has_another_tag(plan):
    apps = [serve(lambda _, key=key: Prepared(plan, key=key)) for key in ("a", "b")]
    first, second = (get(app, "/plan.geojson")[1]["etag"] for app in apps)
    assert first != second


def test_a_broken_plan_is_told_without_its_files():
    def broken(_):
        raise PlanError([fault("E_CRS_MISSING.zones.write", "/secret/place")])

    status, _, body = get(serve(broken), "/plan.geojson")
    assert status == 503
    assert b"secret" not in body


def test_it_is_not_there_where_services_are_off():
    off = serve(offered=False)
    assert get(off, "/plan.geojson")[0] == 404
    assert get(serve(), "/plan.geojson")[0] == 200


def test_without_the_token_nothing_is_told():
    app = serve(token="a-word-of-24-characters")
    for query in ("", "token=", "token=a-word-of-24-character", "token=é"):
        status, _, body = get(app, f"/plan.geojson?{query}")
        assert (status, b"features" in body) == (403, False)
    assert read(app, "/plan.geojson?token=a-word-of-24-characters")["features"]


ORIGIN = "https://maps.example.org"


@pytest.mark.parametrize("sites", [ORIGIN, f"https://a.example {ORIGIN}", "*"])
def test_pages_of_sites_that_were_named_may_read_it(monkeypatch, sites):
    monkeypatch.setenv("BELTMAP_SHARE_WITH", sites)
    app = serve()
    status, head, _ = get(app, "/plan.geojson", origin=ORIGIN)
    assert (status, head["access-control-allow-origin"]) == (200, ORIGIN)
    assert "Origin" in head["vary"]
    before = get(app, "/plan.geojson", method="OPTIONS", origin=ORIGIN)
    assert before[0] == 204
    assert "If-None-Match" in before[1]["access-control-allow-headers"]
    # nothing else of the page, no writing, and under no strange name
    assert get(app, "/beltmap/0", origin=ORIGIN)[0] == 403
    assert get(app, "/plan.geojsonx", origin=ORIGIN)[0] == 403
    assert get(app, "/plan.geojson", origin=ORIGIN, method="POST")[0] == 403
    assert get(app, "/plan.geojson", origin=ORIGIN, host="evil.example")[0] == 403


@pytest.mark.parametrize("sites", ["", "https://other.example"])
def test_no_others_may(monkeypatch, sites):
    monkeypatch.setenv("BELTMAP_SHARE_WITH", sites)
    assert get(serve(), "/plan.geojson", origin=ORIGIN)[0] == 403


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("BELTMAP_SHARE_WITH", "maps.example.org", "E_SHARE_WITH"),
        ("BELTMAP_SHARE_WITH", "https://a.org/x", "E_SHARE_WITH"),
        ("BELTMAP_SERVICES", "perhaps", "E_SERVICES"),
        ("BELTMAP_SERVICES_TOKEN", "short", "E_SERVICES_TOKEN"),
        ("BELTMAP_SERVICES_TOKEN", "with/slashes/and?marks", "E_SERVICES_TOKEN"),
    ],
)
def test_settings_that_say_nothing_are_refused(name, value, code):
    with pytest.raises(PlanError, match=code) as error:
        services({name: value})
    assert ("TOKEN" not in name) or value not in str(error.value)


def test_start_up_does_not_pay():
    told = (
        "import sys, beltmap, beltmap.layers.routes, beltmap.layers.policy;"
        "print([m for m in sys.modules if m.startswith('beltmap.layers.services')])"
    )
    out = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, check=True, text=True
    ).stdout
    names = {name.rpartition(".")[2] for name in eval(out)}
    assert names == {"services", "settings", "routes"}
