"""What OGC API tells of a plan: landing page, conformance, collections, schemas."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from beltmap.geo.language.messages import text
from beltmap.geo.report.origin import program_version
from beltmap.layers.services.answers import (
    GEOJSON,
    HTML,
    JSON,
    MVT,
    OPENAPI,
    SCHEMA,
)
from beltmap.layers.services.asking import Asked
from beltmap.layers.services.collections import Collection, collections
from beltmap.layers.tiles.mvt import DEEPEST

Document = dict[str, Any]

SPEC: Final = "http://www.opengis.net/spec"
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MATRICES: Final = "WebMercatorQuad"
MATRIX_URI: Final = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRICES}"
MERCATOR: Final = "http://www.opengis.net/def/crs/EPSG/0/3857"
DEFAULT_LIMIT: Final = 1000
MOST_LIMIT: Final = 10_000
CONFORMS: Final = (
    *(f"ogcapi-common-1/1.0/conf/{one}" for one in ("core", "json", "html", "oas30")),
    "ogcapi-common-2/1.0/conf/collections",
    *(
        f"ogcapi-features-1/1.0/conf/{one}"
        for one in ("core", "geojson", "html", "oas30")
    ),
    *(
        f"ogcapi-features-3/1.0/conf/{one}"
        for one in ("queryables", "filter", "features-filter")
    ),
    *(
        f"cql2/1.0/conf/{one}"
        for one in (
            *("cql2-text", "basic-cql2", "advanced-comparison-operators"),
            *("case-insensitive-comparison", "accent-insensitive-comparison"),
            *("basic-spatial-functions", "basic-spatial-functions-plus"),
            "spatial-functions",
        )
    ),
    *(
        f"ogcapi-tiles-1/1.0/conf/{one}"
        for one in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")
    ),
)
_WORLD_M: Final = 20037508.342789244
_PIXEL_M: Final = 0.00028
_TILE_PX: Final = 256


@dataclass(frozen=True, eq=False)
class Face:
    """
    A plan as one client sees it.

    Parameters
    ----------
    root
        Address of the landing page, without a slash at its end.
    page
        Address of the page that shows the same.
    geojson
        Address of all of it as one file.
    other
        As `root`, in the other language.
    asked
        What is asked for.
    """

    root: str
    page: str
    geojson: str
    other: str
    asked: Asked

    @property
    def collections(self) -> Mapping[str, Collection]:
        """The collections by their ids."""
        return self.asked.opened.made(collections, self.asked.filters)

    @property
    def title(self) -> str:
        """What the plan is called."""
        return self.asked.opened.plan.charter.title.say()

    def link(
        self, path: str, rel: str, *, type_: str = JSON, title: str = "", **more: bool
    ) -> Document:
        """Link to something below the landing page."""
        named = {"title": title} if title else {}
        return {
            "href": f"{self.root}{path}",
            "rel": rel,
            "type": type_,
            **named,
            **more,
        }


def both_forms(face: Face, path: str, *, type_: str = JSON) -> list[Document]:
    """Link to a document itself, and to the same for people."""
    return [
        face.link(path, "self", type_=type_),
        face.link(f"{path}?f=html", "alternate", type_=HTML),
    ]


def landing(face: Face) -> Document:
    """Write the landing page."""
    charter = face.asked.opened.plan.charter
    return {
        "title": face.title,
        "description": charter.subtitle.say(),
        "attribution": charter.licence.say() or text("export.licence"),
        "links": [
            *both_forms(face, "/"),
            face.link(
                "/api", "service-desc", type_=OPENAPI, title=text("services.api")
            ),
            face.link(
                "/conformance", "conformance", title=text("services.conformance")
            ),
            face.link("/collections", "data", title=text("services.collections")),
            face.link(
                "/tileMatrixSets",
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
                title=text("services.matrices"),
            ),
            {
                "href": face.page,
                "rel": "related",
                "type": HTML,
                "title": text("services.page"),
            },
            {
                "href": face.geojson,
                "rel": "enclosure",
                "type": GEOJSON,
                "title": text("services.geojson"),
            },
        ],
    }


def conformance(face: Face) -> Document:
    """Name the classes of the standards that are kept."""
    return {
        "conformsTo": [f"{SPEC}/{one}" for one in CONFORMS],
        "links": both_forms(face, "/conformance"),
    }


def collection_list(face: Face) -> Document:
    """List the collections."""
    found = face.collections
    return {
        "title": face.title,
        "links": both_forms(face, "/collections"),
        "numberMatched": len(found),
        "numberReturned": len(found),
        "collections": [collection(face, one) for one in found.values()],
    }


def collection(face: Face, one: Collection) -> Document:
    """Tell of a collection."""
    path = f"/collections/{one.code}"
    said: Document = {
        "id": one.code,
        "title": one.title,
        "description": one.about,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            *both_forms(face, path),
            face.link(f"{path}/items", "items", type_=GEOJSON, title=one.title),
            face.link(f"{path}/items?f=html", "items", type_=HTML, title=one.title),
            face.link(
                f"{path}/queryables",
                "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                type_=SCHEMA,
            ),
            face.link(f"{path}/schema", "describedby", type_=SCHEMA),
            # in these letters GDAL looks for it, and takes the types from there
            face.link(f"{path}/schema/feature", "describedBy", type_=SCHEMA),
        ],
    }
    bounds = one.bounds
    if bounds:
        said["extent"] = {"spatial": {"bbox": [bounds], "crs": CRS84}}
        said["links"].append(
            face.link(
                f"{path}/tiles",
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            )
        )
    return said


def schema(face: Face, one: Collection) -> Document:
    """Tell types and titles of the properties of the features."""
    return _schema(face, one, "schema", closed=False)


def feature_schema(face: Face, one: Collection) -> Document:
    """Tell the same of a feature as GeoJSON has it."""
    own = schema(face, one)
    geometry = own["properties"].pop("geometry", None)
    # which is the feature's own as well, and would be told twice
    del own["properties"]["id"]
    shape = (
        {"type": "null"}
        if geometry is None
        else {"$ref": f"https://geojson.org/schema/{one.shape}.json"}
    )
    return {
        "$schema": own["$schema"],
        "$id": f"{own['$id']}/feature",
        "type": "object",
        "title": own["title"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": shape,
            "properties": {"type": "object", "properties": own["properties"]},
        },
    }


def queryables(face: Face, one: Collection) -> Document:
    """Tell what a filter may name."""
    return _schema(face, one, "queryables", closed=True)


def _schema(face: Face, one: Collection, name: str, *, closed: bool) -> Document:
    fields: dict[str, Document] = {
        field.name: {"title": field.title, "type": field.type} for field in one.fields
    }
    fields["id"]["x-ogc-role"] = "id"
    if one.shape:
        fields["geometry"] = {
            "x-ogc-role": "primary-geometry",
            "format": f"geometry-{one.shape.lower()}",
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{face.root}/collections/{one.code}/{name}",
        "type": "object",
        "title": one.title,
        "properties": fields,
        **({"additionalProperties": False} if closed else {}),
    }


def tilesets(face: Face, one: Collection) -> Document:
    """List the sets of tiles of a collection."""
    path = f"/collections/{one.code}/tiles"
    return {
        "links": both_forms(face, path),
        "tilesets": [tileset(face, one)],
    }


def tileset(face: Face, one: Collection) -> Document:
    """Tell of the tiles of a collection."""
    path = f"/collections/{one.code}/tiles/{MATRICES}"
    bounds = one.bounds or [-180, -85, 180, 85]
    return {
        "title": one.title,
        "dataType": "vector",
        "crs": MERCATOR,
        "tileMatrixSetURI": MATRIX_URI,
        "boundingBox": {
            "lowerLeft": bounds[:2],
            "upperRight": bounds[2:],
            "crs": CRS84,
        },
        "layers": [{"id": one.code, "title": one.title, "dataType": "vector"}],
        "links": [
            *both_forms(face, path),
            face.link(
                f"/tileMatrixSets/{MATRICES}",
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
            ),
            face.link(
                f"{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
                "item",
                type_=MVT,
                templated=True,
            ),
        ],
    }


def matrix_sets(face: Face) -> Document:
    """List the ways in which the world is cut into tiles."""
    path = f"/tileMatrixSets/{MATRICES}"
    return {
        "tileMatrixSets": [
            {
                "id": MATRICES,
                "title": MATRICES,
                "uri": MATRIX_URI,
                "links": [face.link(path, "self")],
            }
        ],
        "links": both_forms(face, "/tileMatrixSets"),
    }


def matrix_set(face: Face) -> Document:
    """Tell how the world is cut into tiles."""
    cells = [2 * _WORLD_M / _TILE_PX / 2**z for z in range(DEEPEST + 1)]
    return {
        "id": MATRICES,
        "title": MATRICES,
        "uri": MATRIX_URI,
        "crs": MERCATOR,
        "tileMatrices": [
            {
                "id": str(z),
                "scaleDenominator": cell / _PIXEL_M,
                "cellSize": cell,
                "pointOfOrigin": [-_WORLD_M, _WORLD_M],
                "tileWidth": _TILE_PX,
                "tileHeight": _TILE_PX,
                "matrixWidth": 2**z,
                "matrixHeight": 2**z,
            }
            for z, cell in enumerate(cells)
        ],
        "links": both_forms(face, f"/tileMatrixSets/{MATRICES}"),
    }


def openapi(face: Face) -> Document:
    """Write the definition of the interface, from which QGIS takes the limits."""
    one, each = "/collections/{collectionId}", "{tileMatrix}/{tileRow}/{tileCol}"
    tiles = f"{one}/tiles"
    matrices = "/tileMatrixSets"
    paths = {
        "/": _operation("landing"),
        "/conformance": _operation("conformance"),
        "/collections": _operation("collections"),
        one: _operation("collection", "collectionId"),
        f"{one}/schema": _operation("schema", "collectionId", type_=SCHEMA),
        f"{one}/schema/feature": _operation(
            "featureSchema", "collectionId", type_=SCHEMA
        ),
        f"{one}/queryables": _operation("queryables", "collectionId", type_=SCHEMA),
        f"{one}/items": _operation(
            "items",
            "collectionId",
            *("limit", "offset", "bbox", "datetime", "filter", "filter-lang"),
            type_=GEOJSON,
        ),
        f"{one}/items/{{featureId}}": _operation(
            "item", "collectionId", "featureId", type_=GEOJSON
        ),
        tiles: _operation("tilesets", "collectionId"),
        f"{tiles}/{MATRICES}": _operation("tileset", "collectionId"),
        f"{tiles}/{MATRICES}/{each}": _operation(
            "tile", "collectionId", "tileMatrix", "tileRow", "tileCol", type_=MVT
        ),
        matrices: _operation("matrixSets"),
        f"{matrices}/{MATRICES}": _operation("matrixSet"),
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": face.title, "version": program_version() or "0"},
        "servers": [{"url": face.root}],
        "paths": paths,
        "components": {"parameters": _parameters(face)},
    }


def _operation(name: str, *parameters: str, type_: str = JSON) -> Document:
    listed = [{"$ref": f"#/components/parameters/{one}"} for one in parameters]
    return {
        "get": {
            "operationId": name,
            **({"parameters": listed} if listed else {}),
            "responses": {
                "200": {"description": name, "content": {type_: {}, HTML: {}}},
                "default": {"description": "error", "content": {JSON: {}}},
            },
        }
    }


def _parameters(face: Face) -> Document:
    whole = {"type": "integer", "minimum": 0}
    number = {"type": "array", "items": {"type": "number"}}
    limit = {**whole, "minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT}
    queries: dict[str, Document] = {
        "limit": limit,
        "offset": {**whole, "default": 0},
        "bbox": {**number, "minItems": 4, "maxItems": 6},
        "datetime": {"type": "string"},
        "filter": {"type": "string"},
        "filter-lang": {"type": "string", "enum": ["cql2-text"]},
    }
    paths: dict[str, Document] = {
        "collectionId": {"type": "string", "enum": list(face.collections)},
        "featureId": {"type": "string"},
        **dict.fromkeys(("tileMatrix", "tileRow", "tileCol"), whole),
    }
    return {
        **{
            name: {
                "name": name,
                "in": "query",
                "required": False,
                "schema": said,
                "style": "form",
                "explode": False,
            }
            for name, said in queries.items()
        },
        **{
            name: {"name": name, "in": "path", "required": True, "schema": said}
            for name, said in paths.items()
        },
    }
