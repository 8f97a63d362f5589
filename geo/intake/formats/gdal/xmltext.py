"""XML that GDAL will read: looked over first, and cut off from other files."""

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Notice, refuse
from beltmap.geo.intake.raw.encoding import decode

_DECLARED: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING: Final = re.compile(
    rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']"
)
_HEAD: Final = 200
_OUTSIDE: Final = re.compile(
    r"(?<=[\s\"'])(?:(?:[\w.-]+:)?(?:noNamespaceS|s)chemaLocation"
    r"|[\w.-]+:(?:href|role|arcrole)"
    r"|srsName(?=\s*=\s*[\"'](?!\s*(?:urn:|EPSG:|https?://www\.opengis\.net/))))"
    r"\s*=\s*(?:\"[^\"]*\"|'[^']*')",
    re.IGNORECASE,
)
"""Attributes that lead to other files; what they lead to is never wanted."""

_OLD_CRS: Final = re.compile(
    r"(srsName\s*=\s*[\"'])\s*https?://www\.opengis\.net/gml/srs/epsg\.xml#"
)
"""An address of GML 2, which stands for a code."""

_TAG: Final = re.compile(r"<[^!?<>](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_CURVE_WORDS: Final = """
    Arc ArcString ArcByBulge ArcStringByBulge ArcByCenterPoint Circle
    CircleByCenterPoint Bezier BSpline CubicSpline Clothoid"""
_CURVES: Final = frozenset(_CURVE_WORDS.split())
"""Elements of GML that are curves."""


@dataclass
class Screened:
    """
    An XML text that was looked over.

    Parameters
    ----------
    data
        UTF-8, without links to other files.
    encoding
        What it was in.
    notices
        What there is to say about that.
    elements
        How often each element occurs, without its prefix.
    """

    data: bytes
    encoding: str
    notices: tuple[Notice, ...]
    elements: dict[str, int] = field(default_factory=dict)

    @property
    def curves(self) -> int:
        """Count the curves in it."""
        return sum(self.elements.get(name, 0) for name in _CURVES)


def screened(data: bytes, limits: Limits, encoding: str | None) -> Screened:
    """
    Look an XML text over.

    Parameters
    ----------
    data
        The whole file.
    limits
        How deep it may be.
    encoding
        Encoding that a person chose.

    Returns
    -------
    screened
        The text as it may be read.

    Raises
    ------
    RefusedError
        If it is not well formed, too deep, or declares a document type.
    """
    stated = _ENCODING.match(data[:_HEAD])
    declared = stated[1].decode("ascii") if stated else None
    words, used, notices = decode(data, declared=declared, chosen=encoding)
    words = _DECLARED.sub("", words)
    elements: dict[str, int] = {}
    depth = 0

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.depth:
            raise refuse("E_XML_DEPTH", limit=limits.depth)
        name = tag.rpartition(":")[2]
        elements[name] = elements.get(name, 0) + 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise refuse("E_XML_DTD")

    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = doctype
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(words.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        place = {"line": error.lineno, "column": error.offset + 1}
        why = expat.ErrorString(error.code)
        raise refuse("E_XML_SYNTAX", place, found=why) from None
    cut = _TAG.sub(
        lambda tag: _OLD_CRS.sub(r"\1EPSG:", _OUTSIDE.sub("", tag[0])), words
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return Screened(
        f"{head}\n{cut.lstrip()}".encode("utf-8", "replace"), used, notices, elements
    )


def _cut(tag: re.Match[str]) -> str:
    """Take out of a tag what leads to other files."""
    return _OLD_CRS.sub(r"\1EPSG:", _OUTSIDE.sub("", tag[0]))
