"""Names that a format can hold: cut by character, unique, none of its own words."""

import re
from collections.abc import Collection, Iterable
from typing import Final

_FORBIDDEN_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def fitting_names(
    names: Iterable[str],
    *,
    most_bytes: int | None = None,
    only_words: bool = False,
    reserved: Collection[str] = (),
) -> dict[str, str]:
    """
    Give each column a name that a format can hold.

    Parameters
    ----------
    names
        Names of the columns.
    most_bytes
        Longest name in bytes of UTF-8, if the format has a limit. A character
        is kept whole or left out.
    only_words
        Whether the format takes only letters of any script, digits and
        underscores; others become underscores.
    reserved
        Names that the format needs for itself, in small letters.

    Returns
    -------
    fitting
        New name by old name. No two are the same in any case of letters;
        where that takes a number, the end of the name makes room for it.

    Examples
    --------
    >>> fitting_names(["declared_area_km2", "declared_by"], most_bytes=10)
    {'declared_area_km2': 'declared_a', 'declared_by': 'declared_b'}
    >>> fitting_names(["用地性质", "用地性别", "FID"], most_bytes=10, reserved={"fid"})
    {'用地性质': '用地性', '用地性别': '用地_2', 'FID': 'FID_2'}
    >>> fitting_names(["it's 5", "5th"], only_words=True)
    {"it's 5": 'it_s_5', '5th': '_5th'}
    """
    taken = set(reserved)
    fitting = {}
    for name in names:
        clean = "".join(c for c in name if c.isprintable()).strip() or "field"
        if only_words:
            clean = re.sub(r"\W|^(?=\d)", "_", clean)
        new, number = shortened(clean, most_bytes), 1
        while new.casefold() in taken:
            number += 1
            ending = f"_{number}"
            room = None if most_bytes is None else most_bytes - len(ending)
            new = shortened(clean, room) + ending
        taken.add(new.casefold())
        fitting[name] = new
    return fitting


def shortened(words: str, most_bytes: int | None) -> str:
    """
    Cut a text to a number of bytes without cutting a character.

    Parameters
    ----------
    words
        Any text.
    most_bytes
        Longest result in bytes of UTF-8; None for no limit.

    Returns
    -------
    shortened
        The text or its beginning.

    Examples
    --------
    >>> shortened("软件园 park", 7)
    '软件'
    """
    if most_bytes is None:
        return words
    return words.encode()[:most_bytes].decode(errors="ignore")


def xml_text(words: str) -> str:
    r"""
    Replace the characters that XML 1.0 forbids.

    Parameters
    ----------
    words
        Any text.

    Returns
    -------
    clean
        The text, with U+FFFD in their places.

    Examples
    --------
    >>> xml_text("a\x00b")
    'a\ufffdb'
    """
    return _FORBIDDEN_IN_XML.sub("\ufffd", words)
