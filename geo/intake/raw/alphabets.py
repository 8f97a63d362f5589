"""Which of two encodings of Latin letters text is in, by the languages of each."""

import codecs
from collections import Counter
from collections.abc import Sequence
from typing import Final

ALPHABETS: Final = {
    "cp1252": (
        "äöüß",
        "àâæçéèêëîïôœùûüÿ",
        "áéíñóúü",
        "áâãàçéêíóôõúü",
        "àèéìíîòóùú",
        "æøåéèóôò",
        "åäöéü",
        "áðéíóúýþæö",
        "àçéèíïóòúü",
        "éëïóöüèáê",
    ),
    "cp1250": (
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "ąćęłńóśźż",
        "áéíóöőúüű",
        "ăâîşţ",
        "čćđšž",
        "äöüß",
    ),
}
"""Letters beyond ASCII of the languages that are written in each."""


def likely_alphabets(texts: Sequence[bytes]) -> list[str]:
    """
    Find in which of `ALPHABETS` texts are more likely.

    Parameters
    ----------
    texts
        Texts in one of the encodings.

    Returns
    -------
    likely
        The likelier; both where one language of each has all their letters.

    Examples
    --------
    >>> likely_alphabets(["Říčany u Prahy".encode("cp1250")])
    ['cp1250']
    >>> likely_alphabets(["São João da Nação".encode("cp1252")])
    ['cp1252']
    >>> likely_alphabets(["Győr".encode("cp1250")])
    ['cp1252', 'cp1250']
    """
    letters = {codec: _letters(texts, codec) for codec in ALPHABETS}
    if len(set(map(frozenset, letters.values()))) == 1:
        # both say the same
        return [next(iter(ALPHABETS))]
    shares = {codec: _share(found, codec) for codec, found in letters.items()}
    return [codec for codec in ALPHABETS if shares[codec] == max(shares.values())]


def _letters(texts: Sequence[bytes], codec: str) -> Counter[str]:
    said = "".join(codecs.decode(text, codec, "replace") for text in texts)
    return Counter(one for one in said.casefold() if one > "~" and one.isalpha())


def _share(found: Counter[str], codec: str) -> float:
    """Give the part of the letters that one language of an encoding has, at most."""
    covered = (
        sum(n for one, n in found.items() if one in alphabet.casefold())
        for alphabet in ALPHABETS[codec]
    )
    return max(covered) / max(found.total(), 1)
