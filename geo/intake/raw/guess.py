"""Which encoding text is in, judged by what all of it would say."""

import codecs
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from beltmap.geo.intake.raw.alphabets import ALPHABETS, likely_alphabets

_NAMES: Final = {
    "65001": "utf-8",
    "utf8": "utf-8",
    "936": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "gb2312": "gb18030",
    "euccn": "gb18030",
    "gb18030": "gb18030",
    "54936": "gb18030",
    "950": "big5",
    "cp950": "big5",
    "932": "cp932",
    "sjis": "cp932",
    "shiftjis": "cp932",
    "949": "cp949",
    "euckr": "cp949",
    "ksc5601": "cp949",
}
_NO_TEXT: Final = frozenset(
    ["idna", "punycode", "undefined", "utf_7", "unicode_escape", "raw_unicode_escape"]
)
CHOICES: Final = ("utf-8", "gb18030", "big5", "cp932", "cp949", "cp1252", "cp1250")
"""Encodings that a guess considers, the likeliest first where all else is equal."""

_FREQUENT: Final = frozenset(
    "的一是不了人在有我他这中大来上国个到说们为子和地出道也时年得就那要下以生会自着去"
    "区园市县镇乡村路街道产业开发高新技术经济工程科软件件服务外包基信息数据中心山海"
    "岛湾港青烟台威东西南北京上天津城建设用规划面积名称类型总合计公顷亩平方米号甲乙丙"
    "新竹科學園區內湖臺灣縣鄉鎮產業開發國際經濟東廣場學校車站"
)
_HANGUL: Final = frozenset(
    "시군구동읍면리로길산강도서울부대전광주인천경기남북이가의다지는에을를고한하사자기"
    "어아나라마바해안원성공업단지역센터특별"
)
_LEVEL_ONE: Final = {
    "gb18030": ((0xB0, 0xD7), 0xA1),
    "big5": ((0xA4, 0xC6), 0x40),
    "cp932": ((0x88, 0x97), 0x40),
    "cp949": ((0xCA, 0xFD), 0xA1),
}
"""First bytes of the usual characters of an encoding, and their least second byte."""

_RANGES: Final = (
    ("\u3000", "\u303f", 1.0),
    ("\u3040", "\u30ff", None),
    ("\u4e00", "\u9fff", None),
    ("\uac00", "\ud7a3", None),
    ("\uff61", "\uff9f", -2.0),
    ("\uff00", "\uffef", 1.0),
)
"""First and last character of a script, and what it speaks for the encoding."""

_SAMPLE: Final = 1 << 17
_WORD: Final = re.compile(r"[^\W\d_]+")
_CLOSE: Final = 0.9
_ASCII_SHARE: Final = 0.25
_BOTH: Final = 2
"""Characters around one within a word."""


def codec_of(name: str) -> str | None:
    r"""
    Find an encoding by what a file or a person calls it.

    Examples
    --------
    >>> codec_of("UTF-8"), codec_of("ANSI 936\n"), codec_of("1250")
    ('utf-8', 'gb18030', 'cp1250')
    >>> codec_of("ISO 88592"), codec_of("Klingon"), codec_of("base64")
    ('iso8859-2', None, None)
    """
    plain = "".join(c for c in name.lower() if c.isalnum())
    for prefix in ("ansi", "windows", "codepage", "oem", "xcp", "ms"):
        plain = plain.removeprefix(prefix)
    known = _NAMES.get(plain)
    if known or not plain.isascii():
        return known
    tried = [plain, f"cp{plain}", name.strip()]
    iso = re.fullmatch(r"(?:iso)?8859(\d{1,2})", plain)
    if iso:
        tried.insert(0, f"iso8859-{iso[1]}")
    for one in tried:
        try:
            found = codecs.lookup(one)
            "".encode(found.name)
        except (LookupError, ValueError, UnicodeError):
            continue
        if found.name.replace("-", "_") not in _NO_TEXT:
            return _NAMES.get("".join(filter(str.isalnum, found.name)), found.name)
    return None


