"""The tables of a plan in a store: their columns, and what may stand in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from beltmap.geo import schema
from beltmap.geo.claims import faults as claims
from beltmap.geo.claims.comments import COMMENT_COLUMNS, COMMENTS_FILE, STATES
from beltmap.geo.claims.glossary import GLOSSARY_COLUMNS, GLOSSARY_FILE
from beltmap.geo.claims.table import (
    CLAIM_COLUMNS,
    CLAIMS_FILE,
    SECTOR_COLUMNS,
    SECTORS_FILE,
    SOURCE_COLUMNS,
    SOURCES_FILE,
)
from beltmap.geo.plan import places

Row: TypeAlias = dict[str, str | None]
"""Values of a row as PostgreSQL writes them, by column; None for none."""

POSITION: Final = "position"
"""Column that keeps the order of a file's rows."""

VERSION: Final = "version"
"""Column with the version that wrote a row last."""

GEOMETRY: Final = "geom"


@dataclass(frozen=True)
class Table:
    """
    A table of a plan.

    Parameters
    ----------
    name
        Name in the store.
    key
        Column that tells its rows apart.
    columns
        Type of each column by its name, in the order of the file.
    checks
        SQL conditions by the name under which a refusal speaks of them.
    links
        Columns that hold the key of a row, by table.
    file
        The CSV file that it is in a folder; empty where it is none.
    """

    name: str
    key: str
    columns: dict[str, str]
    checks: dict[str, str]
    links: tuple[tuple[str, str], ...] = ()
    file: str = ""

    @property
    def stored(self) -> tuple[str, ...]:
        """Columns of a row, but for its version."""
        return (*self.columns, POSITION)


