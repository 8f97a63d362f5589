"""Where each feature of a GeoJSON text stands; the quick reader does not tell."""

import re
from typing import Final

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],\n]|[^\s"{}\[\],]+')
_FEATURES: Final = b'"features"'
_WITHIN: Final = 2
"""Brackets around a feature: the collection's and the list's."""


def feature_lines(content: bytes) -> list[int]:
    r"""
    Find the line of each feature.

    Parameters
    ----------
    content
        GeoJSON that was read without a fault of syntax.

    Returns
    -------
    lines
        Line on which each member of the list of features begins, counted from 1.

    Examples
    --------
    >>> feature_lines(b'{"features": [\n{"a": [{}]},\n7,\n{"features": [{}]}\n]}')
    [2, 3, 4]
    """
    lines = []
    line, depth, key = 1, 0, b""
    within = False
    for found in _TOKEN.finditer(content):
        token = found[0]
        if within and depth == _WITHIN and token not in (b",", b"]", b"\n"):
            lines.append(line)
        if token == b"\n":
            line += 1
        elif token in (b"{", b"["):
            if depth == 1:
                within = token == b"[" and key == _FEATURES
            depth += 1
        elif token in (b"}", b"]"):
            depth -= 1
        elif depth == 1 and token.startswith(b'"'):
            key = token
    return lines