def likely_encodings(texts: Sequence[bytes]) -> list[str]:
    """
    Find in which encodings texts may be.

    Parameters
    ----------
    texts
        All texts of a file that are not ASCII; a character may be cut at the
        end of each.

    Returns
    -------
    likely
        The likeliest; further ones where they are about as likely; none where
        the texts are likely in no encoding.

    Examples
    --------
    >>> likely_encodings(["武汉软件园".encode("gbk"), "崂山".encode("gbk")[:3]])
    ['gb18030']
    >>> likely_encodings(["São João da Nação".encode("latin-1")])
    ['cp1252']
    """
    sample = _sample(texts)
    if sample and all(decodes(text, "utf-8") for text in sample):
        return ["utf-8"]
    scores = {codec: _score(sample, codec) for codec in CHOICES}
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return []
    order = sorted(CHOICES, key=lambda codec: -scores[codec])
    close = [codec for codec in order if scores[codec] >= best * _CLOSE]
    if not set(close) >= set(ALPHABETS):
        return close
    apart = likely_alphabets(sample)
    return [codec for codec in close if codec in apart or codec not in ALPHABETS]


def _sample(texts: Sequence[bytes]) -> list[bytes]:
    """Take texts evenly from all of the file, each once."""
    every = list(dict.fromkeys(texts))
    step = 1 + sum(map(len, every)) // _SAMPLE
    return [text[:_SAMPLE] for text in every[::step]]


def decodes(text: bytes, codec: str) -> bool:
    """Tell whether bytes are text, but for a character cut at the end."""
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(text, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _score(texts: Sequence[bytes], codec: str) -> float:
    """Judge what texts would say in an encoding: more is better, below zero is bad."""
    total = 0.0
    for text in texts:
        total -= 8.0 * (not decodes(text, codec))
        decoder = codecs.getincrementaldecoder(codec)("replace")
        words = decoder.decode(text, final=False)
        total += sum(_letter(words, at, codec) for at, c in enumerate(words) if c > "~")
        total += _latin(words)
    return total


def _letter(words: str, at: int, codec: str) -> float:
    """Judge one character that is no letter of an alphabet."""
    letter = words[at]
    around = words[max(0, at - 1) : at] + words[at + 1 : at + 2]
    kind = unicodedata.category(letter)
    if letter == "\ufffd" or kind in {"Co", "Cn", "Cc"}:
        return -12.0
    for first, last, worth in _RANGES:
        if first <= letter <= last:
            return worth if worth is not None else _scripted(letter, around, codec)
    if kind.startswith("L"):
        return 0.0 if letter < "\u0250" else -2.0
    return -2.0 if any(one.isalpha() for one in around) else 0.0


def _scripted(letter: str, around: str, codec: str) -> float:
    """Judge a character by how usual it is in the encoding."""
    if len(around) == _BOTH and around.isascii() and around.islower():
        # no one writes a single one within a word of small letters
        return -8.0
    if letter >= "\uac00":
        return 3.0 + 2.0 * (letter in _HANGUL)
    if letter <= "\u30ff":
        return 3.0 if codec == "cp932" else -4.0
    return _han(letter, around, codec)


def _han(letter: str, around: str, codec: str) -> float:
    """Judge a Chinese character: usual ones are likely, rare ones in words are not."""
    if letter in _FREQUENT:
        return 5.0
    usual = codec == "utf-8"
    if codec in _LEVEL_ONE:
        (first, last), least = _LEVEL_ONE[codec]
        given = letter.encode(codec, "replace")
        usual = len(given) > 1 and first <= given[0] <= last and given[1] >= least
    if codec == "cp949":
        return -3.0 if any("\uac00" <= one <= "\ud7a3" for one in around) else 1.0
    if usual:
        return 3.0
    return -8.0 if any(one.isascii() and one.isalpha() for one in around) else -0.5


def _latin(words: str) -> float:
    """Judge words in Latin letters: some of the letters must be plain ones."""
    total = 0.0
    for found in _WORD.finditer(words):
        strange = [c for c in found[0] if "~" < c < "\u0250"]
        if strange:
            plain = sum(c.isascii() for c in found[0]) / len(found[0])
            likely = plain >= _ASCII_SHARE or len(found[0]) == 1
            total += (2.0 if likely else -3.0) * len(strange)
    return total
