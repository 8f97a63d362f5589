"""Every figure and statement of a plan: who says it, where, and how surely."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from beltmap.geo.charter.force import charter
from beltmap.geo.claims.faults import claim_faults, link_faults
from beltmap.geo.csvfile import CHARTER_FILE, Table, read_table, row_of
from beltmap.geo.errors import Fault, PlanError, fault

CLAIMS_FILE: Final = "claims.csv"
SOURCES_FILE: Final = "sources.csv"
SECTORS_FILE: Final = "sectors.csv"

CLAIM_COLUMNS: Final = (
    "id",
    "subject",
    "attribute",
    "qualifier",
    "value",
    "value_max",
    "text",
    "unit",
    "year",
    "year_basis",
    "source",
    "place",
    "method",
    "city",
    "stance",
    "share_of",
    "summand_of",
    "each_of",
    "counts",
    "rests_on",
    "note",
)
"""
Columns of the claims.

The id is subject and attribute, and one word more for a rival figure about the
same two. Three columns tie a figure to another claim's: it is a share of that
whole, one summand of that complete total, or the average of each of that count.
What a figure ``counts`` tells whether it may be compared with another one; what
an inferred claim ``rests_on`` is a word, a name or the order of a sentence. For
sectors that is the word behind each code: ``logistics=logistics;BPO=call centre``.
"""
SOURCE_COLUMNS: Final = (
    "id",
    "title",
    "publisher",
    "date",
    "url",
    "accessed",
    "licence",
    "note",
)
SECTOR_COLUMNS: Final = ("code", "label_en", "label_zh", "scope")

OPTIONAL: Final = ("counts", "rests_on", "accessed", "scope")
"""Columns that tables of earlier versions do not have."""


def read_claims(folder: Path) -> pd.DataFrame:
    """
    Read the claims of a plan and check them.

    Parameters
    ----------
    folder
        Folder of the plan, with ``claims.csv``, ``sources.csv`` and
        ``sectors.csv``.

    Returns
    -------
    claims
        One row a claim, columns `CLAIM_COLUMNS`: ``value`` and ``value_max``
        are floats in the claim's own ``unit``, ``year`` is a nullable integer,
        all others are text or None. Where rivals say different things about
        one subject and attribute, the plan's map follows the first.

    Raises
    ------
    PlanError
        With every fault of the claims, each with its line, and those of the
        tables they refer to.
    """
    table = _table(folder / CLAIMS_FILE, CLAIM_COLUMNS)
    sources, sectors = _sources(folder), _sectors(folder)
    faults = [*sources.faults, *sectors.faults, *table.faults]
    faults += _key_faults(table, key="id")
    known = {row["id"] for _, row in sources.rows}
    cited = {row["source"] for _, row in table.rows if row["source"]}
    if cited and not known and not (folder / SOURCES_FILE).exists():
        # one fault of a file, not one of each claim
        known, faults = cited, [*faults, fault("E_FILE_MISSING.table", SOURCES_FILE)]
    codes = {row["code"] for _, row in sectors.rows}
    for line, row in table.rows:
        where = row_of(table.name, line, row["id"])
        faults += claim_faults(row, where, sources=known, sectors=codes)
    faults += link_faults(table)
    if faults:
        raise PlanError(faults)
    frame = _frame(table, CLAIM_COLUMNS)
    for column in ("value", "value_max"):
        frame[column] = frame[column].astype(np.float64)
    years = [None if year is None else int(year) for year in frame["year"]]
    return frame.assign(year=pd.array(years, dtype="Int64"))


def read_sources(folder: Path) -> pd.DataFrame:
    """
    Read the documents that claims rest on.

    Parameters
    ----------
    folder
        Folder of the plan, with ``sources.csv``.

    Returns
    -------
    sources
        One row a source, columns `SOURCE_COLUMNS`, text or None.

    Raises
    ------
    PlanError
        If the file is missing, has other columns, a row without an id or
        title, or an id twice.
    """
    table = _sources(folder)
    if table.faults:
        raise PlanError(table.faults)
    return _frame(table, SOURCE_COLUMNS)


def cited_source(said: str) -> str:
    """
    Give the id of the source that a zone names, without the place in it.

    Examples
    --------
    >>> cited_source("Q, page 3")
    'Q'
    """
    return said.partition(",")[0].strip()


def read_sectors(folder: Path) -> pd.DataFrame:
    """
    Read the vocabulary of sectors.

    Parameters
    ----------
    folder
        Folder of the plan, with ``sectors.csv``.

    Returns
    -------
    sectors
        One row a sector: its ``code``, ``label_en`` and ``label_zh``, and as
        ``scope`` whether the code is "specific" or "general", a branch that
        many lines of business belong to; None in tables without it.

    Raises
    ------
    PlanError
        If the file is missing, has other columns, an empty cell, or a code
        twice.
    """
    table = _sectors(folder)
    if table.faults:
        raise PlanError(table.faults)
    return _frame(table, SECTOR_COLUMNS)


def claims_about(
    claims: pd.DataFrame, subject: str, attribute: str | None = None
) -> pd.DataFrame:
    """
    Choose the claims about one subject.

    Parameters
    ----------
    claims
        Claims as `read_claims` gives them.
    subject
        What the claims are about: a zone's id, a pattern, or a group of
        figures such as ``"qd-goal-1"``.
    attribute
        What is said of it; all of its attributes if None.

    Returns
    -------
    about
        Rows of `claims` with their index, rivals in the order of the table;
        none if there is no such claim.

    Examples
    --------
    >>> from beltmap import data
    >>> claims = read_claims(Path(data.__file__).parent / "dalian")
    >>> claims_about(claims, "dl-hitech", "declared_area")["value"].tolist()
    [153.0, 35.6]
    """
    about = claims["subject"] == subject
    if attribute is not None:
        about &= claims["attribute"] == attribute
    return claims[about]


def claimed_value(claims: pd.DataFrame, subject: str, attribute: str) -> float | None:
    """
    Look up the figure that the plan's map and pages follow.

    Parameters
    ----------
    claims
        Claims as `read_claims` gives them.
    subject, attribute
        What the figure is about and what it says.

    Returns
    -------
    value
        Value of the first such claim in the claim's own unit; None if no one
        claims a figure.

    Examples
    --------
    >>> from beltmap import data
    >>> claims = read_claims(Path(data.__file__).parent / "qingdao")
    >>> claimed_value(claims, "qd-belt", "declared_area")
    40.0
    >>> claimed_value(claims, "qd-park-bpo", "declared_area") is None
    True
    """
    values = claims_about(claims, subject, attribute)["value"].dropna()
    return float(values.iloc[0]) if len(values) else None


def claimed_text(claims: pd.DataFrame, subject: str, attribute: str) -> str | None:
    """
    Look up the words that the plan's map and pages follow.

    Parameters
    ----------
    claims
        Claims as `read_claims` gives them.
    subject, attribute
        What the words are about and what they say.

    Returns
    -------
    text
        Text of the first such claim, several values joined by
        `geo.schema.SEPARATOR`; None if there is none.

    Examples
    --------
    >>> from beltmap import data
    >>> claims = read_claims(Path(data.__file__).parent / "qingdao")
    >>> claimed_text(claims, "qd-park-bpo", "part_of")
    'qd-belt'
    """
    texts = claims_about(claims, subject, attribute)["text"].dropna()
    return str(texts.iloc[0]) if len(texts) else None


def claim_ids(
    claims: pd.DataFrame, attribute: str, subjects: Iterable[str]
) -> tuple[str, ...]:
    """
    Look up which claims say one thing of several subjects.

    Parameters
    ----------
    claims
        Claims as `read_claims` gives them.
    attribute
        What is said.
    subjects
        Of whom.

    Returns
    -------
    ids
        Ids of the claims, rivals included, in the order of the table.
    """
    about = claims["subject"].isin(list(subjects))
    return tuple(claims.loc[about & (claims["attribute"] == attribute), "id"])


def _table(path: Path, columns: tuple[str, ...]) -> Table:
    return read_table(path, columns=columns, optional=OPTIONAL, may_lack=True)


def _own_sectors(file: Path) -> Table:
    """Give the sectors that the plan's charter has; no other table may stand."""
    rows = [
        {
            "code": sector.code,
            "label_en": sector.name.en,
            "label_zh": sector.name.zh,
            "scope": sector.scope,
        }
        for sector in charter().sectors
    ]
    twice = fault("E_TWO_VOCABULARIES", file.name, file=CHARTER_FILE)
    return Table(
        file.name, tuple(enumerate(rows, start=1)), (twice,) if file.exists() else ()
    )


