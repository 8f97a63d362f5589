"""A source as other writings cite it: in words, and for BibTeX."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from beltmap.geo.language.messages import text

ADDRESS: Final = re.compile(r"https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
"""What a source's address is where a link may lead to it."""

SPECIAL: Final = re.compile(r"([&%$#_])")
"""Characters that BibTeX takes for its own unless a backslash stands before."""

KEY: Final = re.compile(r"[^\w.:-]+", re.ASCII)


def address_of(source: Mapping[Any, Any]) -> str:
    """
    Give the address of a source if a link may lead to it.

    Examples
    --------
    >>> address_of({"url": "https://example.org/a"}), address_of({"url": "file:///a"})
    ('https://example.org/a', '')
    """
    url = str(source["url"] or "")
    return url if ADDRESS.fullmatch(url) else ""


def cited(source: Mapping[Any, Any], say: Callable[[Any], str] = str) -> str:
    """
    Cite a source in a line.

    Parameters
    ----------
    source
        One row of the sources, as a dict.
    say
        Says its words in the reader's language, as `geo.plan.plan.Plan.say` does.

    Returns
    -------
    line
        Publisher, date, title, address and date of access, as far as they are known.

    Examples
    --------
    >>> source = {"id": "q", "title": "A plan", "publisher": "Daily", "url": None}
    >>> cited(source | {"date": "2013-04-23", "accessed": "2026-11-26"})
    'Daily (2013-04-23): A plan (accessed 2026-11-26)'
    """
    who = say(source["publisher"]) if source["publisher"] else ""
    when = str(source["date"] or "")
    by = text("cite.dated", who=who, date=when) if who and when else who or when
    title = say(source["title"])
    line = text("cite.by", by=by, title=title) if by else title
    line = f"{line}, {address_of(source)}" if address_of(source) else line
    accessed = str(source["accessed"] or "")
    return text("cite.accessed", line=line, date=accessed) if accessed else line


def bibtex(source: Mapping[Any, Any], say: Callable[[Any], str] = str) -> str:
    r"""
    Write an entry of BibTeX for a source.

    Parameters
    ----------
    source
        One row of the sources, as a dict.
    say
        As for `cited`.

    Returns
    -------
    entry
        Of type ``misc``, with the fields that are known.

    Examples
    --------
    >>> source = {"id": "q 1", "title": "A & B", "publisher": None, "date": "2013-04"}
    >>> print(bibtex(source | {"url": "https://a.org/x_y", "accessed": "2026-11-26"}))
    @misc{q-1,
      title = {{A \& B}},
      year = {2013},
      date = {2013-04},
      url = {https://a.org/x_y},
      urldate = {2026-11-26}
    }
    """
    date = str(source["date"] or "")
    year = re.match(r"\d{4}", date)
    fields = {
        "title": "{" + _plain(say(source["title"])) + "}",
        "organization": _plain(say(source["publisher"] or "")),
        "year": year[0] if year else "",
        "date": _plain(date),
        "url": address_of(source),
        "urldate": _plain(source["accessed"]),
    }
    lines = [f"  {name} = {{{said}}}" for name, said in fields.items() if said]
    key = KEY.sub("-", str(source["id"])).strip("-") or "source"
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def _plain(words: object) -> str:
    """Leave out what would end a field, and mark what BibTeX takes for its own."""
    kept = re.sub(r"[{}\\\s]+", " ", str(words or "")).strip()
    return SPECIAL.sub(r"\\\1", kept)