def quoted(name: str) -> str:
    """
    Write a name for SQL.

    Examples
    --------
    >>> quoted('five"parks')
    '"five""parks"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(words: str) -> str:
    """
    Write a text for SQL.

    Examples
    --------
    >>> literal("Lao's")
    "'Lao''s'"
    """
    return "'" + words.replace("'", "''") + "'"


def one_of(column: str, values: Iterable[str]) -> str:
    """Write that a column holds one of a list, or nothing."""
    return f"{column} in ({', '.join(map(literal, values))})"


def written(column: str) -> str:
    """Write that a column holds more than blanks."""
    return f"coalesce({column}, '') ~ '[^[:space:]]'"


def _filled(*columns: str) -> dict[str, str]:
    """Write that columns hold something."""
    return {f"{column} is needed": written(column) for column in columns}


def _texts(columns: Iterable[str], **others: str) -> dict[str, str]:
    return {column: others.get(column, "text") for column in columns}


def _closed(lists: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {
        f"{column} is one of a list": one_of(column, values)
        for column, values in lists.items()
    }


FILES: Final = Table(
    "files",
    "name",
    {"name": "text", "content": "text", "bytes": "bytea", "form": "text"},
    {
        "a file is text, bytes or rows": "num_nonnulls(content, bytes, form) = 1",
        "a file's name is plain": r"name ~ '^((basemap|scenarios)/)?[^/.][^/]*$'",
    },
)
"""Every file of the folder: its text or bytes, or in which form it holds rows."""

ZONES: Final = Table(
    "zones",
    "id",
    _texts(schema.COLUMNS, **dict.fromkeys(schema.NUMBERS, "double precision"))
    | {"other": "text", "in_zones_csv": "boolean", GEOMETRY: "geometry"},
    _filled("id", "kind")
    | _closed(schema.CLOSED)
    | {
        f"{column} is needed": f"not in_zones_csv or {written(column)}"
        for column in ("name_en", "city", "status", "boundary")
    }
    | {
        f"{column} is a number from 0": f"{column} >= 0 and {column} < 'infinity'"
        for column in schema.NUMBERS
    }
    | {
        "the outline has no fault": f"{{gis}}.ST_IsValid({GEOMETRY})",
        "the outline has an area": f"not {{gis}}.ST_IsEmpty({GEOMETRY})",
        "the outline is on the Earth": (
            f"{{gis}}.ST_XMin({GEOMETRY}) >= -180 and {{gis}}.ST_XMax({GEOMETRY})"
            f" <= 180 and {{gis}}.ST_YMin({GEOMETRY}) >= -90"
            f" and {{gis}}.ST_YMax({GEOMETRY}) <= 90"
        ),
        "no zone is part of itself": "part_of <> id",
        "other is a JSON object": "json_typeof(other::json) = 'object'",
    },
    links=(("part_of", "zones"),),
)

SOURCES: Final = Table(
    "sources",
    "id",
    _texts(SOURCE_COLUMNS),
    _filled("id", "title"),
    file=SOURCES_FILE,
)

CLAIMS: Final = Table(
    "claims",
    "id",
    _texts(CLAIM_COLUMNS, value="numeric", value_max="numeric", year="integer"),
    _filled(*claims.NEEDED)
    | _closed(claims.CLOSED)
    | {
        "id is subject.attribute": (
            "id = subject || '.' || attribute"
            " or starts_with(id, subject || '.' || attribute || '.')"
        ),
        "a claim has a value or a text": f"(value is null) = ({written('text')})",
        "value is a number": "value > '-infinity' and value < 'infinity'",
        "value_max is a number": "value_max > '-infinity' and value_max < 'infinity'",
        "a value has a qualifier": "(value is null) = (qualifier is null)",
        "a value has a unit": "(value is null) = (unit is null)",
        "a range has two values": (
            "(coalesce(qualifier, '') = 'range') = (value_max is not null)"
            " and coalesce(value_max > value, true)"
        ),
        "year has four digits": "year between 1000 and 2999",
        "a year has a basis": (
            "(year is null) = (coalesce(year_basis, 'not stated') = 'not stated')"
        ),
    },
    links=(("source", "sources"), *((link, "claims") for link in claims.LINKS)),
    file=CLAIMS_FILE,
)

SECTORS: Final = Table(
    "sectors",
    "code",
    _texts(SECTOR_COLUMNS),
    _filled("code", "label_en", "label_zh"),
    file=SECTORS_FILE,
)

ANCHORS: Final = Table(
    "anchors",
    "id",
    _texts(
        places.ANCHOR_COLUMNS, lon="numeric", lat="numeric", uncertainty_m="numeric"
    ),
    _filled("id", "name_en", "name_zh", "city", "source", "role", "basis")
    | _closed({"role": places.ROLES, "basis": places.BASES})
    | {
        f"{column} is from {least} to {most}": (
            f"{column} is not null and {column} between {least} and {most}"
        )
        for column, least, most in (
            ("lon", -180, 180),
            ("lat", -90, 90),
            ("uncertainty_m", 0, 10_000_000),
        )
    }
    | {
        "a rival says of what": "(role = 'rival') = (rival_of is not null)",
    },
    file=places.ANCHORS_FILE,
)

GLOSSARY: Final = Table(
    "glossary", "en", _texts(GLOSSARY_COLUMNS), {}, file=GLOSSARY_FILE
)

COMMENTS: Final = Table(
    "comments",
    "id",
    _texts(COMMENT_COLUMNS, lon="numeric", lat="numeric"),
    _filled("id", "author", "time", "text", "state")
    | _closed({"state": STATES})
    | {
        "a comment is about something": (
            f"({written('about')} or lon is not null) and (lon is null) = (lat is null)"
        ),
        "lon is from -180 to 180": "lon between -180 and 180",
        "lat is from -90 to 90": "lat between -90 and 90",
    },
    file=COMMENTS_FILE,
)

TABLES: Final = (
    FILES,
    ZONES,
    SOURCES,
    CLAIMS,
    SECTORS,
    ANCHORS,
    GLOSSARY,
    COMMENTS,
)
"""All tables of a plan."""

BY_NAME: Final = {table.name: table for table in TABLES}
OF_FILE: Final = {table.file: table for table in TABLES if table.file}


def canonical(value: object, kind: str) -> str | None:
    """
    Write a value as PostgreSQL writes it.

    Parameters
    ----------
    value
        A cell, or a value of its type; None for none.
    kind
        Type of the column.

    Examples
    --------
    >>> canonical("36.0770", "numeric"), canonical("1e3", "numeric")
    ('36.0770', '1000')
    """
    if value is None:
        return None
    if kind == "double precision":
        return repr(float(str(value)))
    if kind == "numeric":
        try:
            return format(Decimal(str(value)), "f")
        except InvalidOperation:
            return str(value)
    if kind == "boolean":
        return "true" if value in (True, "true", "t") else "false"
    return str(value)
