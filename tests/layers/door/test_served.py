"""The page as it is served: every route and the WebSocket ask who is meant."""

import http.client
import socket
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.serving import running

PUBLIC = "https://plans.example/dalian"
ROUTES = (
    *("", "/", "/static/nothing.js", "/favicon.png", "/_stcore/health", "/api"),
    *("/_stcore/host-config", "/_stcore/metrics", "/_stcore/upload_file/a/b"),
    *("/media/a.csv", "/component/x/y", "/beltmap/0", "/beltmap/drawn"),
    *("/beltmap/tiles/a/all/9/1/1", "/beltmap/tiles/a/zone/1", "/_stcore/agent/mcp"),
    *("/ogc/city=Qingdao/collections", "/plan.geojson"),
)


@pytest.fixture(scope="module")
def port():
    options = ("--public-url", PUBLIC, "--embed-in", "https://portal.example")
    # under its own path the server of the test is asked whether it answers
    more = ("--server.baseUrlPath", "")
    with running("beltmap", "serve", *options, *more) as (address, _):
        yield urlsplit(address).port


def ask(port, path, host, *, method="GET", **headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.putrequest(method, path or "/", skip_host=True)
    line.putheader("Host", host)
    for name, value in headers.items():
        line.putheader(name, value)
    line.endheaders()
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer.status, dict(answer.getheaders()), body


def test_no_route_answers_a_stranger(port):
    own = f"localhost:{port}"
    for path in ROUTES:
        for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
            refused = ask(port, path, f"evil.example:{port}", method=method)
            assert refused[0] == 403, (path, method)
            assert b"--public-url" in refused[2]
            assert "Content-Security-Policy" in {n.title() for n in refused[1]}
            strange = {"Origin": f"http://evil.example:{port}"}
            assert ask(port, path, own, method=method, **strange)[0] == 403


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "LOCALHOST.", "plans.example"]
)
def test_own_names_are_answered(port, host):
    status, head, body = ask(port, "/", f"{host}:{port}")
    assert (status, b"<title>Streamlit" in body) == (200, True)
    head = {name.lower(): value for name, value in head.items()}
    assert (
        "frame-ancestors 'self' https://portal.example"
        in head["content-security-policy"]
    )
    assert (
        "SameSite=None; Secure" in ask(port, "/_stcore/health", host)[1]["set-cookie"]
    )


@pytest.mark.parametrize("path", ["/api", "/collections", "/_stcore/nothing", "/x/y"])
def test_unknown_paths_are_not_found(port, path):
    assert ask(port, path, "localhost")[0] == 404


def shakes_hands(port, host, origin):
    """Tell whether the WebSocket opens."""
    try:
        with connect(
            f"ws://{host}/_stcore/stream",
            origin=origin,
            sock=socket.create_connection(("127.0.0.1", port)),
            subprotocols=["streamlit"],
        ):
            return True
    except InvalidStatus as refused:
        answer = refused.response
        return (answer.status_code, b"--public-url" in answer.body) != (403, True)


def test_the_websocket_opens_to_its_own_alone(port):
    own, evil = f"localhost:{port}", f"evil.example:{port}"
    found = {
        (host, origin): shakes_hands(port, host, origin)
        for host in (own, evil, f"plans.example:{port}")
        for origin in (None, f"http://{own}", f"http://{evil}", "https://plans.example")
    }
    assert {pair for pair, opens in found.items() if opens} == {
        (own, None),
        (own, f"http://{own}"),
        (own, "https://plans.example"),
        (f"plans.example:{port}", None),
        (f"plans.example:{port}", "https://plans.example"),
    }
