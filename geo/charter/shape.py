"""Holds a document against a JSON Schema: as much of one as ``plan.toml`` needs."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Path = tuple[str, ...]

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


@dataclass(frozen=True)
class Misfit:
    """
    One place where a document is not as the schema has it.

    Parameters
    ----------
    reason
        ``"unknown"`` key, ``"missing"`` key or wrong ``"value"``.
    path
        Path of the key.
    value
        What stands there.
    known
        What may stand there: keys, values, types or examples.
    examples
        Whether more may stand there than is known.
    """

    reason: str
    path: Path
    value: object
    known: tuple[str, ...]
    examples: bool = False


def misfits(
    document: object, schema: Mapping[str, Any], root: Mapping[str, Any], at: Path = ()
) -> Iterator[Misfit]:
    """
    Find everything that does not fit.

    Parameters
    ----------
    document
        What to look at, as TOML or JSON is read.
    schema
        Its schema, with ``type``, ``properties``, ``additionalProperties``,
        ``propertyNames``, ``required``, ``items``, ``enum``, ``pattern``,
        ``minimum``, ``maximum`` and ``$ref``.
    root
        The whole schema, for its ``$defs``.
    at
        Path of `document`.

    Yields
    ------
    misfit
        In the order of the document.
    """
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        schema = {**root["$defs"][name], **schema}
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    # a truth value is a whole number to Python
    if not any(type(document) in _TYPES[name] for name in types):
        yield _bad(at, document, schema, types)
    elif isinstance(document, dict):
        yield from _of_object(document, schema, root, at)
    elif isinstance(document, list):
        for item in document:
            yield from misfits(item, schema["items"], root, at)
    elif not _allowed(document, schema):
        yield _bad(at, document, schema, types)


def _bad(
    at: Path, value: object, schema: Mapping[str, Any], types: list[str]
) -> Misfit:
    open_ended = "examples" in schema and "enum" not in schema
    return Misfit("value", at, value, _expected(schema, types), examples=open_ended)


def _of_object(
    document: Mapping[str, Any],
    schema: Mapping[str, Any],
    root: Mapping[str, Any],
    at: Path,
) -> Iterator[Misfit]:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", False)
    names = schema.get("propertyNames", {})
    for name in schema.get("required", ()):
        if name not in document:
            yield Misfit("missing", (*at, name), None, ())
    for name, value in document.items():
        path = (*at, name)
        if name in properties:
            yield from misfits(value, properties[name], root, path)
        elif others is False:
            yield Misfit("unknown", path, name, tuple(properties))
        elif not _allowed(name, names):
            yield _bad(path, name, names, [])
        else:
            yield from misfits(value, others, root, path)


def _allowed(value: Any, schema: Mapping[str, Any]) -> bool:  # noqa: ANN401 - TOML's
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    # what is no number is not between two
    least, most = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    return isinstance(value, str | bool) or bool(least <= value <= most)


def _expected(schema: Mapping[str, Any], types: list[str]) -> tuple[str, ...]:
    given = schema.get("enum") or schema.get("examples")
    if not given and "minimum" in schema:
        given = [f"≥ {schema['minimum']}"]
    if "maximum" in schema:
        given = [f"{schema['minimum']}–{schema['maximum']}"]
    return tuple(map(str, given or types))
