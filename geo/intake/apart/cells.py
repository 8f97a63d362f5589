"""Columns as they pass between processes: each value once, and where it stands."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from beltmap.geo.intake.notices import Json
from beltmap.geo.intake.rows import ABSENT

Cells = NDArray[np.object_]

MOST_LETTERS: Final = 500_000
MOST_VALUES: Final = 20_000
"""Letters and values of a piece, but for a text that alone has more."""

_PLAIN: Final = frozenset({str, int, float, type(None)})
_CODES: Final = "<i4"


def coded(values: Sequence[Json]) -> tuple[list[Json], list[int]]:
    """
    Find the different values of a column, and which of them each row has.

    Examples
    --------
    >>> coded(["a", None, "a", 1, 1.0])
    (['a', None, 1, 1.0], [0, 1, 0, 2, 3])
    """
    places: dict[tuple[type, Json], int] = {}
    codes = [places.setdefault((type(one), one), len(places)) for one in values]
    return [value for _, value in places], codes


def pack_column(values: Sequence[Json]) -> Iterator[bytes]:
    """
    Write a column in pieces.

    Parameters
    ----------
    values
        Texts, numbers, None and `ABSENT`.

    Returns
    -------
    pieces
        The number of each row's value, none where all rows have the same, or each
        its own in this order; the different values as JSON, some at a time; and an
        empty piece.
    """
    found, codes = coded(values)
    plain = len(found) in {1, len(codes)}
    yield b"" if plain else np.array(codes, _CODES).tobytes()
    some: list[Json] = []
    letters = 0
    for value in found:
        some.append({} if value is ABSENT else value)
        letters += len(value) if isinstance(value, str) else 1
        if letters > MOST_LETTERS or len(some) >= MOST_VALUES:
            yield _text(some)
            some, letters = [], 0
    if some:
        yield _text(some)
    yield b""


def unpack_column(pieces: list[bytes], size: int) -> tuple[Cells, Cells]:
    """
    Read what `pack_column` wrote, from a writer that is not trusted.

    Parameters
    ----------
    pieces
        Its pieces and what follows them, the first last; they are let go.
    size
        Number of rows.

    Returns
    -------
    values, known
        The value of each row, and the different values.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    codes = pieces.pop()
    told: list[Json] = []
    while piece := pieces.pop():
        some = json.loads(piece)
        demand(isinstance(some, list), "no column")
        # all at once: a call for each would take longer than reading them
        plain = set(map(type, some)) <= _PLAIN
        told += some if plain else [_value(one) for one in some]
    known = np.empty(len(told), object)
    known[:] = told
    if codes:
        rows: NDArray[Any] = np.frombuffer(codes, _CODES)
        demand(len(rows) == size, "lengths")
        demand(bool(((rows >= 0) & (rows < len(known))).all()), "no such value")
        return known[rows], known
    demand(len(known) in ({1, size} if size else {0}), "lengths")
    return np.broadcast_to(known, (size,)), known


def _value(one: Json) -> Json:
    demand(one == {} or type(one) in _PLAIN, "no value")
    return ABSENT if one == {} else one


def _text(values: list[Json]) -> bytes:
    # half of a pair of surrogates is no character, and stays as it is
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")


def demand(true: bool, what: str) -> None:  # noqa: FBT001 - as assert has it
    """Refuse what a worker says unless it is so."""
    if not true:
        raise ValueError(what)
