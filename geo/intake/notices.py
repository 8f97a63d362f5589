"""What there is to say about an upload: one family of notices, stable codes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, TypeAlias

from geo.errors import Fault, PlanError
from geo.language.messages import text

Json: TypeAlias = Any
"""A value as JSON has it."""

SHOWN: Final = 80
"""Characters of a value that a message repeats."""

_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Severity(IntEnum):
    """What follows from a notice, least first."""

    ACCEPT = 0
    WARN = 1
    REPAIR = 2
    ASK = 3
    REJECT = 4


_CODES: Final = {
    Severity.REJECT: """
        E_ARCHIVE_BROKEN E_ARCHIVE_EMPTY E_ARCHIVE_ENCRYPTED E_ARCHIVE_ENTRIES
        E_ARCHIVE_LINK E_ARCHIVE_NESTED E_ARCHIVE_NOT_ZIP E_ARCHIVE_NO_LAYER
        E_ARCHIVE_PATH E_ARCHIVE_RATIO E_ARCHIVE_SIZE E_ARCHIVE_TWICE
        E_CSV_BINARY E_CSV_NO_COORDINATES E_CSV_SYNTAX E_DBF_BROKEN
        E_DUP_MEMBER E_EMPTY E_ENCODING E_FEATURES_NOT_ARRAY E_FGB_BROKEN
        E_FILE_SIZE E_FORMAT_NAMED E_FORMAT_UNKNOWN E_GPKG_BROKEN E_GPKG_VIEW
        E_GPKG_VIRTUAL E_JSON_DEPTH E_JSON_NONFINITE E_JSON_SYNTAX
        E_JSON_TRAILING E_KML_ROOT E_MEMORY E_NOT_GEOJSON E_NOT_GPKG
        E_NOT_JSON E_NO_FEATURES_MEMBER E_NUMBER_TOO_LONG E_PARQUET_BROKEN
        E_ROOT_TYPE E_SHP_BROKEN E_SHP_MISSING E_TEXT_TOO_LONG E_TIMEOUT
        E_TOO_MANY_CELLS E_TOO_MANY_COLUMNS E_TOO_MANY_ROWS
        E_TOO_MANY_VERTICES E_UNKNOWN_ANSWER E_UNREADABLE E_XLSX_BROKEN
        E_XML_DEPTH E_XML_DTD E_XML_SYNTAX""",
    Severity.ASK: """
        E_COORD_DEPTH E_COORD_LENGTH E_COORD_RANGE E_COORD_TYPE E_CRS_MISMATCH
        E_CRS_MISSING E_CRS_UNSPECIFIED E_DATUM_SHIFT E_EMPTY_AFTER_REPAIR
        E_FEATURE_TYPE E_GEOMETRY_BROKEN E_GEOMETRY_TYPE E_LAT_OVER_90
        E_LINE_SHORT E_MISPLACED_MEMBER E_NO_COORDINATES E_NO_GEOMETRIES
        E_PROPERTIES_TYPE E_RING_SHORT E_SHP_TRUNCATED Q_AREA_UNIT
        Q_CHOOSE_LAYER""",
    Severity.REPAIR: """
        W_BAD_UNICODE W_BARE_GEOMETRY_WRAPPED W_BIG_INT_AS_TEXT
        W_BINARY_AS_TEXT
        W_COLUMN_RENAMED W_ENCODING W_EXTRA_ORDINATES
        W_GC_FLATTENED W_KML_SPACES W_LEGACY_CRS W_MADE_VALID
        W_MIXED_DIMENSIONS W_NO_GEOMETRY W_NO_PROPERTIES W_RING_CLOSED
        W_SHX_REBUILT W_TEXT_CUT W_WINDING""",
    Severity.WARN: """
        W_ANTIMERIDIAN W_AREA_DIFFERS W_BAD_ID W_BAD_NUMBER W_CRS_IGNORED
        W_CSV_RAGGED W_DBF_DELETED W_DUPLICATE_GEOMETRY W_DUPLICATE_ID W_DUP_KEY
        W_ENCLOSES_POLE W_KML_LINK_IGNORED W_KML_UNSUPPORTED W_MIXED_IDS
        W_NOTHING_TO_DRAW W_NO_ATTRIBUTES W_NULL_ISLAND W_OUTSIDE_BELT
        W_OVERLAP W_OVERLAP_UNCHECKED W_SLIVER W_UNKNOWN_SECTOR
        W_UNKNOWN_VALUE W_ZERO_LENGTH""",
    Severity.ACCEPT: """
        W_BIDI_SHOWN W_BIG_INT W_COLUMNS_CUT W_COLUMN_RENAMED_AT_EXPORT
        W_CRS_ASSUMED W_CRS_CONVERTED W_EMPTY_GEOMETRY
        W_FORMULA_ESCAPED W_GEOJSONSEQ W_HEADER_ROW W_GPKG_TRIGGERS_IGNORED
        W_MIXED_GEOMETRY W_NESTED_AS_JSON W_NULL_GEOMETRY W_NO_ROWS
        W_TEXT_TRUNCATED""",
}

SEVERITY: Final = {
    code: severity for severity, codes in _CODES.items() for code in codes.split()
}
"""Every code, and what follows from it unless the notice says otherwise."""

_ROW_CODES: Final = """
    E_COORD_DEPTH E_COORD_LENGTH E_COORD_RANGE E_COORD_TYPE E_FEATURE_TYPE
    E_GEOMETRY_BROKEN E_GEOMETRY_TYPE E_LINE_SHORT E_MISPLACED_MEMBER
    E_NO_COORDINATES E_NO_GEOMETRIES E_PROPERTIES_TYPE E_RING_SHORT
    E_SHP_TRUNCATED"""
ROW_CODES: Final = frozenset(_ROW_CODES.split())
"""Codes that refuse one row; the others may be drawn if the user agrees."""


@dataclass(frozen=True)
class Notice:
    """
    One thing to say about an upload.

    Parameters
    ----------
    code
        Stable name, one of `SEVERITY`.
    place
        Where, from the large to the small: feature or row or record, ring,
        position; line, column. Counted from one.
    values
        What was found; fills the placeholders of the message.
    severity
        What follows from it; by default as `SEVERITY` says.
    """

    code: str
    place: Mapping[str, Json] = field(default_factory=dict)
    values: Mapping[str, Json] = field(default_factory=dict)
    severity: Severity = Severity.REJECT

    def where(self, language: str | None = None) -> str:
        """Say where it is, as a reader would look for it."""
        parts = [
            text(f"intake.place.{word}", language=language, at=_said(at))
            for word, at in self.place.items()
        ]
        return text("intake.place.join", language=language).join(parts)

    def what(self, language: str | None = None) -> str:
        """Say what was found."""
        values = {key: _said(value) for key, value in self.values.items()}
        if "reason" in values:
            values["reason"] = _reason(str(values["reason"]), language)
        return text(f"intake.{self.code}", language=language, **values)

    def mend(self, language: str | None = None) -> str:
        """Say what to do about it, or nothing where nothing need be done."""
        values = {key: _said(value) for key, value in self.values.items()}
        try:
            return text(f"intake.{self.code}.mend", language=language, **values)
        except KeyError:
            return ""

    def sentence(self, language: str | None = None) -> str:
        """Say both in sentences."""
        said = (self.what(language), self.mend(language))
        return text("intake.both", language=language, what=said[0], mend=said[1])

    def fault(self, name: str) -> Fault:
        """Give the notice as a fault of the file `name`."""
        place = self.where()
        return Fault(
            self.code,
            f"{visible(name)}, {place}" if place else visible(name),
            self.what().rstrip("."),
            self.mend().rstrip("."),
        )


class RefusedError(PlanError):
    """
    A file, or one of its rows, cannot be read.

    Parameters
    ----------
    notice
        What is wrong with it.
    """

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        super().__init__([Fault(notice.code, "", notice.code, "")])


def notice(
    code: str,
    place: Mapping[str, Json] | None = None,
    *,
    severity: Severity | None = None,
    **values: Json,
) -> Notice:
    """
    Make a notice with the severity that its code has.

    Examples
    --------
    >>> notice("E_RING_SHORT", {"feature": 2, "ring": 1}, found=3).where()
    'feature 2, ring 1'
    """
    given = SEVERITY[code] if severity is None else severity
    return Notice(code, dict(place or {}), values, given)


def refuse(
    code: str, place: Mapping[str, Json] | None = None, **values: Json
) -> RefusedError:
    """Make the error that stops the reading of a file or of a row."""
    return RefusedError(notice(code, place, **values))


def visible(words: object, *, limit: int = SHOWN) -> str:
    r"""
    Show text of a stranger: characters that hide or turn text become visible.

    Examples
    --------
    >>> visible("a\u202eb")
    'a‹U+202E›b'
    >>> visible("long" * 99, limit=6)
    'longlo…'
    """
    whole = str(words)
    cut = whole[:limit] + "…" if len(whole) > limit else whole
    return _UNSEEN.sub(lambda found: f"‹U+{ord(found[0]):04X}›", cut)


def turns_text(words: str) -> bool:
    """
    Tell whether text holds characters that turn its direction.

    Examples
    --------
    >>> turns_text("evil\u202egpj.exe"), turns_text("商业")
    (True, False)
    """
    return not words.isascii() and _BIDI.search(words) is not None


def _reason(words: str, language: str | None) -> str:
    """Say why GEOS calls a shape invalid; in its own words where they are new."""
    try:
        key = words.lower().replace(" ", "-")
        return text(f"intake.reason.{key}", language=language)
    except KeyError:
        return words


def _said(value: Json) -> Json:
    if isinstance(value, list | tuple):
        shown = ", ".join(visible(item) for item in value[:20])
        return shown + " …" if len(value) > 20 else shown  # noqa: PLR2004 - a line's worth
    return visible(value) if isinstance(value, str) else value
