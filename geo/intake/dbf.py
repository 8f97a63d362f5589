"""The attribute table of a Shapefile (dBASE), with its encoding found out."""

import codecs
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from geo.intake.encoding import looks_like_gbk
from geo.intake.limits import Limits
from geo.intake.notices import Json, Notice, Severity, notice, refuse

_PAGES: Final = {
    "65001": "utf-8",
    "utf8": "utf-8",
    "936": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "950": "big5",
    "big5": "big5",
    "1252": "cp1252",
    "iso88591": "cp1252",
    "88591": "cp1252",
}
_LANGUAGES: Final = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
_CHOICES: Final = ("utf-8", "gb18030", "big5", "cp1252")
_FIELD: Final = 32
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
    fields, begin, size, count = _head(data, limits)
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


def _head(data: bytes, limits: Limits) -> tuple[list[Field], int, int, int]:
    """Read the table's own description and hold it against its bytes."""
    if len(data) < _FIELD + 1:
        raise refuse("E_DBF_BROKEN", found="it is too short")
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
        raise refuse("E_DBF_BROKEN", found="its fields do not fit into its records")
    count = min(count, (len(data) - begin) // size)
    if count > limits.rows:
        raise refuse("E_TOO_MANY_ROWS", limit=limits.rows)
    if count * len(fields) > limits.cells:
        raise refuse("E_TOO_MANY_CELLS", found=count * len(fields), limit=limits.cells)
    return fields, begin, size, count


def _encoding(
    strange: list[bytes], language: int, cpg: bytes | None, chosen: str | None
) -> tuple[str, list[Notice]]:
    """Find the encoding: as chosen, as stated if that can be, as it looks."""
    if chosen is not None:
        codec = codec_of(chosen)
        if codec is None:
            known = ", ".join(_CHOICES)
            raise refuse(
                "E_UNKNOWN_ANSWER", about="encoding", found=chosen, known=known
            )
        return codec, []
    stated = codec_of(cpg.decode("ascii", "replace")) if cpg else None
    stated = stated or _LANGUAGES.get(language)
    if stated and all(_decodes(text, stated) for text in strange):
        return stated, []
    likely = _looks(strange)
    if not strange or (likely == "utf-8" and stated is None):
        return likely, []
    if stated is None:
        return likely, [notice("W_ENCODING", encoding=likely.upper())]
    options = [c for c in _CHOICES if all(_decodes(text, c) for text in strange)]
    ask = Severity.ASK
    said = notice("W_ENCODING", severity=ask, encoding=likely.upper(), options=options)
    return likely, [said]


def codec_of(name: str) -> str | None:
    r"""
    Find an encoding by what a .cpg file or a person calls it.

    Examples
    --------
    >>> codec_of("UTF-8"), codec_of("ANSI 936\n"), codec_of("Klingon")
    ('utf-8', 'gb18030', None)
    """
    plain = "".join(c for c in name.lower() if c.isalnum()).removeprefix("ansi")
    return _PAGES.get(plain) or _PAGES.get(plain.removeprefix("windows"))


def _looks(strange: list[bytes]) -> str:
    if all(_decodes(text, "utf-8") for text in strange):
        return "utf-8"
    return "gb18030" if looks_like_gbk(b" ".join(strange)) else "cp1252"


def _decodes(text: bytes, codec: str) -> bool:
    """Tell whether bytes are text, but for a character cut at the end."""
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(text, final=False)
    except UnicodeDecodeError:
        return False
    return True


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
