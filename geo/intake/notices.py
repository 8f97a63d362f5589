"""What there is to say about an upload: one family of notices, stable codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, TypeAlias

from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.labels import code_label
from beltmap.geo.language.messages import has_text, text

Json: TypeAlias = Any
"""A value as JSON has it."""


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
        E_COUNT_DIFFERS E_CRS_LINK E_FGB_LENGTH E_GPKG_COMPUTED E_KILLED
        E_LENGTH_DIFFERS E_NESTED E_NO_ZONE_BEARS
        E_CSV_BINARY E_CSV_NO_COORDINATES E_CSV_QUOTE E_CSV_SYNTAX E_DBF_BROKEN
        E_DUP_MEMBER E_DWG E_ECHARTS E_EMPTY E_ENCODING E_FEATURES_NOT_ARRAY
        E_FGB_BROKEN E_FILE_SIZE E_FORMAT_NAMED E_FORMAT_UNKNOWN E_GPKG_BROKEN
        E_GPKG_VIEW E_GPKG_VIRTUAL E_JSON_DEPTH E_JSON_NONFINITE E_JSON_SYNTAX
        E_JSON_TRAILING E_KML_ROOT E_MEMORY E_MISNAMED E_NOT_GEOJSON E_NOT_GPKG
        E_NOT_JSON E_NO_FEATURES_MEMBER E_NUMBER_TOO_LONG E_OVITAL E_PACKED E_PAGE_ROOM
        E_PARQUET_BROKEN E_RASTER
        E_ROOT_TYPE E_SHP_BROKEN E_SHP_MISSING E_TEXT_TOO_LONG E_TIMEOUT
        E_TOO_MANY_CELLS E_TOO_MANY_COLUMNS E_TOO_MANY_ROWS
        E_TOO_MANY_VERTICES E_TOPOLOGY E_UNKNOWN_ANSWER E_UNREADABLE E_XLSX_BROKEN
        E_XML_DEPTH E_XML_DTD E_XML_SYNTAX
        E_DRAWING_BROKEN E_FGB_OLD E_GDB_BROKEN E_GML_BROKEN E_MAPINFO_BROKEN
        E_ONE_OF_MANY E_PARCELS""",
    Severity.ASK: """
        E_COORD_DEPTH E_COORD_LENGTH E_COORD_RANGE E_COORD_TYPE E_CRS_MISMATCH
        E_CRS_MISSING E_CRS_UNSPECIFIED E_DATUM_SHIFT E_EMPTY_AFTER_REPAIR
        E_FEATURE_TYPE E_FORMULA_UNSAVED E_GEOMETRY_BROKEN E_GEOMETRY_NESTED
        E_GEOMETRY_TYPE E_LAT_OVER_90 E_LINE_SHORT E_MISPLACED_MEMBER
        E_NO_COORDINATES E_NO_GEOMETRIES
        E_PROPERTIES_TYPE E_RING_SHORT E_SHP_TRUNCATED Q_AREA_UNIT
        Q_CHOOSE_LAYER Q_HEAD""",
    Severity.REPAIR: """
        W_BAD_UNICODE W_BARE_GEOMETRY_WRAPPED W_BIG_INT_AS_TEXT
        W_BINARY_AS_TEXT W_COLUMN_RENAMED W_CURVES W_ENCODING
        W_EXTRA_ORDINATES W_FLAT
        W_GC_FLATTENED W_HEIGHTS_LEFT_OUT W_KML_SPACES W_LEGACY_CRS W_MADE_VALID
        W_MIXED_DIMENSIONS W_NO_GEOMETRY W_NO_PROPERTIES W_RING_CLOSED
        W_SHX_REBUILT W_TEXT_CUT W_WINDING""",
    Severity.WARN: """
        W_ANTIMERIDIAN W_AREA_DIFFERS W_AREA_LEFT_OUT W_BAD_ID W_BAD_NUMBER
        W_CODE_PAGE_UNKNOWN W_COLUMNS_LEFT W_COUNT_DIFFERS W_CRS_IGNORED W_CSV_LINES
        W_CSV_RAGGED W_DBF_DELETED
        W_DUPLICATE_GEOMETRY W_DUPLICATE_ID W_DUP_KEY W_ENCLOSES_POLE
        W_FORMULA_UNSAVED W_GPKG_COMPUTED W_HIDDEN W_INDEX_DIFFERS W_KML_LINK_IGNORED
        W_KML_UNSUPPORTED W_LENGTH_DIFFERS
        W_MIXED_IDS W_TOTAL_DIFFERS W_TOTAL_DRAWN
        W_NOTHING_TO_DRAW W_NO_ATTRIBUTES W_NULL_ISLAND W_OUTSIDE_FRAME
        W_OVERLAP W_OVERLAP_UNCHECKED W_PART_ONLY W_SLIVER W_UNKNOWN_SECTOR
        W_TEXTS_SHORT W_UNKNOWN_VALUE W_VALUES_LEFT W_ZERO_LENGTH
        W_ARCHIVE_INNER W_DRAWING_LEFT W_GPKG_TABLES W_KML_NOT_LINKED
        W_PARCEL_POINTS""",
    Severity.ACCEPT: """
        W_BIDI_SHOWN W_BIG_INT W_COLUMNS_CUT W_COLUMN_RENAMED_AT_EXPORT
        W_AREA_NOTE W_CRS_ASSUMED W_CRS_CONVERTED W_EMPTY_GEOMETRY W_FIGURE_QUALIFIED
        W_KIND_BY_NAME W_KIND_DEFAULT
        W_FORMULA_ESCAPED W_GEOJSONSEQ W_HEADER_ROW W_MERGED_CELLS W_ROW_ASIDE
        W_TOTAL_ROW W_GPKG_TRIGGERS_IGNORED
        W_MIXED_GEOMETRY W_NESTED_AS_JSON W_NULL_GEOMETRY W_NO_ROWS
        W_TEXT_TRUNCATED
        W_ARCHIVE_NOTES W_DRAWING_NAMES W_DRAWING_TWICE W_KML_LINK_INSIDE W_ROUNDED
        W_SHP_UNLISTED W_XML_PREFIX""",
}

