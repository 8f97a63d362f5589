"""A checker of RFC 7946 that shares nothing with the writer it checks."""

import itertools
import json
import math


def faults(content):
    """List what in a GeoJSON text is not as RFC 7946 has it."""
    document = json.loads(content, parse_constant=_refuse, object_pairs_hook=_once)
    found = []
    if document.get("type") != "FeatureCollection":
        found.append("not a FeatureCollection")
    if "crs" in document:
        found.append("has a crs member (section 4)")
    ids = [f["id"] for f in document.get("features", ()) if "id" in f]
    if len(set(ids)) < len(ids):
        found.append("an id is given to two features")
    positions = []
    for number, feature in enumerate(document.get("features", ())):
        found += [f"feature {number}: {fault}" for fault in _feature(feature)]
        positions += list(_positions(feature.get("geometry")))
    if positions:
        wanted = [
            min(p[0] for p in positions),
            min(p[1] for p in positions),
            max(p[0] for p in positions),
            max(p[1] for p in positions),
        ]
        if document.get("bbox") != wanted:
            found.append(f"bbox {document.get('bbox')} is not {wanted} (section 5)")
    return found


def _refuse(word):
    raise ValueError(f"{word} is not JSON")


def _once(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"a member stands twice in {names}"
    return dict(pairs)


def _feature(feature):
    if feature.get("type") != "Feature":
        yield "not a Feature"
    for member in ("geometry", "properties"):
        if member not in feature:
            yield f"without {member} (section 3.2)"
    if isinstance(feature.get("id", ""), bool | list | dict | None):
        yield "the id is no text or number (section 3.2)"
    properties = feature.get("properties") or {}
    if properties.get("id") != feature.get("id"):
        yield "the id is not the property id"
    geometry = feature.get("geometry")
    if geometry:
        for polygon in _polygons(geometry):
            yield from _polygon(polygon)
    for x, y in _positions(geometry):
        if not (math.isfinite(x) and -180 <= x <= 180 and -90 <= y <= 90):
            yield f"position {x}, {y} outside the world"


def _polygons(geometry):
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else []


def _polygon(rings):
    for place, ring in enumerate(rings):
        if len(ring) < 4 or ring[0] != ring[-1]:
            yield "ring not closed (section 3.1.6)"
        if any(abs(x1 - x0) > 180 for (x0, _), (x1, _) in itertools.pairwise(ring)):
            yield "ring across the antimeridian (section 3.1.9)"
        # from the first corner, so that a small ring far from 0, 0 keeps its sign
        shifted = [(x - ring[0][0], y - ring[0][1]) for x, y in ring]
        edges = itertools.pairwise(shifted)
        turn = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in edges)
        if (turn > 0) != (place == 0):
            yield "ring against the right-hand rule (section 3.1.6)"


def _positions(geometry):
    def walk(coordinates):
        if coordinates and isinstance(coordinates[0], int | float):
            yield tuple(coordinates[:2])
        else:
            for part in coordinates:
                yield from walk(part)

    return walk(geometry["coordinates"]) if geometry else iter(())
