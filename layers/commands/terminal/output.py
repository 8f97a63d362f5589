"""Tables for a terminal, a document, a spreadsheet or another program."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson

from beltmap.geo.csvfile import inert
from beltmap.geo.language.typeset import places, steady, wrap
from beltmap.geo.report.headers import header
from beltmap.geo.schema import SEPARATOR

if TYPE_CHECKING:
    import pandas as pd

NARROWEST: Final = 12
"""Characters to which a column of a terminal's table shrinks at most."""

GAP: Final = "  "


def as_text(table: "pd.DataFrame", *, width: int) -> str:
    """
    Lay a table out for a terminal.

    Parameters
    ----------
    table
        Columns have their codes as names; the catalogue has their headers.
    width
        Characters of a line. The widest columns are wrapped to fit, as far as
        `NARROWEST` allows.

    Returns
    -------
    report
        Lines, headers first. Numbers stand to the right with two decimals,
        Chinese takes two places a character, and no control character is
        left. An empty table gives only its headers.
    """
    numeric = [_numeric(table[name]) for name in table.columns]
    cells = [[steady(cell) for cell in row] for row in _rows(table)]
    widths = _fitted([max(map(places, column)) for column in zip(*cells, strict=True)])
    if sum(widths) > 0:
        widths = _fitted(widths, room=width - len(GAP) * (len(widths) - 1))
    lines = []
    for row in cells:
        wrapped = [wrap(cell, most) for cell, most in zip(row, widths, strict=True)]
        for n in range(max(map(len, wrapped))):
            parts = [part[n] if n < len(part) else "" for part in wrapped]
            padded = [
                _padded(part, most, right=right)
                for part, most, right in zip(parts, widths, numeric, strict=True)
            ]
            lines.append(GAP.join(padded).rstrip())
    return "\n".join(lines)


def as_markdown(table: "pd.DataFrame") -> str:
    """
    Write a table in Markdown.

    Parameters
    ----------
    table
        As for `as_text`.

    Returns
    -------
    report
        A pipe table; what would be a mark in Markdown is escaped.
    """
    head, *body = [[_escaped(cell) for cell in row] for row in _rows(table)]
    numeric = [_numeric(table[name]) for name in table.columns]
    rule = ["---:" if right else "---" for right in numeric]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *body))


def as_csv(table: "pd.DataFrame") -> str:
    """
    Write a table as CSV.

    Parameters
    ----------
    table
        Columns have their codes as names.

    Returns
    -------
    report
        Codes as headers, numbers in full, lists joined by
        `geo.schema.SEPARATOR`; a text that a spreadsheet would run begins
        with an apostrophe.
    """
    import pandas as pd

    safe = {
        name: pd.Series([_cell(cell) for cell in table[name]], dtype=object)
        for name in table.columns
    }
    return pd.DataFrame(safe).to_csv(index=False, lineterminator="\n")


def as_json(table: "pd.DataFrame") -> str:
    """
    Write a table as JSON.

    Parameters
    ----------
    table
        Columns have their codes as names.

    Returns
    -------
    report
        A list of objects, one a row; null where a value is missing.
    """
    plain = table.astype(object).where(table.notna(), None)
    rows = plain.to_dict("records")
    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY
    return orjson.dumps(rows, option=options).decode()


FORMATS: Final[Mapping[str, "Callable[[pd.DataFrame], str]"]] = {
    "json": as_json,
    "csv": as_csv,
    "md": as_markdown,
}
"""Formats besides the terminal's, which needs to know how wide it is."""


def _rows(table: "pd.DataFrame") -> list[list[str]]:
    """Give headers and cells as a reader is told them."""
    columns = [[_shown(cell) for cell in table[name]] for name in table.columns]
    heads = [header(str(name)) for name in table.columns]
    return [heads, *(list(row) for row in zip(*columns, strict=True))]


def _numeric(cells: "pd.Series[Any]") -> bool:
    """Tell whether a column holds numbers, and at least one."""
    known = [isinstance(cell, (int, float)) for cell in cells.dropna()]
    return bool(known) and all(known)


def _shown(cell: Any) -> str:  # noqa: ANN401 - whatever a table holds
    if isinstance(cell, (tuple, list)):
        return ", ".join(map(str, cell))
    import pandas as pd

    if pd.isna(cell):
        return ""
    if isinstance(cell, float):
        return f"{round(cell, 2) + 0:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _cell(cell: Any) -> Any:  # noqa: ANN401 - whatever a table holds
    """Make a cell of a spreadsheet: no list, and no text that is run."""
    if isinstance(cell, (tuple, list)):
        cell = SEPARATOR.join(map(str, cell))
    return inert(cell) if isinstance(cell, str) else cell


def _escaped(words: str) -> str:
    plain = steady(words).replace("\\", "\\\\").replace("&", "&amp;")
    for mark in "|`*_[]":
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("<", "&lt;")


def _fitted(widths: Sequence[int], *, room: int | None = None) -> list[int]:
    """Shrink the widest columns until all fit, or none can shrink further."""
    fitted = list(widths)
    while room is not None and sum(fitted) > room and max(fitted) > NARROWEST:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _padded(words: str, most: int, *, right: bool) -> str:
    blank = " " * (most - places(words))
    return blank + words if right else words + blank
