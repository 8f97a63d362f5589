"""From bytes to text: which encoding, how sure, and what if it is neither."""

import codecs
import re
from typing import Final

from geo.intake.notices import Notice, notice, refuse

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CJK: Final = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
_SAMPLE: Final = 1 << 20


def decode(data: bytes) -> tuple[str, str, tuple[Notice, ...]]:
    """
    Read text in the encoding that its bytes show.

    Parameters
    ----------
    data
        The whole file.

    Returns
    -------
    words
        The text, without a byte order mark.
    encoding
        Name of the encoding.
    notices
        A repair if the encoding is not UTF-8.

    Raises
    ------
    RefusedError
        If the bytes are text in none of UTF-8, UTF-16, UTF-32 and GB 18030.

    Examples
    --------
    >>> decode("商业用地".encode("gbk"))[:2]
    ('商业用地', 'gb18030')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, encoding)
    wide = _wide(data)
    if wide:
        return _marked(data, wide)
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError as error:
        if not looks_like_gbk(data):
            found = f"0x{data[error.start]:02X}"
            raise refuse("E_ENCODING", {"byte": error.start + 1}, found=found) from None
    words = data.decode("gb18030")
    return words, "gb18030", (notice("W_ENCODING", encoding="GBK / GB 18030"),)


def looks_like_gbk(data: bytes) -> bool:
    """
    Tell whether bytes that are not UTF-8 are Chinese text in GB 18030.

    Parameters
    ----------
    data
        Bytes that do not decode as UTF-8.

    Returns
    -------
    likely
        True if they decode, mostly to Chinese characters, and are not UTF-8
        with a few broken bytes.

    Examples
    --------
    >>> looks_like_gbk("青岛市软件园".encode("gbk"))
    True
    >>> looks_like_gbk("青岛".encode()[:-1])
    False
    """
    try:
        words = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    strange = [c for c in words[:_SAMPLE] if not c.isascii()]
    chinese = len(_CJK.findall("".join(strange)))
    as_utf8 = data[:_SAMPLE].decode("utf-8", errors="replace")
    broken = as_utf8.count("\ufffd")
    sound = sum(not c.isascii() for c in as_utf8) - broken
    return chinese * 2 > len(strange) and sound < broken


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
