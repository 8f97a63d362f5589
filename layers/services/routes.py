"""The addresses of the services; what answers is imported when they are first asked."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from beltmap.layers.services.settings import OGC, Server


def service_routes(server: Server) -> list[BaseRoute]:
    """
    Give the routes of the services.

    Parameters
    ----------
    server
        What answers.

    Returns
    -------
    routes
        ``/plan.geojson`` and all below ``/ogc``; none where the services are off.
    """
    if not server.settings.offered:
        return []

    def plan(request: Request) -> Response:
        # Starlette has a thread for it, and start-up does not pay
        from beltmap.layers.services import geojson

        return geojson.plan_geojson(request, server)

    def below(request: Request) -> Response:
        from beltmap.layers.services import ogc

        return ogc.ogc(request, server)

    root = server.root
    return [
        Route(f"{root}/plan.geojson", plan, methods=["GET"]),
        Route(f"{root}/{OGC}", below, methods=["GET"]),
        Route(f"{root}/{OGC}/{{path:path}}", below, methods=["GET"]),
    ]