_WHOLE: Final = 1000.0
"""From here on, figures are said without a fraction."""

SEVERITY: Final = {
    code: severity for severity, codes in _CODES.items() for code in codes.split()
}
"""Every code, and what follows from it unless the notice says otherwise."""

_ROW_CODES: Final = """
    E_COORD_DEPTH E_COORD_LENGTH E_COORD_RANGE E_COORD_TYPE E_FEATURE_TYPE
    E_FORMULA_UNSAVED E_GEOMETRY_BROKEN E_GEOMETRY_NESTED E_GEOMETRY_TYPE
    E_LINE_SHORT E_MISPLACED_MEMBER
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

    def where(self) -> str:
        """Say where it is, as a reader would look for it."""
        parts = [
            text(f"intake.place.{_word(word, at)}", at=_said(at))
            for word, at in self.place.items()
        ]
        return text("intake.place.join").join(parts)

    def worded(self) -> Fault:
        """Say it in the reader's language: where, what, and what to do about it."""
        values = {key: _said(value) for key, value in self.values.items()}
        if "reason" in values:
            values["reason"] = _reason(str(values["reason"]))
        if "kind" in values:
            values["kind"] = code_label("kind", str(values["kind"]))
        return fault(self.code, self.where(), **values)

    def sentence(self) -> str:
        """Say what was found and what to do about it in sentences."""
        said = self.worded()
        return text("intake.both", what=said.what, hint=said.hint)

    def fault(self, name: str) -> Fault:
        """Give the notice as a fault of the file `name`."""
        said = self.worded()
        where = f"{excerpt(name)}, {said.where}" if said.where else excerpt(name)
        what, hint = said.what.rstrip("."), said.hint.rstrip(".")
        return Fault(self.code, where, what, hint)


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


def _word(word: str, at: Json) -> str:
    """Name a place: of several that are one, as one."""
    one = isinstance(at, list | tuple) and len(at) == 1
    return word.removesuffix("s") if one else word


def _reason(words: str) -> str:
    """Say why GEOS calls a shape invalid; in its own words where they are new."""
    key = f"intake.reason.{words.lower().replace(' ', '-')}"
    return text(key) if has_text(key) else words


def _said(value: Json) -> Json:
    if isinstance(value, list | tuple):
        shown = text("list.comma").join(excerpt(item) for item in value[:20])
        return shown + " …" if len(value) > 20 else shown  # noqa: PLR2004 - a line's worth
    if isinstance(value, float):
        # no more digits than a reader can use; the JSON keeps them all
        return f"{value:.0f}" if abs(value) >= _WHOLE else f"{value:.4g}"
    return excerpt(value) if isinstance(value, str) else value
