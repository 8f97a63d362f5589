"""The server answers only for whom it was started, only what there is, in any head."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from beltmap.geo.errors import PlanError
from beltmap.layers import policy
from beltmap.layers.door.address import Address, framing_sites, public_address
from beltmap.layers.door.door import SHARED, Door
from beltmap.layers.door.editing import WHO, who_header
from beltmap.layers.door.paths import Paths
from beltmap.layers.policy import Guard, guards
from beltmap.layers.routes import routes
from tests.asking import run
from tests.layers.door.test_served import ROUTES

PUBLIC = Address("https", "plans.example", 443, "dalian")
OWN = [
    *("localhost", "LOCALHOST:8501", "localhost.", "Localhost.:80", "127.0.0.1:8501"),
    *("127.9.9.9", "[::1]:8501", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]:1"),
    *("10.0.0.7", "10.0.0.7:9000", "[::ffff:10.0.0.7]", "box.lan", "BOX.lan.:8501"),
    *("plans.example", "plans.example:443", "Plans.Example.:8443"),
]
FOREIGN = [
    *("evil.example", "evil.example:8501", "localhost.evil.example", "xlocalhost"),
    *("10.0.0.8", "10.0.0.7.evil.example", "[fe80::1]", "plans.example.evil.example"),
    *("", "localhost:", "localhost:0", "localhost:99999", "localhost:8501:1", "::1"),
    *("a@localhost", "localhost/x", "localhost#", "localhost,evil.example", "[::1"),
    *("localhost..", "2130706433", "0x7f.1", "plans\u0435.example", "localhost\\"),
]
SERVER = ("10.0.0.7", 8501)


def call(app, scope):
    """Let an app answer a scope; give what it sent."""
    sent = []
    begins = "websocket.connect" if scope.get("type") == "websocket" else "http.request"
    told = iter([{"type": begins}])

    async def receive():
        return next(told, {"type": "http.disconnect"})

    async def send(message):
        sent.append(message)

    whole = {"type": "http", "method": "GET", "query_string": b"", "server": SERVER}
    run(app(whole | scope, receive, send))
    return sent


def raw(headers):
    return [(name.encode(), value.encode("utf-8")) for name, value in headers]


def asked(app, path="/", headers=(("host", "localhost"),), **scope):
    """Ask an app over HTTP; give status, head and body."""
    sent = call(app, {"path": path, "headers": raw(headers), **scope})
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], head, b"".join(one.get("body", b"") for one in sent[1:])


async def talk(socket):
    await socket.accept()
    await socket.close()


def tell(request):
    return PlainTextResponse(str(request.headers.get("origin")), headers={SHARED: "*"})


APP = Starlette(
    routes=[Route("/", tell), WebSocketRoute("/_stcore/stream", talk)],
    middleware=[Middleware(Door, public=PUBLIC, hosts=["box.lan"])],
)


@pytest.mark.parametrize("host", OWN)
def test_own_hosts_are_let_in(host):
    assert asked(APP, headers=[("host", host)])[0] == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_foreign_hosts_are_refused(host):
    status, _, body = asked(APP, headers=[("host", host)])
    assert status == 403
    assert b"--public-url" in body


@pytest.mark.parametrize(
    "headers", [[], [("host", "localhost"), ("host", "evil.example")]]
)
def test_no_host_and_two_are_refused(headers):
    assert asked(APP, headers=headers)[0] == 403


ORIGINS = [
    ("localhost:8501", "http://localhost:8501", True),
    ("localhost", "http://localhost", True),
    ("LOCALHOST.:80", "http://localhost", True),
    ("localhost", "https://localhost:443", True),
    ("[::1]:8501", "http://[::1]:8501", True),
    ("[::1]:8501", "http://[0:0:0:0:0:0:0:1]:8501", True),
    ("plans.example", "https://plans.example", True),
    ("localhost:8501", "https://plans.example", True),
    ("localhost:8501", "https://PLANS.example:443", True),
    ("localhost:8501", "https://plans.example:8443", False),
    ("localhost:8501", "http://plans.example", False),
    ("localhost:8501", "http://localhost:3000", False),
    ("localhost:8501", "http://localhost", False),
    ("localhost:8501", "http://127.0.0.1:8501", False),
    ("localhost:8501", "http://evil.example", False),
    ("localhost:8501", "http://evil.example:8501", False),
    ("localhost:8501", "http://localhost:8501.evil.example", False),
    ("localhost:8501", "http://localhost:8501@evil.example", False),
    ("localhost:8501", "http://localhost:8501/x", False),
    ("localhost:8501", "null", False),
    ("localhost:8501", "", False),
    ("localhost:8501", "file://", False),
    ("evil.example:8501", "http://evil.example:8501", False),
    ("evil.example", "https://plans.example", False),
]


@pytest.mark.parametrize(("host", "origin", "lets_in"), ORIGINS)
def test_only_pages_of_its_own_may_ask(host, origin, lets_in):
    headers = [("host", host), ("origin", origin)]
    status, head, body = asked(APP, headers=headers)
    assert status == (200 if lets_in else 403)
    # what was let in is ours, and what is behind need not ask again
    if lets_in:
        assert (head[SHARED.lower()], body) == (origin, b"None")
    sent = call(
        APP, {"type": "websocket", "path": "/_stcore/stream", "headers": raw(headers)}
    )
    assert (sent[0]["type"] == "websocket.accept") == lets_in
    if not lets_in:
        assert sent == [{"type": "websocket.close", "code": 1008}]


def test_two_origins_are_refused():
    twice = [("host", "localhost"), *[("origin", "http://localhost")] * 2]
    assert asked(APP, headers=twice)[0] == 403


def test_without_an_origin_nothing_is_shared():
    assert SHARED.lower() not in asked(APP)[1]


def test_a_websocket_is_refused_with_a_sentence_where_the_server_can():
    sent = call(
        APP,
        {
            "type": "websocket",
            "path": "/_stcore/stream",
            "headers": raw([("host", "evil.example"), ("accept-language", "zh-CN")]),
            "extensions": {"websocket.http.response": {}},
        },
    )
    assert [one["type"] for one in sent] == [
        "websocket.http.response.start",
        "websocket.http.response.body",
    ]
    assert sent[0]["status"] == 403
    assert "启动" in sent[1]["body"].decode()


def test_security_promises_what_is_tried():
    words = (Path(__file__).parents[3] / "SECURITY.md").read_text(encoding="utf-8")
    table = dict(
        re.findall(
            r"^\| ((?:for|from|every) .*?) \| (\d+ \| \d+) \|", words, re.MULTILINE
        )
    )
    own = [one for one in ORIGINS if one[2]]
    strange = [one for one in ORIGINS if not one[2]]
    assert list(table.values()) == [
        f"{len(OWN)} | {sum(map(answered, OWN))}",
        f"{len(FOREIGN)} | {sum(map(answered, FOREIGN))}",
        f"{len(own)} | {sum(answered(*one[:2]) for one in own)}",
        f"{len(strange)} | {sum(answered(*one[:2]) for one in strange)}",
        f"{2 * 5 * len(ROUTES)} | 0",
    ]


def answered(host, *origin):
    headers = [("host", host), *(("origin", one) for one in origin)]
    return asked(APP, headers=headers)[0] == 200


@pytest.fixture
def served(tmp_path, monkeypatch):
    """Give an app as the page is, on files as those of Streamlit."""
    (tmp_path / "static" / "js").mkdir(parents=True)
    for name in ("index.html", "favicon.png", "static/js/a.js"):
        (tmp_path / name).write_text("<html>")
    monkeypatch.delenv("BELTMAP_PUBLIC_URL", raising=False)
    monkeypatch.delenv("BELTMAP_EMBED_IN", raising=False)
    policy.own_headers.cache_clear()
    yield lambda base="": page_of(tmp_path, base)
    policy.own_headers.cache_clear()


class Everywhere(StaticFiles):
    """Files of a page that shows itself where there is none, as Streamlit's does."""

    async def get_response(self, _, scope):
        return await super().get_response("index.html", scope)


