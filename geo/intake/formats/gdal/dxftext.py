"""The text of a drawing, looked over: which entities bend, how many blocks make."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_ROUND: Final = frozenset({"CIRCLE", "ELLIPSE", "ARC", "SPLINE"})
_BULGES: Final = frozenset({"LWPOLYLINE", "VERTEX", "HATCH", "MPOLYGON"})
_EDGES: Final = frozenset({"2", "3", "4"})
"""Edges of a hatch that are no lines."""

_DEEPEST: Final = 32


@dataclass
class Entity:
    """
    One entity: what it is, its handle, and the block that it inserts.

    Parameters
    ----------
    kind
        As the drawing has it.
    handle
        Its handle; of a corner, that of its polyline.
    block
        Name of the block that it inserts, or that it begins.
    times
        How often it inserts it.
    bends
        Whether it has a curve.
    """

    kind: str
    handle: str = ""
    block: str = ""
    times: int = 1
    bends: bool = False


@dataclass
class DrawingText:
    """
    What a drawing consists of.

    Parameters
    ----------
    curved
        Handles of the entities with curves.
    blocks
        For each block how many entities it has, and which blocks it inserts
        how often; the drawing itself is the block without a name.
    """

    curved: set[str] = field(default_factory=set)
    blocks: dict[str, tuple[int, dict[str, int]]] = field(default_factory=dict)

    def entities(self) -> int:
        """Count the entities of the drawing with those of the blocks in it."""
        known: dict[tuple[str, int], int] = {}

        def count(name: str, depth: int) -> int:
            if (name, depth) not in known:
                own, inserted = self.blocks.get(name, (0, {}))
                inner = inserted.items() if depth else ()
                more = (times * count(block, depth - 1) for block, times in inner)
                known[name, depth] = own + sum(more)
            return known[name, depth]

        return count("", _DEEPEST)


def looked_over(words: str) -> DrawingText:
    r"""
    Look a drawing over.

    Parameters
    ----------
    words
        The whole drawing.

    Examples
    --------
    >>> circle = "  0\nCIRCLE\n  5\nA1\n"
    >>> sorted(looked_over(circle).curved), looked_over(circle).entities()
    (['A1'], 1)
    """
    text = DrawingText()
    inside = ""
    for entity in _entities(words):
        if entity.bends:
            text.curved.add(entity.handle)
        if entity.kind in {"BLOCK", "ENDBLK"}:
            inside = entity.block if entity.kind == "BLOCK" else ""
            continue
        own, inserted = text.blocks.get(inside, (0, {}))
        if entity.kind == "INSERT":
            times = inserted.get(entity.block, 0) + entity.times
            inserted[entity.block] = times
        text.blocks[inside] = (own + 1, inserted)
    return text


def _entities(words: str) -> Iterator[Entity]:
    lines = words.split("\n")
    entity = Entity("")
    whole = ""
    for at in range(0, len(lines) - 1, 2):
        code, value = lines[at].strip(), lines[at + 1].strip()
        if code == "0":
            if entity.kind:
                yield entity
            # the corners of an old polyline are entities of their own
            entity = Entity(value, whole if value == "VERTEX" else "")
            entity.bends = value in _ROUND
        elif code == "5" and not entity.handle:
            entity.handle = whole = value
        elif code == "2" and entity.kind in {"INSERT", "BLOCK"}:
            entity.block = value
        elif code in {"70", "71"} and entity.kind == "INSERT":
            entity.times *= max(1, int(value[:6])) if value.isdecimal() else 1
        elif _bends(entity.kind, code, value):
            entity.bends = True
    if entity.kind:
        yield entity


def _bends(kind: str, code: str, value: str) -> bool:
    """Tell whether a value makes a side round: a bulge, or an edge that is no line."""
    if code == "42":
        return kind in _BULGES and bool(value.strip("-0."))
    return code == "72" and kind == "HATCH" and value in _EDGES
