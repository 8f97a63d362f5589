"""The folder of a plan: the shipped one, and how to tell that files changed."""

import hashlib
from pathlib import Path
from typing import Final

import data

SHIPPED: Final = Path(data.__file__).parent
"""Folder of the plan that comes with beltmap."""


def stamp(folder: Path = SHIPPED) -> str:
    """
    Tell the state of a plan's files without reading them.

    Parameters
    ----------
    folder
        Folder of the plan.

    Returns
    -------
    stamp
        Sixteen hexadecimal digits that change when a file changes.
    """
    digest = hashlib.sha256(str(folder).encode())
    for path in sorted(folder.glob("*.*")):
        status = path.stat()
        digest.update(f"{path.name} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]