def page_of(folder, base):
    def fail(_):
        raise RuntimeError("not foreseen")

    files = Everywhere(directory=folder, html=True)
    health = Route(f"{base}/_stcore/health", PlainTextResponse("ok"))
    made = [*routes(base=base), Route(f"{base}/fails", fail), health]
    return Starlette(
        routes=[*made, Mount(base or "/", files)], middleware=guards(base=base)
    )


@pytest.mark.parametrize("base", ["", "/plans"])
def test_unknown_paths_are_not_found(served, base):
    app = served(base)
    there = ["/", "/index.html", "/favicon.png", "/static/js/a.js", "/_stcore/health"]
    for path in there:
        assert asked(app, base + path)[0] == 200, path
    astray = ["/api", "/api/", "/collections", "/_stcore/nothing", "/static/js/b.js"]
    astray += ["/static", "/../etc/passwd", "//evil.example", "/beltmap", "/robots.txt"]
    for path in astray:
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            assert asked(app, base + path, method=method)[0] == 404, (path, method)
    if base:
        assert asked(app, base)[0] == 307
        assert asked(app, "/")[0] == asked(app, "/index.html")[0] == 404


def test_every_answer_has_the_whole_head(served):
    app = served()
    for path, headers in (
        ("/", [("host", "localhost")]),
        ("/api", [("host", "localhost")]),
        ("/beltmap/0", [("host", "localhost")]),
        ("/", [("host", "evil.example")]),
    ):
        head = asked(app, path, headers)[1]
        assert head["x-content-type-options"] == "nosniff"
        assert head["referrer-policy"] == "strict-origin-when-cross-origin"
        assert head["x-frame-options"] == "SAMEORIGIN"
        given = head["content-security-policy"].split("; ")
        assert "frame-ancestors 'self'" in given
        assert "unsafe-eval" not in head["content-security-policy"]


