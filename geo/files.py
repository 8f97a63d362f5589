"""Files are replaced whole or left as they were."""

import os
import tempfile
from pathlib import Path

from geo.errors import Fault, PlanError


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
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    except OSError as error:
        raise PlanError([_unwritable(path, error)]) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except OSError as error:
        Path(draft).unlink(missing_ok=True)
        raise PlanError([_unwritable(path, error)]) from error


def _unwritable(path: Path, error: OSError) -> Fault:
    return Fault(
        "E_UNWRITABLE",
        str(path),
        f"cannot be written ({error.strerror})",
        "Choose another folder, or make room",
    )
