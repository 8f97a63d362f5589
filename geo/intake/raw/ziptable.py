"""The end and the table of a ZIP archive, counted and held against what is there."""

import struct
from typing import Final

from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import RefusedError, refuse

_END: Final = b"PK\x05\x06"
_END_FIELDS: Final = struct.Struct("<4s4H2IH")
_LOCATOR: Final = b"PK\x06\x07"
_LOCATOR_FIELDS: Final = struct.Struct("<4sIQI")
_LONG_END: Final = b"PK\x06\x06"
_LONG_END_FIELDS: Final = struct.Struct("<4sQ2H2I4Q")
_ENTRY: Final = b"PK\x01\x02"
_ENTRY_BYTES: Final = 46
_LENGTHS: Final = struct.Struct("<3H")
_LENGTHS_AT: Final = 28
_LONGEST_COMMENT: Final = 65_535
_IN_LONG_END: Final = (0xFFFF, 0xFFFFFFFF)
"""What a field of the end holds whose value stands in the longer end of ZIP64."""


def checked(data: bytes, limits: Limits) -> bytes:
    """
    Count the entries of an archive before a list of them is made.

    Parameters
    ----------
    data
        The whole archive.
    limits
        How many entries it may have.

    Returns
    -------
    archive
        The same without the comment at its end, in which others might find
        another end.

    Raises
    ------
    RefusedError
        If it has more, if it has no end or several, is one part of several, or
        if its end says something else than its table.
    """
    at = _end_of(data)
    disk, table_disk, here, count, size, begin = _end_fields(data, at)
    if disk or table_disk or here != count:
        raise broken("one part of several")
    table = _table_before(data, at)
    if begin + size != table or begin < 0:
        raise broken("table elsewhere")
    found = _counted(data, begin, table)
    if max(found, count) > limits.entries:
        most = max(found, count)
        raise refuse("E_ARCHIVE_ENTRIES", found=most, limit=limits.entries)
    if found != count:
        raise refuse("E_COUNT_DIFFERS", part="ZIP", said=count, found=found)
    bare = at + _END_FIELDS.size
    return data if bare == len(data) else data[: bare - 2] + b"\0\0"


def broken(reason: str, entry: str = "") -> RefusedError:
    """Make the error of an archive, or of one entry, that is damaged."""
    place = {"entry": entry} if entry else {}
    return refuse("E_ARCHIVE_BROKEN", place, reason=reason)


def _end_of(data: bytes) -> int:
    """Find the one end after which nothing comes but its own comment."""
    whole = len(data) - _END_FIELDS.size
    at = data.find(_END, max(0, whole - _LONGEST_COMMENT))
    ends = []
    while 0 <= at <= whole:
        comment = _END_FIELDS.unpack_from(data, at)[-1]
        if at + _END_FIELDS.size + comment == len(data):
            ends.append(at)
        at = data.find(_END, at + 1)
    if not ends:
        raise broken("no end")
    if len(ends) > 1:
        # one of them is a comment: programs differ on which
        raise broken("several ends")
    return ends[0]


def _end_fields(data: bytes, at: int) -> tuple[int, ...]:
    """Read disks, counts, size and place of the table; ZIP64's end counts first."""
    short = _END_FIELDS.unpack_from(data, at)[1:-1]
    locator = at - _LOCATOR_FIELDS.size
    if locator < 0 or data[locator : locator + 4] != _LOCATOR:
        return short
    _, _, long_at, disks = _LOCATOR_FIELDS.unpack_from(data, locator)
    if disks > 1:
        raise broken("one part of several")
    if long_at + _LONG_END_FIELDS.size != locator or data[long_at : long_at + 4] != (
        _LONG_END
    ):
        raise broken("two ends differ")
    fields = _LONG_END_FIELDS.unpack_from(data, long_at)
    long = fields[4:]
    if any(
        brief not in (full, *_IN_LONG_END)
        for brief, full in zip(short, long, strict=True)
    ):
        raise broken("two ends differ")
    return long


def _table_before(data: bytes, at: int) -> int:
    """Find where the table must end: before the end, and before ZIP64's."""
    locator = at - _LOCATOR_FIELDS.size
    if locator >= 0 and data[locator : locator + 4] == _LOCATOR:
        return locator - _LONG_END_FIELDS.size
    return at


def _counted(data: bytes, begin: int, end: int) -> int:
    """Go through a table from entry to entry."""
    at, count = begin, 0
    while at < end:
        if data[at : at + 4] != _ENTRY or at + _ENTRY_BYTES > end:
            raise broken("table and entries")
        at += _ENTRY_BYTES + sum(_LENGTHS.unpack_from(data, at + _LENGTHS_AT))
        count += 1
    if at != end:
        raise broken("table and entries")
    return count
