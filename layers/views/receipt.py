"""What the page shows of a file that someone brings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from beltmap.geo.intake.columns.guesses import AREA, Match
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import Outcome
from beltmap.geo.intake.rows import ABSENT, Rows
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.labels import column_label
from beltmap.geo.language.messages import text

MATCHED: Final = (
    "name_en",
    "name_zh",
    "id",
    "city",
    "kind",
    "status",
    "sectors",
    "focus_en",
    "focus_zh",
    AREA,
    "part_of",
    "source",
)
"""Columns of the plan that a column of a file may be taken for."""

MOST_OFFERED: Final = 200
"""Columns of a file among which a reader chooses; others keep their guess."""

MOST_WORDS: Final = 30
"""Unknown words for sectors that a reader is asked about."""


def match_table(matches: Iterable[Match]) -> pd.DataFrame:
    """
    Say which column of a file is taken for which of the plan, and why.

    Parameters
    ----------
    matches
        As `geo.intake.reading.Outcome` has them.

    Returns
    -------
    table
        One row a column of the plan that was found, headed in words.
    """
    return pd.DataFrame(
        {
            text("bring.target"): [column_label(match.target) for match in matches],
            text("bring.column"): [excerpt(match.column) for match in matches],
            text("bring.unit"): [
                text(f"unit.name.{match.unit}") if match.unit else ""
                for match in matches
            ],
            text("bring.why"): [text(f"bring.why.{m.why}") for m in matches],
        }
    )


@dataclass(frozen=True)
class Choices:
    """
    What a reader may say otherwise about a file that was read.

    Parameters
    ----------
    columns
        Column of the file by column of the plan; none where it is empty.
    offered
        Columns of the file, at most `MOST_OFFERED`.
    unit
        Unit of the declared areas; empty where there are none.
    sectors
        Code of the plan by word of the file that the plan does not know;
        empty where the word is kept.
    """

    columns: Mapping[str, str]
    offered: tuple[str, ...]
    unit: str
    sectors: Mapping[str, str]

    @classmethod
    def of(cls, outcome: Outcome) -> "Choices":
        """Take what was guessed, or said before."""
        matches = {match.target: match for match in outcome.matches}
        names = [] if outcome.rows is None else list(outcome.rows.columns)
        used = [match.column for match in outcome.matches]
        unknown = (
            word
            for one in outcome.receipt.notices
            if one.code == "W_UNKNOWN_SECTOR"
            for word in one.values["found"]
        )
        words = dict.fromkeys([*outcome.sectors, *unknown], "")
        return cls(
            columns={
                target: matches[target].column if target in matches else ""
                for target in MATCHED
            },
            offered=tuple(dict.fromkeys([*used, *names[:MOST_OFFERED]])),
            unit=matches[AREA].unit if AREA in matches else "",
            sectors={
                word: outcome.sectors.get(word, "") for word in list(words)[:MOST_WORDS]
            },
        )

    def answers(self, before: Answers, wanted: "Choices") -> Answers:
        """
        Add what a reader said otherwise to what was said before.

        Parameters
        ----------
        before
            The answers so far.
        wanted
            The choices as the reader left them.

        Returns
        -------
        answers
            With what differs; a guess that stands stays a guess.
        """
        changed = {
            target: column
            for target, column in wanted.columns.items()
            if column != self.columns[target]
        }
        unit = wanted.unit if wanted.unit != self.unit else before.area_unit
        mapped = {word: code for word, code in wanted.sectors.items() if code}
        return replace(
            before,
            columns={**before.columns, **changed},
            area_unit=unit or None,
            sectors=mapped,
        )


def preview_table(rows: Rows, *, most: int = 5) -> pd.DataFrame:
    """
    Show the first rows of a file as they were read.

    Parameters
    ----------
    rows
        What was read.
    most
        Rows that are shown.

    Returns
    -------
    table
        Columns and values as text; characters that hide or turn text are made
        excerpt.
    """
    return pd.DataFrame(
        {
            excerpt(name): [_cell(value) for value in values[:most]]
            for name, values in rows.columns.items()
        }
    )


def _cell(value: object) -> str:
    return "" if value is None or value is ABSENT else excerpt(value)
