"""The addresses of everything that maps ask for, for the page's own server."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from beltmap.layers.arrival import hear
from beltmap.layers.assets import ROOT, serve
from beltmap.layers.services.routes import service_routes
from beltmap.layers.services.settings import Server


def serve_tile(request: Request) -> Response:
    """Answer with a tile, see `layers.tiles.tiles.serve_tile`."""
    # the server listens before what cuts tiles is imported
    from beltmap.layers.tiles import tiles

    return tiles.serve_tile(request)


def serve_row(request: Request) -> Response:
    """Answer with one zone of a tiled layer, see `layers.tiles.tiles.serve_row`."""
    from beltmap.layers.tiles import tiles

    return tiles.serve_row(request)


def routes(*, base: str = "", services: Server | None = None) -> list[BaseRoute]:
    """
    Give all routes.

    Parameters
    ----------
    base
        Path under which the page is served, as in Streamlit's
        ``server.baseUrlPath``.
    services
        What answers other tools; None where they get nothing.

    Returns
    -------
    routes
        ``/beltmap/DIGEST`` for a payload, script or style sheet,
        ``/beltmap/drawn`` for the word that a map stands,
        ``/beltmap/tiles/LAYER/zone/ROW`` for one zone of a tiled layer,
        ``/beltmap/tiles/LAYER/FILTER/Z/X/Y`` for a tile of it;
        those of the services, see `layers.services.routes`.
    """
    root = f"/{base.strip('/')}/{ROOT}" if base.strip("/") else f"/{ROOT}"
    layer = f"{root}/tiles/{{layer}}"
    more = [] if services is None else service_routes(services)
    return [
        *more,
        Route(f"{layer}/zone/{{row}}", serve_row, methods=["GET"]),
        Route(f"{layer}/{{filter}}/{{z}}/{{x}}/{{y}}", serve_tile, methods=["GET"]),
        Route(f"{root}/drawn", hear, methods=["POST"]),
        Route(f"{root}/{{digest}}", serve, methods=["GET"]),
    ]
