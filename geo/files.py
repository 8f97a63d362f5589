"""Files that beltmap writes: how they are named, and written whole or not at all."""

import errno
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from geo.errors import Fault, PlanError
from geo.filters import Filters
from geo.language.messages import text

LONGEST_NAME = 80


def export_name(filters: Filters, *, on: date, suffix: str) -> str:
    """
    Name an export after what is in it.

    Parameters
    ----------
    filters
        What was chosen.
    on
        Day of the export.
    suffix
        Ending with its dot, such as ``".geojson"``.

    Returns
    -------
    name
        Plain letters, digits and hyphens: safe on any system.

    Examples
    --------
    >>> export_name(Filters(sectors=("R&D", "BPO")), on=date(2026, 3, 1), suffix=".csv")
    'beltmap_2026-03-01_r-d-bpo.csv'
    >>> export_name(Filters(), on=date(2026, 3, 1), suffix=".geojson")
    'beltmap_2026-03-01_all.geojson'
    """
    words = (word for values in filters.to_query().values() for word in values)
    plain = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    chosen = plain or ("filtered" if filters.narrow else "all")
    return f"beltmap_{on.isoformat()}_{chosen[:LONGEST_NAME]}{suffix}"


def replace_file(path: Path, content: bytes) -> None:
    """
    Write a file at once: readers see the old one or the new one, never half.

    Parameters
    ----------
    path
        File to write; an existing one is replaced.
    content
        All of its bytes.

    Raises
    ------
    PlanError
        If the file cannot be written; an existing one is then untouched.
    """
    replace_files({path: content})


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """
    Write files that belong together: all of them, or none.

    Parameters
    ----------
    contents
        All bytes of each file; existing ones are replaced once every new one
        is complete.

    Raises
    ------
    PlanError
        If one cannot be written; existing ones are then untouched.
    """
    drafts: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            # found now, while nothing is replaced yet
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            drafts[path] = _draft(path, content)
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise PlanError([_unwritable(path, error)]) from error


def _draft(path: Path, content: bytes) -> Path:
    """Write a file's content beside it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        draft.chmod(0o644)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _unwritable(path: Path, error: OSError) -> Fault:
    return Fault(
        "E_UNWRITABLE",
        str(path),
        text("fault.unwritable", reason=error.strerror),
        text("fault.unwritable.mend"),
    )
