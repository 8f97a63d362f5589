"""OGC API of a plan: what is asked for below its address, and the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from beltmap.geo.language.messages import LANGUAGES, spoken, text
from beltmap.layers.services import documents, html
from beltmap.layers.services import items as features
from beltmap.layers.services.address import as_path, split_path
from beltmap.layers.services.answers import (
    GEOJSON,
    HTML,
    JSON,
    MVT,
    OPENAPI,
    SCHEMA,
    Made,
    answer,
    json_of,
)
from beltmap.layers.services.asking import Asked, RefusedError, values
from beltmap.layers.services.collections import Collection
from beltmap.layers.services.documents import Document, Face
from beltmap.layers.services.settings import OGC, Server

FORMS: Final = {"json": False, "html": True}
OWN: Final = ("f",)


@dataclass(frozen=True, eq=False)
class Page:
    """
    What lies at a path, in both forms.

    Parameters
    ----------
    content
        For programs.
    body
        For people; None where it has no such form.
    title
        Of the page for people.
    media_type
        Of what is for programs.
    """

    content: Callable[[], bytes]
    body: Callable[[], str] | None
    title: str
    media_type: str = JSON


def ogc(request: Request, server: Server) -> Response:
    """Answer what is asked for below the address of the service."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    own = len(f"{server.root}/{OGC}")
    segment, rest = split_path(raw.decode("latin-1")[own:])
    parts = [unquote(part) for part in rest.split("/") if part]

    def make(asked: Asked) -> Made:
        query = values(request.url.query)
        face = _face(request, server, asked, segment)
        return made(face, parts, query, accept=request.headers.get("accept", ""))

    return answer(request, server, segment, make)


def made(
    face: Face, parts: list[str], query: Mapping[str, list[str]], *, accept: str
) -> Made:
    """
    Make the answer to a path, in the form that is wished for.

    Parameters
    ----------
    face
        The plan.
    parts
        The path below the landing page.
    query
        Values by parameter.
    accept
        What the client says that it takes.

    Raises
    ------
    RefusedError
        If there is nothing, or a parameter is unknown or its value none.
    """
    many = len(parts) == len(("collections", "id", "items")) and parts[2] == "items"
    known = (*OWN, *features.PARAMETERS) if many else OWN
    for name in query:
        if name not in known:
            said = text("services.unknown", name=name, known=", ".join(known))
            raise RefusedError(400, said)
    form = query.get("f", [""])[-1]
    if form not in {"", *FORMS}:
        raise RefusedError(400, text("services.wrong", name="f"))
    page = _page(face, parts, query)
    if page.body is not None and (FORMS[form] if form else HTML in accept):
        body, crumbs = page.body, _crumbs(face, parts)
        return Made(
            lambda: html.page(face, page.title, body(), crumbs),
            HTML,
            (("Content-Security-Policy", html.policy()),),
        )
    return Made(page.content, page.media_type)


def _face(request: Request, server: Server, asked: Asked, segment: str) -> Face:
    """Tell where a client finds the plan, as it asked for it."""
    home, given = server.address(request), values(segment)
    root = f"{home}/{OGC}"
    other = as_path({**given, "lang": [LANGUAGES[spoken() == LANGUAGES[0]]]})
    told = {name: said for name, said in given.items() if name != "token"}
    return Face(
        root="/".join(filter(None, (root, segment))),
        page=f"{home}/?{urlencode(told, doseq=True)}".rstrip("?"),
        geojson=f"{home}/plan.geojson?{urlencode(given, doseq=True)}".rstrip("?"),
        other=f"{root}/{other}",
        asked=asked,
    )


def _page(  # noqa: PLR0911 - one a path
    face: Face, parts: list[str], query: Mapping[str, list[str]]
) -> Page:
    match parts:
        case []:
            document = documents.landing(face)
            return Page(
                lambda: json_of(document),
                lambda: html.landing(face, document),
                face.title,
            )
        case ["api"]:
            definition = documents.openapi(face)
            return Page(lambda: json_of(definition), None, "", OPENAPI)
        case ["conformance"]:
            return _plain(documents.conformance(face), text("services.conformance"))
        case ["collections"]:
            return Page(
                lambda: json_of(documents.collection_list(face)),
                lambda: html.collections(face),
                text("services.collections"),
            )
        case ["tileMatrixSets"]:
            return _plain(documents.matrix_sets(face), text("services.matrices"))
        case ["tileMatrixSets", documents.MATRICES]:
            return _plain(documents.matrix_set(face), documents.MATRICES)
        case ["collections", code, *below] if code in face.collections:
            return _below(face, face.collections[code], below, query)
    raise RefusedError(404, text("services.none", name="/".join(parts)))


def _below(  # noqa: PLR0911 - one a path
    face: Face, one: Collection, parts: list[str], query: Mapping[str, list[str]]
) -> Page:
    match parts:
        case []:
            return Page(
                lambda: json_of(documents.collection(face, one)),
                lambda: html.collection(face, one),
                one.title,
            )
        case ["schema"]:
            return _plain(documents.schema(face, one), one.title, SCHEMA)
        case ["schema", "feature"]:
            return _plain(documents.feature_schema(face, one), one.title, SCHEMA)
        case ["queryables"]:
            return _plain(documents.queryables(face, one), one.title, SCHEMA)
        case ["items"]:
            return _items(face, one, query)
        case ["items", feature]:
            found = features.item(face, one, feature)
            return Page(
                lambda: json_of(found),
                lambda: html.item(one, found),
                feature,
                GEOJSON,
            )
        case ["tiles"] if one.shape:
            return _plain(documents.tilesets(face, one), one.title)
        case ["tiles", documents.MATRICES] if one.shape:
            return _plain(documents.tileset(face, one), one.title)
        case ["tiles", *matrix]:
            tile = features.tile(one, matrix)
            return Page(lambda: tile, None, "", MVT)
    raise RefusedError(404, text("services.none", name="/".join(parts)))


def _items(face: Face, one: Collection, query: Mapping[str, list[str]]) -> Page:
    found = features.wanted(one, query)

    def body() -> str:
        links = features.page_links(face, one, found, query)
        rows = features.listed(one, found)
        return html.items(face, one, rows, links, (found.offset, len(found.rows)))

    return Page(
        lambda: features.items(face, one, found, query), body, one.title, GEOJSON
    )


def _plain(document: Document, title: str, media_type: str = JSON) -> Page:
    return Page(
        lambda: json_of(document), lambda: html.raw(document), title, media_type
    )


def _crumbs(face: Face, parts: list[str]) -> list[tuple[str, str]]:
    """Name what a page is in, from the outside inwards."""
    titles = {code: one.title for code, one in face.collections.items()}
    titles |= {
        part: text(f"services.{part}")
        for part in ("collections", "conformance", "items")
    }
    return [
        ("/" + "/".join(parts[: n + 1]), titles.get(part, part))
        for n, part in enumerate(parts)
    ]
