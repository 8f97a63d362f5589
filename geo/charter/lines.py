"""Where each key of a TOML text stands; the standard reader does not tell."""

import re
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str, ...]

_PART: Final = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)"""
_KEY: Final = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE: Final = re.compile(rf"\s*\[\[?\s*({_KEY})\s*\]")
_PAIR: Final = re.compile(rf"\s*({_KEY})\s*=")
_QUOTED: Final = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'""")
_LONG: Final = re.compile(r"(\"{3}|'{3}).*?(\1|\Z)", re.DOTALL)


def key_lines(content: str) -> dict[Path, int]:
    r"""
    Find the line of each key.

    Parameters
    ----------
    content
        Valid TOML.

    Returns
    -------
    lines
        Line, counted from 1, by the path of the key; keys of a table within a
        line stand on the line of the table.

    Examples
    --------
    >>> key_lines('a = 1\n[b."c d"]\ne = { f = 2 }\n')
    {('a',): 1, ('b', 'c d'): 2, ('b', 'c d', 'e'): 3}
    """
    lines: dict[Path, int] = {}
    table: Path = ()
    depth = 0
    # a text of several lines holds no keys, but its lines count
    flat = _LONG.sub(lambda found: '""' + "\n" * found[0].count("\n"), content)
    for number, line in enumerate(flat.split("\n"), start=1):
        if depth == 0:
            if found := _TABLE.match(line):
                table = _parts(found[1])
                lines.setdefault(table, number)
                continue
            if found := _PAIR.match(line):
                lines.setdefault((*table, *_parts(found[1])), number)
        plain = _QUOTED.sub('""', line).partition("#")[0]
        depth += sum(map(plain.count, "[{")) - sum(map(plain.count, "]}"))
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Give the line of a key, or of the nearest table around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _parts(key: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_PART, key))
