"""Standard output in an encoding that cannot say everything."""

import codecs
import sys
from typing import Final

import click

ALIKE: Final = "beltmap.alike"
EXACT: Final = "beltmap.exact"
"""Names of what is done with a character that an encoding does not have."""

ASCII: Final = "beltmap_ascii"
"""Name of ASCII, where someone asks for it."""

_ALIKE: Final = {
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
    "²": "2",
    "³": "3",
    "°": " deg",
    "±": "+/-",
    "·": "-",
    "×": "x",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "→": "->",
    "≈": "~",
    "≤": "<=",
    "≥": ">=",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "‹": "<",
    "›": ">",
}
"""What reads the same in ASCII; all else is written by its code."""


def keep_speaking() -> None:
    """Let standard output and errors say otherwise what their encoding cannot."""
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is not None:
            # click takes ASCII for a mistake, and would write UTF-8 instead
            ascii_ = codecs.lookup(stream.encoding or "utf-8").name == "ascii"
            change(encoding=ASCII if ascii_ else None, errors=ALIKE)


def echo_exact(words: str) -> None:
    r"""
    Print text for a program: nothing reads alike, codes stand for what is missing.

    Parameters
    ----------
    words
        JSON, in whose texts codes such as ``\u00b2`` mean the character itself,
        or CSV, in which they show.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(words.encode(encoding, EXACT).decode(encoding), nl=False)


def coded(words: str) -> str:
    r"""
    Write each character by its code, as JSON does.

    Examples
    --------
    >>> coded("²"), coded("\U0001f3d9")
    ('\\u00b2', '\\ud83c\\udfd9')
    """
    units = words.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[n : n + 4]}" for n in range(0, len(units), 4))


def _alike(error: UnicodeError) -> tuple[str, int]:
    missing, end = _missing(error)
    return "".join(_ALIKE.get(one) or coded(one) for one in missing), end


def _exact(error: UnicodeError) -> tuple[str, int]:
    missing, end = _missing(error)
    return coded(missing), end


def _missing(error: UnicodeError) -> tuple[str, int]:
    """Give the characters that cannot be encoded, and where they end."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end], error.end


def _asked(name: str) -> codecs.CodecInfo | None:
    if name != ASCII:
        return None
    known = codecs.lookup("ascii")
    return codecs.CodecInfo(
        known.encode,
        known.decode,
        streamreader=known.streamreader,
        streamwriter=known.streamwriter,
        incrementalencoder=known.incrementalencoder,
        incrementaldecoder=known.incrementaldecoder,
        name=ASCII,
    )


codecs.register(_asked)
codecs.register_error(ALIKE, _alike)
codecs.register_error(EXACT, _exact)
