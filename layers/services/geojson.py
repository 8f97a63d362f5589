"""The plan as one GeoJSON file under an address, for curl and maps of others."""

from starlette.requests import Request
from starlette.responses import Response

from beltmap.geo.export.extract import take_extract
from beltmap.geo.export.formats.geojson import write_geojson
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.plan.selection import Selection
from beltmap.layers.services.answers import GEOJSON, Made, answer
from beltmap.layers.services.settings import Server


def plan_geojson(request: Request, server: Server) -> Response:
    """Answer with the zones that a link chooses, as RFC 7946 has them."""
    return answer(
        request,
        server,
        request.url.query,
        lambda asked: Made(lambda: written(asked.selection), GEOJSON),
    )


def written(selection: Selection) -> bytes:
    """Write the chosen zones with their claims and sources; of none, an empty file."""
    if not len(selection):
        return dumps(selection.zones, name="beltmap")
    return write_geojson(take_extract(selection, crs="wgs84"))
