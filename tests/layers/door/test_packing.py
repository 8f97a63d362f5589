"""Streamlit's own files go out compressed, once, where the line may be slow."""

import asyncio
import gzip

import pytest
from starlette.datastructures import Headers
from starlette.routing import Mount, Router
from starlette.staticfiles import StaticFiles

from beltmap.layers.door import packing
from beltmap.layers.door.packing import PACKED, Packing
from tests.asking import run

SCRIPT = b"const long = 'the same again';\n" * 200


class Answer:
    """An answer as a browser gets it: head, and body as it was sent."""

    def __init__(self):
        self.status, self.headers, self.body = 0, {}, b""

    async def take(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = Headers(raw=message["headers"])
        self.body += message.get("body", b"")


@pytest.fixture
def client(tmp_path):
    (tmp_path / "a.js").write_bytes(SCRIPT)
    (tmp_path / "b.png").write_bytes(SCRIPT)
    (tmp_path / "c.js").write_bytes(SCRIPT[:99])
    app = Packing(Router([Mount("/static", StaticFiles(directory=tmp_path))]))
    PACKED.clear()

    async def nothing():
        # a browser that waits says nothing more
        await asyncio.Event().wait()

    def ask(path, *, host="192.0.2.7", **headers):
        asked = {"Accept-Encoding": "gzip"} | headers
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "client": (host, 40_000),
            "headers": [(k.lower().encode(), v.encode()) for k, v in asked.items()],
        }
        answer = Answer()
        run(app(scope, nothing, answer.take))
        return answer

    return ask


def test_a_script_comes_compressed_and_is_the_same(client):
    answer = client("/static/a.js")
    body = answer.body
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert len(body) == int(answer.headers["Content-Length"]) < len(SCRIPT) / 10
    assert gzip.decompress(body) == SCRIPT
    again = client("/static/a.js", **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


def test_it_is_compressed_once_and_anew_when_it_changes(client, tmp_path, monkeypatch):
    client("/static/a.js")
    with monkeypatch.context() as patch:
        patch.setattr(packing.gzip, "compress", None)
        assert gzip.decompress(client("/static/a.js").body) == SCRIPT
    (tmp_path / "a.js").write_bytes(SCRIPT * 2)
    assert gzip.decompress(client("/static/a.js").body) == SCRIPT * 2


@pytest.mark.parametrize(
    ("path", "how"),
    [
        ("/static/b.png", {}),
        ("/static/c.js", {}),
        ("/static/a.js", {"host": "127.0.0.1"}),
        ("/static/a.js", {"host": "::1"}),
        ("/static/a.js", {"Accept-Encoding": "identity"}),
        ("/static/a.js", {"Range": "bytes=0-9"}),
    ],
)
def test_all_else_comes_as_it_is(client, path, how):
    assert "Content-Encoding" not in client(path, **how).headers


def test_a_browser_behind_a_proxy_of_this_machine_is_far_away(client):
    far = {"host": "127.0.0.1", "X-Forwarded-For": "192.0.2.7"}
    assert client("/static/a.js", **far).headers["Content-Encoding"] == "gzip"
