"""What the codes of a plan are called: kinds, cities, sectors, boundaries."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from beltmap.geo.language.messages import LANGUAGES, own, speaking, spoken, text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.schema import SEPARATOR

if TYPE_CHECKING:
    import pandas as pd


def code_label(column: str, code: str | None) -> str:
    """
    Say a code of a list in words.

    Parameters
    ----------
    column
        Column that holds the code.
    code
        The code.

    Returns
    -------
    label
        In the spoken language; the code itself where the catalogue does not
        have it, and nothing where there is none.

    Examples
    --------
    >>> code_label("kind", "town"), code_label("city", "Atlantis")
    ('Town', 'Atlantis')
    """
    if not code:
        return ""
    try:
        return text(f"{column}.{code}")
    except KeyError:
        return code


def column_label(column: str) -> str:
    """
    Say a column of the plan in words; one of a user's own as it is called.

    Examples
    --------
    >>> column_label("part_of"), column_label("floors")
    ('Part of', 'floors')
    """
    try:
        return text(f"export.field.{column}.{spoken()}")
    except KeyError:
        return column


def sector_labels(sectors: "pd.DataFrame", codes: str | None) -> str:
    """
    Say joined sector codes in words, joined by commas.

    Parameters
    ----------
    sectors
        Vocabulary of a plan: ``code`` and a label in each language.
    codes
        Codes joined as in the column ``sectors`` of a zone.
    """
    labels = dict(zip(sectors["code"], sectors[own("label")], strict=True))
    parts = codes.split(SEPARATOR) if codes else []
    return in_a_row(labels.get(code, code) for code in parts)


def facet_label(sectors: "pd.DataFrame", column: str, value: str) -> str:
    """
    Say a value of a facet in words.

    Parameters
    ----------
    sectors
        Vocabulary of the plan's sectors.
    column
        One of `geo.query.filters.FACETS`.
    value
        The value.

    Returns
    -------
    label
        In the spoken language.
    """
    if column == "sectors":
        return sector_labels(sectors, value)
    return code_label(column, value)


def facet_codes(
    sectors: "pd.DataFrame", column: str, values: Iterable[str]
) -> dict[str, str]:
    """
    Find the values of a facet by what they are called in either language.

    Parameters
    ----------
    sectors
        Vocabulary of the plan's sectors.
    column
        One of `geo.query.filters.FACETS`.
    values
        Values that the facet may take.

    Returns
    -------
    codes
        Value by label in small letters, and by itself.
    """
    values = tuple(values)
    codes = {}
    for language in LANGUAGES:
        with speaking(language):
            for value in values:
                codes[facet_label(sectors, column, value).casefold()] = value
    return codes | {value: value for value in values}
