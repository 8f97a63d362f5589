"""A structure read from its sentence, such as one core, two axes, three districts."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from beltmap.geo.charter.charter import Kind, Structure, Words
from beltmap.geo.charter.planwords import (
    ADJECTIVES,
    ADJECTIVES_ZH,
    MANY_EN,
    MANY_ZH,
    NOUNS,
    NOUNS_ZH,
    NUMBERS_EN,
    NUMBERS_ZH,
    in_chinese,
    in_english,
    plural,
    read_number,
    singular,
)
from beltmap.geo.charter.reading import COLOURS
from beltmap.geo.errors import PlanError, fault

PATTERNS: Final = ("solid", "diagonal", "dots", "horizontal", "vertical", "cross")
"""Patterns of kinds in turn, so that each looks different without its colour."""

_DIGITS: Final = "".join(NUMBERS_ZH)
_MANY: Final = "|".join(MANY_ZH)
_NO_COUNT: Final = re.compile(r"十字|三角|一体化|一流|一批|双创|双向|多元|多式|多层次?")
"""Words that hold a number and count nothing."""

_COUNTED: Final = re.compile(
    rf"(?P<number>[{_DIGITS}]+|\d+|{_MANY})[个座大条片处]?"
    rf"(?P<word>(?:(?!{_MANY})[^\W\d_{_DIGITS}])+)"
)
_TRADITIONAL: Final = str.maketrans(
    "軸兩雙單團區園帶極環灣島線點鎮網節體",
    "轴两双单团区园带极环湾岛线点镇网节体",
)
_BETWEEN: Final = re.compile(r"\s*(?:[,;+&]|\b(?:and|with|plus)\b)\s*")
_LONGEST: Final = 4
"""Letters of a Chinese word that is not known and yet taken for a kind."""


@dataclass(frozen=True)
class Sentence:
    """
    What a sentence says of a plan.

    Parameters
    ----------
    kinds
        What it counts, in its order.
    structure
        The sentence, and how many it promises of each.
    several
        Codes of kinds of which it says that there are several, not how many.
    unread
        Words of it that were not understood.
    unnamed
        Codes of kinds whose word is not known in the other language.
    """

    kinds: tuple[Kind, ...]
    structure: Structure
    several: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    """A number of something; None where it is said that there are several."""

    count: int | None
    name: Words


def read_sentence(sentence: str) -> Sentence:
    """
    Read the kinds of a plan, and how many it promises of each, from its sentence.

    Parameters
    ----------
    sentence
        In English or Chinese.

    Returns
    -------
    read
        Kinds and structure, named in both languages as far as the words are
        known, and what was not understood.

    Raises
    ------
    PlanError
        If it counts nothing.

    Examples
    --------
    >>> read = read_sentence("一核引领，两轴联动，多组团")
    >>> read.structure.promises, read.several, read.unread
    ({'core': 1, 'axis': 2}, ('cluster',), ('引领', '联动'))
    >>> read.structure.name.en
    'One core, two axes, several clusters'
    >>> read_sentence("One core, two axes, 12 parks").structure.name.zh
    '一核两轴十二园'
    """
    parts, unread = _of_chinese(sentence)
    if not parts:
        parts, unread = _of_english(sentence)
    promises: dict[str, int] = {}
    names: dict[str, Words] = {}
    for part in parts:
        code = part.name.en.casefold().replace(" ", "-")
        names.setdefault(code, part.name)
        if part.count is not None:
            promises[code] = promises.get(code, 0) + part.count
    if not promises:
        raise PlanError([fault("E_NO_STRUCTURE", "--structure", sentence=sentence)])
    counted = [_Part(promises.get(code), name) for code, name in names.items()]
    unnamed = tuple(code for code, name in names.items() if name.en == name.zh)
    structure = Structure(
        "-".join(_english(part).replace(" ", "-") for part in counted),
        _called(sentence, counted, translated=not unnamed),
        promises=promises,
    )
    several = tuple(code for code in names if code not in promises)
    kinds = tuple(
        kind_of(code, name, n) for n, (code, name) in enumerate(names.items())
    )
    return Sentence(kinds, structure, several, unread, unnamed)


def kind_of(code: str, name: Words, number: int) -> Kind:
    """
    Make a kind of its name.

    Parameters
    ----------
    code
        As the column ``kind`` of a zone will have it.
    name
        What one is called.
    number
        Its place among the kinds, which gives it colour and pattern.
    """
    stem = plural(code)
    # files of that name hold the lines along which zones lie
    stem = f"zones-{stem}" if stem.startswith("axis") else stem
    return Kind(
        code=code,
        name=Words(name.en[:1].upper() + name.en[1:], name.zh),
        file=f"{stem}.geojson",
        colour=COLOURS[number % len(COLOURS)],
        pattern=PATTERNS[number % len(PATTERNS)],
    )


def named(words: str) -> Words:
    """
    Name what files call a kind of zone, in both languages where they are known.

    Examples
    --------
    >>> named("产业园区").en, named("Development axes").zh, named("锦江").en
    ('industrial park', '发展轴', '锦江')
    """
    folded = words.strip().casefold()
    if folded.isascii():
        *before, noun = folded.split() or [folded]
        one = " ".join([*before, singular(noun)])
        return Words(one, _chinese(one))
    found, rest = _noun(folded.translate(_TRADITIONAL))
    return Words(words, words) if found is None or rest else found


def _called(sentence: str, parts: list[_Part], *, translated: bool) -> Words:
    """Give the sentence as it is given, and in the other language."""
    given = sentence.strip(" \t\n\"'“”‘’「」。.")
    given = given[:1].upper() + given[1:]
    if not translated:
        return Words(given, given)
    if given.isascii():
        return Words(given, "".join(in_chinese(p.count) + p.name.zh for p in parts))
    return Words(", ".join(map(_english, parts)).capitalize(), given)


def _english(part: _Part) -> str:
    noun = part.name.en
    return f"{in_english(part.count)} {noun if part.count == 1 else plural(noun)}"


def _of_chinese(sentence: str) -> tuple[list[_Part], tuple[str, ...]]:
    """List what a Chinese sentence counts, and what else it says."""
    plain = unicodedata.normalize("NFKC", sentence).translate(_TRADITIONAL)
    hidden = _NO_COUNT.sub(lambda found: "·" * len(found[0]), plain)
    parts, over, end = [], [], 0
    for found in _COUNTED.finditer(hidden):
        word = found["word"]
        if word.isascii():
            continue
        over.append(plain[end : found.start()])
        end = found.end()
        name, rest = _noun(word)
        if name is None and len(word) > _LONGEST:
            over.append(found[0])
            continue
        if name is None:
            name, rest = Words(word, word), ""
        over.append(rest)
        number = found["number"]
        count = None if number in MANY_ZH else read_number(number)
        parts.append(_Part(count, name))
    return parts, _words(", ".join([*over, plain[end:]]))


def _noun(word: str) -> tuple[Words | None, str]:
    """Read a noun, and words before it, at the start of a text; give the rest."""
    before: list[str] = []
    at = 0
    best: tuple[Words | None, str] = None, word
    while True:
        noun = _longest(word[at:], NOUNS_ZH)
        end = at + len(noun)
        if noun and end > len(word) - len(best[1]):
            english = " ".join([*before, NOUNS_ZH[noun]])
            best = Words(english, word[:end]), word[end:]
        adjective = _longest(word[at:], ADJECTIVES_ZH)
        if not adjective:
            return best
        before.append(ADJECTIVES_ZH[adjective])
        at += len(adjective)


def _longest(words: str, known: dict[str, str]) -> str:
    """Give the longest word that is known with which a text starts."""
    starts = (words[:n] for n in range(_LONGEST, 0, -1))
    return next((start for start in starts if start in known), "")


def _of_english(sentence: str) -> tuple[list[_Part], tuple[str, ...]]:
    """List what an English sentence counts, and what else it says."""
    clauses = _BETWEEN.split(sentence.casefold().strip(" .\"'“”"))
    parts, over = [], []
    # from the end: three horizontal and four vertical axes are axes both
    noun: list[str] = []
    for clause in reversed(clauses):
        count, words = _number(clause.split())
        if count == 0:
            over.append(clause)
            continue
        if words and noun and all(word in ADJECTIVES for word in words):
            words = [*words, *noun]
        size = _size(words)
        if not size:
            over.append(clause)
            continue
        *before, last = words[:size]
        noun = [last]
        one = " ".join([*before, singular(last)])
        parts.append(_Part(count if count > 0 else None, Words(one, _chinese(one))))
        over.append(" ".join(words[size:]))
    return parts[::-1], _words(", ".join(reversed(over)))


def _number(words: list[str]) -> tuple[int, list[str]]:
    """Read a number at the start of a clause: -1 for several, 0 for none."""
    words = [word for word in words if word not in {"the", "of", "pair"}]
    given = words[0] if words else ""
    if (
        given in {"a", "an"}
        and words[1:2]
        and words[1] in (*MANY_EN, "dozen", "number")
    ):
        words, given = words[1:], words[1]
    if given in (*MANY_EN, "number"):
        return -1, words[1:]
    n = int(given) if given.isdecimal() else NUMBERS_EN.get(given, 0)
    return n, words[1:]


def _size(words: list[str]) -> int:
    """Count the words up to the first noun that is known; all of a few, if none is."""
    known = (n for n, word in enumerate(words, start=1) if singular(word) in NOUNS)
    return next(known, len(words) if len(words) < _LONGEST else 0)


def _chinese(noun: str) -> str:
    """Give Chinese for a noun with words before it; the noun itself if not known."""
    if noun in NOUNS:
        return NOUNS[noun]
    *before, last = noun.split()
    if last not in NOUNS or not all(word in ADJECTIVES for word in before):
        return noun
    return "".join(ADJECTIVES[word] for word in before) + NOUNS[last]


def _words(over: str) -> tuple[str, ...]:
    """List the words of what is left over."""
    return tuple(dict.fromkeys(re.findall(r"[^\W_]+(?:[ -][a-z]+)*", over)))
