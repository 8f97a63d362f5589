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
        One row a source in the order of the plan, columns `SOURCES`. Of a
        document without an address it is said that none was found; what
        beltmap computed itself has neither date nor address.
    """
    rows = [
        {
            "source": plan.say(source["title"]),
            "publisher": plan.say(source["publisher"]),
            "date": plan.say(source["date"]),
            "address": source["url"] or no_address(source),
            "accessed": source["accessed"] or "",
            "note": plan.say(source["note"]),
        }
        for source in plan.sources.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(SOURCES))


def no_address(source: Mapping[Any, object]) -> str:
    """
    Say that the address of a document was not found.

    Parameters
    ----------
    source
        One row of the sources, as a dict.

    Returns
    -------
    words
        Nothing where there is an address, or no date either, as of what
        beltmap computed itself.
    """
    return text("source.no_address") if source["date"] and not source["url"] else ""
