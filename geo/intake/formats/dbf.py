"""The attribute table of a Shapefile (dBASE), with its encoding found out."""

import codecs
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, Notice, notice, refuse
from beltmap.geo.intake.raw.encoding import asked_codec, doubted, shown
from beltmap.geo.intake.raw.guess import CHOICES, codec_of, decodes, likely_encodings

_LANGUAGES: Final = {
    0x13: "cp932",
    0x4D: "gb18030",
    0x4E: "cp949",
    0x4F: "big5",
    0x64: "cp852",
    0x65: "cp866",
    0x78: "big5",
    0x79: "cp949",
    0x7A: "gb18030",
    0x7B: "cp932",
    0x7D: "cp1255",
    0x7E: "cp1256",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
    0xCC: "cp1257",
}
"""Encoding by the byte in which a table states it; what Windows writes unasked, 0x03
and 0x57, is left out."""
_FIELD: Final = 32
_END: Final = b"\x1a"
_NAME: Final = 11


@dataclass(frozen=True)
class Field:
    """
    One column of the table.

    Parameters
    ----------
    name
        Bytes of its name.
    kind
        One letter: C text, N and F numbers, D date, L truth value.
    start, size
        Where it stands in a record.
    """

    name: bytes
    kind: str
    start: int
    size: int


@dataclass(frozen=True)
class Attributes:
    """
    What a .dbf file holds.

    Parameters
    ----------
    columns
        Values by column.
    deleted
        Whether each record is marked as deleted.
    encoding
        Encoding of its text.
    notices
        What there is to say about it.
    """

    columns: dict[str, list[Json]]
    deleted: list[bool]
    encoding: str
    notices: tuple[Notice, ...]


def read_dbf(
    data: bytes, *, cpg: bytes | None, encoding: str | None, limits: Limits
) -> Attributes:
    """
    Read an attribute table.

    Parameters
    ----------
    data
        The .dbf file.
    cpg
        The .cpg file, which names the encoding; None if there is none.
    encoding
        Encoding that a person chose.
    limits
        How large it may be.

    Returns
    -------
    attributes
        Texts without the blanks that fill them up; blank numbers are None.

    Raises
    ------
    RefusedError
        If the table is damaged or too large.
    """
    fields, begin, size, count, told = _head(data, limits)
    records = [
        data[at : at + size]
        for at in range(begin, min(begin + count * size, len(data)), size)
        if len(data) - at >= size
    ]
    texts = {
        place: [_bare(r[f.start : f.start + f.size]) for r in records]
        for place, f in enumerate(fields)
        if f.kind in "CM"
    }
    names = [f.name for f in fields]
    every = [*names, *(text for column in texts.values() for text in column)]
    strange = [text for text in every if not text.isascii()]
    codec, notices = _encoding(strange, data[29], cpg, encoding)
    notices += told
    columns: dict[str, list[Json]] = {}
    made = _unique([_decoded(name, codec)[0] for name in names])
    for place, (field, name) in enumerate(zip(fields, made, strict=True)):
        if place in texts:
            pairs = [_decoded(text, codec) for text in texts[place]]
            columns[name] = [text for text, _ in pairs]
            cut = sum(was_cut for _, was_cut in pairs)
            if cut:
                notices.append(notice("W_TEXT_CUT", column=name, n=cut))
        else:
            read = _READERS.get(field.kind, _number)
            cells = [r[field.start : field.start + field.size] for r in records]
            columns[name] = [read(_bare(cell).strip()) for cell in cells]
    deleted = [record[:1] == b"*" for record in records]
    return Attributes(columns, deleted, codec, tuple(notices))


def _head(
    data: bytes, limits: Limits
) -> tuple[list[Field], int, int, int, list[Notice]]:
    """Read the table's own description and hold it against its bytes."""
    if len(data) < _FIELD + 1:
        raise refuse("E_DBF_BROKEN", reason="too short")
    count, begin, size = struct.unpack("<IHH", data[4:12])
    fields, start = [], 1
    for at in range(_FIELD, min(begin, len(data)), _FIELD):
        if data[at : at + 1] in (b"\r", b"") or len(data) - at < _FIELD:
            break
        width = data[at + 16]
        name = data[at : at + _NAME].partition(b"\0")[0]
        fields.append(Field(name, chr(data[at + 11]), start, width))
        start += width
    if len(fields) > limits.columns:
        raise refuse("E_TOO_MANY_COLUMNS", limit=limits.columns)
    if size < 1 or start > size or begin > len(data):
        raise refuse("E_DBF_BROKEN", reason="fields and records")
    said, count, told = count, min(count, (len(data) - begin) // size), []
    # one byte may follow, which only says that the table ends
    there = (len(data) - begin - data.endswith(_END)) // size
    if there != said:
        told.append(notice("W_COUNT_DIFFERS", part=".dbf", said=said, found=there))
    if count > limits.rows:
        raise refuse("E_TOO_MANY_ROWS", limit=limits.rows)
    if count * len(fields) > limits.cells:
        raise refuse("E_TOO_MANY_CELLS", found=count * len(fields), limit=limits.cells)
    return fields, begin, size, count, told


def _encoding(
    strange: list[bytes], language: int, cpg: bytes | None, chosen: str | None
) -> tuple[str, list[Notice]]:
    """Find the encoding: as chosen, as stated if that can be, as it looks."""
    if chosen is not None:
        return asked_codec(chosen), []
    named = cpg.decode("ascii", "replace").strip() if cpg else ""
    stated = codec_of(named) or _LANGUAGES.get(language)
    told: list[Notice] = []
    if named and codec_of(named) is None:
        told.append(notice("W_CODE_PAGE_UNKNOWN", found=named))
    if stated and all(decodes(text, stated) for text in strange):
        return stated, told
    likely = likely_encodings(strange) or ["cp1252"]
    if not strange or (likely[0] == "utf-8" and stated is None):
        return (likely[0] if strange else "utf-8"), told
    if stated is None and len(likely) == 1:
        return likely[0], [*told, notice("W_ENCODING", encoding=shown(likely[0]))]
    others = [c for c in CHOICES if all(decodes(text, c) for text in strange)]
    return likely[0], [*told, doubted(list(dict.fromkeys([*likely, *others])))]


def _decoded(text: bytes, codec: str) -> tuple[str, bool]:
    """Decode text, and tell whether a character was cut at its end."""
    if text.isascii():
        return text.decode("ascii"), False
    try:
        decoder = codecs.getincrementaldecoder(codec)("strict")
        words = decoder.decode(text, final=False)
        return words, bool(decoder.getstate()[0])
    except UnicodeDecodeError:
        return text.decode(codec, errors="replace"), False


def _bare(cell: bytes) -> bytes:
    return cell.partition(b"\0")[0].rstrip(b" ")


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return made


def _number(cell: bytes) -> Json:
    try:
        words = cell.decode("ascii")
        if words.lstrip("+-").isdecimal():
            whole = int(words)
            return whole if abs(whole) < 2**63 else words
        value = float(words)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def _date(cell: bytes) -> Json:
    words = cell.decode("ascii", "replace")
    return f"{words[:4]}-{words[4:6]}-{words[6:8]}" if words.isdecimal() else None


def _truth(cell: bytes) -> Json:
    return {b"T": True, b"Y": True, b"F": False, b"N": False}.get(cell.upper())


_READERS: Final[dict[str, Callable[[bytes], Json]]] = {"D": _date, "L": _truth}
