"""What a FlatGeobuf file promises, held against its bytes before it is read."""

import struct
from dataclasses import dataclass
from typing import Final

from beltmap.geo.intake.notices import refuse

_MAGIC_BYTES: Final = 8
_LENGTH: Final = struct.Struct("<I")
_NODE_BYTES: Final = 40
_LEAST_NODE: Final = 2
_COUNT, _NODE_SIZE = 8, 9
"""Fields of the header, by their place in its schema."""

_USUAL_NODE: Final = 16


@dataclass(frozen=True)
class Promised:
    """
    What the header of a file says of it.

    Parameters
    ----------
    count
        Number of features; zero where it is not said.
    begin
        Where the first feature begins, behind the index.
    """

    count: int
    begin: int


def check_lengths(data: bytes) -> int:
    """
    Go from feature to feature by their lengths.

    Parameters
    ----------
    data
        The whole file.

    Returns
    -------
    count
        How many features there are.

    Raises
    ------
    RefusedError
        If a length leads out of the file, or the header promises another
        number of features than there are.
    """
    try:
        promised = _promised(data)
    except (struct.error, OverflowError):
        raise refuse("E_FGB_LENGTH") from None
    if promised.begin > len(data):
        # an index of so many features would end behind the file
        raise refuse("E_COUNT_DIFFERS", part="FlatGeobuf", said=promised.count, found=0)
    at, count = promised.begin, 0
    while at < len(data):
        count += 1
        end = at + _LENGTH.size
        if end <= len(data):
            end += _LENGTH.unpack_from(data, at)[0]
        if end > len(data) or end <= at + _LENGTH.size:
            raise refuse("E_FGB_LENGTH", {"feature": count})
        at = end
    if promised.count and count != promised.count:
        said = promised.count
        raise refuse("E_COUNT_DIFFERS", part="FlatGeobuf", said=said, found=count)
    return count


def _promised(data: bytes) -> Promised:
    """Read the header, which is a FlatBuffers table behind its length."""
    (size,) = _LENGTH.unpack_from(data, _MAGIC_BYTES)
    begin = _MAGIC_BYTES + _LENGTH.size
    head = data[begin : begin + size]
    if len(head) < size:
        raise struct.error
    count = _field(head, _COUNT, "<Q", 0)
    node = _field(head, _NODE_SIZE, "<H", _USUAL_NODE)
    index = _index_bytes(count, node) if count and node else 0
    return Promised(count, begin + size + index)


def _field(table: bytes, number: int, kind: str, default: int) -> int:
    """Read a number of a FlatBuffers table, or what stands for one left out."""
    (root,) = struct.unpack_from("<I", table, 0)
    (back,) = struct.unpack_from("<i", table, root)
    about = root - back
    if about < 0:
        raise struct.error
    (size,) = struct.unpack_from("<H", table, about)
    slot = 4 + 2 * number
    if slot + 2 > size:
        return default
    (at,) = struct.unpack_from("<H", table, about + slot)
    return int(struct.unpack_from(kind, table, root + at)[0]) if at else default


def _index_bytes(count: int, node: int) -> int:
    """Compute how long the packed tree over so many features is."""
    node = max(node, _LEAST_NODE)
    level = nodes = count
    while level > 1:
        level = -(-level // node)
        nodes += level
    # a tree of one feature has its leaf and a root above it
    return (nodes + (count == 1)) * _NODE_BYTES
