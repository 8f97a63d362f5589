"""Answers of the services: asked for again they cost little, refused they say why."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from beltmap.geo.charter.force import under
from beltmap.geo.language.messages import choose, speaking
from beltmap.geo.report.origin import program_version
from beltmap.layers.assets import pack
from beltmap.layers.services.asking import (
    Asked,
    RefusedError,
    language_of,
    read_asked,
    values,
)
from beltmap.layers.services.settings import Server

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
HTML: Final = "text/html"
MVT: Final = "application/vnd.mapbox-vector-tile"
WORTH_PACKING: Final = 1000
VARY: Final = "Accept, Accept-Encoding, Accept-Language, Origin"


@dataclass(frozen=True, eq=False)
class Made:
    """
    An answer before it is sent.

    Parameters
    ----------
    content
        What makes its body when it is needed.
    media_type
        What it is.
    headers
        What else stands in its head.
    """

    content: Callable[[], bytes]
    media_type: str
    headers: tuple[tuple[str, str], ...] = ()


def json_of(document: object) -> bytes:
    """Write a document as JSON."""
    return orjson.dumps(document)


def answer(
    request: Request, server: Server, query: str, make: Callable[[Asked], Made]
) -> Response:
    """
    Answer what is asked, in the language that is wished for, or say what is wrong.

    Parameters
    ----------
    request
        The request.
    server
        What answers.
    query
        Parameters of the page's link: which zones, in which language.
    make
        Makes the answer, or raises a `RefusedError`.
    """
    language = choose(request.headers.get("accept-language"))
    try:
        with speaking(language):
            given = values(query)
        language = language_of(request, given)
        with speaking(language):
            asked = read_asked(server, given, language=language)
            with under(asked.opened.plan.charter):
                return respond(request, make(asked), asked)
    except RefusedError as error:
        return refuse(error)


def respond(request: Request, made: Made, asked: Asked) -> Response:
    """
    Answer, or say that nothing has changed since it was asked for.

    Parameters
    ----------
    request
        What is asked.
    made
        The answer.
    asked
        What the request was read as.
    """
    packs = "gzip" in request.headers.get("accept-encoding", "")
    # all that the body depends on, so that it need not be made to be compared
    depends = (
        asked.opened.key,
        asked.language,
        made.media_type,
        str(request.url),
        program_version(),
        packs,
    )
    tag = hashlib.sha256(repr(depends).encode()).hexdigest()[:32]
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": "private, no-cache",
        "Content-Language": asked.language,
        "Vary": VARY,
        **dict(made.headers),
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = made.content()
    packed = pack(body) if packs and len(body) > WORTH_PACKING else None
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
    return Response(packed or body, media_type=made.media_type, headers=headers)


def refuse(error: RefusedError) -> Response:
    """Say what is wrong, as OGC API has it."""
    said = {"code": str(error.status), "description": error.words}
    return Response(json_of(said) + b"\n", status_code=error.status, media_type=JSON)
