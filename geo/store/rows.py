"""A plan folder as rows, as a store keeps it, and rows as the files of a folder."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from beltmap.geo.changes.scenarios import FOLDER as SCENARIOS
from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.reading import parse_charter, read_charter
from beltmap.geo.csvfile import CHARTER_FILE
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.ground.ground import BASEMAP
from beltmap.geo.language.wording import Listing
from beltmap.geo.store import layers
from beltmap.geo.store.tables import (
    FILES,
    OF_FILE,
    POSITION,
    TABLES,
    Row,
    Table,
    canonical,
)
from beltmap.geo.zones.bulk import MAGIC
from beltmap.geo.zones.table import WRITTEN, ZONES_FILE

BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class State:
    """
    Everything that a plan holds at one moment.

    Parameters
    ----------
    rows
        Rows of each of `geo.store.tables.TABLES`, by their keys.
    """

    rows: Mapping[str, dict[str, Row]] = field(
        default_factory=lambda: {table.name: {} for table in TABLES}
    )

    @property
    def charter(self) -> Charter | None:
        """What the plan says of itself; None where it has no ``plan.toml``."""
        row = self.rows["files"].get(CHARTER_FILE)
        return None if row is None else parse_charter(row["content"] or "")


def state_of(folder: Path) -> State:
    """
    Read a folder of one plan as rows.

    Parameters
    ----------
    folder
        Folder of a plan that can be opened.

    Returns
    -------
    state
        One row a file, and those of its tables and zones.

    Raises
    ------
    PlanError
        If two rows of a table have one key, or ``zones.csv`` says something else
        than the layers that are built from it.
    """
    state = State()
    faults: list[Fault] = []
    charter = read_charter(folder)
    kind_of = {file: kind for kind, file in charter.files.items()}
    for name in files_of(folder):
        content = (folder / name).read_bytes()
        form: dict[str, Any] | None = None
        if name in OF_FILE:
            form = _csv_form(content)
            faults += _take(state, OF_FILE[name], name, content)
        elif name == ZONES_FILE:
            form = _csv_form(content)
        elif name in kind_of:
            form = {"kind": kind_of[name]}
        elif name in MAGIC:
            form = {"kind": None}
        state.rows["files"][name] = file_row(name, content, form)
    state.rows["zones"].update(layers.zone_rows(folder, charter))
    faults += _mark_written(state, folder)
    if faults:
        raise PlanError(faults)
    return state


def files_of(folder: Path) -> tuple[str, ...]:
    """Name the files of a plan, of its basemap and its scenarios; no hidden ones."""
    found = [path.name for path in folder.iterdir() if _counts(path)]
    for inner in (BASEMAP, SCENARIOS):
        if (folder / inner).is_dir():
            paths = (folder / inner).iterdir()
            found += [f"{inner}/{path.name}" for path in paths if _counts(path)]
    return tuple(sorted(found))


def content_of(state: State) -> dict[str, bytes]:
    """
    Write the rows of a plan as the files of its folder.

    Parameters
    ----------
    state
        Rows of a plan.

    Returns
    -------
    files
        Content of each file by its name, in the form in which it was.
    """
    made = {}
    for name, row in state.rows["files"].items():
        if row["form"] is None:
            given = row["content"]
            made[name] = (
                bytes.fromhex((row["bytes"] or "").removeprefix("\\x"))
                if given is None
                else given.encode()
            )
            continue
        form = orjson.loads(row["form"])
        if "kind" in form:
            made[name] = layers.layer_content(state.rows["zones"], name, form["kind"])
        elif name == ZONES_FILE:
            zones = in_order(state.rows["zones"])
            written = [row for row in zones if row["in_zones_csv"] == "true"]
            made[name] = _csv(form, WRITTEN, written)
        else:
            table = OF_FILE[name]
            made[name] = _csv(form, table.columns, in_order(state.rows[table.name]))
    # what someone remarked in the store has no file yet
    for name, table in OF_FILE.items():
        if name not in made and state.rows[table.name]:
            rows = in_order(state.rows[table.name])
            made[name] = _csv(DEFAULT_FORM | {"columns": [*table.columns]}, (), rows)
    return made


DEFAULT_FORM: Final[dict[str, Any]] = {"bom": False, "newline": "\n"}


def in_order(rows: Mapping[str, Row]) -> list[Row]:
    """List rows as their file has them."""
    return sorted(rows.values(), key=lambda row: float(row[POSITION] or 0))


def _counts(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def file_row(name: str, content: bytes, form: Mapping[str, Any] | None) -> Row:
    """
    Write a file as a row.

    Parameters
    ----------
    name, content
        Its name in the folder, and its bytes.
    form
        In which form it holds rows of other tables; None where it holds none.
    """
    row: Row = dict.fromkeys(FILES.stored)
    row["name"], row[POSITION] = name, canonical(0, "double precision")
    if form is not None:
        row["form"] = orjson.dumps(form).decode()
        return row
    try:
        words = content.decode("utf-8")
    except UnicodeDecodeError:
        words = "\0"
    # PostgreSQL has no text with a null character
    if "\0" in words:
        row["bytes"] = "\\x" + content.hex()
    else:
        row["content"] = words
    return row


def _csv_form(content: bytes) -> dict[str, Any]:
    """Tell in which form a table is written: what its cells do not say."""
    words = content.decode("utf-8-sig")
    head = next(csv.reader(io.StringIO(words, newline="")), [])
    newline = "\r\n" if "\r\n" in words else "\n"
    return {"columns": head, "bom": content.startswith(BOM), "newline": newline}


def _take(state: State, table: Table, name: str, content: bytes) -> Iterator[Fault]:
    """Read the rows of a table; find keys that are given twice."""
    words = io.StringIO(content.decode("utf-8-sig"), newline="")
    lines = (cells for cells in csv.reader(words) if cells)
    head = next(lines, [])
    for number, cells in enumerate(lines, 1):
        given = dict(zip(head, cells, strict=True))
        row: Row = {
            column: canonical(given.get(column, "").strip() or None, kind)
            for column, kind in table.columns.items()
        }
        if table.key == "en" and row["en"] is None:
            # a glossary may hold a line without words
            row["en"] = ""
        row[POSITION] = canonical(number, "double precision")
        key = row[table.key] or ""
        if key in state.rows[table.name]:
            yield fault("E_STORE_TWICE", name, key=key)
        state.rows[table.name][key] = row


def _mark_written(state: State, folder: Path) -> Iterator[Fault]:
    """Note which zones ``zones.csv`` has, and in which order."""
    if ZONES_FILE not in state.rows["files"]:
        return
    zones = state.rows["zones"]
    with (folder / ZONES_FILE).open(encoding="utf-8-sig", newline="") as file:
        lines = [row for row in csv.DictReader(file) if any(row.values())]
    astray = []
    for number, line in enumerate(lines, 1):
        cells = {name: (line[name] or "").strip() or None for name in WRITTEN}
        zone = zones.get(cells["id"] or "")
        if zone is None or any((zone[name] or None) != cells[name] for name in WRITTEN):
            astray.append(cells["id"] or "")
            continue
        zone["in_zones_csv"] = "true"
        zone[POSITION] = canonical(number, "double precision")
    last = len(lines)
    for zone in in_order(zones):
        if zone["in_zones_csv"] != "true":
            last += 1
            zone[POSITION] = canonical(last, "double precision")
    if astray:
        yield fault("E_NOT_BUILT", ZONES_FILE, zones=Listing(tuple(astray)).say())


def _csv(form: Mapping[str, Any], columns: Iterable[str], rows: list[Row]) -> bytes:
    """Write a table in the form in which it was; columns that were filled since too."""
    given = form["columns"]
    filled = [
        name
        for name in columns
        if name not in given and any(row[name] is not None for row in rows)
    ]
    names = [name for name in (columns or given) if name in given or name in filled]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=form["newline"])
    writer.writerow(names)
    writer.writerows([row[name] or "" for name in names] for row in rows)
    return (BOM if form["bom"] else b"") + out.getvalue().encode()
