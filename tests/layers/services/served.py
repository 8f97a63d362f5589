"""Ask the services as a client does, without a server."""

import json
from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette

from beltmap.layers.page.server import open_served
from beltmap.layers.policy import guards
from beltmap.layers.routes import routes
from beltmap.layers.services.settings import Server, Settings
from tests.layers.door.test_door import asked


def serve(opener=open_served, *, base="", public=None, **settings):
    """Give an app that serves plans as the page's server does."""
    server = Server(opener, Settings(**settings), public, base)
    return Starlette(
        routes=routes(base=base, services=server), middleware=guards(base=base)
    )


def get(app, address, *, method="GET", host="localhost", **headers):
    """Get an address; give status, head and body."""
    parts = urlsplit(address)
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return asked(
        app,
        unquote(parts.path),
        [("host", host), *given],
        raw_path=parts.path.encode(),
        query_string=parts.query.encode(),
        method=method,
    )


def read(app, address, **headers):
    """Get a JSON document that must be there."""
    status, _, body = get(app, address, **headers)
    assert status == 200, body
    return json.loads(body)
