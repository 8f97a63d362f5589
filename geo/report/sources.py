"""The documents that a plan rests on, as a reader would look them up."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan

SOURCES: Final = ("source", "publisher", "date", "address", "accessed", "note")
"""Columns of the table, by their codes."""


def sources_in_words(plan: Plan) -> pd.DataFrame:
    """
    List the documents of a plan.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    sources
        One row a source in the order of the plan, columns `SOURCES`. What is
        not known of a document is said, see `unknown_of`.
    """
    rows = []
    for source in plan.sources.to_dict("records"):
        unknown = unknown_of(source)
        rows.append(
            {
                "source": plan.say(source["title"]),
                "publisher": plan.say(source["publisher"]),
                "date": unknown.get("date") or plan.say(source["date"]),
                "address": unknown.get("url") or source["url"] or "",
                "accessed": unknown.get("accessed") or source["accessed"] or "",
                "note": plan.say(source["note"]),
            }
        )
    return pd.DataFrame(rows, columns=list(SOURCES))


def unknown_of(source: Mapping[Any, object]) -> dict[str, str]:
    """
    Say what is not known of a document, so that no cell is empty in silence.

    Parameters
    ----------
    source
        One row of the sources, as a dict.

    Returns
    -------
    words
        By column of the sources: ``date``, ``url`` and ``accessed``. Nothing of
        what beltmap computed itself, which has neither date nor address.

    Examples
    --------
    >>> unknown_of({"date": "2012-06-12", "url": None, "accessed": "2026-11-26"})
    {'url': 'address not found'}
    >>> unknown_of({"date": None, "url": None, "accessed": None})
    {}
    """
    if not (source["date"] or source["url"]):
        return {}
    return {
        column: text(f"source.no_{column}")
        for column in ("date", "url", "accessed")
        if not source[column]
    }
