"""What the cells of a sheet do not say: merged, hidden, computed but not saved."""

import re
from contextlib import suppress
from typing import Final
from xml.parsers import expat

from beltmap.geo.intake.tables.sheet import Block, Sheet

_CELL: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MOST_COLUMNS: Final = 16_384


def sheet_facts(xml: bytes) -> Sheet:
    """
    Read what lies over the cells of a sheet.

    Parameters
    ----------
    xml
        The sheet's part of a workbook; it must declare no document type.

    Returns
    -------
    sheet
        Without any lines; what can be read of a damaged part.
    """
    facts = _Facts()
    parser = expat.ParserCreate()
    parser.StartElementHandler = facts.begin
    parser.EndElementHandler = facts.end
    parser.CharacterDataHandler = facts.words
    with suppress(expat.ExpatError):
        parser.Parse(xml, True)
    return Sheet(
        [],
        tuple(facts.merged),
        frozenset(facts.hidden_rows),
        frozenset(facts.hidden_columns),
        frozenset(facts.unsaved),
    )


def block(reference: str) -> Block | None:
    """
    Read a reference to cells.

    Examples
    --------
    >>> block("C2:D4")
    Block(top=2, left=3, bottom=4, right=4)
    """
    ends = [_CELL.fullmatch(part) for part in reference.split(":")]
    found = [(int(end[2]), _column(end[1])) for end in ends if end]
    if len(found) != len(ends) or len(found) > 2:  # noqa: PLR2004 - two corners
        return None
    rows, columns = zip(*found, strict=True)
    return Block(min(rows), min(columns), max(rows), max(columns))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _Facts:
    """Gathers facts while a sheet is parsed."""

    def __init__(self) -> None:
        self.merged: list[Block] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.unsaved: set[tuple[int, int]] = set()
        self.row = self.column = 0
        self.formula = self.saved = self.inside = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.row = (
                int(given["r"]) if given.get("r", "").isdecimal() else self.row + 1
            )
            self.column = 0
            if _true(given.get("hidden")):
                self.hidden_rows.add(self.row)
        elif tag == "c":
            at = block(given.get("r", ""))
            self.column = at.left if at else self.column + 1
            self.formula, self.saved = False, given.get("t") == "str"
        elif tag == "f":
            self.formula = True
        elif tag == "v":
            self.inside = True
        elif tag == "col" and _true(given.get("hidden")):
            ends = [given.get(end, "") for end in ("min", "max")]
            if all(end.isdecimal() for end in ends):
                last = min(int(ends[1]), _MOST_COLUMNS)
                self.hidden_columns |= set(range(int(ends[0]), last + 1))
        elif tag == "mergeCell":
            merged = block(given.get("ref", ""))
            if merged is not None:
                self.merged.append(merged)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "v":
            self.inside = False
        elif tag == "c" and self.formula and not self.saved:
            self.unsaved.add((self.row, self.column))

    def words(self, words: str) -> None:
        if self.inside and words.strip():
            self.saved = True


def _true(value: str | None) -> bool:
    return value in {"1", "true"}
