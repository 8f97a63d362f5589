"""What a change leaves in the tables of a plan: a claim of each thing, and words."""

import csv
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from beltmap.geo.changes.change import (
    ADDED,
    PROPERTIES,
    REMOVED,
    Change,
    Edit,
    Value,
)
from beltmap.geo.claims.table import (
    CLAIM_COLUMNS,
    CLAIMS_FILE,
    SOURCE_COLUMNS,
    SOURCES_FILE,
)
from beltmap.geo.csvfile import inert
from beltmap.geo.language.hidden import reveal
from beltmap.geo.plan.build import OUTLINE
from beltmap.geo.plan.places import ANCHORS_FILE
from beltmap.geo.zones.table import WRITTEN, ZONES_FILE

SOURCE: Final = "edited"
"""Id of the source that changes on the map are cited by."""

SOURCE_ROW: Final = {
    "id": SOURCE,
    "title": "Changed in beltmap, as its readers typed it (unverified)",
    "publisher": "beltmap",
}

CLAIMED: Final = {
    "declared_area_km2": "declared_area",
    "sectors": "sectors",
    "focus_en": "focus",
    "part_of": "part_of",
}
"""Attribute of the claim by which a build fills a column of the layers."""

ENTRY: Final = "entry"
"""Attribute of the claim that other columns were given another value."""

DECLARED: Final = "declared"

Rows = list[list[str]]


def changed_tables(
    folder: Path,
    changes: Sequence[Change],
    edit_of: Callable[[Change], Edit],
    *,
    bases: Mapping[str, object],
) -> dict[str, bytes]:
    """
    Write the tables of a plan as they are after changes.

    Parameters
    ----------
    folder
        Folder of the plan.
    changes
        What changes.
    edit_of
        Who says so of each.
    bases
        Basis of each zone's area after the changes.

    Returns
    -------
    contents
        By file: claims with one more for each thing that was changed, before
        those that it overtakes; their source; and where the plan is built from
        them, ``zones.csv`` and ``anchors.csv``. All other rows stay as they are.
    """
    claims = _Table(folder / CLAIMS_FILE, CLAIM_COLUMNS)
    sources = _Table(folder / SOURCES_FILE, SOURCE_COLUMNS)
    written = _Table(folder / ZONES_FILE, WRITTEN)
    anchors = _Table(folder / ANCHORS_FILE, ())
    for change in changes:
        zone, said = change.id, change.after.properties
        if change.sort == REMOVED:
            claims.drop(subject=zone)
            written.drop(id=zone)
            anchors.drop(id=zone, role="zone")
            continue
        known, basis = claims.ids(), bases[zone]
        for row in claimed(change, edit_of(change), known, basis=basis):
            claims.put(row)
        if written.there:
            cells = {c: _cell(said[c]) for c in WRITTEN if c in said}
            written.update({"id": zone, **cells}, add=change.sort == ADDED)
    if claims.changed and SOURCE not in sources.ids():
        sources.put(SOURCE_ROW)
    tables = (claims, sources, written, anchors)
    return {one.path.name: one.content() for one in tables if one.changed}


def claimed(
    change: Change, edit: Edit, taken: Collection[str], *, basis: object
) -> list[dict[str, str]]:
    """
    Word the claims of a change: one of its outline, one of each figure.

    Parameters
    ----------
    change, edit
        What changes, and who says so.
    taken
        Ids of the claims that there are.
    basis
        Basis of the zone's area afterwards: one that is declared is stated.

    Returns
    -------
    rows
        Cells by column of the claims.
    """
    ids = set(taken)
    said = change.after.properties
    columns = [one for one in PROPERTIES if one in said]
    if change.sort == ADDED:
        columns = [one for one in columns if said[one] is not None]
    rows = []
    if change.after.drawn and change.after.geometry is not None:
        rows.append(
            {"attribute": OUTLINE, "text": "drawn on the map", "method": "drawn"}
        )
    rows += [
        _figure(column, said[column], basis)
        for column in columns
        if column in CLAIMED and said[column] is not None
    ]
    others = [column for column in columns if column not in CLAIMED]
    if others and change.sort != ADDED:
        words = ";".join(others)
        rows.append({"attribute": ENTRY, "text": words, "method": "drawn"})
    city = said.get("city") or change.before.properties.get("city")
    common = {
        "subject": change.id,
        "source": SOURCE,
        "place": edit.at[:10],
        "city": _cell(city),
        "note": _note(edit),
    }
    for row in rows:
        row |= {name: inert(reveal(value)) for name, value in common.items()}
        row["id"] = _free(f"{change.id}.{row['attribute']}", ids)
        ids.add(row["id"])
    return rows


