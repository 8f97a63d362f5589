"""What a page is told of an upload: all counts, and examples of each notice."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from beltmap.geo.intake.apart.room import within_room
from beltmap.geo.intake.notices import Json, Notice
from beltmap.geo.intake.questions import Option, Question
from beltmap.geo.intake.reading import Outcome
from beltmap.geo.intake.receipt import LISTED, Receipt
from beltmap.geo.intake.rows import Rows

MOST_NOTICES: Final = 200
"""Notices that are listed, whatever there is to say."""

ASKED: Final = {"W_UNKNOWN_SECTOR": 30}
"""Notices that are questions as well, of which more are listed."""

MOST_ITEMS: Final = 40
"""Items of a list within a notice; messages show fewer."""

MOST_OPTIONS: Final = 200
"""Answers from which a page lets its reader choose."""

SHOWN: Final = 5
"""Rows that are shown as they are in the file."""

MOST_LETTERS: Final = 1_000
"""Letters of a text within a notice; messages show fewer."""


def listed(outcome: Outcome) -> Outcome:
    """
    Leave of an outcome what a page shows.

    Parameters
    ----------
    outcome
        What was read, with everything that there is to say.

    Returns
    -------
    outcome
        The same zones as far as `geo.intake.apart.room` lets them in, and the first
        rows. Of each code `LISTED` notices are
        left at most, and `MOST_NOTICES` of all; ``receipt.unlisted`` counts the others.
    """
    outcome = within_room(outcome)
    questions = tuple(_short_question(one) for one in outcome.questions)
    rows = outcome.rows and _first(outcome.rows)
    return replace(
        outcome,
        receipt=_short_receipt(outcome.receipt),
        questions=questions,
        rows=rows,
        layers=tuple(name for name in outcome.layers[:MOST_OPTIONS] if _short(name)),
    )


def _first(rows: Rows) -> Rows:
    return replace(
        rows,
        columns={
            name: [_cut(value) for value in values[:SHOWN]]
            for name, values in rows.columns.items()
        },
        geometries=rows.geometries[:SHOWN],
        numbers=rows.numbers[:SHOWN],
        ids=rows.ids[:SHOWN],
        refused=(),
        notices=(),
    )


def _short_receipt(receipt: Receipt) -> Receipt:
    codes = Counter(one.code for one in receipt.notices)
    most = max(1, min(LISTED, MOST_NOTICES // max(1, len(codes))))
    left: list[Notice] = []
    seen: Counter[str] = Counter()
    for one in receipt.notices:
        seen[one.code] += 1
        if seen[one.code] <= max(most, ASKED.get(one.code, 0)):
            left.append(_short_notice(one))
    return replace(
        receipt,
        notices=tuple(left),
        unlisted=dict(codes - Counter(one.code for one in left)),
        layer=_cut(receipt.layer),
        crs=_cut(receipt.crs),
        encoding=_cut(receipt.encoding),
    )


def _short_notice(one: Notice) -> Notice:
    return replace(one, place=_cut(one.place), values=_cut(one.values))


def _short_question(question: Question) -> Question:
    # a value goes back as it came, so that one too long cannot be chosen
    options = [one for one in question.options if _short(one.value)]
    return replace(
        question,
        notice=_short_notice(question.notice),
        options=tuple(_short_option(one) for one in options[:MOST_OPTIONS]),
        unlisted=len(question.options) - len(options[:MOST_OPTIONS]),
    )


def _short_option(option: Option) -> Option:
    return replace(option, label=_cut(option.label), why=_cut(option.why))


def _short(words: str) -> bool:
    return len(words) <= MOST_LETTERS


def _cut(value: Json) -> Json:
    """Cut what is long within a value; lists keep an item more than messages show."""
    if isinstance(value, str):
        return value[:MOST_LETTERS]
    if isinstance(value, Mapping):
        return {_cut(key): _cut(item) for key, item in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, list | tuple):
        return [_cut(item) for item in value[:MOST_ITEMS]]
    return value
