"""Writes ``plan.toml`` for a new plan."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from beltmap.geo.charter.charter import Kind, Structure, Words
from beltmap.geo.charter.reading import SCHEMA


def charter_text(  # noqa: PLR0913 - a part of the file each
    title: Words,
    *,
    kinds: Iterable[Kind],
    statuses: Mapping[str, Words],
    structures: Iterable[Structure] = (),
    cities: Iterable[str] = (),
    sectors: Mapping[str, Words] | None = None,
) -> str:
    """
    Write what a plan says of itself.

    Parameters
    ----------
    title
        What the plan is called.
    kinds, statuses, structures
        As `geo.charter.charter.Charter` has them.
    cities
        Codes, which are names as well.
    sectors
        Name of each sector by its code.

    Returns
    -------
    content
        TOML that `geo.charter.reading.read_charter` reads; its first line names
        the schema, which stands beside it, to editors that complete it.
    """
    lines = [f"#:schema ./{SCHEMA.name}", "schema = 1", f"title = {_words(title)}"]
    for kind in kinds:
        lines += ["", f"[kinds.{_key(kind.code)}]", *_kind(kind)]
    for structure in structures:
        lines += ["", f"[structures.{_key(structure.code)}]", *_structure(structure)]
    lines += ["", "[statuses]"]
    lines += [f"{_key(code)} = {_words(name)}" for code, name in statuses.items()]
    named = [("cities", code, Words(code, code)) for code in cities]
    named += [("sectors", code, name) for code, name in (sectors or {}).items()]
    for table, code, name in named:
        lines += ["", f"[{table}.{_key(code)}]", f"name = {_words(name)}"]
    return "\n".join([*lines, ""])


def _kind(kind: Kind) -> Iterator[str]:
    yield f"name = {_words(kind.name)}"
    yield f"file = {_text(kind.file)}"
    yield f"colour = {_text(kind.colour)}"
    yield f"hatch = {_text(kind.pattern)}"
    if kind.frames:
        yield "frames = true"
    if kind.in_text:
        yield f"in_text = {_words(kind.in_text)}"
    if kind.also:
        yield f"also = [{', '.join(map(_text, kind.also))}]"
    if kind.default:
        yield "default = true"


def _structure(structure: Structure) -> Iterator[str]:
    yield f"name = {_words(structure.name)}"
    if structure.status:
        yield f"status = {_text(structure.status)}"
    counts = (f"{_key(kind)} = {n}" for kind, n in structure.promises.items())
    yield f"promises = {{ {', '.join(counts)} }}"


def _words(words: Words) -> str:
    if words.en == words.zh:
        return _text(words.en)
    return f"{{ en = {_text(words.en)}, zh = {_text(words.zh)} }}"


def _text(words: str) -> str:
    # what JSON escapes, TOML reads; it wants one control character escaped besides
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(code: str) -> str:
    return code if re.fullmatch(r"[A-Za-z0-9_-]+", code) else _text(code)