def test_what_fails_has_the_head_too(served):
    sent = []

    async def keep(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/fails", "query_string": b""}
    scope["headers"] = raw([("host", "localhost")])
    with pytest.raises(RuntimeError):
        run(served()(scope, receive, keep))
    assert sent[0]["status"] == 500
    assert b"content-security-policy" in dict(sent[0]["headers"])
    assert [one["type"] for one in sent] == [
        "http.response.start",
        "http.response.body",
    ]


def test_a_setting_lets_other_sites_frame_the_page(served, monkeypatch):
    monkeypatch.setenv("BELTMAP_EMBED_IN", "https://a.example https://*.b.example:8443")
    head = asked(served())[1]
    wanted = "frame-ancestors 'self' https://a.example https://*.b.example:8443"
    assert wanted in head["content-security-policy"]
    assert "x-frame-options" not in head


@pytest.mark.parametrize(
    "site",
    ["a.example", "https://a.example/x", "https://a;script-src", "*", "https://"],
)
def test_no_other_words_get_into_the_policy(site):
    with pytest.raises(PlanError, match="E_EMBED_IN"):
        framing_sites({"BELTMAP_EMBED_IN": f"https://fine.example {site}"})


def test_a_public_address_is_read_or_refused():
    def read(given):
        return public_address({"BELTMAP_PUBLIC_URL": given})

    assert read("") is None
    assert read("https://Plans.Example/dalian/") == PUBLIC
    assert read("http://[::1]:8501") == Address("http", "::1", 8501)
    for wrong in ("plans.example", "ftp://a", "https://a b", "https://a?x", "//a"):
        with pytest.raises(PlanError, match="E_PUBLIC_URL"):
            read(wrong)


def test_the_header_that_names_readers_is_one():
    assert who_header({}) == ""
    assert who_header({WHO: " Remote-User "}) == "Remote-User"
    for wrong in ("Remote User", "Remote-User: ann", "安", "x" * 41, "_x"):
        with pytest.raises(PlanError, match="E_WHO_HEADER"):
            who_header({WHO: wrong})


def test_the_guard_passes_on_what_is_no_request():
    seen = []

    async def app(scope, *_):
        seen.append(scope["type"])

    for one in (Guard(app), Door(app), Paths(app)):
        run(one({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"] * 3