def _figure(column: str, value: Value, basis: object) -> dict[str, str]:
    """Word the claim of a figure or statement that a reader typed."""
    cell = inert(_cell(value))
    row = {"attribute": CLAIMED[column], "method": "drawn", "text": cell}
    if column != "declared_area_km2":
        return row
    method = "stated" if basis == DECLARED else "published elsewhere"
    figure = {"qualifier": "exact", "value": cell, "unit": "km²", "text": ""}
    return row | figure | {"method": method}


def _note(edit: Edit) -> str:
    """Say who says so, on what basis, and that no one has checked who it is."""
    by = f"by {edit.by} (unverified)" if edit.by else ""
    basis = f"basis: {edit.basis}" if edit.basis else ""
    return "; ".join(filter(None, (by, basis, edit.note))).replace("\n", " ")


def _cell(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    return value or ""


def _free(stem: str, taken: set[str]) -> str:
    """Give an id of a claim that no other has: one word more for each rival."""
    name, n = stem, 1
    while name in taken:
        name, n = f"{stem}.edit-{n}", n + 1
    return name


class _Table:
    """A CSV file whose other rows stay letter for letter what they say."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path, self.changed = path, False
        self.there = path.is_file()
        content = path.read_bytes() if self.there else b""
        self._mark = content[:3] if content[:3] == b"\xef\xbb\xbf" else b""
        words = content.decode("utf-8-sig")
        self._end = "\r\n" if "\r\n" in words else "\n"
        self._rows: Rows = list(csv.reader(io.StringIO(words, newline="")))
        self._head = self._rows[0] if self._rows else list(columns)
        self._rows = [row for row in self._rows[1:] if row]

    def ids(self) -> set[str]:
        """Give the ids."""
        return {self._as_dict(row)["id"] for row in self._rows}

    def put(self, cells: Mapping[str, str]) -> None:
        """Add a row: before those about the same subject and attribute, or last."""
        about = [cells.get("subject"), cells.get("attribute")]
        rows = [self._as_dict(row) for row in self._rows]
        same = [
            at
            for at, row in enumerate(rows)
            if about[0] and [row.get("subject"), row.get("attribute")] == about
        ]
        place = same[0] if same else len(rows)
        self._rows.insert(place, [cells.get(name, "") for name in self._head])
        self.changed = True

    def update(self, cells: Mapping[str, str], *, add: bool) -> None:
        """Give the row of an id other cells; add one where asked."""
        for at, row in enumerate(self._rows):
            old = self._as_dict(row)
            if old["id"] == cells["id"]:
                new = [{**old, **cells}.get(name, "") for name in self._head]
                self.changed |= new != row
                self._rows[at] = new
                return
        if add:
            self.put(cells)

    def drop(self, **cells: str) -> None:
        """Leave out the rows that have these cells."""
        kept = [
            row for row in self._rows if not cells.items() <= self._as_dict(row).items()
        ]
        self.changed |= len(kept) != len(self._rows)
        self._rows = kept

    def content(self) -> bytes:
        """Write the file."""
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator=self._end).writerows([self._head, *self._rows])
        return self._mark + out.getvalue().encode()

    def _as_dict(self, row: list[str]) -> dict[str, str]:
        return dict(zip(self._head, row, strict=False))
