"""The plan's own words in Chinese: places in sources, notes, titles."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from beltmap.geo.csvfile import read_table
from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import spoken

GLOSSARY_FILE: Final = "glossary.csv"
GLOSSARY_COLUMNS: Final = ("en", "zh")


def read_glossary(folder: Path) -> dict[str, str]:
    """
    Read what the words of a plan's tables are called in Chinese.

    Parameters
    ----------
    folder
        Folder of the plan, perhaps with ``glossary.csv``; a plan needs none.

    Returns
    -------
    glossary
        Chinese by the words that the tables have; empty without the file.

    Raises
    ------
    PlanError
        If the file cannot be read as a table of two columns.
    """
    if not (folder / GLOSSARY_FILE).exists():
        return {}
    table = read_table(folder / GLOSSARY_FILE, columns=GLOSSARY_COLUMNS)
    if table.faults:
        raise PlanError(table.faults)
    return {row["en"]: row["zh"] for _, row in table.rows}


def in_words(glossary: Mapping[str, str], words: object) -> str:
    """
    Say words of the plan in the reader's language.

    Parameters
    ----------
    glossary
        As `read_glossary` gives it.
    words
        A cell of the plan's tables; missing ones are said as nothing.

    Returns
    -------
    said
        The Chinese ones where Chinese is spoken and the glossary has them;
        else the words as they are.

    Examples
    --------
    >>> from beltmap.geo.language.messages import speaking
    >>> with speaking("zh"):
    ...     in_words({"One belt": "一带"}, "One belt"), in_words({}, None)
    ('一带', '')
    """
    given = words if isinstance(words, str) else ""
    return glossary.get(given, given) if spoken() == "zh" else given
