"""Names of columns: what a table must change, and what an export will."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from beltmap.geo.csvfile import is_formula
from beltmap.geo.intake.notices import Notice, notice
from beltmap.geo.intake.rows import Rows
from beltmap.geo.language.hidden import turns_text

RESERVED: Final = "geometry"
SHAPEFILE_NAME_BYTES: Final = 10
SHAPEFILE_COLUMNS: Final = 255
SHAPEFILE_TEXT_BYTES: Final = 254


def unique(names: Sequence[str]) -> list[str]:
    """
    Give every column a name of its own that a table can have.

    Parameters
    ----------
    names
        As the file has them: maybe blank, repeated, or ``geometry``.

    Returns
    -------
    names
        As many; those that could stay are as given, the others get a number.

    Examples
    --------
    >>> unique(["name", "name", "", "geometry", "a"])
    ['name', 'name_2', 'column_3', 'geometry_1', 'a']
    """
    taken = {name for name in names if name.strip() and name != RESERVED}
    seen: set[str] = set()
    counts: dict[str, int] = {}
    result = []
    for number, name in enumerate(names, start=1):
        given = name
        if not name.strip():
            given = f"column_{number}"
            while given in taken or given in seen:
                given += "_"
        elif name == RESERVED or name in seen:
            counts.setdefault(name, 0 if name == RESERVED else 1)
            given = name
            while given in taken or given in seen or given == RESERVED:
                counts[name] += 1
                given = f"{name}_{counts[name]}"
        seen.add(given)
        result.append(given)
    return result


def renames(given: Sequence[str], made: Sequence[str]) -> list[Notice]:
    """Say which columns could not keep their name."""
    return [
        notice("W_COLUMN_RENAMED", {"column_number": number}, old=old, new=new)
        for number, (old, new) in enumerate(zip(given, made, strict=True), start=1)
        if old != new
    ]


def clean_names(rows: Rows) -> Rows:
    """Rename the columns that a table cannot have, and say so."""
    given = list(rows.columns)
    made = unique(given)
    if made == given:
        return rows
    columns = dict(zip(made, rows.columns.values(), strict=True))
    said = renames(given, made)
    return replace(rows, columns=columns, notices=(*rows.notices, *said))


def export_notes(rows: Rows) -> list[Notice]:
    """
    Say what an export in another format will have to change.

    Parameters
    ----------
    rows
        Rows as they will be drawn.

    Returns
    -------
    notes
        Names that a Shapefile or a GeoPackage cannot tell apart, texts that a
        Shapefile cuts, cells that a spreadsheet would take for formulas.
    """
    notes = [*_name_notes(rows.columns)]
    long = [name for name, values in rows.columns.items() if _any_long(values)]
    if long:
        notes.append(notice("W_TEXT_TRUNCATED", columns=long, n=len(long)))
    formulas = sum(map(_formulas, rows.columns.values()))
    if formulas:
        notes.append(notice("W_FORMULA_ESCAPED", n=formulas))
    turned = [name for name, values in rows.columns.items() if _turned(name, values)]
    if turned:
        notes.append(notice("W_BIDI_SHOWN", columns=turned))
    return notes


def _name_notes(names: Iterable[str]) -> list[Notice]:
    listed = list(names)
    notes = []
    if len(listed) > SHAPEFILE_COLUMNS:
        found, limit = len(listed), SHAPEFILE_COLUMNS
        notes.append(notice("W_COLUMNS_CUT", n=found, limit=limit))
    folded = _alike(listed, [name.casefold() for name in listed])
    cut = [name.encode(errors="replace")[:SHAPEFILE_NAME_BYTES] for name in listed]
    short = _alike(listed, [words.lower() for words in cut])
    for formats, alike in (("GeoPackage, Shapefile", folded), ("Shapefile", short)):
        if alike:
            notes.append(
                notice("W_COLUMN_RENAMED_AT_EXPORT", columns=alike, formats=formats)
            )
    return notes


def _alike(names: list[str], keys: Sequence[object]) -> list[str]:
    counts = Counter(keys)
    return [name for name, key in zip(names, keys, strict=True) if counts[key] > 1]


def _any_long(values: list[object]) -> bool:
    return any(
        isinstance(value, str)
        and len(value) * 4 > SHAPEFILE_TEXT_BYTES
        and len(value.encode(errors="replace")) > SHAPEFILE_TEXT_BYTES
        for value in values
    )


def _formulas(values: list[object]) -> int:
    return sum(
        isinstance(value, str) and is_formula(value) and not _number(value)
        for value in values
    )


def _number(words: str) -> bool:
    try:
        float(words)
    except ValueError:
        return False
    return True


def _turned(name: str, values: list[object]) -> bool:
    return turns_text(name) or any(
        isinstance(value, str) and turns_text(value) for value in values
    )