def _sources(folder: Path) -> Table:
    table = _table(folder / SOURCES_FILE, SOURCE_COLUMNS)
    faults = (*table.faults, *_key_faults(table, key="id", needed=("id", "title")))
    return Table(table.name, table.rows, faults)


def _sectors(folder: Path) -> Table:
    if charter().sectors:
        return _own_sectors(folder / SECTORS_FILE)
    table = _table(folder / SECTORS_FILE, SECTOR_COLUMNS)
    needed = ("code", "label_en", "label_zh")
    faults = (*table.faults, *_key_faults(table, key="code", needed=needed))
    return Table(table.name, table.rows, faults)


def _key_faults(
    table: Table, *, key: str, needed: Iterable[str] = ()
) -> Iterator[Fault]:
    """Find keys given twice and cells that must not be empty."""
    first: dict[str, int] = {}
    for line, row in table.rows:
        where = row_of(table.name, line, row[key])
        for column in needed:
            if not row[column]:
                yield fault("E_EMPTY_CELL", where, column=column)
        if first.setdefault(row[key], line) != line:
            yield fault("E_DUPLICATE_ID.row", where, key=key, line=first[row[key]])


def _frame(table: Table, columns: Iterable[str]) -> pd.DataFrame:
    rows = [row for _, row in table.rows]
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return frame.where(frame != "", None)
