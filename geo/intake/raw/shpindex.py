"""Where the records of a .shp file lie: one behind the other, or as the .shx lists."""

import struct
from typing import Final

import numpy as np

Span = tuple[int, int]
"""First byte of a record's content, and its bytes."""

_HEAD: Final = 100
_OWN: Final = 8
"""Bytes of the file's head, and of a record's."""


def walk(data: bytes) -> tuple[list[Span], bool]:
    """
    Go from record to record.

    Parameters
    ----------
    data
        The whole .shp file.

    Returns
    -------
    spans
        Records one behind the other. Bytes past the end that the file's head
        states are no record, unless they go on like one.
    whole
        False if the last record is cut.
    """
    stated = _stated(data)
    spans: list[Span] = []
    at = _HEAD
    while at < len(data):
        number, size = struct.unpack(">2i", data[at : at + _OWN].ljust(_OWN, b"\xff"))
        past = _HEAD <= stated <= at
        if not 0 <= 2 * size <= len(data) - at - _OWN or (
            past and (number != len(spans) + 1 or size < 2)  # noqa: PLR2004 - a shape's kind
        ):
            return spans, past
        spans.append((at + _OWN, 2 * size))
        at += _OWN + 2 * size
    return spans, True


def listed_records(data: bytes, shx: bytes, known: int | None) -> list[Span] | None:
    """
    Find the records that the index lists, if it can be believed.

    Parameters
    ----------
    data, shx
        The whole .shp and .shx files.
    known
        Records of the table of attributes; None without one.

    Returns
    -------
    spans
        None unless every record that it lists is there and whole, one behind the
        other, as many as the table has.
    """
    spans = indexed(shx)
    if not spans or len(spans) != (len(spans) if known is None else known):
        return None
    for at, size in spans:
        if not (at >= _HEAD + _OWN and 0 <= size <= len(data) - at):
            return None
        if struct.unpack_from(">i", data, at - 4)[0] != size // 2:
            return None
    return spans if spans == sorted(set(spans)) else None


def indexed(shx: bytes) -> list[Span]:
    """
    Read what an index lists, whether or not it is there.

    Parameters
    ----------
    shx
        The whole .shx file.
    """
    count = max(0, len(shx) - _HEAD) // _OWN
    pairs = np.frombuffer(shx, ">i4", 2 * count, min(_HEAD, len(shx))).astype(np.int64)
    return [(at + _OWN, size) for at, size in (2 * pairs.reshape(-1, 2)).tolist()]


def _stated(data: bytes) -> int:
    """Read how many bytes a file's head says that it has; 0 without a head."""
    if len(data) < _HEAD:
        return 0
    return 2 * int(struct.unpack_from(">i", data, 24)[0])
