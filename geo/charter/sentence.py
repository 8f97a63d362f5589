"""A structure read from its sentence, such as one core, two axes, three districts."""

import re
from typing import Final

from beltmap.geo.charter.charter import Kind, Structure, Words
from beltmap.geo.charter.reading import COLOURS
from beltmap.geo.errors import PlanError, fault

PATTERNS: Final = ("solid", "diagonal", "dots", "horizontal", "vertical", "cross")
"""Patterns of kinds in turn, so that each looks different without its colour."""

_KNOWN: Final = {
    "核心": "core",
    "核": "core",
    "轴": "axis",
    "带": "belt",
    "片区": "district",
    "区": "district",
    "园区": "park",
    "园": "park",
    "新城": "town",
    "城": "town",
    "镇": "township",
    "村": "village",
    "中心": "centre",
    "心": "centre",
    "节点": "node",
    "点": "node",
    "廊": "corridor",
    "翼": "wing",
    "极": "pole",
    "环": "ring",
    "组团": "cluster",
    "团": "cluster",
    "板块": "block",
    "片": "area",
    "基地": "base",
    "港": "harbour",
    "湾": "bay",
    "谷": "valley",
    "岛": "island",
    "圈": "circle",
    "线": "line",
}
"""What planners' sentences count, in English."""

_DIGITS: Final = {word: n for n, word in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "双": 2,
}
_NUMBERS: Final = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven", "twelve"),
)
_COUNTED_ZH: Final = re.compile(
    r"([零一二三四五六七八九十两双]+|\d+)[个座大条]?([^零一二三四五六七八九十两双多\d\W]+)"
)
_BETWEEN_EN: Final = re.compile(r"\s*(?:[,;+&]|\band\b)\s*")


def read_sentence(sentence: str) -> tuple[tuple[Kind, ...], Structure]:
    """
    Read the kinds of a plan, and how many it promises of each, from its sentence.

    Parameters
    ----------
    sentence
        In English or Chinese.

    Returns
    -------
    kinds, structure
        In the order of the sentence, named in both languages as far as its
        words are known.

    Raises
    ------
    PlanError
        If it counts nothing.

    Examples
    --------
    >>> kinds, structure = read_sentence("一核两轴三区")
    >>> structure.promises
    {'core': 1, 'axis': 2, 'district': 3}
    >>> structure.code, structure.name.en
    ('one-core-two-axes-three-districts', 'One core, two axes, three districts')
    >>> read_sentence("One core, two axes, 12 parks")[1].name.zh
    '一核两轴十二园'
    """
    promises: dict[str, int] = {}
    names: dict[str, Words] = {}
    for count, name in _counted(sentence):
        code = name.en.casefold().replace(" ", "-")
        promises[code] = promises.get(code, 0) + count
        names.setdefault(code, name)
    if not promises:
        raise PlanError([fault("E_NO_STRUCTURE", "--structure", sentence=sentence)])
    kinds = tuple(
        Kind(
            code=code,
            name=Words(name.en.capitalize(), name.zh),
            file=f"{plural(code)}.geojson",
            colour=COLOURS[n % len(COLOURS)],
            pattern=PATTERNS[n % len(PATTERNS)],
        )
        for n, (code, name) in enumerate(names.items())
    )
    counted = [(promises[code], name) for code, name in names.items()]
    parts = [f"{_in_english(n)} {_some(name.en, n)}" for n, name in counted]
    code = "-".join(part.replace(" ", "-") for part in parts)
    whole = Words(
        ", ".join(parts).capitalize(),
        "".join(f"{_in_chinese(n)}{name.zh}" for n, name in counted),
    )
    return kinds, Structure(code, whole, promises=promises)


def plural(noun: str) -> str:
    """
    Give the plural of an English noun; other words are left as they are.

    Examples
    --------
    >>> plural("axis"), plural("city"), plural("branch"), plural("park"), plural("轴")
    ('axes', 'cities', 'branches', 'parks', '轴')
    """
    if not noun.isascii():
        return noun
    if noun.endswith("is"):
        return f"{noun[:-2]}es"
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(s|x|z|ch|sh)$", noun) else f"{noun}s"


def _counted(sentence: str) -> list[tuple[int, Words]]:
    """List what a sentence counts."""
    found = []
    for number, word in _COUNTED_ZH.findall(sentence):
        if not word.isascii():
            code = _KNOWN.get(word, word)
            found.append((_of_chinese(number), Words(code, word)))
    if found:
        return found
    for part in _BETWEEN_EN.split(sentence.casefold().strip(" .")):
        number, _, nouns = part.partition(" ")
        if nouns and (number.isdecimal() or number in _NUMBERS):
            *before, noun = nouns.split()
            one = " ".join([*before, _singular(noun)])
            n = int(number) if number.isdecimal() else _NUMBERS.index(number)
            found.append((n, Words(one, _chinese(one))))
    return found


def _chinese(noun: str) -> str:
    """Give the shortest Chinese word for a noun, or the noun itself."""
    words = [word for word, code in _KNOWN.items() if code == noun]
    return min(words, key=len) if words else noun


def _singular(noun: str) -> str:
    if noun == "axes":
        return "axis"
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    if re.search(r"(ss|x|z|ch|sh)es$", noun):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "is")) else noun


def _of_chinese(number: str) -> int:
    """Read a number up to 99."""
    if number.isdecimal():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[digit]) for digit in number))
    return 10 * (_DIGITS[tens[-1]] if tens else 1) + (_DIGITS[ones] if ones else 0)


def _in_chinese(n: int) -> str:
    digits = "零一二三四五六七八九"
    if n == 2:  # noqa: PLR2004 - two of something
        return "两"
    if n < 10:  # noqa: PLR2004 - one digit
        return digits[n]
    if n > 99:  # noqa: PLR2004 - two digits
        return str(n)
    tens = "" if n < 20 else digits[n // 10]  # noqa: PLR2004 - ten is said alone
    return f"{tens}十{digits[n % 10] if n % 10 else ''}"


def _in_english(n: int) -> str:
    return _NUMBERS[n] if n < len(_NUMBERS) else str(n)


def _some(noun: str, n: int) -> str:
    return noun if n == 1 else plural(noun)
