"""From bytes to text: which encoding, how sure, and what if it is neither."""

import codecs
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from beltmap.geo.intake.notices import (
    Notice,
    RefusedError,
    Severity,
    notice,
    refuse,
)
from beltmap.geo.intake.raw.guess import CHOICES, codec_of, decodes, likely_encodings

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(
    data: bytes, *, declared: str | None = None, chosen: str | None = None
) -> tuple[str, str, tuple[Notice, ...]]:
    """
    Read text in the encoding that is said, or else that its bytes show.

    Parameters
    ----------
    data
        The whole file.
    declared
        Encoding that the file itself states.
    chosen
        Encoding that a person chose.

    Returns
    -------
    words
        The text, without a byte order mark.
    encoding
        Name of the encoding.
    notices
        A repair if the encoding is not UTF-8, a question if it is not certain.

    Raises
    ------
    RefusedError
        If the bytes are no text, or not in the encoding that a person chose.

    Examples
    --------
    >>> decode("商业用地".encode("gbk"))[:2]
    ('商业用地', 'gb18030')
    """
    if chosen is not None:
        words, encoding, _ = _in(data, asked_codec(chosen))
        return words, encoding, ()
    mark = next((one for begin, one in _MARKS if data.startswith(begin)), _wide(data))
    if mark:
        return _marked(data, mark)
    stated = codec_of(declared) if declared else None
    if stated not in {None, "utf-8"}:
        with suppress(RefusedError):
            return _in(data, str(stated))
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError as error:
        return _guessed(data, error)


def _guessed(
    data: bytes, error: UnicodeDecodeError
) -> tuple[str, str, tuple[Notice, ...]]:
    """Read what is no UTF-8 in the likeliest encoding; ask where others are near."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    likely = likely_encodings(lines)
    if not likely or likely[0] == "utf-8":
        found = f"0x{data[error.start]:02X}"
        raise refuse("E_ENCODING", {"byte": error.start + 1}, found=found)
    words, encoding, notices = _in(data, likely[0])
    if len(likely) == 1:
        return words, encoding, notices
    others = [codec for codec in CHOICES if decodes(data, codec)]
    return words, encoding, (doubted(list(dict.fromkeys([*likely, *others]))),)


def doubted(likely: Sequence[str]) -> Notice:
    """Ask which of several encodings a text is in, the likeliest first."""
    ask = Severity.ASK
    return notice(
        "W_ENCODING", severity=ask, encoding=shown(likely[0]), options=list(likely)
    )


def asked_codec(chosen: str) -> str:
    """
    Find the encoding that a person chose.

    Raises
    ------
    RefusedError
        If nobody knows it.
    """
    codec = codec_of(chosen)
    if codec is None:
        known = ", ".join(CHOICES)
        raise refuse("E_UNKNOWN_ANSWER", about="encoding", found=chosen, known=known)
    return codec


def shown(codec: str) -> str:
    """Give the name of an encoding as people know it."""
    return "GBK / GB 18030" if codec == "gb18030" else codec.upper()


def _in(data: bytes, codec: str) -> tuple[str, str, tuple[Notice, ...]]:
    """Decode in one encoding, strictly."""
    try:
        words = data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        found = f"0x{data[error.start]:02X}"
        raise refuse("E_ENCODING", {"byte": error.start + 1}, found=found) from None
    said = () if codec == "utf-8" else (notice("W_ENCODING", encoding=shown(codec)),)
    return words, codec, said


def _marked(data: bytes, encoding: str) -> tuple[str, str, tuple[Notice, ...]]:
    """Decode what a byte order mark, or a wide pattern, announces."""
    try:
        words = data.decode(encoding)
    except UnicodeDecodeError as error:
        found = f"0x{data[error.start]:02X}"
        raise refuse("E_ENCODING", {"byte": error.start + 1}, found=found) from None
    if encoding == "utf-8-sig":
        return words, "utf-8", ()
    return words, encoding, (notice("W_ENCODING", encoding=encoding.upper()),)


def _wide(data: bytes) -> str | None:
    """Find UTF-16 without a mark by its zeros in every other byte."""
    head = data[:4096]
    half = len(head) // 2
    if half == 0 or head.count(0) * 4 < len(head):
        return None
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd * 2 > half > even * 8:
        return "utf-16-le"
    return "utf-16-be" if even * 2 > half > odd * 8 else None
